"""What the delivery does with a return: the goods came, so many of them were taken (CM-03)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from claims import permissions
from claims.actions.returns import BEYOND, locked_sale
from claims.models import RETURN_MOVES, Return, ReturnLine, ReturnState
from claims.returnable import share_of
from crm.accounts.models import Role, User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify, notify_many
from crm.refusals import politely
from crm.states import move


@transaction.atomic
def receive_return(return_id: int, *, by: User, version: int, on: date, today: date) -> Return:
    """The goods came; the manager is told. RuleViolation for a day to come or before the request.

    Nobody has looked at them yet: what is taken says `accept_return`.
    """
    back = _locked(return_id, by, version)
    if not permissions.can_receive_return(by, back):
        raise PermissionDenied
    _check_day(on, back.asked_on, today)
    with verb("return.received", by=by):
        move(back, RETURN_MOVES, ReturnState.GOODS_RECEIVED, received_on=on)
    _tell_manager(back, "return.received")
    return back


@transaction.atomic
def accept_return(
    return_id: int,
    *,
    by: User,
    version: int,
    quantities: Mapping[int, Decimal],
    note: str,
    today: date,
) -> Return:
    """Take the goods, or fewer of them with a note; the accounting is told what to credit.

    `quantities` are by line of the return; a line that is not named is not taken.
    """
    back = _locked(return_id, by, version)
    if not permissions.can_accept_return(by, back):
        raise PermissionDenied
    lines = list(back.lines.select_related("shipment_line"))
    taken = {line.pk: quantities.get(line.pk, Decimal(0)) for line in lines}
    _check_taken(lines, taken, note.strip())
    with verb("return.accepted", by=by), politely(BEYOND):
        for line in lines:
            line.accepted_quantity = taken[line.pk]
            if line.shipment_line is not None:
                line.amount = share_of(line.shipment_line, line.accepted_quantity)
            line.save(update_fields=["accepted_quantity", "amount"])
        move(
            back,
            RETURN_MOVES,
            ReturnState.ACCEPTED,
            accepted_on=today,
            accepted_by=by,
            acceptance_note=note.strip(),
            amount=sum((line.amount for line in lines), Decimal(0)),
        )
    _tell_manager(back, "return.accepted")
    if back.amount:
        _tell_accounting(back)
    return back


def _locked(return_id: int, by: User, version: int) -> Return:
    """The return as the delivery saw it, after its sale."""
    rows = Return.objects.seen_without_sums(by)
    back: Return = rows.get(pk=return_id)
    if back.shipment_id is not None:
        locked_sale(back.shipment_id, None)
    rows = rows.select_related("client", "document", "shipment")
    back = rows.select_for_update(of=("self",)).get(pk=return_id)
    if back.version != version:
        raise StaleVersion(of=back)
    return back


def _check_day(on: date, first: date, today: date) -> None:
    if on > today:
        raise RuleViolation(_("The day has not come yet."), field="on")
    if on < first:
        raise RuleViolation(_("Not earlier than the request."), field="on")


def _check_taken(lines: list[ReturnLine], taken: Mapping[int, Decimal], note: str) -> None:
    for line in lines:
        if taken[line.pk] > line.quantity:
            raise RuleViolation(_("More than was asked for."), field=f"line-{line.pk}")
    fewer = any(taken[line.pk] < line.quantity for line in lines)
    if fewer and not note:
        raise RuleViolation(_("Write why fewer were taken."), field="note")


def _tell_manager(back: Return, kind: str) -> None:
    if back.manager_id is None:
        return
    notify(
        back.manager_id,
        kind=kind,
        params={"number": back.number, "client": back.client.name},
        url=back.get_absolute_url(),
        dedupe_key=f"{kind}:{back.pk}",
        email=False,
    )


def _tell_accounting(back: Return) -> None:
    notify_many(
        User.objects.working().filter(role=Role.ACCOUNTANT),
        kind="return.to_credit",
        params={"number": back.number, "client": back.client.name},
        url=back.get_absolute_url(),
        dedupe_key=f"return.to_credit:{back.pk}",
        email=False,
    )
