"""Reports of events and of competitors (CL-13, CL-15, S3.3.1.11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.forms.events import group_choices
from clients.models import CompetitorAspect
from clients.permissions import can_see_competitors, sees_event_money
from crm.accounts.models import User
from crm.tabular import Kind
from reports.definitions.abc import GROUP
from reports.definitions.columns import money
from reports.parameters import ChosenField, client_parameter, period_parameter
from reports.queries import market
from reports.registry import Parameter, Params, Report, ReportColumn, Row, register


def group_parameter() -> Parameter:
    """A product group of the catalogue, or all of them."""
    return Parameter(
        "group",
        lambda user: ChosenField(
            {name: (name, name, {name.casefold()}) for name, _label in group_choices()},
            label=_("Product group"),
        ),
    )


def _events(user: User, params: Params) -> Iterable[Row]:
    return market.event_results(user, params["period"])


def _presented(user: User, params: Params) -> Iterable[Row]:
    return market.presented(user, params["period"], params.get("group") or "")


def _compared(user: User, params: Params) -> Iterable[Row]:
    return market.comparison(user, params.get("client"))


def _aspects(params: Any) -> Sequence[ReportColumn]:
    labels = dict(CompetitorAspect.choices)
    columns = [
        ReportColumn(aspect, labels[aspect], link=f"{aspect}_url", empty="–") for aspect in labels
    ]
    return [ReportColumn("competitor", _("Competitor"), link="url"), *columns]


def register_market_reports() -> None:
    """Declare them."""
    register(_competitors())
    register(_results())
    register(_log())


def _competitors() -> Report:
    return Report(
        name="competitors",
        title=_("Comparison with competitors"),
        group=GROUP,
        parameters=[client_parameter(required=False)],
        columns=_aspects,
        rows=_compared,
        may_open=can_see_competitors,
        how=_(
            "Of every competitor and aspect the newest note with its day; with a client its own"
            " notes come before general ones. Ours are the discount and deferral in force: of the"
            " client, or by category and the highest one that is approved. Each cell leads to the"
            " notes."
        ),
    )


def _results() -> Report:
    return Report(
        name="event_results",
        title=_("Results of events"),
        group=GROUP,
        parameters=[period_parameter(usual="this_year")],
        columns=lambda params: [
            ReportColumn("event", pgettext_lazy("noun", "Event"), link="url"),
            ReportColumn("kind", _("Kind")),
            ReportColumn("starts_on", _("First day"), Kind.DATE),
            ReportColumn("invited", _("Invited"), Kind.NUMBER, total=True, link="all_url"),
            ReportColumn(
                "agreed",
                pgettext_lazy("event", "Agreed"),
                Kind.NUMBER,
                total=True,
                link="agreed_url",
            ),
            ReportColumn(
                "attended",
                pgettext_lazy("event", "Came"),
                Kind.NUMBER,
                total=True,
                link="attended_url",
            ),
            ReportColumn(
                "clients", _("Clients that came"), Kind.NUMBER, total=True, link="attended_url"
            ),
            money("cost", _("Cost")),
            money("net", _("Shipped to them afterwards"), link="net_url"),
        ],
        rows=_events,
        may_open=sees_event_money,
        how=_(
            "Events that ended in the period. Shipments less returns, with VAT, to the clients"
            " that came, from the day after the event for as many days as the setting says."
        ),
    )


def _log() -> Report:
    return Report(
        name="presented_assortment",
        title=_("Presented assortment"),
        group=GROUP,
        parameters=[period_parameter(usual="this_year"), group_parameter()],
        columns=lambda params: [
            ReportColumn("day", _("Day"), Kind.DATE),
            ReportColumn("group", _("Product group")),
            ReportColumn("client", _("Client"), link="client_url"),
            ReportColumn("person", _("Contact person")),
            ReportColumn("event", pgettext_lazy("noun", "Event"), link="event_url"),
            ReportColumn("kind", _("Kind")),
            ReportColumn("manager", _("Manager")),
        ],
        rows=_presented,
        may_open=sees_event_money,
        how=_(
            "Who came to an event of the period, once for each product group that was presented"
            " there."
        ),
    )
