"""The declaration of the import of claims and of returns with reasons."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.utils.translation import gettext_lazy

from claims.importers.claim_reasons import ADD, REFUSE
from claims.importers.claim_rows import Claims
from claims.models import Claim, ClaimLine, ClaimReason
from clients.models import Client, Counterparty
from crm.accounts.models import User
from crm.imports import registry, synonyms
from crm.imports.journal import Journal
from crm.imports.registry import ImportField, ImportKind, ImportOption
from deals.importers.days import DATE_ORDER
from deals.importers.sales_kind import CLIENT_FIELDS, create_clients_field, unit_field
from deals.models import Product, ProductGroup
from deals.permissions import can_import_money

FIELDS = [
    ImportField("number", gettext_lazy("Number"), gettext_lazy("Of the claim or of the order.")),
    ImportField("day", gettext_lazy("Date"), gettext_lazy("When the claim or the goods came.")),
    ImportField("sold_on", gettext_lazy("Date of the sale")),
    ImportField("sale", gettext_lazy("Shipment"), gettext_lazy("Its number here.")),
    ImportField(
        "status", gettext_lazy("State"), gettext_lazy("Rows where nothing came back are left.")
    ),
    ImportField("reason", gettext_lazy("Reason")),
    *CLIENT_FIELDS,
    ImportField("sku", gettext_lazy("Article")),
    ImportField("product", gettext_lazy("Product")),
    ImportField("group", gettext_lazy("Category of goods")),
    ImportField("quantity", gettext_lazy("Quantity")),
    ImportField("price", gettext_lazy("Price with VAT")),
    ImportField("amount", gettext_lazy("Amount with VAT")),
    ImportField("note", gettext_lazy("What happened")),
    ImportField("external_id", gettext_lazy("External id"), gettext_lazy("Finds the claim again.")),
]
# Parts before what they belong to, whatever order they were written in.
ORDER = (ClaimLine, Claim, Product, ProductGroup, Counterparty, Client, ClaimReason)


def parts_first(journal: Journal) -> Callable[[], None]:
    """The order in which imported claims are taken back."""
    ranks = {model._meta.label: rank for rank, model in enumerate(ORDER)}
    ordered = sorted(journal.created.items(), key=lambda item: ranks.get(item[0], len(ranks)))
    journal.created.clear()
    journal.created.update(ordered)
    return lambda: None


def register_kind() -> None:
    """Declare the import of claims."""
    registry.register(
        ImportKind(
            kind="claims",
            label=gettext_lazy("Claims and returns with reasons"),
            description=gettext_lazy("What clients complained of or gave back, and why."),
            icon="message-report",
            fields=FIELDS,
            synonyms=synonyms.CLAIMS,
            start=Claims,
            may_import=can_import_money,
            required=[("number",), ("day",), ("reason",), ("amount", "price")],
            options=[
                ImportOption("create_clients", create_clients_field),
                ImportOption("unit", unit_field),
                ImportOption("new_reasons", _reasons_field),
                ImportOption("create_products", _products_field),
                ImportOption("settled", _settled_field),
                DATE_ORDER,
            ],
            portion=5_000,
            fact_labels={
                "claims": gettext_lazy("Claims in the file"),
                "not_returned": gettext_lazy("Nothing came back"),
                "doubtful": gettext_lazy("Dated before the sale"),
                "clients_created": gettext_lazy("Clients added"),
                "reasons_created": gettext_lazy("Reasons added"),
                "products_created": gettext_lazy("Products added"),
            },
            around_undo=parts_first,
        )
    )


def _reasons_field(by: User | None) -> forms.Field:
    """Built when it is asked for: the dictionary may have grown."""
    known = [(row.code, str(row)) for row in ClaimReason.objects.in_use("goods")]
    return forms.ChoiceField(
        label=gettext_lazy("Reasons that are not in the dictionary"),
        choices=[
            (ADD, gettext_lazy("are added to it")),
            (REFUSE, gettext_lazy("are rejected")),
            *known,
        ],
        initial=ADD,
        help_text=gettext_lazy("Or all of them become one that is there."),
    )


def _products_field(by: User | None) -> forms.Field:
    return forms.BooleanField(
        label=gettext_lazy("Add products that are not in the catalogue"),
        required=False,
        help_text=gettext_lazy("With their category as the group; otherwise only named."),
    )


def _settled_field(by: User | None) -> forms.Field:
    return forms.BooleanField(
        label=gettext_lazy("Old claims: all were satisfied and are closed"),
        required=False,
        help_text=gettext_lazy("Otherwise they are registered and wait for a decision."),
    )
