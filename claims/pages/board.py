"""The board of claims: a column for each state, its most urgent cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, TextChoices
from django.http import HttpRequest

from claims.filters.claims import ClaimFilter
from claims.lists.claims import TONES, decision_chip, due_cell, goods_of
from claims.models import OPEN_CLAIM, Claim, ClaimState
from crm.lists.board import Board
from crm.web import person_of

CLOSED_DAYS = 30  # calendar days for which closed claims stay on the board


@dataclass(frozen=True)
class Card:
    """One claim: whose, about what, by when it is answered or what was decided."""

    claim: Claim

    @property
    def term(self) -> str:
        """The last day as long as nothing is decided, the decision after."""
        return due_cell(self.claim) if self.claim.is_open else decision_chip(self.claim)

    @property
    def amount(self) -> Any:
        """Claimed, or given once it is decided."""
        decided = self.claim.satisfied_amount
        return self.claim.claimed_amount if decided is None else decided

    @property
    def goods(self) -> str:
        """The first goods, and how many more."""
        return goods_of(self.claim)

    @property
    def person(self) -> Any:
        """Who looks into it, else whose client it is."""
        return self.claim.assigned_to or self.claim.manager


class ClaimBoard(Board):
    """What is open or not settled, and what was closed lately."""

    states = (*OPEN_CLAIM, ClaimState.DECIDED, ClaimState.COMPENSATED, ClaimState.CLOSED)
    first = ClaimState.REGISTERED
    tones = TONES
    filters = ClaimFilter
    narrowed_by = ("manager", "unit", "category", "kind", "mine")
    choices_by = ("manager", "unit", "kind")
    register = "claims:list"

    def __init__(self, request: HttpRequest, today: date) -> None:
        self.since = today - timedelta(days=CLOSED_DAYS)
        super().__init__(request, Claim.objects.visible_to(person_of(request)))

    def condition(self, state: TextChoices) -> Q:
        """Of the closed ones only those decided lately."""
        if state == ClaimState.CLOSED:
            return Q(state=state, decided_on__gte=self.since)
        return Q(state=state)

    def order(self, state: TextChoices) -> str:
        """By the nearest last day; decided ones by their age."""
        if state == ClaimState.CLOSED:
            return "-decided_on"
        return "response_due" if state in OPEN_CLAIM else "decided_on"

    def query(self, state: TextChoices) -> dict[str, Any]:
        """The same rows in the register."""
        return {"decided_from": self.since} if state == ClaimState.CLOSED else {}

    def card(self, row: Claim) -> Card:
        """Its card."""
        return Card(row)
