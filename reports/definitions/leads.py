"""Reports of the search for clients: the audience of leads (CL-04), channels (CL-05)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import LeadState
from clients.permissions import can_see_lead_reports
from crm.tabular import Kind
from reports.definitions.columns import money
from reports.parameters import (
    choice_parameter,
    manager_parameter,
    period_parameter,
    unit_parameter,
)
from reports.queries import leads as queries
from reports.registry import Params, Report, ReportColumn, register

GROUP = _("Search for clients")
USUAL = "this_year"
BY = (
    ("segment", _("Segment")),
    ("territory", _("Territory")),
    ("source", _("Search channel")),
    ("stage", _("State")),
)
BY_CHANNEL = (("channel", _("Search channel")), ("campaign", _("Search campaign")))


def _count(name: str, label: Any, link: str = "") -> ReportColumn:
    return ReportColumn(name, label, Kind.NUMBER, total=True, link=link or f"{name}_url")


def _audience_columns(params: Params) -> list[ReportColumn]:
    stages = [] if params["by"] == "stage" else list(LeadState)
    shares = [] if params["by"] == "stage" else [_conversion()]
    return [
        ReportColumn("group", dict(BY)[params["by"]], link="url"),
        _count("leads", _("Leads"), "url"),
        *(_count(stage.value, stage.label) for stage in stages),
        *shares,
        _count("open", _("In work"), "open_url"),
        money("potential", _("Potential in work"), link="open_url"),
        ReportColumn("level", _("Level of need, average"), Kind.NUMBER),
    ]


def _channel_columns(params: Params) -> list[ReportColumn]:
    by_campaign = params["by"] == "campaign"
    first = (
        ReportColumn("channel", _("Search channel"))
        if by_campaign
        else ReportColumn("priority", _("Priority"), Kind.NUMBER)
    )
    return [
        ReportColumn("name", dict(BY_CHANNEL)[params["by"]], link="url"),
        first,
        money("cost", _("Cost"), link="campaigns_url"),
        _count("target", _("Leads, planned"), "campaigns_url"),
        _count("leads", _("Leads"), "url"),
        ReportColumn("done", _("Done, %"), Kind.PERCENT),
        _count("open", _("In work"), "open_url"),
        _count("converted", _("Became clients")),
        _count("lost", pgettext_lazy("leads", "Lost")),
        _count("rejected", pgettext_lazy("leads", "Rejected")),
        _conversion(),
        ReportColumn("per_client", _("Cost per client"), Kind.MONEY),
        money("potential", _("Potential per month"), link="converted_url"),
    ]


def _conversion() -> ReportColumn:
    return ReportColumn("conversion", _("Conversion, %"), Kind.PERCENT, link="converted_url")


def register_lead_reports() -> None:
    """Declare them."""
    _register_audience()
    _register_channels()


def _register_audience() -> None:
    register(
        Report(
            name="audience",
            title=_("Audience of leads"),
            group=GROUP,
            parameters=[
                choice_parameter("by", _("Break down by"), BY),
                period_parameter(usual=USUAL),
                unit_parameter(),
                manager_parameter(),
            ],
            columns=_audience_columns,
            rows=queries.audience,
            totals=queries.audience_totals,
            may_open=can_see_lead_reports,
            how=_(
                "Leads found in the period. Conversion: those that became clients of all of"
                " them. Potential: of leads in work. Level of need: from 1 to 5, of leads whose"
                " need is known."
            ),
        )
    )


def _register_channels() -> None:
    register(
        Report(
            name="search_channels",
            title=_("Search channels: cost and result"),
            group=GROUP,
            parameters=[
                choice_parameter("by", _("Break down by"), BY_CHANNEL),
                period_parameter(usual=USUAL),
                unit_parameter(),
                manager_parameter(),
            ],
            columns=_channel_columns,
            rows=queries.channels,
            totals=queries.channel_totals,
            may_open=can_see_lead_reports,
            how=_(
                "Cost and planned leads: of campaigns begun in the period. They are of the whole"
                " company, and so are performance and cost per client: the cost by all clients"
                " that came. The other figures are of the leads that you see, found in the"
                " period, wherever they stand today; conversion: those that became clients."
            ),
        )
    )
