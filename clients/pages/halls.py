"""What the card and a decision show of the trading hall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients import permissions
from clients.categorising.unpromising import Bounds, Prospects, bounds, prospects_of
from clients.models import Client, ClientCategory, ClientStatus, HallMove, HallState
from crm.accounts.models import User
from crm.money import format_money

ROWS = 5


@dataclass(frozen=True)
class Criterion:
    """One condition of HALL-1: the client's figure, the bound, whether it speaks for the hall."""

    label: str
    value: str
    bound: str
    met: bool


def criteria_of(known: Prospects, limits: Bounds) -> list[Criterion]:
    """The conditions as people read them."""
    none = _("too early to tell")
    days = str(known.days)
    if known.last_on is None:
        days = _("%(days)s, never bought") % {"days": days}
    return [
        Criterion(_("Category"), known.category or "–", "C", known.category == ClientCategory.C),
        Criterion(
            _("Days since the last shipment"),
            days,
            _("more than %(days)s") % {"days": limits.days},
            known.too_long(limits),
        ),
        Criterion(
            ngettext(
                "Net shipments of the last %(count)s month",
                "Average monthly net shipments, last %(count)s months",
                limits.months,
            )
            % {"count": limits.months},
            none if known.monthly is None else format_money(known.monthly),
            _("below %(sum)s") % {"sum": format_money(limits.shipments)},
            known.too_little(limits),
        ),
        Criterion(
            _("Potential per month"),
            format_money(known.potential),
            _("below %(sum)s") % {"sum": format_money(limits.potential)},
            known.potential < limits.potential,
        ),
    ]


def criteria_section(target: Any, user: Any, today: date) -> Mapping[str, Any]:
    """What the rule says now, and whether it said the same when the client was proposed."""
    limits = bounds()
    known = prospects_of(Client.objects.filter(pk=target.client_id), today=today)
    now = known[target.client_id]
    unpromising = now.unpromising(limits)
    return {
        "criteria": criteria_of(now, limits),
        "unpromising": unpromising,
        "changed": target.evidence.get("unpromising", unpromising) != unpromising,
    }


@dataclass(frozen=True)
class HallSection:
    """The part of the category tab: moves, and what the person may do now."""

    client: Client
    user: User
    today: date

    @cached_property
    def moves(self) -> list[HallMove]:
        """The last ones with their people: one query."""
        rows = HallMove.objects.visible_to(self.user).filter(client=self.client)
        return list(rows.select_related("author", "decided_by", "back_by")[:ROWS])

    @property
    def waits(self) -> bool:
        """Whether a proposal waits for its decision."""
        return any(one.state == HallState.PROPOSED for one in self.moves)

    @property
    def may_propose(self) -> bool:
        return not self.waits and permissions.can_propose_hall(self.user, self.client)

    @property
    def may_move(self) -> bool:
        return permissions.may_go(self.client) and not self.waits and self._decides

    @property
    def may_back(self) -> bool:
        return self.client.status == ClientStatus.TRADING_HALL and self._decides

    @cached_property
    def _decides(self) -> bool:
        return permissions.can_decide_hall(self.user, self.client, today=self.today)
