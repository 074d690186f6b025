"""The register of expenses: columns, filters, ready views."""

from __future__ import annotations

from html import escape
from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.filters.clients import SeveralFilter, YesNoFilter, unit_choices
from clients.filters.contacts import DayFilter
from clients.models import Client, ContactLog
from crm.accounts.models import OrgUnit, User
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.shell.nav import address_of
from crm.shell.templatetags.shell import status_chip
from reports.models import BudgetItem, Expense, ExpenseState
from reports.querysets.expenses import ExpenseQuerySet

TONES: dict[str, str] = {
    ExpenseState.ON_APPROVAL: "warning",
    ExpenseState.APPROVED: "info",
    ExpenseState.RETURNED: "danger",
    ExpenseState.PAID: "success",
}
STATES = [one for one in ExpenseState.choices if one[0] != ExpenseState.DRAFT]


def item_choices() -> list[tuple[str, str]]:
    """Items of the budget, those out of use as well."""
    return [(str(one.pk), str(one)) for one in BudgetItem.objects.all()]


def by_unit(rows: Any, _name: str, value: str) -> Any:
    """Expenses of the unit and of everything below it."""
    inside = OrgUnit.objects.subtree_of([int(value)]).values("pk")
    return rows.filter(org_unit__in=inside)


class ExpenseFilter(filters.FilterSet):
    """Expenses by state, item, whose and when; budgets, reports and cards link to them."""

    state = SeveralFilter(label=_("State"), choices=STATES)
    item = SeveralFilter(label=_("Item"), choices=item_choices)
    unit = filters.ChoiceFilter(label=_("Unit"), choices=unit_choices, method=by_unit)
    own_unit = filters.ChoiceFilter(
        label=_("Unit without those below"), choices=unit_choices, field_name="org_unit"
    )
    employee = filters.ModelChoiceFilter(
        label=_("Who spent it"), queryset=lambda request: User.objects.visible_to(request.user)
    )
    mine = YesNoFilter(label=_("Mine"), method="by_me")
    representation = YesNoFilter(label=_("Entertainment expenses"), method="by_kind")
    above = YesNoFilter(label=_("Above the limit"), method="by_limit")
    spent_from = DayFilter(label=_("Spent from"), field_name="spent_on", lookup_expr="gte")
    spent_to = DayFilter(label=_("Spent to"), field_name="spent_on", lookup_expr="lte")
    client = filters.ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )
    contact = filters.ModelChoiceFilter(
        label=_("Contact"),
        queryset=lambda request: ContactLog.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Expense
        fields: ClassVar[list[str]] = []

    def by_me(self, rows: Any, _name: str, value: bool) -> Any:
        """The person who looks has spent it."""
        user = self.request.user
        return rows.filter(employee=user) if value else rows.exclude(employee=user)

    def by_kind(self, rows: Any, _name: str, value: bool) -> Any:
        """On clients, against the limit of the person."""
        return rows.filter(is_representation=value)

    def by_limit(self, rows: Any, _name: str, value: bool) -> Any:
        """More was spent than the limit of the month left."""
        return rows.filter(over_limit__gt=0) if value else rows.filter(over_limit=0)


def state_chip(row: Expense) -> str:
    """The state in words, with its colour."""
    return status_chip(label_of(row), TONES.get(row.state, "neutral"))


def client_cell(row: Expense) -> str:
    """The client with a link."""
    if row.client is None:
        return "—"
    url = address_of("clients:detail", row.client.pk)
    return SafeString(f'<a href="{url}">{escape(row.client.name)}</a>')


def contact_words(row: Expense) -> str:
    """The contact by its day and kind."""
    if row.contact is None:
        return ""
    return f"{row.contact.local_moment:%d.%m.%Y}, {row.contact.kind_label}"


def who(row: Expense) -> str:
    """Whoever spent it; the accounting books costs of units."""
    return row.employee.short_name if row.employee else str(_("by accounting"))


EXPENSES = ListSpec(
    name="expenses",
    model=Expense,
    title=_("Expenses"),
    columns=[
        Column("spent_on", _("Spent on"), kind=Kind.DATE, sort="spent_on", link=True),
        Column("item", _("Item"), value=lambda row: str(row.item), filter="item"),
        Column("amount", _("Amount"), kind=Kind.MONEY, sort="amount", total=True),
        Column("employee", _("Who spent it"), value=who),
        Column("org_unit", _("Unit"), value="org_unit.name"),
        Column("client", _("Client"), value="client.name", render=client_cell),
        Column("contact", _("Contact"), value=contact_words),
        Column("purpose", _("What for")),
        Column("participants", _("Who took part")),
        Column("state", _("State"), filter="state", render=state_chip),
        Column("over_limit", _("Above the limit"), kind=Kind.MONEY, total=True),
        Column("justification", _("Why above the limit")),
        Column(
            "approved_by",
            _("Approved by"),
            value=lambda row: row.approved_by.short_name if row.approved_by else "",
        ),
        Column("paid_on", _("Paid on"), kind=Kind.DATE, sort="paid_on"),
        Column("payment_document", _("Payment document")),
        Column("comment", _("What was said")),
    ],
    default_sort="-spent_on",
    default_columns=[
        *("spent_on", "item", "amount", "employee", "client", "purpose", "state", "paid_on")
    ],
    filters=ExpenseFilter,
    details=ExpenseQuerySet.for_list,
    row_url="reports:expense_detail",
    views=[
        ALL,
        View(pgettext_lazy("expenses", "Mine"), "mine=true"),
        View(pgettext_lazy("expenses", "Wait for a decision"), "state=on_approval"),
        View(pgettext_lazy("expenses", "To be paid"), "state=approved&sort=spent_on"),
        View(pgettext_lazy("expenses", "Returned"), "state=returned"),
        View(pgettext_lazy("expenses", "Entertainment"), "representation=true"),
    ],
    page_template="reports/expense_list.html",
    empty_template="reports/_expenses_none.html",
)
