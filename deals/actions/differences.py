"""The client's statement against our act, and the protocol of differences (DL-12, C.5 no. 18)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client
from crm import calendar
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.files.actions import add_file
from crm.files.models import AttachmentKind
from crm.files.names import clean_name, is_disguised, suffix_of
from crm.history import verb
from crm.imports.reading import Unreadable
from crm.notices.actions import notify
from crm.states import move
from crm.work.registry import setting
from deals import permissions
from deals.act_comparing import Compared, Difference, compare_file, kept, kept_remark
from deals.actions.contracts import absent, once, said
from deals.models import (
    DISCREPANCY_MOVES,
    ITEM_MOVES,
    ClientStatement,
    Discrepancy,
    DiscrepancyKind,
    DiscrepancyState,
    ItemState,
    ReconciliationAct,
    ReconciliationItem,
    StatementState,
)
from deals.papers.contract import our_company

READ = ("xlsx", "csv", "txt", "pdf")  # kinds of files that a statement may be
ASSIGNED = "reconciliation.difference"
VERDICTS = (DiscrepancyState.OURS_WRONG, DiscrepancyState.THEIRS_WRONG)
AT_REST = (DiscrepancyState.CORRECTED, DiscrepancyState.CLOSED)


@dataclass(frozen=True)
class Objection:
    """What the client does not agree with, in words; amounts signed as our debit, if known."""

    text: str
    day: date | None = None
    our_amount: Decimal | None = None
    their_amount: Decimal | None = None


def compare_with(act: ReconciliationAct, content: bytes) -> Compared:
    """The comparison with a file of the client; nothing is written. Raises Unreadable."""
    return compare_file(act, content, [our_company()["full_name"]])


def compare_statement(
    act_id: int, *, by: User, name: str, content: bytes, today: date
) -> ClientStatement:
    """Keep the client's file with the act, and make the protocol of what does not agree.

    A second file takes the place of the first: differences that nobody has touched are replaced,
    the others stay. Raises Unreadable with the reason, and then nothing is kept; StaleVersion when
    the act got a new text while the file was read.
    """
    act = _visible(act_id, by)
    if not permissions.can_dispute_act(by, act.item):
        raise PermissionDenied
    name = _checked_name(name)
    compared = compare_with(act, content)
    attachment = add_file(
        "reconciliation_act", act.pk, by=by, name=name, content=content, kind=AttachmentKind.OTHER
    )
    statement = ClientStatement(
        act=act, attachment=attachment, file_name=name, revision=act.revision, added_by=by
    )
    return _store(statement, compared, by=by, today=today)


def may_be_statement(name: str) -> bool:
    """By its kind; whether it is one, its reading tells."""
    return suffix_of(name) in READ


def _checked_name(name: str) -> str:
    """The name as it may be shown; refuses other kinds of files before they are read."""
    name = clean_name(name)
    if not may_be_statement(name) or is_disguised(name):
        raise Unreadable(_("A statement is taken as XLSX, CSV or a PDF with text."))
    return name


@transaction.atomic
def _store(
    statement: ClientStatement, compared: Compared, *, by: User, today: date
) -> ClientStatement:
    act = _locked(statement.act_id, by)
    if act.revision != statement.revision:  # who is late by a moment learns that, not a refusal
        raise StaleVersion
    if not permissions.can_dispute_act(by, act.item):
        raise PermissionDenied
    with verb("reconciliation.compared", by=by, on_behalf_of=absent(by, act.item.client)):
        write_protocol(act, statement, compared, by=by, today=today)
    return statement


def write_protocol(
    act: ReconciliationAct,
    statement: ClientStatement,
    compared: Compared,
    *,
    by: User | None,
    today: date,
) -> None:
    """Of a locked act: keep the comparison and what it found; nobody's if the client sent it."""
    statement.state = StatementState.COMPARED
    statement.read, statement.verdicts = itemgetter("read", "verdicts")(kept(compared))
    statement.read["sha256"] = statement.attachment.received_sha256
    statement.save()
    rows = act.discrepancies.filter(statement__isnull=False)  # type: ignore[attr-defined]
    rows.filter(state=DiscrepancyState.OPEN, version=1).delete()
    new = _not_known(compared.differences, statement, list(rows.select_related("statement")))
    due_on, owner = _due(today), act.item.client.manager or by
    Discrepancy.objects.bulk_create(
        _row(one, statement, responsible=owner, due_on=due_on) for one in new
    )
    _answered(act, today)
    _settle(act)


