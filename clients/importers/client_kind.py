"""The declaration of the import of clients."""

from __future__ import annotations

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy

from clients.importers.client_plans import FILE_WINS
from clients.importers.client_rows import Clients, existing_choices
from clients.importers.owners import default_unit, is_unchecked, units_open_to
from clients.models import ClientStatus
from crm.accounts.models import SALES, OrgUnit, Role, User
from crm.accounts.scope import scope_of
from crm.imports import registry, synonyms
from crm.imports.choices import PersonField, UnitField
from crm.imports.registry import ImportField, ImportKind, ImportOption
from crm.said import gettext as _

IMPORTERS = frozenset({Role.DEPARTMENT_HEAD, Role.ADMIN})
FIELDS = [
    ImportField("name", gettext_lazy("Name")),
    ImportField(
        "external_id", gettext_lazy("External id"), gettext_lazy("Finds the client again.")
    ),
    ImportField(
        "inn", gettext_lazy("INN"), gettext_lazy("With the KPP it finds the client again.")
    ),
    ImportField("kpp", gettext_lazy("KPP")),
    ImportField("inn_kpp", gettext_lazy("INN/KPP in one column")),
    ImportField("full_name", gettext_lazy("Full legal name")),
    ImportField("ogrn", gettext_lazy("OGRN or OGRNIP")),
    ImportField("legal_address", gettext_lazy("Legal address")),
    ImportField("kind", gettext_lazy("Kind")),
    ImportField("status", gettext_lazy("Status")),
    ImportField("category", gettext_lazy("Category")),
    ImportField("manager", gettext_lazy("Manager")),
    ImportField("unit", gettext_lazy("Unit")),
    ImportField("parent", gettext_lazy("Part of the chain"), gettext_lazy("Name or id.")),
    ImportField("phone", gettext_lazy("Phone")),
    ImportField("email", gettext_lazy("E-mail")),
    ImportField("website", gettext_lazy("Website")),
    ImportField("address", gettext_lazy("Address")),
    ImportField("territory", gettext_lazy("Territory")),
    ImportField("channel", gettext_lazy("Channel")),
    ImportField("source", gettext_lazy("Where the client came from")),
    ImportField("tags", gettext_lazy("Tags")),
    ImportField("potential_monthly", gettext_lazy("Potential per month, ₽")),
    ImportField("bic", gettext_lazy("BIC")),
    ImportField("account", gettext_lazy("Bank account")),
    ImportField("corr_account", gettext_lazy("Correspondent account")),
    ImportField("bank", gettext_lazy("Bank")),
    ImportField("person", gettext_lazy("Contact person")),
    ImportField("person_position", gettext_lazy("Position of the contact person")),
    ImportField("person_phone", gettext_lazy("Phone of the contact person")),
    ImportField("person_email", gettext_lazy("E-mail of the contact person")),
    ImportField("founded", gettext_lazy("Founded"), gettext_lazy("Goes to the notes.")),
    ImportField("revenue", gettext_lazy("Revenue"), gettext_lazy("Goes to the notes.")),
    ImportField("employees", gettext_lazy("Employees"), gettext_lazy("Goes to the notes.")),
    ImportField("specifics", gettext_lazy("Notes")),
]


def may_import(user: User) -> bool:
    """Department heads inside their subtree, the administrator at the initial load (C.9)."""
    return user.is_active and user.role in IMPORTERS


def register_kind() -> None:
    """Declare the import of clients."""
    registry.register(
        ImportKind(
            kind="clients",
            label=gettext_lazy("Clients"),
            description=gettext_lazy("Counterparties of 1C or any list of clients."),
            icon="building-store",
            fields=FIELDS,
            synonyms=synonyms.CLIENTS,
            start=Clients,
            may_import=may_import,
            required=[("name", "full_name")],
            options=[
                ImportOption("unit", unit_field),
                ImportOption("manager", manager_field),
                ImportOption("status", _status_field),
                ImportOption("existing", _existing_field),
                ImportOption("match_names", _names_field),
            ],
            portion=1_000,
            links=_links,
        )
    )


def unit_field(by: User | None) -> forms.Field:
    """Where clients without a manager stand."""
    own = by is not None and not is_unchecked(by)
    unit = default_unit(by)
    return UnitField(
        OrgUnit.objects.filter(pk__in=[unit.pk for unit in units_open_to(by)]).in_tree_order(),
        label=gettext_lazy("Unit"),
        required=own,
        initial=str(unit.pk) if unit else None,
        help_text=gettext_lazy("Of clients whose row names no manager."),
    )


def manager_field(by: User | None) -> forms.Field:
    """Who answers for clients whose row names nobody."""
    people = User.objects.working().filter(role__in=SALES)
    if by is not None and not is_unchecked(by):
        people = people.filter(org_unit__in=scope_of(by).unit_ids)
    return PersonField(
        people.order_by("sort_key", "pk"),
        label=gettext_lazy("Manager"),
        required=False,
        help_text=gettext_lazy("Of rows that name none; otherwise the clients wait for one."),
    )


def _status_field(by: User | None) -> forms.Field:
    statuses = (ClientStatus.CLIENT, ClientStatus.PROSPECT)
    return forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[(status.value, status.label) for status in statuses],
        initial=ClientStatus.CLIENT.value,
        help_text=gettext_lazy("Of new clients whose row says nothing."),
    )


def _existing_field(by: User | None) -> forms.Field:
    return forms.ChoiceField(
        label=gettext_lazy("Clients that are here already"),
        choices=existing_choices(),
        initial=FILE_WINS,
        help_text=gettext_lazy("An empty cell never erases anything."),
    )


def _names_field(by: User | None) -> forms.Field:
    return forms.BooleanField(
        label=gettext_lazy("Find clients by their exact name where the row has no INN and no id"),
        required=False,
    )


def _links(user: User) -> list[tuple[str, str]]:
    """The administrator loads clients and does not see them (C.9)."""
    if is_unchecked(user):
        return []
    return [(_("Clients"), reverse("clients:list"))]
