"""The declaration of the import of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.accounts import permissions
from crm.accounts.models import OrgUnit, Role
from crm.imports import registry, synonyms
from crm.imports.choices import UnitField
from crm.imports.people.rows import People
from crm.imports.registry import ImportField, ImportKind, ImportOption
from crm.said import gettext as _

if TYPE_CHECKING:
    from crm.accounts.models import User

FIELDS = [
    ImportField("full_name", gettext_lazy("Full name")),
    ImportField("last_name", gettext_lazy("Surname")),
    ImportField("first_name", gettext_lazy("First name")),
    ImportField("middle_name", gettext_lazy("Patronymic")),
    ImportField("external_id", gettext_lazy("External id")),
    ImportField("username", gettext_lazy("Login")),
    ImportField("email", gettext_lazy("E-mail")),
    ImportField("role", gettext_lazy("Role")),
    ImportField("position", gettext_lazy("Position")),
    ImportField("office", gettext_lazy("Department or office")),
    ImportField("unit", gettext_lazy("Unit")),
    ImportField("chief", gettext_lazy("Chief"), gettext_lazy("Heads the sector of the person.")),
    ImportField("phone", gettext_lazy("Phone")),
    ImportField("hired_on", gettext_lazy("Hired on")),
    ImportField("order_no", gettext_lazy("Order of appointment")),
]


def register_kind() -> None:
    """Declare people, first of all kinds: clients and contacts name them."""
    registry.register(
        ImportKind(
            kind="people",
            label=gettext_lazy("People"),
            description=gettext_lazy("Employees with their units and heads."),
            icon="users",
            fields=FIELDS,
            synonyms=synonyms.PEOPLE,
            start=People,
            may_import=permissions.can_manage_people,
            required=[("full_name", "last_name")],
            options=[
                ImportOption("unit", _unit_field),
                ImportOption("role", _role_field),
                ImportOption("update_rights", _rights_field),
            ],
            portion=200,
            fact_labels={
                "units_created": gettext_lazy("Units added"),
                "heads_created": gettext_lazy("Heads added"),
            },
            links=_links,
        )
    )


def _unit_field(by: User | None) -> forms.Field:
    return UnitField(
        OrgUnit.objects.open().in_tree_order(),
        label=gettext_lazy("Unit"),
        required=False,
        help_text=gettext_lazy(
            "Of people without one; departments of the file are added below it."
        ),
    )


def _role_field(by: User | None) -> forms.Field:
    return forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[choice for choice in Role.choices if choice[0] != Role.ADMIN],
        initial=Role.MANAGER.value,
        help_text=gettext_lazy("Of people whose row names none."),
    )


def _rights_field(by: User | None) -> forms.Field:
    return forms.BooleanField(
        label=gettext_lazy("Change roles, units and e-mails of people who are here already"),
        required=False,
    )


def _links(user: User) -> list[tuple[str, str]]:
    return [
        (_("People"), reverse("accounts:user_list")),
        (_("Units"), reverse("accounts:unit_list")),
    ]
