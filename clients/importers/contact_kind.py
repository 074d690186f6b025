"""The declaration of the import of contacts."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy

from clients.importers.after import refresh_dates
from clients.importers.client_kind import manager_field, may_import, unit_field
from clients.importers.contact_rows import Contacts
from clients.importers.finding import ClientFinder
from clients.importers.owners import is_unchecked
from clients.models import Client, ContactDirection, ContactKind
from crm.accounts.models import User
from crm.fields import CleanCharField
from crm.imports import registry, synonyms
from crm.imports.registry import ImportField, ImportKind, ImportOption
from crm.said import gettext as _

ZONES = (
    *("Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk"),
    *("Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan"),
    *("Asia/Kamchatka", "UTC"),
)
FIELDS = [
    ImportField("day", gettext_lazy("Date")),
    ImportField("clock", gettext_lazy("Time")),
    ImportField("moment", gettext_lazy("Date and time"), gettext_lazy("In one column.")),
    ImportField("manager", gettext_lazy("Manager")),
    ImportField("client", gettext_lazy("Client"), gettext_lazy("Name, code, INN or id.")),
    ImportField("inn", gettext_lazy("INN")),
    ImportField("kpp", gettext_lazy("KPP")),
    ImportField("person", gettext_lazy("Contact person")),
    ImportField("kind", gettext_lazy("Kind")),
    ImportField("direction", gettext_lazy("Direction")),
    ImportField("topic", gettext_lazy("Topic")),
    ImportField("result", gettext_lazy("Result")),
    ImportField("answered", gettext_lazy("Answered"), gettext_lazy("Yes or no.")),
    ImportField("resolved", gettext_lazy("Question resolved"), gettext_lazy("Yes or no.")),
    ImportField("summary", gettext_lazy("Note")),
    ImportField("duration", gettext_lazy("Duration"), gettext_lazy("Seconds or h:mm:ss.")),
    ImportField("wait", gettext_lazy("Wait for an answer"), gettext_lazy("Seconds or h:mm:ss.")),
    ImportField("rating", gettext_lazy("Rating, 1 to 5")),
    ImportField("next_on", gettext_lazy("Next contact"), gettext_lazy("A day; it is planned.")),
    ImportField(
        "external_id", gettext_lazy("External id"), gettext_lazy("Finds the contact again.")
    ),
]


class ClientField(CleanCharField):
    """One client by code, INN, id or name, among those the person may import for."""

    def __init__(self, by: User | None, **options: object) -> None:
        super().__init__(max_length=255, **options)
        self.by = by

    def clean(self, value: object) -> Client | None:
        text: str = super().clean(value)
        if not text:
            return None
        finder = ClientFinder(self.by)
        finder.load([text])
        return Client.objects.get(pk=finder.find(text))


def register_kind() -> None:
    """Declare the import of contacts."""
    registry.register(
        ImportKind(
            kind="contacts",
            label=gettext_lazy("Contacts"),
            description=gettext_lazy("A log of calls and meetings, with or without clients."),
            icon="phone",
            fields=FIELDS,
            synonyms=synonyms.CONTACTS,
            start=Contacts,
            may_import=may_import,
            required=[("day", "moment")],
            options=[
                ImportOption("client", _client_field),
                ImportOption("manager", manager_field),
                ImportOption("kind", _kind_field),
                ImportOption("direction", _direction_field),
                ImportOption("time_zone", _zone_field),
                ImportOption("create_people", _people_field),
                ImportOption("unit", _unit_field),
            ],
            portion=2_500,
            fact_labels={
                "people_created": gettext_lazy("People added"),
                "topics_created": gettext_lazy("Topics added"),
            },
            links=_links,
            around_undo=refresh_dates,
        )
    )


def _client_field(by: User | None) -> forms.Field:
    return ClientField(
        by,
        label=gettext_lazy("Client"),
        required=False,
        help_text=gettext_lazy(
            "Code, INN or name; of rows that name none. Left empty, they wait without a client."
        ),
    )


def _kind_field(by: User | None) -> forms.Field:
    return forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=ContactKind.choices,
        initial=ContactKind.CALL.value,
        help_text=gettext_lazy("Of rows that name none."),
    )


def _direction_field(by: User | None) -> forms.Field:
    return forms.ChoiceField(
        label=gettext_lazy("Direction"),
        choices=[("", gettext_lazy("By the columns")), *ContactDirection.choices],
        required=False,
        help_text=gettext_lazy("A log that tells whether somebody answered is of incoming calls."),
    )


def _zone_field(by: User | None) -> forms.Field:
    return ZoneField(
        label=gettext_lazy("Time zone"),
        choices=[(zone, zone) for zone in ZONES],
        initial=settings.TIME_ZONE,
        help_text=gettext_lazy("Of the times in the file."),
    )


class ZoneField(forms.ChoiceField):
    """A time zone; the company's own is always among them."""

    def valid_value(self, value: object) -> bool:
        return super().valid_value(value) or value == settings.TIME_ZONE

    def clean(self, value: object) -> str:
        name: str = super().clean(value)
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValidationError(_("There is no such time zone.")) from None
        return name


def _people_field(by: User | None) -> forms.Field:
    """People are added by the administrator only (C.9)."""
    return forms.BooleanField(
        label=gettext_lazy("Add people who are not here yet"),
        required=False,
        disabled=not is_unchecked(by),
        help_text=gettext_lazy(
            "As managers who cannot sign in until the administrator gives a password."
        ),
    )


def _unit_field(by: User | None) -> forms.Field:
    field = unit_field(by)
    field.required = False
    field.help_text = gettext_lazy("Of people added on the way.")
    return field


def _links(user: User) -> list[tuple[str, str]]:
    """The administrator loads contacts and does not see them (C.9)."""
    if is_unchecked(user):
        return []
    register = reverse("clients:contact_list")
    return [(_("Contacts"), register), (_("Without a client"), f"{register}?tab=unassigned")]
