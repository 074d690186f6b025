"""The declaration of the import of CommerceML."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import OrgUnit, User
from crm.imports import registry
from crm.imports.choices import UnitField
from crm.imports.reading import Limits, Line, Table
from crm.imports.reading.headers import Known
from crm.imports.registry import ImportField, ImportKind, ImportOption
from deals import permissions
from deals.importers.commerceml.content import Group, Item, Paper, Side
from deals.importers.commerceml.reading import read_content
from deals.importers.commerceml.rows import Exchange, records_of
from deals.importers.undo import documents_first

KIND = "commerceml"
FIELDS = [
    ImportField("element", gettext_lazy("Element")),
    ImportField("number", gettext_lazy("Number")),
    ImportField("day", gettext_lazy("Date")),
    ImportField("name", gettext_lazy("Name")),
    ImportField("inn", gettext_lazy("INN")),
    ImportField("kpp", gettext_lazy("KPP")),
    ImportField("amount", gettext_lazy("Amount")),
    ImportField("external_id", gettext_lazy("External id")),
]
COUNTS = {
    "documents": gettext_lazy("Documents"),
    "orders": gettext_lazy("Orders"),
    "shipments": gettext_lazy("Shipments"),
    "returns": gettext_lazy("Returns"),
    "invoices": gettext_lazy("Invoices"),
    "payments": gettext_lazy("Payments"),
    "distinct_counterparties": gettext_lazy("Counterparties"),
    "clients_created": gettext_lazy("Clients added"),
    "products": gettext_lazy("Products"),
    "groups": gettext_lazy("Product groups"),
    "offers": gettext_lazy("Offers (not kept yet)"),
    "duplicates": gettext_lazy("Here already"),
}


def register_kind() -> None:
    """Declare the import of CommerceML."""
    registry.register(
        ImportKind(
            kind=KIND,
            label=gettext_lazy("CommerceML of 1C"),
            description=gettext_lazy("Documents, counterparties and the catalogue as XML."),
            icon="file-type-xml",
            fields=FIELDS,
            synonyms={},
            start=Exchange,
            may_import=permissions.can_import_money,
            options=[
                ImportOption("create_clients", _create_clients_field),
                ImportOption("unit", _unit_field),
            ],
            read=read_commerceml,
            fixed_columns=True,
            fact_labels=COUNTS,
            links=_links,
            around_undo=documents_first,
        )
    )


def read_commerceml(content: bytes, known: Known, limits: Limits) -> Table:
    """The file as a table of its records; raises Unreadable."""
    found = read_content(content, limits)
    lines = [Line(number, _cells(record)) for number, record in enumerate(records_of(found), 1)]
    header = [field.name for field in FIELDS]
    return Table(header, 0, lines, encoding=found.encoding, extra=found)


def _cells(record: Side | Group | Item | Paper) -> list[str]:
    """The columns of FIELDS."""
    if isinstance(record, Side):
        return ["Контрагент", "", "", record.shown, record.inn, record.kpp, "", record.id]
    if isinstance(record, Group):
        return ["Группа", "", "", record.name, "", "", "", record.id]
    if isinstance(record, Item):
        return ["Товар", record.sku, "", record.name, "", "", "", record.id]
    side = record.side or Side()
    amount = f"{record.amount:.2f}"
    what = record.operation or "Документ"
    day = str(record.day or "")
    return [what, record.number, day, side.shown, side.inn, side.kpp, amount, record.id]


def _create_clients_field(by: User | None) -> forms.Field:
    """Clients are never added silently (D.12.3)."""
    return forms.BooleanField(
        label=gettext_lazy("Add clients who are not here yet"),
        required=False,
        help_text=gettext_lazy("Otherwise documents of unknown counterparties are rejected."),
    )


def _unit_field(by: User | None) -> forms.Field:
    units: Any = OrgUnit.objects.open().in_tree_order()
    return UnitField(
        units,
        label=gettext_lazy("Unit"),
        required=False,
        help_text=gettext_lazy("Of new clients."),
    )


def _links(user: User) -> list[tuple[str, str]]:
    if not permissions.can_see_money(user):
        return []
    return [
        (_("Shipments"), reverse("deals:shipment_list")),
        (_("Orders"), reverse("deals:order_list")),
    ]
