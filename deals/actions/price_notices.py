"""Notices of new prices: sent, delivered or not, acknowledged; one by one and many at once."""

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
from crm.states import move
from deals import permissions
from deals.actions.contracts import absent
from deals.models import PRICE_NOTICE_MOVES, PriceChangeNotice, PriceNoticeChannel, PriceNoticeState

_WRONG_STATE = gettext_lazy("The notice is in the state «%(state)s».")


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
    notice = _locked(notice_id, by)
    if version is not None and notice.version != version:
        raise StaleVersion
    _check_day(notice, mark, today)
    with verb(f"price_notice.{mark.state}", by=by, on_behalf_of=absent(by, notice.client)):
        for state, values in _steps(notice, mark):
            move(notice, PRICE_NOTICE_MOVES, state, _WRONG_STATE, marked_by=by, **values)
    return notice


def mark_notices(notice_ids: Sequence[int], mark: Mark, *, by: User, today: date) -> list[Marked]:
    """`mark_notice` for each, in a transaction of its own; a refusal stops none of the others."""
    rows = PriceChangeNotice.objects.visible_to(by).filter(pk__in=notice_ids)
    named = list(rows.select_related("client").order_by("client__sort_key", "pk"))
    return [Marked(row.client.name, _refusal(row.pk, mark, by, today)) for row in named]


def _refusal(notice_id: int, mark: Mark, by: User, today: date) -> str:
    try:
        mark_notice(notice_id, mark, by=by, version=None, today=today)
    except RuleViolation as refusal:
        return str(refusal)
    except PermissionDenied:
        return _("You do not work with this client.")
    return ""


def _locked(notice_id: int, by: User) -> PriceChangeNotice:
    rows = PriceChangeNotice.objects.visible_to(by).select_for_update(of=("self",))
    notice: PriceChangeNotice = rows.select_related("client", "change").get(pk=notice_id)
    if not permissions.can_tell_prices(by, notice.client):
        raise PermissionDenied
    return notice


def _check_day(notice: PriceChangeNotice, mark: Mark, today: date) -> None:
    if mark.on > today:
        raise RuleViolation(_("This day is still to come."), field="on")
    approved = timezone.localdate(notice.change.created_at)
    if mark.on < approved:
        text = _("The prices were approved on %(day)s: nobody can have been told before.")
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
        raise RuleViolation(_("Choose how the client was told."), field="channel")
    sent = {"sent_on": mark.on, "channel": mark.channel, "fail_reason": ""}
    steps: list[tuple[str, dict[str, Any]]] = [(PriceNoticeState.SENT, sent)]
    return (
        [*steps, (PriceNoticeState.DELIVERED, {"delivered_on": mark.on})]
        if mark.received
        else steps
    )
