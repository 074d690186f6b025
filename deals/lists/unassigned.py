"""The list of imported documents whose client is not known yet."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.filters.clients import SeveralFilter
from crm.fields import RussianDateField
from crm.lists import Column, Kind, ListSpec
from deals import permissions
from deals.models import Shipment, ShipmentKind


class DayFilter(filters.DateFilter):
    """A day typed either way."""

    field_class = RussianDateField


class UnassignedFilter(filters.FilterSet):
    """What a person looks for among them."""

    kind = SeveralFilter(label=_("Kind"), choices=ShipmentKind.choices)
    client_text = filters.CharFilter(label=_("Client in the file"))
    date_from = DayFilter(label=_("From"), field_name="posted_on", lookup_expr="gte")
    date_to = DayFilter(label=_("To"), field_name="posted_on", lookup_expr="lte")

    class Meta:
        model = Shipment
        fields: list[str] = []


def _search(rows: Any, text: str) -> Any:
    return rows.filter(Q(number__icontains=text) | Q(client_text__icontains=text))


UNASSIGNED = ListSpec(
    name="unassigned-documents",
    model=Shipment,
    title=_("Documents without a client"),
    columns=[
        Column("posted_on", _("Date"), kind=Kind.DATE, sort="posted_on"),
        Column("number", _("Number"), sort="number"),
        Column("kind", _("Kind"), filter="kind"),
        Column("amount", _("Amount"), kind=Kind.MONEY, sort="amount", total=True),
        Column("vat_amount", _("VAT in it"), kind=Kind.MONEY, total=True),
        Column(
            "client_text",
            _("Client in the file"),
            sort="client_text",
            filter="client_text",
            filter_value=lambda row: row.client_text or None,
        ),
        Column("note", _("Note")),
        Column("external_id", _("Number in the file")),
        Column(
            "assign",
            _("Client"),
            value="pk",
            render="deals/_assign_cell.html",
            export=False,
        ),
    ],
    default_sort="-posted_on",
    default_columns=["posted_on", "number", "kind", "amount", "client_text", "note", "assign"],
    filters=UnassignedFilter,
    search=_search,
    search_hint=_("Number or client in the file"),
    restricted={"assign": permissions.can_enter_documents},
    page_template="deals/unassigned_list.html",
    empty_template="deals/_unassigned_none.html",
)
