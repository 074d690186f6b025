"""People whose data has outlived its purpose: candidates to be destroyed by a person (D.13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from clients.contacting.norms import start_of
from clients.legal_grounds import grounds_of
from clients.models import ContactPerson, DestructionAct
from crm.calendar import month_start
from crm.work.registry import setting

FORMER, ARCHIVED = "former", "archived"
AT_ONCE = 500


@dataclass(frozen=True)
class Candidate:
    """A person, and which term is over."""

    person: ContactPerson
    why: str


def overdue_people(today: date) -> Any:
    """People past a term of the settings, without an open act; legal grounds are not asked."""
    former = _border(today, int(setting("subjects.former_months")))
    archived = _border(today, int(setting("subjects.archived_months")))
    open_acts = DestructionAct.objects.open().filter(person=OuterRef("pk"))
    return (
        ContactPerson.objects.filter(anonymised_at=None)
        .filter(Q(archived_at__lt=former) | Q(client__archived_at__lt=archived))
        .exclude(Exists(open_acts))
        .select_related("client__manager")
        .order_by("pk")
    )


def candidates(today: date, rows: Any = None) -> list[Candidate]:
    """The first of them whom no legal ground keeps; `rows` narrows them to what one may see."""
    found = list((overdue_people(today) if rows is None else rows)[:AT_ONCE])
    held = grounds_of({one.client_id for one in found})
    border = _border(today, int(setting("subjects.former_months")))
    return [
        Candidate(one, FORMER if one.archived_at and one.archived_at < border else ARCHIVED)
        for one in found
        if one.client_id not in held
    ]


def _border(today: date, months: int) -> Any:
    """The first moment of the day so many months ago."""
    first = month_start(today, -months)
    return start_of(first.replace(day=min(today.day, 28)))
