"""The register of competitors, and the notes on one of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from clients.filters.competitors import CompetitorFilter, CompetitorNoteFilter
from clients.models import Competitor, CompetitorAspect, CompetitorNote
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.money import format_money, format_number


def value_text(aspect: str, value: Decimal | None) -> str:
    """A number in the unit of its aspect; nothing without one."""
    if value is None:
        return ""
    if aspect == CompetitorAspect.PRICE:
        return format_money(value)
    places = 0 if value == value.to_integral_value() else 2
    number = format_number(value, places=places)
    if aspect == CompetitorAspect.DEFERRAL:
        return ngettext("%(n)s day", "%(n)s days", int(value)) % {"n": number}
    return _("%(n)s %%") % {"n": number}


def note_value(note: CompetitorNote) -> str:
    """What the note says as a number."""
    return value_text(note.aspect, note.value)


def client_cell(note: CompetitorNote) -> str:
    """The client of which it was learnt; what is general has none."""
    if note.client is None:
        return "—"
    return format_html('<a href="{}">{}</a>', note.client.get_absolute_url(), note.client)


def find_competitors(rows: Any, text: str) -> Any:
    """By words of the name, the territory or what is known of it."""
    plain = text.strip()
    found = Q(name__icontains=plain) | Q(territory__icontains=plain)
    return rows.filter(found | Q(description__icontains=plain))


def find_notes(rows: Any, text: str) -> Any:
    """By words of the note or its source."""
    plain = text.strip()
    return rows.filter(Q(text__icontains=plain) | Q(source__icontains=plain))


COMPETITORS = ListSpec(
    name="competitors",
    model=Competitor,
    title=gettext_lazy("Competitors"),
    columns=[
        Column("name", gettext_lazy("Name"), link=True, sort="name"),
        Column("territory", gettext_lazy("Territory")),
        Column("description", gettext_lazy("What it sells, strong and weak points")),
        Column("site", gettext_lazy("Website")),
        Column("note_count", gettext_lazy("Notes"), kind=Kind.NUMBER),
        Column("client_count", gettext_lazy("Our clients it courts"), kind=Kind.NUMBER),
        Column("last_on", gettext_lazy("Last note"), kind=Kind.DATE),
    ],
    default_sort="name",
    default_columns=["name", "territory", "description", "note_count", "client_count", "last_on"],
    filters=CompetitorFilter,
    search=find_competitors,
    search_hint=gettext_lazy("Name or what is known of it"),
    views=[
        View(gettext_lazy("Competing now"), "archived=false"),
        View(gettext_lazy("In the archive"), "archived=true"),
        ALL,
    ],
    page_template="clients/competitor_list.html",
    empty_template="clients/_competitors_none.html",
)

NOTES = ListSpec(
    name="competitor_notes",
    model=CompetitorNote,
    title=gettext_lazy("What was learnt"),
    columns=[
        Column("noted_on", gettext_lazy("Day"), sort="noted_on"),
        Column("aspect", gettext_lazy("Aspect"), filter="aspect"),
        Column("value", pgettext_lazy("learnt of a competitor", "Value"), value=note_value),
        Column("text", gettext_lazy("What was learnt")),
        Column("client", gettext_lazy("Client"), value="client.name", render=client_cell),
        Column("source", gettext_lazy("Source")),
        Column("author", gettext_lazy("Who noted it"), value="author.short_name"),
        Column(
            "edit",
            gettext_lazy("Edit"),
            value=lambda note: note.pk if note.may_edit else "",
            render="clients/_competitor_note_edit.html",
            export=False,
        ),
    ],
    default_sort="-noted_on",
    filters=CompetitorNoteFilter,
    search=find_notes,
    search_hint=gettext_lazy("Words of the note or its source"),
    page_template="clients/competitor_detail.html",
    empty_template="clients/_competitor_no_notes.html",
)
