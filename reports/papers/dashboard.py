"""The dashboard of a unit on paper: a letter with its PDF and workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crm import papers
from crm.accounts.models import OrgUnit, User
from crm.notices.kinds import Enclosure, Letter
from crm.shell.templatetags.formats import percent as in_percent
from crm.tabular import About, Kind, write_xlsx
from deals.permissions import can_see_money
from reports import permissions
from reports.days.months import Months, chosen_months
from reports.models import DashboardSubscription
from reports.pages.dashboard import KpiPage, span_in_words
from reports.pages.plan_fact import Asked, PlanFactPage
from reports.queries.dashboard import kpis
from reports.queries.department import units_for
from reports.queries.department_money import units_inside
from reports.queries.plan_fact import plan_fact

SOURCE = Path(__file__).with_suffix(".typ")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = [Kind.TEXT, Kind.MONEY, Kind.MONEY, Kind.PERCENT, Kind.MONEY, Kind.MONEY]


@dataclass(frozen=True)
class DashboardPaper:
    """What one person may see of a unit: the cards, and shipments by manager or unit."""

    user: User
    unit: OrgUnit
    units: list[OrgUnit]
    months: Months
    today: date

    @cached_property
    def cards(self) -> KpiPage:
        inside = units_inside(self.unit, self.units)
        money = can_see_money(self.user)
        found = kpis(self.user, self.unit, inside, self.months, today=self.today, money=money)
        return KpiPage(self.unit, found)

    @cached_property
    def table(self) -> PlanFactPage:
        asked = Asked(self.user, self.today, self.months, self.unit, self.units, "ship", None)
        inside = [one for one in self.units if one.path.startswith(self.unit.path)]
        return PlanFactPage(asked, plan_fact(self.user, self.months, self.unit, inside), None)

    @property
    def head(self) -> list[str]:
        named = _("Unit") if self.table.by_unit else _("Manager")
        return [named, _("Plan"), _("Actual"), "%", _("Forecast"), _("Deviation")]

    @cached_property
    def rows(self) -> list[list[Any]]:
        """Shipments as in the table of the page, the total last."""
        return [
            [line.name, one.plan, one.fact, one.percent, one.forecast, one.deviation]
            for line in [*self.table.lines, self.table.total]
            for one in [line.measure]
        ]

    def pdf(self) -> bytes:
        """Cards and table."""
        shown = [
            ["—" if cell is None else in_percent(cell, 2) if n == 3 else cell
             for n, cell in enumerate(row)]
            for row in self.rows
        ]  # fmt: skip
        data = {
            "unit": self.unit.name,
            "period": span_in_words(self.months),
            "made": self.today,
            "cards": [
                {"label": one.label, "value": one.value, "foot": self._foot(one)}
                for one in self.cards.cards
            ],
            "head": self.head,
            "rows": shown,
            "note": " ".join(
                part
                for part in (
                    _("Shipments in roubles with VAT; figures of the rollups."),
                    self.cards.unplanned,
                )
                if part
            ),
        }
        return papers.typeset(SOURCE, data)

    def _foot(self, card: Any) -> str:
        plan = f"{_('plan')} {card.plan}" if card.plan else ""
        share = in_percent(card.percent) if card.percent is not None else ""
        return " · ".join(part for part in (plan, share, card.note) if part)

    def xlsx(self) -> bytes:
        """The table; the cards on the second sheet."""
        facts = [(_("Period"), span_in_words(self.months))]
        facts += [(one.label, f"{one.value} {self._foot(one)}".strip()) for one in self.cards.cards]
        if self.cards.unplanned:
            facts.append((_("Months without a plan"), self.cards.unplanned))
        written = BytesIO()
        write_xlsx(written, self.head, KINDS, self.rows, About(title=self.unit.name, facts=facts))
        return written.getvalue()


def letter_of(params: Mapping[str, Any]) -> Letter | None:
    """The letter of a subscription, of what the receiver may see now; None when nothing."""
    found = DashboardSubscription.objects.select_related("user", "org_unit")
    one = found.filter(pk=params["subscription"], is_active=True, user__is_active=True).first()
    if one is None or not permissions.can_see_department(one.user):
        return None
    units = units_for(one.user)
    unit = next((u for u in units if u.pk == one.org_unit_id), None)
    if unit is None:
        return None
    today = date.fromisoformat(params["on"])
    months = chosen_months({"period": one.period}, today=today)
    with translation.override(one.user.language):
        paper = DashboardPaper(one.user, unit, units, months, today)
        return _written(paper, urlencode({"unit": unit.pk, "period": months.code}))


def _written(paper: DashboardPaper, query: str) -> Letter:
    page = f"{settings.SITE_URL}{reverse('reports:department')}?{query}"
    stop = f"{settings.SITE_URL}{reverse('reports:department_mail')}?{query}"
    subject = _("Dashboard: %(unit)s, %(period)s") % {
        "unit": paper.unit.name,
        "period": span_in_words(paper.months),
    }
    body = _("%(title)s\n\nOpen: %(link)s\nChange the days or stop these letters: %(stop)s\n")
    name = f"dashboard-{paper.unit.pk}-{paper.today:%Y%m%d}"
    return Letter(
        subject,
        body % {"title": subject, "link": page, "stop": stop},
        {"List-Unsubscribe": f"<{stop}>"},
        (
            Enclosure(f"{name}.pdf", paper.pdf(), papers.PDF),
            Enclosure(f"{name}.xlsx", paper.xlsx(), XLSX),
        ),
    )
