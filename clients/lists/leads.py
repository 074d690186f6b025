"""Registers of the search for clients: leads, scores, campaigns, channels."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from clients import permissions
from clients.filters.leads import CampaignFilter, LeadFilter, ScoreFilter
from clients.models import (
    Lead,
    LeadState,
    ReliabilityGrade,
    ReliabilityScore,
    SearchCampaign,
    SearchChannel,
)
from clients.reliability import terms_of
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.money import percent, round_half_up
from crm.names import search_key
from crm.shell.templatetags.shell import status_chip

TONES: dict[str, str] = {
    LeadState.NEW: "warning",
    LeadState.QUALIFIED: "info",
    LeadState.NEGOTIATING: "info",
    LeadState.OFFER_ACCEPTED: "info",
    LeadState.CONVERTED: "success",
    LeadState.LOST: "neutral",
    LeadState.REJECTED: "danger",
}
GRADE_TONES: dict[str, str] = {
    ReliabilityGrade.HIGH: "success",
    ReliabilityGrade.MEDIUM: "info",
    ReliabilityGrade.LOW: "warning",
    ReliabilityGrade.REJECT: "danger",
}


def state_chip(lead: Lead) -> str:
    """The state in words, with its colour."""
    return status_chip(label_of(lead), TONES.get(lead.state, "neutral"))


def grade_chip(grade: str | None, score: int | None) -> str:
    """The grade with its points, or nothing where nobody has scored."""
    if not grade:
        return "—"
    label = f"{ReliabilityGrade(grade).label}, {score}"
    return status_chip(label, GRADE_TONES.get(grade, "neutral"))


def next_cell(lead: Lead) -> str:
    """The day of the next step and what it is; how late it is."""
    if not lead.is_open:
        return "—"
    today = timezone.localdate()
    if lead.next_on is None:
        return format_html('<span class="text-danger">{}</span>', _now("not planned"))
    day, late = f"{lead.next_on:%d.%m.%Y}", (today - lead.next_on).days
    note = lead.next_step
    if late > 0:
        note = ngettext("%(n)s day late", "%(n)s days late", late) % {"n": late}
    if not note:
        return day
    return format_html(
        '<span class="term-cell">{}<span class="d-block small {}">{}</span></span>',
        day, "text-danger" if late > 0 else "text-secondary", note,
    )  # fmt: skip


def find_leads(rows: Any, text: str) -> Any:
    """By words of the name, the beginning of the INN, the person, the phone or e-mail."""
    plain = text.strip()
    found = Q(inn__startswith=plain) | Q(contact_name__icontains=plain)
    found |= Q(phone__contains=plain) | Q(email__istartswith=plain)
    key = search_key(plain)
    return rows.filter(found | Q(search_key__contains=key) if key else found)


LEADS = ListSpec(
    name="leads",
    model=Lead,
    title=_("Leads"),
    columns=[
        Column("name", _("Name"), link=True, sort="search_key"),
        Column("state", _("State"), filter="state", render=state_chip),
        Column(
            "grade",
            _("Reliability"),
            value=lambda lead: (
                f"{ReliabilityGrade(lead.grade).label}, {lead.score}" if lead.grade else ""
            ),
            render=lambda lead: grade_chip(lead.grade, lead.score),
        ),
        Column("next_on", _("Next step"), kind=Kind.DATE, sort="next_on", render=next_cell),
        Column("next_step", _("What is next")),
        Column(
            "potential_monthly",
            _("Potential per month"),
            kind=Kind.MONEY,
            sort="potential_monthly",
            total=True,
        ),
        Column("need", _("Need")),
        Column("segment", _("Segment"), filter="segment"),
        Column("territory", _("Territory"), filter="territory"),
        Column(
            "channel",
            _("Search channel"),
            filter="channel",
            filter_value="channel_id",
            value=lambda lead: str(lead.channel),
        ),
        Column(
            "campaign",
            _("Search campaign"),
            filter="campaign",
            filter_value="campaign_id",
            value="campaign.name",
        ),
        Column(
            "manager",
            _("Manager"),
            value="manager.short_name",
            sort="manager__sort_key",
            filter="manager",
            filter_value="manager_id",
        ),
        Column("unit", _("Unit"), value="org_unit.name"),
        Column("found_on", _("Found on"), kind=Kind.DATE, sort="found_on"),
        Column("contact_name", _("Contact person")),
        Column("phone", _("Phone")),
        Column("email", _("E-mail")),
        Column("inn", _("INN")),
        Column("ended_on", _("Ended on"), kind=Kind.DATE, sort="ended_on"),
        Column("ended_reason", _("Reason")),
        Column("client", _("Client"), value="client.name"),
    ],
    default_sort="-found_on",
    default_columns=[
        *("name", "state", "grade", "next_on", "potential_monthly", "segment", "channel"),
        "manager",
    ],
    filters=LeadFilter,
    search=find_leads,
    search_hint=_("Name, INN, person or phone"),
    can_export=permissions.can_export_people,
    views=[
        View(pgettext_lazy("leads", "To do"), "todo=true&sort=next_on"),
        View(pgettext_lazy("leads", "Mine"), "mine=true&open=true&sort=next_on"),
        View(pgettext_lazy("leads", "In work"), "open=true&sort=-potential_monthly"),
        View(pgettext_lazy("leads", "To be scored"), "state=new&sort=found_on"),
        View(pgettext_lazy("leads", "Became clients"), "state=converted&sort=-ended_on"),
        ALL,
    ],
    page_template="clients/lead_list.html",
    empty_template="clients/_leads_none.html",
)


def _subject(score: ReliabilityScore) -> str:
    return str(score.subject)


def _valid_cell(score: ReliabilityScore) -> str:
    day = f"{score.valid_to:%d.%m.%Y}"
    if score.valid_to >= timezone.localdate():
        return day
    return format_html(
        '<span class="term-cell">{}<span class="d-block small text-danger">{}</span></span>',
        day, _now("to be checked again"),
    )  # fmt: skip


SCORES = ListSpec(
    name="scores",
    model=ReliabilityScore,
    title=_("Reliability scores"),
    columns=[
        Column("subject", _("Company"), link=True, value=_subject),
        Column(
            "whose",
            _("Who it is"),
            value=lambda row: _now("Client") if row.client_id else _now("Lead"),
        ),
        Column("score", _("Points"), kind=Kind.NUMBER, sort="score"),
        Column(
            "grade",
            _("Grade"),
            filter="grade",
            render=lambda row: status_chip(
                label_of(row, "grade"), GRADE_TONES.get(row.grade, "neutral")
            ),
        ),
        Column("stop_factor", _("Stop factor")),
        Column(
            "terms",
            _("Recommended terms"),
            value=lambda row: terms_of(row.grade, row.deferral_days),
        ),
        Column("scored_on", _("Scored on"), kind=Kind.DATE, sort="scored_on"),
        Column("valid_to", _("Valid to"), kind=Kind.DATE, sort="valid_to", render=_valid_cell),
        Column(
            "manager",
            _("Manager"),
            value=lambda row: row.subject.manager.short_name if row.subject.manager else "",
        ),
        Column("author", _("Scored by"), value="author.short_name"),
        Column("note", _("Where it is known from")),
    ],
    default_sort="valid_to",
    default_columns=["subject", "whose", "score", "grade", "terms", "valid_to", "manager"],
    filters=ScoreFilter,
    search=lambda rows, text: rows.filter(
        Q(lead__search_key__contains=search_key(text))
        | Q(client__search_key__contains=search_key(text))
    ),
    search_hint=_("Name of the company"),
    views=[
        View(pgettext_lazy("scores", "In force"), "sort=valid_to"),
        View(pgettext_lazy("scores", "To be checked again"), "past=true&sort=valid_to"),
        View(pgettext_lazy("scores", "Low"), "grade=low&grade=reject&sort=score"),
    ],
    empty_template="clients/_scores_none.html",
)


def _per_client(row: SearchCampaign) -> Any:
    won = row.converted_count  # type: ignore[attr-defined]
    return round_half_up(row.cost / won) if won else None


CAMPAIGNS = ListSpec(
    name="search_campaigns",
    model=SearchCampaign,
    title=_("Search campaigns"),
    columns=[
        Column("name", _("Campaign"), link=True, sort="name"),
        Column(
            "channel",
            _("Search channel"),
            filter="channel",
            filter_value="channel_id",
            value=lambda row: str(row.channel),
        ),
        Column("starts_on", _("First day"), kind=Kind.DATE, sort="starts_on"),
        Column("ends_on", _("Last day"), kind=Kind.DATE, sort="ends_on"),
        Column("planned_cost", _("Cost, planned"), kind=Kind.MONEY, total=True),
        Column("cost", _("Cost, actual"), kind=Kind.MONEY, sort="cost", total=True),
        Column("target_leads", _("Leads, planned"), kind=Kind.NUMBER, total=True),
        Column("leads_count", _("Leads, actual"), kind=Kind.NUMBER),
        Column(
            "done",
            _("Done, %"),
            kind=Kind.PERCENT,
            value=lambda row: percent(row.leads_count, row.target_leads),
        ),
        Column("target_clients", _("Clients, planned"), kind=Kind.NUMBER, total=True),
        Column("converted_count", _("Clients, actual"), kind=Kind.NUMBER),
        Column("per_client", _("Cost per client"), kind=Kind.MONEY, value=_per_client),
    ],
    default_sort="-starts_on",
    default_columns=[
        *("name", "channel", "starts_on", "ends_on", "cost", "target_leads", "leads_count", "done"),
        *("converted_count", "per_client"),
    ],
    filters=CampaignFilter,
    search=lambda rows, text: rows.filter(name__icontains=text.strip()),
    search_hint=_("Name of the campaign"),
    views=[
        View(pgettext_lazy("campaigns", "Running"), "step=running&sort=ends_on"),
        View(pgettext_lazy("campaigns", "Planned"), "step=planned&sort=starts_on"),
        View(pgettext_lazy("campaigns", "Over"), "step=over&sort=-ends_on"),
        ALL,
    ],
    page_template="clients/search_campaign_list.html",
    empty_template="clients/_campaigns_of_search_none.html",
)


def _edit_channel(channel: SearchChannel) -> str:
    url = reverse("clients:search_channel_edit", args=[channel.pk])
    return format_html(
        '<a href="{}" hx-get="{}" hx-target="#dialog-body">{}</a>', url, url, _now("Set priority")
    )


CHANNELS = ListSpec(
    name="search_channels",
    model=SearchChannel,
    title=_("Search channels"),
    columns=[
        Column("name", _("Channel"), value=str, link=True, sort="order"),
        Column("kind", _("Kind")),
        Column("priority", _("Priority"), kind=Kind.NUMBER, sort="priority"),
        Column("plan", _("How it is developed")),
        Column("leads_count", _("Leads"), kind=Kind.NUMBER),
        Column("converted_count", _("Clients"), kind=Kind.NUMBER),
        Column("edit", _("Change"), value="code", render=_edit_channel, export=False),
    ],
    default_sort="priority",
    restricted={"edit": permissions.can_plan_search},
    row_url=lambda row: f"{reverse('clients:search_campaign_list')}?channel={row.pk}",
    page_template="clients/search_channel_list.html",
)
