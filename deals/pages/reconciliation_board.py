"""The board of reconciliations: a column for each state, its most urgent cards."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, TextChoices
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clients.models import Client
from clients.querysets import units_alone
from crm.accounts.querysets import names_of
from crm.calendar import half_end
from crm.lists import label_of
from crm.lists.board import Board, at_the_end, write_card
from crm.lists.cells import url_maker
from crm.money import format_money
from crm.shell.templatetags.shell import category_badge
from crm.web import person_of
from deals.actions.reconciliation_schedules import Half
from deals.filters.reconciliations import ReconciliationFilter
from deals.lists.reconciliations import TONES, answerer_of, send_cell, sign_cell
from deals.models import NOT_SENT, OPEN_ITEM, ItemState, ReconciliationItem


def term_of(item: ReconciliationItem) -> str:
    """By when it goes out, or comes back."""
    return send_cell(item) if item.state in NOT_SENT else sign_cell(item)


class ReconciliationBoard(Board):
    """What is open up to the end of this half-year, and what was signed in it."""

    states = (ItemState.REQUESTED, *OPEN_ITEM, ItemState.SIGNED)
    tones = TONES
    filters = ReconciliationFilter
    narrowed_by = ("manager", "unit", "category", "kind")
    choices_by = ("manager", "unit")
    register = "deals:reconciliation_list"
    shown = (
        *("as_of", "reason", "send_by", "sent_on", "sign_by", "signed_on"),
        *("schedule__id", "schedule__state", "act__id", "act__closing"),
        *("client__id", "client__name", "client__category"),
        *names_of("client__manager", "manager"),
    )
    first = ItemState.PLANNED

    def __init__(self, request: HttpRequest, today: date) -> None:
        self.half = Half.of(today)
        self.url = url_maker("deals:reconciliation_detail")
        rows, person = ReconciliationItem.objects, person_of(request)
        units = units_alone(person, Client.objects.all())
        seen, counted = rows.visible_to(person), rows.in_sums_of(person)
        super().__init__(request, seen, counted, today, units)

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

    def card(self, row: ReconciliationItem) -> SafeString:
        """Whose, as of when, what is to be done by when."""
        client, act, manager = row.client, getattr(row, "act", None), answerer_of(row)
        badge = category_badge(client.category) if client.category else ""
        when = _("as of %(day)s") % {"day": f"{row.as_of:%d.%m.%Y}"}
        why = f" · {label_of(row, 'reason')}" if row.reason else ""
        closing = at_the_end(format_money(act.closing)) if act else ""
        lines = (
            format_html("{} {}{}", badge, when, why),
            format_html("{}{}", term_of(row), closing),
        )
        return write_card(self.url(row), client.name, *lines, under=str(manager or ""))
