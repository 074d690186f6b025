"""Notices of new prices: sent, delivered or not, acknowledged, taken back; one by one and many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.names import sort_key
from crm.states import move
from deals import permissions
from deals.actions.contracts import absent
from deals.models import (
    PRICE_NOTICE_BACK,
    PRICE_NOTICE_MOVES,
    Order,
    OrderState,
    PriceChangeNotice,
    PriceNoticeChannel,
    PriceNoticeState,
)
from deals.querysets import PriceChangeNoticeQuerySet

AT_ONCE = 200  # rows of one transaction
_WRONG_STATE = gettext_lazy("The notice is in the state “%(state)s”.")
# What is not known any more when a state is taken back.
_FORGOTTEN: dict[str, dict[str, Any]] = {
    PriceNoticeState.SENT: {"sent_on": None, "channel": ""},
    PriceNoticeState.DELIVERED: {"delivered_on": None},
    PriceNoticeState.FAILED: {"fail_reason": ""},
    PriceNoticeState.ACKNOWLEDGED: {"acknowledged_on": None},
}


@dataclass(frozen=True)
class Mark:
    """What is noted about a notice; `received` says that it was delivered the day it was sent."""

    state: str
    on: date
    channel: str = ""
    received: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Marked:
    """What became of one of many notices; an empty refusal is a success."""

    client: str
    refusal: str = ""


@transaction.atomic
def mark_notice(
    notice_id: int, mark: Mark, *, by: User, version: int | None, today: date
) -> PriceChangeNotice:
    """Note that the client was told, has got it, has not got it, or has acknowledged it.

    Days are calendar days up to today. Raises RuleViolation for a move that the states do not
    know, a day to come, before the step before it or before the director approved the prices.
    """
    notice: PriceChangeNotice = _locking(by).get(pk=notice_id)
    if version is not None and notice.version != version:
        raise StaleVersion(of=notice)
    _note(notice, mark, by, today)
    return notice


def mark_notices(notice_ids: Sequence[int], mark: Mark, *, by: User, today: date) -> list[Marked]:
    """`mark_notice` for each, some in one transaction; a refusal stops none of the others.

    The answers stand in the order of the clients' names.
    """
    ids, answers = sorted(set(notice_ids)), []
    for first in range(0, len(ids), AT_ONCE):
        answers += _mark_some(ids[first : first + AT_ONCE], mark, by, today)
    return sorted(answers, key=lambda one: sort_key(one.client))


@transaction.atomic
def _mark_some(ids: Sequence[int], mark: Mark, by: User, today: date) -> list[Marked]:
    """Locked in the order of their keys, so that two people never wait for each other."""
    rows = _locking(by).filter(pk__in=ids).order_by("pk")
    return [Marked(row.client.name, _refusal(row, mark, by, today)) for row in rows]


def _refusal(notice: PriceChangeNotice, mark: Mark, by: User, today: date) -> str:
    """Nothing is written before everything was checked, so a refusal leaves no trace."""
    try:
        _note(notice, mark, by, today)
    except RuleViolation as refusal:
        return str(refusal)
    except PermissionDenied:
        return _("You do not work with this client.")
    return ""


def _note(notice: PriceChangeNotice, mark: Mark, by: User, today: date) -> None:
    if not permissions.can_tell_prices(by, notice.client):
        raise PermissionDenied
    _check_day(notice, mark, today)
    with verb(f"price_notice.{mark.state}", by=by, on_behalf_of=absent(by, notice.client)):
        for state, values in _steps(notice, mark):
            noted = {"marked_by": by, "back_reason": "", **values}
            move(notice, PRICE_NOTICE_MOVES, state, _WRONG_STATE, **noted)


@transaction.atomic
def take_back_mark(notice_id: int, *, by: User, version: int, reason: str) -> PriceChangeNotice:
    """Undo the last step that was noted by mistake, with the reason.

    That the client has it is not taken back once the client has ordered at the new prices: the
    notice is what they were given by. Raises RuleViolation, StaleVersion.
    """
    notice: PriceChangeNotice = _locking(by).get(pk=notice_id)
    if not permissions.can_tell_prices(by, notice.client):
        raise PermissionDenied
    if notice.version != version:
        raise StaleVersion(of=notice)
    if notice.state == PriceNoticeState.PENDING:
        raise RuleViolation(_("Nothing has been noted yet."))
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    if notice.state == PriceNoticeState.DELIVERED:
        _refuse_used(notice)
    (before,) = PRICE_NOTICE_BACK[notice.state]
    forgotten = {"marked_by": by, "back_reason": reason.strip(), **_FORGOTTEN[notice.state]}
    with verb("price_notice.taken_back", by=by, on_behalf_of=absent(by, notice.client)):
        move(notice, PRICE_NOTICE_BACK, before, _WRONG_STATE, **forgotten)
    return notice


def _refuse_used(notice: PriceChangeNotice) -> None:
    """An order at this kind of price since the new prices, past its draft, relies on it."""
    change = notice.change
    orders = Order.objects.filter(client=notice.client_id, dated_on__gte=change.effective_from)
    used = orders.filter(price_kind=change.price_list.kind)
    used = used.exclude(state__in=[OrderState.DRAFT, OrderState.CANCELLED])
    order = used.order_by("dated_on", "pk").first()
    if order is not None:
        text = _("The client has ordered at the new prices: order %(number)s. The notice stays.")
        raise RuleViolation(text % {"number": order.number})


def _locking(by: User) -> PriceChangeNoticeQuerySet:
    rows = PriceChangeNotice.objects.visible_to(by).select_for_update(of=("self",))
    return rows.select_related("client", "change__price_list")


def _check_day(notice: PriceChangeNotice, mark: Mark, today: date) -> None:
    if mark.on > today:
        raise RuleViolation(_("This day is still to come."), field="on")
    approved = timezone.localdate(notice.change.created_at)
    if mark.on < approved:
        text = _("The prices were approved on %(day)s: nobody can have been notified before.")
        raise RuleViolation(text % {"day": f"{approved:%d.%m.%Y}"}, field="on")
    before = notice.delivered_on or notice.sent_on
    if before is not None and mark.on < before:
        raise RuleViolation(_("Not before the step before it."), field="on")


def _steps(notice: PriceChangeNotice, mark: Mark) -> list[tuple[str, dict[str, Any]]]:
    """The moves of the mark with what they write."""
    if mark.state == PriceNoticeState.SENT:
        return _sent(mark)
    if mark.state == PriceNoticeState.FAILED:
        if not mark.reason.strip():
            raise RuleViolation(_("Say why."), field="reason")
        return [(PriceNoticeState.FAILED, {"fail_reason": mark.reason.strip()})]
    if mark.state == PriceNoticeState.DELIVERED:
        return [(PriceNoticeState.DELIVERED, {"delivered_on": mark.on})]
    values = {"acknowledged_on": mark.on, "delivered_on": notice.delivered_on or mark.on}
    return [(PriceNoticeState.ACKNOWLEDGED, values)]


def _sent(mark: Mark) -> list[tuple[str, dict[str, Any]]]:
    if mark.channel not in PriceNoticeChannel.values:
        raise RuleViolation(_("Choose how the client was notified."), field="channel")
    sent = {"sent_on": mark.on, "channel": mark.channel, "fail_reason": ""}
    steps: list[tuple[str, dict[str, Any]]] = [(PriceNoticeState.SENT, sent)]
    return (
        [*steps, (PriceNoticeState.DELIVERED, {"delivered_on": mark.on})]
        if mark.received
        else steps
    )
