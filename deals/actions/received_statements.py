"""Statements that clients send by their links, compared by the clock (DL-12).

The row is written with the file, in one transaction, so that nothing is lost while no worker is
there. What is no statement, a scan for example, is kept with the reason why it was not compared.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import structlog
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm.errors import RuleViolation, refused
from crm.files import storage
from crm.files.models import Attachment
from crm.history import verb
from crm.money import format_money
from crm.notices.actions import notify_many
from crm.said import gettext as _stored
from crm.said import said
from crm.sql import only_here
from deals.act_comparing import Compared
from deals.act_letters import page_of
from deals.actions.differences import compare_with, may_be_statement, write_protocol
from deals.models import (
    WITH_CLIENT,
    ActLink,
    ClientStatement,
    ReconciliationAct,
    ReconciliationItem,
    StatementState,
)

log = structlog.get_logger(__name__)

LOCK = 7_042_032  # one comparing at a time
MOST_TRIES = 3
AT_ONCE = 20  # of one turn; the next one goes on
COMPARED, UNREAD = "reconciliation.statement_compared", "reconciliation.statement_unread"


def await_comparison(link: ActLink, attachment: Attachment) -> bool:
    """In the transaction that keeps the file: have it compared, unless it is a picture.

    The same bytes are compared once for a text of the act. Returns whether it waits.
    """
    if not may_be_statement(attachment.name):
        return False
    same = {"act_id": link.act_id, "attachment": attachment, "revision": link.revision}
    if not ClientStatement.objects.filter(**same).exists():
        ClientStatement.objects.create(
            **same, link=link, file_name=attachment.name, state=StatementState.WAITING
        )
    return True


def compare_waiting(*, today: date) -> int:
    """Compare what waits; returns how many were done.

    Safe at any moment from any number of workers. One that ends its process is tried again, and
    refused after so many times.
    """
    waiting = ClientStatement.objects.waiting().values_list("pk", flat=True)
    if not waiting.exists():
        return 0
    with only_here(LOCK) as alone:
        return sum(_compare(pk, today) for pk in list(waiting[:AT_ONCE])) if alone else 0


def _compare(statement_id: int, today: date) -> bool:
    ClientStatement.objects.filter(pk=statement_id).update(tries=F("tries") + 1)
    rows = ClientStatement.objects.waiting().select_related(
        "act__client__manager", "act__counterparty", "attachment", "link__created_by"
    )
    statement = rows.get(pk=statement_id)
    try:
        if why := _refusal(statement, today):
            # What is refused is tried in each language.
            _refuse(statement, said(lambda: _refusal(statement, today) or why))
    except OperationalError:  # the database went away: the next tick tries again
        log.warning("comparing_interrupted", statement=statement_id, exc_info=True)
        return False
    except Exception:
        log.exception("statement_not_compared", statement=statement_id)
        _refuse(statement, _stored("The program failed; the log says why."))
    return True


def _refusal(statement: ClientStatement, today: date) -> str:
    """Compare and store; the reason why it was not, else nothing."""
    return refused(lambda: _try(statement, today))


def _try(statement: ClientStatement, today: date) -> None:
    if statement.tries > MOST_TRIES:
        raise RuleViolation(_("The comparison was interrupted several times."))
    with storage.open_file(statement.attachment.key) as file:
        compared = compare_with(statement.act, file.read())
    _store(statement, compared, today)


@transaction.atomic
def _store(statement: ClientStatement, compared: Compared, today: date) -> None:
    act = _locked(statement)
    if act.item.state not in WITH_CLIENT or act.revision != statement.revision:
        raise RuleViolation(_("The act has a newer text, or is signed."))
    with verb("reconciliation.compared", by=None):
        write_protocol(act, statement, compared, by=None, today=today)
    gap = format_money(act.closing - compared.their_closing)
    _tell(statement, COMPARED, count=len(compared.differences), gap=gap)


@transaction.atomic
def _refuse(statement: ClientStatement, why: str) -> None:
    statement.state, statement.refusal = StatementState.REFUSED, why[:300]
    with verb("reconciliation.not_compared", by=None):
        statement.save(update_fields=["state", "refusal"])
    _tell(statement, UNREAD, why=statement.refusal)


def _locked(statement: ClientStatement) -> ReconciliationAct:
    """The act under the lock of its item, as everybody takes it."""
    items = ReconciliationItem.objects.select_for_update(of=("self",))
    item = items.select_related("client__manager").get(act=statement.act_id)
    act: ReconciliationAct = ReconciliationAct.objects.select_for_update().get(pk=statement.act_id)
    act.item = item
    return act


def _tell(statement: ClientStatement, kind: str, **params: Any) -> None:
    """The client's manager and whoever sent the link."""
    act, link = statement.act, statement.link
    people = {person.pk for person in (act.client.manager, link and link.created_by) if person}
    named = {"client": act.client.name, "act": act.number, "name": statement.file_name}
    notify_many(
        sorted(people),
        kind=kind,
        params=named | params,
        url=page_of(act),
        dedupe_key=f"{kind}:{statement.pk}",
    )
