"""What the client card shows of reconciliations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q

from clients.models import Client
from crm.accounts.models import User
from crm.calendar import month_start
from deals import permissions
from deals.lists.reconciliations import send_cell, sign_cell, state_cell
from deals.models import OPEN_ITEM, ReconciliationItem, ScheduleState

MONTHS = 12
ROWS = 40


@dataclass(frozen=True)
class ItemLine:
    """One reconciliation with its terms in words."""

    item: ReconciliationItem

    @property
    def state(self) -> str:
        return state_cell(self.item)

    @property
    def send(self) -> str:
        return send_cell(self.item)

    @property
    def sign(self) -> str:
        return sign_cell(self.item)

    @property
    def act(self) -> Any:
        """None before it is made."""
        return getattr(self.item, "act", None)


@dataclass(frozen=True)
class ReconciliationsOfClient:
    """The tab of one client for one person."""

    client: Client
    user: User
    today: date

    @cached_property
    def _visible(self) -> Any:
        return ReconciliationItem.objects.visible_to(self.user).filter(client=self.client)

    @cached_property
    def lines(self) -> list[ItemLine]:
        """Of the last twelve months, and what is open or asked for; drafts are no promise yet."""
        first = month_start(self.today, -MONTHS)
        recent = Q(as_of__gte=first, as_of__lte=self.today)
        rows = self._visible.filter(recent | Q(state__in=["requested", *OPEN_ITEM]))
        rows = rows.exclude(schedule__state=ScheduleState.DRAFT)
        return [ItemLine(item) for item in rows.for_list().order_by("-as_of", "-pk")[:ROWS]]

    @cached_property
    def next(self) -> ReconciliationItem | None:
        """Whose act goes out next."""
        found: ReconciliationItem | None = (
            self._visible.to_send().select_related("client").order_by("send_by", "pk").first()
        )
        return found

    @property
    def next_send(self) -> str:
        """The last day for sending the next one, with the days that are left."""
        return send_cell(self.next) if self.next else ""

    @property
    def may_ask(self) -> bool:
        return permissions.can_ask_reconciliation(self.user, self.client)
