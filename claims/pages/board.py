"""The board of claims: a column for each state, its most urgent cards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, TextChoices
from django.http import HttpRequest
from django.utils.safestring import SafeString

from claims import permissions
from claims.filters.claims import ClaimFilter, GoodsClaimFilter
from claims.lists.claims import TONES, decision_chip, due_cell, goods_of
from claims.models import OPEN_CLAIM, Claim, ClaimState
from clients.models import Client
from clients.querysets import units_alone
from crm.accounts.querysets import names_of
from crm.lists.board import Board, at_the_end, write_card
from crm.lists.cells import url_maker
from crm.markup import escaped
from crm.money import format_money
from crm.shell.templatetags.shell import category_badge
from crm.web import person_of
from crm.work.registry import setting


def term_of(claim: Claim) -> str:
    """The last day as long as nothing is decided, the decision after."""
    return due_cell(claim) if claim.is_open else decision_chip(claim)


def amount_of(claim: Claim) -> Any:
    """Claimed, or given once it is decided."""
    decided = claim.satisfied_amount
    return claim.claimed_amount if decided is None else decided


def person_in(claim: Claim) -> Any:
    """Who looks into it, else whose client it is."""
    return claim.assigned_to or claim.manager


class ClaimBoard(Board):
    """What is open or not settled, and what was closed lately."""

    states = (*OPEN_CLAIM, ClaimState.DECIDED, ClaimState.COMPENSATED, ClaimState.CLOSED)
    first = ClaimState.REGISTERED
    tones = TONES
    filters = ClaimFilter
    narrowed_by: tuple[str, ...] = ("manager", "unit", "category", "kind", "mine")
    choices_by: tuple[str, ...] = ("manager", "unit", "kind")
    register = "claims:list"
    shown = (
        *("number", "response_due", "decided_on", "decision"),
        *("claimed_amount", "satisfied_amount", "client__id", "client__name", "client__category"),
        *("reason__id", "reason__name_ru", "reason__name_en"),
        *names_of("manager", "assigned_to"),
    )

    def __init__(self, request: HttpRequest, today: date) -> None:
        self.since = today - timedelta(days=setting("claim.board_days"))
        person = person_of(request)
        self.sees_clients = permissions.sees_clients_of_claims(person)
        self.url = url_maker("claims:detail")
        rows = Claim.objects
        if not self.sees_clients:
            self.shown = (*ClaimBoard.shown, "goods", "goods_count")
            self.filters, self.narrowed_by, self.choices_by = GoodsClaimFilter, ("kind",), ()
        units = units_alone(person, Client.objects.all()) if self.sees_clients else []
        seen, counted = rows.visible_to(person), rows.in_sums_of(person)
        super().__init__(request, seen, counted, today, units)

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

    def for_cards(self, rows: Any) -> Any:
        """Goods are looked up only for those who do not see whose claim it is."""
        return rows if self.sees_clients else rows.with_goods()

    def card(self, row: Claim) -> SafeString:
        """Whose, about what, by when it is answered or what was decided."""
        what = f"{row.number} · {row.reason}"
        money = at_the_end(format_money(amount_of(row)))
        term = SafeString(f"{escaped(term_of(row))}{money}")
        if not self.sees_clients:
            return write_card(self.url(row), goods_of(row) or row.number, what, term)
        client, person = row.client, person_in(row)
        badge = category_badge(client.category) if client.category else ""
        lines = (SafeString(f"{badge} {escaped(what)}"), term)
        return write_card(self.url(row), client.name, *lines, under=str(person or ""))