def _not_known(
    found: list[Difference], statement: ClientStatement, stayed: list[Discrepancy]
) -> list[Difference]:
    """Differences without those that people work on; these are noted as found once more.

    What was closed is found anew in another file, not in the same one sent again.
    """
    known: dict[tuple[Any, ...], list[Discrepancy]] = defaultdict(list)
    for row in stayed:
        if row.state != DiscrepancyState.CLOSED or _is_same_file(row.statement, statement):
            known[row.kind, row.day, row.text, row.our_amount, row.their_amount].append(row)
    new, again = [], []
    for one in found:
        same = known[one.kind, one.day, one.text[:500], one.our_amount, one.their_amount]
        if same:
            again.append(same.pop().pk)
        else:
            new.append(one)
    Discrepancy.objects.filter(pk__in=again).update(statement=statement)
    return new


def _is_same_file(one: ClientStatement | None, other: ClientStatement) -> bool:
    return (
        one is not None
        and one.revision == other.revision
        and one.read.get("sha256") == other.read["sha256"]
    )


def _row(
    one: Difference, statement: ClientStatement, *, responsible: User | None, due_on: date
) -> Discrepancy:
    return Discrepancy(
        act_id=statement.act_id,
        statement=statement,
        kind=one.kind,
        our_line_id=one.our_line,
        day=one.day,
        text=one.text[:500],
        our_amount=one.our_amount,
        their_amount=one.their_amount,
        suggestion=kept_remark(one.suggestion),
        responsible=responsible,
        due_on=due_on,
    )


@transaction.atomic
def add_difference(act_id: int, objection: Objection, *, by: User, today: date) -> Discrepancy:
    """Note an objection by hand; the same open one is noted once."""
    act = _locked(act_id, by)
    if not permissions.can_dispute_act(by, act.item):
        raise PermissionDenied
    values = vars(objection) | {"text": said(objection.text, "text")}
    once(act.discrepancies.unresolved(), values)  # type: ignore[attr-defined]
    with verb("difference.added", by=by, on_behalf_of=absent(by, act.item.client)):
        row = Discrepancy.objects.create(
            act=act,
            kind=DiscrepancyKind.OBJECTION,
            responsible=act.item.client.manager or by,
            due_on=_due(today),
            **values,
        )
        _answered(act, today)
        _settle(act)
    return row


@transaction.atomic
def take_up(difference_id: int, *, by: User, version: int) -> Discrepancy:
    """Somebody looks into it, also once more after it was found out."""
    row = _locked_row(difference_id, by, version)
    return _moved(row, DiscrepancyState.INVESTIGATING, "difference.taken_up", by)


@transaction.atomic
def decide(
    difference_id: int, *, by: User, version: int, verdict: str, resolution: str
) -> Discrepancy:
    """Whose books are wrong, and what was found out."""
    row = _locked_row(difference_id, by, version)
    if verdict not in VERDICTS:
        raise RuleViolation(_("Say whose books are wrong."), field="verdict")
    found = said(resolution, "resolution")
    return _moved(row, verdict, "difference.decided", by, resolution=found)


@transaction.atomic
def correct(difference_id: int, *, by: User, version: int) -> Discrepancy:
    """The books that were wrong are right now; ours are put right by the accounting."""
    row = _locked_row(difference_id, by, version)
    if not permissions.can_correct_difference(by, row):
        raise PermissionDenied
    return _moved(row, DiscrepancyState.CORRECTED, "difference.corrected", by)


@transaction.atomic
def close(difference_id: int, *, by: User, version: int) -> Discrepancy:
    """It is settled; the last one resolves the act."""
    row = _locked_row(difference_id, by, version)
    row = _moved(row, DiscrepancyState.CLOSED, "difference.closed", by, closed_at=timezone.now())
    _settle(row.act)
    return row


