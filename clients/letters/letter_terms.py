"""By when a letter of a client is to be answered (CORR-1, D.4)."""

from __future__ import annotations

from datetime import date

from clients.models import Client, ClientCategory, ClientStatus, LetterKind
from crm.calendar import due_date
from crm.work.registry import setting


def reply_due(kind: str, received_on: date, client: Client | None) -> date:
    """The last day: a complaint by calendar days moved to a working one, the rest by working days.

    As long as nobody knows whose letter it is, it is an ordinary one.
    """
    if kind == LetterKind.COMPLAINT:
        return due_date(received_on, setting("letters.complaint_days"), "calendar")
    return due_date(received_on, setting(f"letters.{_term(client)}"), "working")


def _term(client: Client | None) -> str:
    if client is None:
        return "letter_days"
    if client.category == ClientCategory.A:
        return "a_days"
    return "hall_days" if client.status == ClientStatus.TRADING_HALL else "letter_days"
