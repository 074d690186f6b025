"""The import of a plan: a sheet of clients with four figures fills a plan that is being made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import User
from crm.imports import registry, synonyms
from crm.imports.registry import ImportField, ImportKind, ImportOption
from reports import permissions
from reports.importers.plan_rows import PlanRows
from reports.models import EDITABLE, MonthlyPlan

FIELDS = [
    ImportField("code", _("Code"), _("Finds the client.")),
    ImportField("client", _("Client"), _("Where there is no code.")),
    ImportField("ship", _("Shipments"), _("Roubles with VAT; an empty cell changes nothing.")),
    ImportField("cash", _("Receipts"), _("Roubles with VAT; an empty cell changes nothing.")),
    ImportField("active", pgettext_lazy("plan", "Active"), _("1 if the client is to buy, else 0.")),
    ImportField("contacts", _("Contacts"), _("A whole number.")),
    ImportField("comment", _("Comment")),
]


def may_import(user: User) -> bool:
    """Those who fill plans."""
    return user.is_active and user.role in permissions.FILLERS


def _plan_field(by: User | None) -> forms.Field:
    """Plans that are being made, as far as the person sees them."""
    rows = MonthlyPlan.objects.all() if by is None else MonthlyPlan.objects.visible_to(by)
    field: Any = forms.ModelChoiceField(
        rows.filter(state__in=EDITABLE).select_related("org_unit"),
        label=_("Monthly plan"),
        help_text=_("Only lines that you may fill are changed."),
        empty_label=None,
    )
    newest = field.queryset.order_by("-month", "-pk").first()
    field.initial = newest.pk if newest else None
    return field  # type: ignore[no-any-return]


def _links(user: User) -> list[tuple[str, str]]:
    from crm.shell.nav import address

    return [(str(_("Monthly plans")), address("reports:plan_list"))]


def register_plan_import() -> None:
    """Declare it."""
    registry.register(
        ImportKind(
            kind="plan",
            label=_("Monthly plan"),
            description=_("Shipments, receipts, active clients and contacts of a plan by client."),
            icon="target",
            fields=FIELDS,
            synonyms=synonyms.PLANS,
            start=PlanRows,
            may_import=may_import,
            required=[("code", "client"), ("ship", "cash", "active", "contacts")],
            options=[ImportOption("plan", _plan_field)],
            links=_links,
        )
    )
