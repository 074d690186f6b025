"""The registers of sheets and of campaigns: columns, days that are left, ready views."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from clients import permissions
from clients.filters.sheets import SheetFilter
from clients.models import (
    CampaignState,
    Client,
    RegistrationCampaign,
    RegistrationSheet,
    SheetState,
)
from clients.querysets.registration import SheetQuerySet
from clients.search import search_list
from crm.accounts.models import User
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.lists.term_cells import LATE, alarm_under, day_cell, note_under, term_cell
from crm.shell.templatetags.shell import category_badge, progress, status_chip

MOST_CLIENTS = 500
SHEET_TONES: dict[str, str] = {
    SheetState.NOT_STARTED: "neutral",
    SheetState.IN_PROGRESS: "info",
    SheetState.SUBMITTED: "warning",
    SheetState.APPROVED: "success",
    SheetState.RETURNED: "danger",
}
CAMPAIGN_TONES: dict[str, str] = {
    CampaignState.DRAFT: "warning",
    CampaignState.RUNNING: "info",
    CampaignState.CLOSED: "success",
}


def state_chip(sheet: RegistrationSheet) -> str:
    """The state in words, with its colour."""
    return status_chip(sheet.get_state_display(), SHEET_TONES.get(sheet.state, "neutral"))


def campaign_chip(campaign: RegistrationCampaign) -> str:
    """The same of a campaign."""
    tone = CAMPAIGN_TONES.get(campaign.state, "neutral")
    return status_chip(campaign.get_state_display(), tone)


def due_cell(sheet: RegistrationSheet) -> str:
    """The last day; how late an open sheet is, or how late one was handed in."""
    if sheet.is_open and sheet.campaign.state == CampaignState.CLOSED:
        return day_cell(sheet.deadline, alarm_under(_("not handed in")))
    if sheet.is_open:
        return term_cell(sheet.deadline, None, is_open=True)
    if not sheet.was_late or sheet.first_submitted_on is None:
        return day_cell(sheet.deadline)
    days = (sheet.first_submitted_on - sheet.deadline).days
    late = ngettext("handed in %(n)s day late", "handed in %(n)s days late", days) % {"n": days}
    return day_cell(sheet.deadline, note_under(late, LATE))


def completeness_cell(sheet: RegistrationSheet) -> str:
    """How many of the obligatory questions are answered."""
    label = _("Completeness")
    return format_html(
        "{} {}",
        f"{sheet.filled_count}/{sheet.required_count}",
        progress(sheet.completeness_pct, 100, label),
    )


def category_cell(sheet: RegistrationSheet) -> str:
    """The category of the client."""
    return category_badge(sheet.client.category)


def proposed_cell(sheet: RegistrationSheet) -> str:
    """The category by potential; nothing until the potential is answered."""
    return category_badge(sheet.proposed_category) if sheet.proposed_category else ""


def find_sheets(rows: Any, text: str) -> Any:
    """By words of the client's name, its code, INN or phone."""
    found = search_list(Client.objects.all(), text.strip()).rows.order_by()
    return rows.filter(Q(client__in=found.values("pk")[:MOST_CLIENTS]))


SHEETS = ListSpec(
    name="sheets",
    model=RegistrationSheet,
    title=gettext_lazy("Registration sheets"),
    columns=[
        Column(
            "client",
            gettext_lazy("Client"),
            value="client.name",
            link=True,
            filter="client",
            filter_value="client_id",
        ),
        Column("code", gettext_lazy("Code"), value="client.code"),
        Column(
            "category",
            gettext_lazy("Category"),
            value="client.category",
            filter="category",
            filter_value="client.category",
            render=category_cell,
        ),
        Column(
            "proposed_category",
            gettext_lazy("By potential"),
            filter="proposed",
            render=proposed_cell,
            help=gettext_lazy("The category that follows from the potential of the sheet"),
        ),
        Column(
            "year",
            gettext_lazy("Year"),
            value=lambda sheet: str(sheet.campaign.year),
            filter="year",
            filter_value="campaign.year",
        ),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column(
            "completeness",
            gettext_lazy("Completeness"),
            kind=Kind.PERCENT,
            value="completeness_pct",
            sort="completeness_pct",
            render=completeness_cell,
        ),
        Column("deadline", gettext_lazy("To be handed in by"), sort="deadline", render=due_cell),
        Column(
            "manager",
            gettext_lazy("Manager"),
            value="manager.short_name",
            filter="manager",
            filter_value="manager_id",
        ),
        Column(
            "unit",
            gettext_lazy("Unit"),
            value="client.org_unit.name",
            filter="unit",
            filter_value="client.org_unit_id",
        ),
        Column("first_submitted_on", gettext_lazy("Handed in first on")),
        Column("submitted_at", gettext_lazy("Handed in at"), sort="submitted_at"),
        Column("return_reason", gettext_lazy("Why returned")),
    ],
    default_sort="deadline",
    default_columns=[
        *("client", "category", "proposed_category", "year", "state", "completeness"),
        *("deadline", "manager", "first_submitted_on"),
    ],
    filters=SheetFilter,
    details=SheetQuerySet.for_list,
    search=find_sheets,
    search_hint=gettext_lazy("Client, code, INN or phone"),
    views=[
        ALL,
        View(pgettext_lazy("sheets", "To be filled in"), "step=open&running=true&sort=deadline"),
        View(gettext_lazy("Overdue"), "step=overdue&running=true&sort=deadline"),
        View(pgettext_lazy("sheets", "To be checked"), "state=submitted&sort=submitted_at"),
        View(gettext_lazy("Another category by potential"), "differs=true&state=approved"),
    ],
    page_template="clients/sheet_list.html",
    empty_template="clients/_sheets_none.html",
)
TO_DECIDE = replace(SHEETS, bulk_template="clients/_sheet_bulk.html")


def _by_due_day(spec: ListSpec) -> ListSpec:
    columns = [replace(c, sort="due_day") if c.name == "deadline" else c for c in spec.columns]
    return replace(spec, columns=columns)


SHEETS_OF_FEW, TO_DECIDE_OF_FEW = _by_due_day(SHEETS), _by_due_day(TO_DECIDE)


def sheets_for(user: User, *, of_few: bool = False) -> ListSpec:
    """Heads choose several to approve them at once; `of_few`: the rows are `with_due_day`."""
    if permissions.can_decide_sheets(user):
        return TO_DECIDE_OF_FEW if of_few else TO_DECIDE
    return SHEETS_OF_FEW if of_few else SHEETS


CAMPAIGNS = ListSpec(
    name="campaigns",
    model=RegistrationCampaign,
    title=gettext_lazy("Campaigns of registration sheets"),
    columns=[
        Column(
            "year",
            gettext_lazy("Year"),
            link=True,
            value=lambda campaign: str(campaign.year),
            sort="year",
        ),
        Column("org_unit", gettext_lazy("Department"), value="org_unit.name"),
        Column("state", gettext_lazy("State"), render=campaign_chip),
        Column("started_on", pgettext_lazy("campaign", "Started on"), sort="started_on"),
        Column("deadline", gettext_lazy("To be collected by"), sort="deadline"),
        Column("closed_on", gettext_lazy("Closed on")),
        Column("author", gettext_lazy("Author"), value="author.short_name"),
    ],
    default_sort="-deadline",
    page_template="clients/campaign_list.html",
    empty_template="clients/_campaigns_none.html",
)