@transaction.atomic
def reassign(
    difference_id: int, *, by: User, version: int, responsible_id: int, due_on: date, today: date
) -> Discrepancy:
    """Another person looks into it, or until another day; the person is told."""
    row = _locked_row(difference_id, by, version)
    if row.state in AT_REST:
        raise RuleViolation(_("This difference is corrected already."))
    if due_on < today and due_on != row.due_on:
        raise RuleViolation(_("This day has passed."), field="due_on")
    person = User.objects.filter(pk=responsible_id, is_active=True).first()
    client = row.act.item.client
    if person is None or not permissions.can_reconcile(person, client):
        raise RuleViolation(_("This person cannot work with the client."), field="responsible")
    new = person.pk != row.responsible_id
    row.responsible, row.due_on, row.version = person, due_on, row.version + 1
    with verb("difference.reassigned", by=by, on_behalf_of=absent(by, client)):
        row.save(update_fields=["responsible", "due_on", "version"])
    if new and person.pk != by.pk:
        _tell(row, person, client)
    return row


def _tell(row: Discrepancy, person: User, client: Client) -> None:
    notify(
        person,
        kind=ASSIGNED,
        dedupe_key=f"difference:{row.pk}:{row.version}",
        url=reverse("deals:difference_list_of", args=[row.act_id]),
        params={"client": client.name, "text": row.text, "due": f"{row.due_on:%d.%m.%Y}"},
    )


def _moved(row: Discrepancy, state: str, what: str, by: User, **changes: Any) -> Discrepancy:
    refusal = _("The difference is already in the state “%(state)s”.")
    with verb(what, by=by, on_behalf_of=absent(by, row.act.item.client)):
        move(row, DISCREPANCY_MOVES, state, refusal, **changes)  # type: ignore[arg-type]
    return row


def _settle(act: ReconciliationAct) -> None:
    """Of a locked act: open differences dispute it, the last one that is closed resolves it."""
    item = act.item
    disputed = act.discrepancies.unresolved().exists()  # type: ignore[attr-defined]
    if disputed and item.state != ItemState.DISCREPANCY:
        move(item, ITEM_MOVES, ItemState.DISCREPANCY)
    if not disputed and item.state == ItemState.DISCREPANCY:
        move(item, ITEM_MOVES, ItemState.RESOLVED)


def _answered(act: ReconciliationAct, today: date) -> None:
    """The client's answer is back with us."""
    if act.returned_on is None:
        act.returned_on, act.version = today, act.version + 1
        act.save(update_fields=["returned_on", "version"])


def _due(today: date) -> date:
    return calendar.add_working_days(today, setting("reconciliation.resolve_days"))


def _visible(act_id: int, by: User) -> ReconciliationAct:
    rows = ReconciliationAct.objects.visible_to(by)
    act: ReconciliationAct = rows.select_related(
        "client", "counterparty", "item__client", "item__schedule"
    ).get(pk=act_id)
    return act


def _locked(act_id: int, by: User) -> ReconciliationAct:
    """The act under the lock of its item, which all of its writes take first."""
    item_id = _visible(act_id, by).item_id
    items = ReconciliationItem.objects.visible_to(by).select_for_update(of=("self",))
    item = items.select_related("client__manager", "client__org_unit", "schedule").get(pk=item_id)
    act = ReconciliationAct.objects.select_for_update(of=("self",)).get(pk=act_id)
    act.item = item
    return act


def _locked_row(difference_id: int, by: User, version: int) -> Discrepancy:
    """The difference as it was shown; PermissionDenied for those who may not settle it."""
    act_id = Discrepancy.objects.visible_to(by).values_list("act_id", flat=True)
    act = _locked(act_id.get(pk=difference_id), by)
    row = Discrepancy.objects.select_for_update(of=("self",)).get(pk=difference_id)
    row.act = act
    if not permissions.can_settle_difference(by, row):
        raise PermissionDenied
    if row.version != version:
        raise StaleVersion(of=row)
    return row
