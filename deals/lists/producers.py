"""The register of price agreements with producers: columns, filters, ready views."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import django_filters as filters
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from clients.filters.clients import YesNoFilter
from clients.filters.contacts import DayFilter
from crm.accounts.models import User
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.names import search_key
from crm.shell.templatetags.shell import status_chip
from deals.lists.documents import last_day
from deals.models import ProducerPriceAgreement
from deals.permissions.producers import KEEPERS

NEAR = 30  # days that are left, from which on the last day says so
STATES = (
    ("in_force", pgettext_lazy("of agreements", "In force")),
    ("ending", gettext_lazy("Ending within a month")),
    ("to_come", pgettext_lazy("of agreements", "To come")),
    ("over", pgettext_lazy("of agreements", "Over")),
)


def in_state(rows: Any, name: str, state: str) -> Any:
    """By its days, as of today."""
    today = timezone.localdate()
    if state == "ending":
        return rows.ending(today, today + timedelta(days=NEAR))
    reads = {"in_force": rows.on, "to_come": rows.to_come, "over": rows.over}
    return reads[state](today)


def by_archive(rows: Any, name: str, value: bool) -> Any:
    """Taken out as entered by mistake; the register leaves them out unless asked."""
    return rows.filter(archived_at__isnull=not value)


def state_of(row: ProducerPriceAgreement) -> tuple[str, str]:
    """In words and tone, how it stands today."""
    today = timezone.localdate()
    if row.archived_at is not None:
        return pgettext("of an agreement", "taken out"), "neutral"
    if row.is_over(today):
        return pgettext("of an agreement", "over"), "neutral"
    if row.valid_from > today:
        return _("to come"), "info"
    if row.ends_within(today, NEAR):
        return _("ends soon"), "warning"
    return _("in force"), "success"


def state_chip(row: ProducerPriceAgreement) -> str:
    """The same as a chip."""
    words, tone = state_of(row)
    return status_chip(capfirst(words), tone)


def end_cell(row: ProducerPriceAgreement) -> str:
    """The last day; with the days that are left, where they are few."""
    if row.valid_to is None:
        return _("no end")
    return last_day(row.valid_to, within=NEAR)


def find_agreements(rows: Any, text: str) -> Any:
    """By the beginning of the number, or by words of the producer's name."""
    condition = Q()
    for word in search_key(text).split()[:6]:
        condition &= Q(producer__icontains=word)
    return rows.filter(Q(number__istartswith=text.strip()) | condition)


class ProducerAgreementFilter(filters.FilterSet):
    """What narrows the register."""

    state = filters.ChoiceFilter(label=gettext_lazy("State"), choices=STATES, method=in_state)
    keeper = filters.ModelChoiceFilter(
        label=gettext_lazy("Kept by"),
        queryset=lambda request: User.objects.visible_to(request.user).filter(role__in=KEEPERS),
    )
    ends_from = DayFilter(label=gettext_lazy("Ends from"), field_name="valid_to", lookup_expr="gte")
    ends_to = DayFilter(label=gettext_lazy("Ends to"), field_name="valid_to", lookup_expr="lte")
    archived = YesNoFilter(label=pgettext_lazy("of agreements", "Taken out"), method=by_archive)

    class Meta:
        model = ProducerPriceAgreement
        fields: ClassVar[list[str]] = []


PRODUCER_AGREEMENTS = ListSpec(
    name="producer_agreements",
    model=ProducerPriceAgreement,
    title=gettext_lazy("Price agreements with producers"),
    columns=[
        Column("producer", gettext_lazy("Producer or brand"), link=True, sort="sort_key"),
        Column("number", gettext_lazy("Number"), sort="number"),
        Column(
            "state",
            gettext_lazy("State"),
            value="pk",
            kind=Kind.TEXT,
            render=state_chip,
            export=False,
        ),
        Column("valid_from", gettext_lazy("From"), kind=Kind.DATE, sort="valid_from"),
        Column(
            "valid_to",
            gettext_lazy("Valid until"),
            kind=Kind.DATE,
            sort="valid_to",
            render=end_cell,
        ),
        Column("line_count", gettext_lazy("Lines"), kind=Kind.NUMBER),
        Column("services", gettext_lazy("Package of services")),
        Column(
            "keeper",
            gettext_lazy("Kept by"),
            value="keeper.short_name",
            filter="keeper",
            filter_value="keeper_id",
        ),
    ],
    default_sort="producer",
    default_columns=[
        "producer",
        "number",
        "state",
        "valid_from",
        "valid_to",
        "line_count",
        "keeper",
    ],
    filters=ProducerAgreementFilter,
    search=find_agreements,
    search_hint=gettext_lazy("Producer or number"),
    row_url="deals:producer_agreement_detail",
    views=[*(View(label, f"state={key}") for key, label in STATES), ALL],
    page_template="deals/producer_agreement_list.html",
    empty_template="deals/_producer_agreements_none.html",
)
