"""Statements of the bank and the payments of one, as lists."""

from __future__ import annotations

import django_filters as filters
from django.db.models import F, Q, QuerySet
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.widgets import BooleanWidget

from crm.lists import Column, Kind, ListSpec, label_of
from crm.shell.templatetags.shell import status_chip
from deals.models import (
    BankStatement,
    OwnAccount,
    Payment,
    PaymentDirection,
    PaymentKind,
    PaymentState,
)

TONES: dict[str, str] = {
    PaymentState.UNMATCHED: "warning",
    PaymentState.MATCHED: "info",
    PaymentState.ALLOCATED: "success",
}


def by_difference(rows: QuerySet[BankStatement], name: str, value: bool) -> object:
    """Whose turnover and documents differ, or agree."""
    differs = (Q(declared_in__isnull=False) & ~Q(declared_in=F("documents_in"))) | (
        Q(declared_out__isnull=False) & ~Q(declared_out=F("documents_out"))
    )
    return rows.filter(differs) if value else rows.exclude(differs)


class StatementFilter(filters.FilterSet):
    """By account, period and whether the figures agree."""

    account = filters.ModelChoiceFilter(
        label=gettext_lazy("Own account"),
        field_name="own_account",
        queryset=OwnAccount.objects.all(),
    )
    period = filters.DateFromToRangeFilter(label=gettext_lazy("Ends within"), field_name="date_to")
    differs = filters.BooleanFilter(
        label=gettext_lazy("Turnover and documents differ"),
        method=by_difference,
        widget=BooleanWidget,
    )

    class Meta:
        model = BankStatement
        fields = ()


def check_mark(row: BankStatement) -> SafeString:
    """Whether turnover, documents and balances agree, in words."""
    if row.missing_in or row.missing_out or row.unbalanced:
        return status_chip(_("differ"), "warning")
    if row.declared_in is None and row.declared_out is None:
        return status_chip(_("not declared"), "neutral")
    return status_chip(_("agree"), "success")


def state_mark(row: Payment) -> SafeString:
    """The state in words."""
    return status_chip(label_of(row), TONES.get(row.state, "neutral"))


def period_mark(row: BankStatement) -> SafeString:
    """The period on one line."""
    return format_html('<span class="text-nowrap">{}</span>', row)


def payment_url(row: Payment) -> str:
    """The page of the payment, else of its client, else of its statement."""
    try:
        return row.get_absolute_url()
    except NoReverseMatch:
        owner = row.client or row.statement
        return owner.get_absolute_url() if owner else ""


STATEMENTS = ListSpec(
    name="statements",
    model=BankStatement,
    title=gettext_lazy("Bank statements"),
    columns=[
        Column(
            "period", gettext_lazy("Period"), kind=Kind.TEXT, link=True, value=str,
            render=period_mark, sort=("date_to", "date_from"),
        ),
        Column(
            "account", gettext_lazy("Account"), kind=Kind.TEXT, value="own_account.account",
            sort="own_account__account", filter="account", filter_value="own_account_id",
        ),
        Column("name", gettext_lazy("Name"), kind=Kind.TEXT, value="own_account.name"),
        Column("opening", gettext_lazy("Opening balance"), kind=Kind.MONEY, sort="opening"),
        Column(
            "documents_in", gettext_lazy("Received"), kind=Kind.MONEY, sort="documents_in",
            total=True,
        ),
        Column(
            "documents_out", gettext_lazy("Spent"), kind=Kind.MONEY, sort="documents_out",
            total=True,
        ),
        Column("closing", gettext_lazy("Closing balance"), kind=Kind.MONEY, sort="closing"),
        Column("declared_in", gettext_lazy("Received, declared"), kind=Kind.MONEY),
        Column("declared_out", gettext_lazy("Spent, declared"), kind=Kind.MONEY),
        Column(
            "check", gettext_lazy("Turnover and documents"), kind=Kind.TEXT, value=check_mark,
            render=check_mark, export=False,
        ),
        Column("created_at", gettext_lazy("Imported"), sort="created_at"),
    ],
    default_sort="-period",
    default_columns=[
        "period", "account", "name", "opening", "documents_in", "documents_out", "closing", "check",
    ],
    filters=StatementFilter,
    search=lambda rows, text: rows.filter(
        Q(own_account__account__contains=text) | Q(own_account__name__icontains=text)
    ),
    search_hint=gettext_lazy("Number or name of the account"),
    page_template="deals/statement_list.html",
    empty_template="deals/_statement_none.html",
)  # fmt: skip


class StatementPaymentFilter(filters.FilterSet):
    """By direction, kind and state."""

    direction = filters.ChoiceFilter(
        label=gettext_lazy("Direction"), choices=PaymentDirection.choices
    )
    kind = filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=PaymentKind.choices)
    state = filters.ChoiceFilter(label=gettext_lazy("State"), choices=PaymentState.choices)

    class Meta:
        model = Payment
        fields = ()


STATEMENT_PAYMENTS = ListSpec(
    name="statement_payments",
    model=Payment,
    title=gettext_lazy("Bank statement"),
    columns=[
        Column("number", gettext_lazy("Number"), link=True, sort="number"),
        Column("paid_on", gettext_lazy("Paid on"), sort="paid_on"),
        Column("direction", gettext_lazy("Direction"), sort="direction", filter="direction"),
        Column("amount", gettext_lazy("Amount"), kind=Kind.MONEY, sort="amount"),
        Column("party_name", gettext_lazy("Other side"), sort="party_name"),
        Column("party_inn", gettext_lazy("INN")),
        Column("client", gettext_lazy("Client"), kind=Kind.TEXT, value="client.name"),
        Column("kind", gettext_lazy("Kind"), sort="kind", filter="kind"),
        Column("state", gettext_lazy("State"), sort="state", filter="state", render=state_mark),
        Column("purpose", gettext_lazy("Purpose")),
        Column("party_account", gettext_lazy("Account")),
        Column("document_type", gettext_lazy("Document")),
        Column("reason", gettext_lazy("Reason")),
    ],
    default_sort="paid_on,number",
    default_columns=[
        "number", "paid_on", "direction", "amount", "party_name", "client", "state", "purpose",
    ],
    filters=StatementPaymentFilter,
    search=lambda rows, text: rows.filter(
        Q(number__icontains=text)
        | Q(party_name__icontains=text)
        | Q(party_inn=text)
        | Q(purpose__icontains=text)
    ),
    search_hint=gettext_lazy("Number, name, INN or purpose"),
    row_url=payment_url,
    page_template="deals/statement_detail.html",
    empty_template="deals/_statement_no_payments.html",
)  # fmt: skip
