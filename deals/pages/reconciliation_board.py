"""The board of reconciliations: a column for each state, its most urgent cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, TextChoices
from django.http import HttpRequest

from crm.calendar import half_end
from crm.lists.board import Board
from crm.web import person_of
from deals.actions.reconciliation_schedules import Half
from deals.filters.reconciliations import ReconciliationFilter
from deals.lists.reconciliations import TONES, answerer_of, send_cell, sign_cell
from deals.models import NOT_SENT, OPEN_ITEM, ItemState, ReconciliationItem


@dataclass(frozen=True)
class Card:
    """One reconciliation: whose, as of when, what is to be done by when."""

    item: ReconciliationItem

    @property
    def term(self) -> str:
        """By when it goes out, or comes back."""
        return send_cell(self.item) if self.item.state in NOT_SENT else sign_cell(self.item)

    @property
    def manager(self) -> Any:
        return answerer_of(self.item)

    @property
    def act(self) -> Any:
        return getattr(self.item, "act", None)


class ReconciliationBoard(Board):
    """What is open up to the end of this half-year, and what was signed in it."""

    states = (ItemState.REQUESTED, *OPEN_ITEM, ItemState.SIGNED)
    tones = TONES
    filters = ReconciliationFilter
    narrowed_by = ("manager", "unit", "category", "kind")
    choices_by = ("manager", "unit")
    register = "deals:reconciliation_list"
    first = ItemState.PLANNED

    def __init__(self, request: HttpRequest, today: date) -> None:
        self.today, self.half = today, Half.of(today)
        super().__init__(request, ReconciliationItem.objects.visible_to(person_of(request)))

    @property
    def last_day(self) -> date:
        """Of the half-year."""
        return half_end(self.half.first)

    def condition(self, state: TextChoices) -> Q:
        """Drafts of schedules are nobody's work yet."""
        if state == ItemState.SIGNED:
            return Q(state=state, signed_on__gte=self.half.first)
        if state == ItemState.REQUESTED:
            return Q(state=state)
        drafts = Q(schedule__state="draft")
        return Q(state=state, as_of__lte=self.last_day) & ~drafts

    def order(self, state: TextChoices) -> str:
        """By the nearest last day."""
        if state == ItemState.SIGNED:
            return "-signed_on"
        return "send_by" if state in NOT_SENT else "sign_by"

    def query(self, state: TextChoices) -> dict[str, Any]:
        """The same rows in the register."""
        if state == ItemState.SIGNED:
            return {"signed_from": self.half.first}
        if state == ItemState.REQUESTED:
            return {}
        return {"step": "open", "as_of_to": self.last_day}

    def card(self, row: ReconciliationItem) -> Card:
        """Its card."""
        return Card(row)
