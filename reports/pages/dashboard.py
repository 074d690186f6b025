"""KPI 1–4 as cards with the rows behind them, and the course of shipments against the plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.calendar import half_end, half_start
from crm.money import percent, round_half_up
from crm.shell.templatetags.formats import day_month, money_round, month_name, qty
from crm.shell.templatetags.formats import percent as in_percent
from deals.models import ReconciliationItem, ScheduleState
from deals.pages.schedules import Day, half_calendar
from reports import links
from reports.days.months import Months
from reports.pages.plan_fact import ICONS, LABELS, TONES, span_in_words, tone_of
from reports.parameters import month_start
from reports.queries.dashboard import Course, Kpis, is_everything
from reports.queries.fact_rows import documents_url, plans_url
from reports.queries.plan_fact import METRICS, Measure, Pace, PlanFact, Sums


@dataclass(frozen=True)
class Card:
    """A KPI: value, plan, share of it, change to the period before, trend, where it comes from."""

    label: str
    value: str
    url: str = ""
    how: str = ""
    plan: str = ""
    percent: Decimal | None = None
    delta: Decimal | None = None
    delta_url: str = ""
    suffix: str = "%"
    good_is_up: bool = True
    note: str = ""
    tone: str = ""
    spark: Sequence[Decimal] = ()


class KpiPage:
    """The cards of one unit and period."""

    def __init__(self, unit: OrgUnit, found: Kpis, counted_at: datetime | None = None) -> None:
        self.unit, self.found, self.counted_at = unit, found, counted_at
        self.months = found.months

    @property
    def title(self) -> str:
        """The period in words."""
        return span_in_words(self.months)

    @property
    def unplanned(self) -> str:
        """In words: for which months no plan is in force, so that no percentage is of them."""
        return self.found.compared.unplanned

    @property
    def cards(self) -> list[Card]:
        """KPI 1, then 2 to 4; of money only where the person sees it."""
        debt = [self._debt()] if self.found.debt is not None else []
        bases = [self._base("base", _("KPI 3: active base")), self._base("base_a", _("Category A"))]
        return [*(self._metric(name) for name in METRICS), *debt, *bases, self._tasks()]

    def _metric(self, name: str) -> Card:
        one, before = self.found.measure(name), self.found.total(name, self.months.before)
        show = money_round if name in {"ship", "cash"} else qty
        # A month that is running is held against the last one by where it is heading.
        reached = one.fact if one.forecast is None else one.forecast
        notes = []
        if name == "active" and not self.months.is_one:
            notes.append(_("clients of each month added up"))
        if one.pace.is_running and one.forecast is not None:
            notes.append(_("forecast %(sum)s") % {"sum": show(one.forecast)})
        label = str(LABELS[name])
        return Card(
            label=f"KPI 1: {label.lower()}" if name != "contacts" else label,
            value=show(one.fact),
            url=self._table(name),
            how=_how("plan_fact"),
            plan=show(one.plan) if one.plan else "",
            percent=one.percent,
            delta=percent(reached - before, abs(before)),
            delta_url=self._table(name, "reports:figure"),
            note="; ".join(notes),
            tone="danger" if tone_of(one.forecast_percent) == "danger" else "",
            spark=self.found.trend(name),
        )

    def _table(self, metric: str, name: str = "reports:plan_fact") -> str:
        query = {**self.months.query, "unit": self.unit.pk, "metric": metric}
        return f"{reverse(name)}?{urlencode(query)}"

    def _report(self, name: str, month: date, **more: Any) -> str:
        """A report of the month and the unit; the company has what belongs to no unit too."""
        unit = None if is_everything(self.unit) else self.unit.pk
        return links.report(name, month=f"{month:%Y-%m}", unit=unit, **more)

    def _debt(self) -> Card:
        now, before = self.found.debt, self.found.debt_before
        assert now is not None
        past = before.percent if before else None
        known = now.percent is not None and past is not None
        return Card(
            label=_("KPI 2: debt to shipments"),
            value=in_percent(now.percent, 2),
            url=self._report("kpi2", self.found.debt_of, by="unit"),
            how=_how("debt_share"),
            plan=_("at most %(norm)s") % {"norm": in_percent(now.norm_percent)},
            delta=(now.percent or 0) - (past or 0) if known else None,  # type: ignore[arg-type]
            delta_url=self._report("kpi2", month_start(self.found.debt_of, -1), by="unit"),
            suffix=_("pp"),
            good_is_up=False,
            note=month_name(self.found.debt_of),
            tone="danger" if now.excess else "",
            spark=self.found.debt_trend,
        )

    def _base(self, name: str, label: str) -> Card:
        now = self.found.at(name, self.months.last)
        start = month_start(self.months.first, -1)
        before = self.found.at(name, start)
        known = now is not None and before is not None
        return Card(
            label=label,
            value=qty(now or 0),
            url=self._report("kpi3", self.months.last, by="manager"),
            how=_how("active_base"),
            delta=percent((now or 0) - (before or 0), before or 0) if known else None,
            delta_url=self._report("kpi3", start, by="manager"),
            note=_("was %(count)s") % {"count": qty(before)} if before is not None else "",
            spark=self.found.trend(name),
        )

    def _tasks(self) -> Card:
        now, before = self.found.tasks, self.found.tasks_before
        return Card(
            label=_("KPI 4: target tasks"),
            value=in_percent(now, 2),
            url=self._report("kpi4", self.months.last),
            how=_how("target_tasks"),
            plan=in_percent(Decimal(100)) if now is not None else "",
            percent=now,
            delta=now - before if now is not None and before is not None else None,
            delta_url=self._report("kpi4", month_start(self.months.last, -1)),
            suffix=_("pp"),
            note=month_name(self.months.last),
            spark=self.found.task_trend,
        )


def _how(code: str) -> str:
    return reverse("reports:how", args=[code])


def course_chart(found: Course) -> dict[str, Any]:
    """Cumulative shipments beside the ideal line."""
    return {
        "type": "line",
        "unit": "money",
        "rows_title": _("Day"),
        "labels": [day_month(one) for one in found.days],
        "datasets": [
            {
                "label": _("Shipped"),
                "data": [None if one is None else round_half_up(one) for one in found.fact],
                "fill": True,
            },
            {"label": _("Plan"), "data": found.ideal, "tone": "neutral", "dashed": True},
        ],
    }


def behind(found: Course, today: date) -> Decimal | None:
    """By how much the shipments lag behind the ideal line; below nought: they are ahead of it.

    Today, or on the last day before it that has a plan; None without a plan.
    """
    known = [
        (plan, fact)
        for day, plan, fact in zip(found.days, found.ideal, found.fact, strict=True)
        if fact is not None and plan is not None and day <= today
    ]
    if not known or not any(found.ideal):
        return None
    plan, fact = known[-1]
    return plan - fact


def acts_calendar(
    user: User, unit: OrgUnit, inside: Collection[int], month: date, today: date
) -> list[tuple[date, list[Day]]]:
    """The half-year of the month: how many acts are sent and signed of those due, by day."""
    items = ReconciliationItem.objects.in_sums_of(user).standing()
    items = items.filter(client__org_unit__in=inside, as_of__gte=half_start(month))
    items = items.filter(as_of__lte=half_end(month)).exclude(schedule__state=ScheduleState.DRAFT)

    def url(**days: Any) -> str:
        asked = {"unit": unit.pk, "step": "standing", **days}
        span = {"as_of_from": half_start(month), "as_of_to": half_end(month)}
        return f"{reverse('deals:reconciliation_list')}?{urlencode(asked | span)}"

    return half_calendar(items, url, today)


@dataclass(frozen=True)
class Leader:
    """A manager in order of the plan of shipments done."""

    place: int
    name: str
    measure: Measure
    url: str = ""
    plan_url: str = ""

    @property
    def tone(self) -> str:
        """The traffic light of the forecast, as in the table of plan and fact."""
        return tone_of(self.measure.forecast_percent)

    @property
    def tone_text(self) -> str:
        return str(TONES[self.tone]) if self.tone else ""

    @property
    def icon(self) -> str:
        return ICONS.get(self.tone, "minus")


def leaders(found: PlanFact, pace: Pace, months: Months, unit: OrgUnit) -> list[Leader]:
    """Managers with a plan of shipments; equal percentages share a place.

    The fact of each leads to its documents within the unit.
    """
    sums: dict[int, Sums] = {}
    for row in found.managers.values():
        if row.manager_id is not None:
            sums.setdefault(row.manager_id, Sums()).add(row.sums)
    measures = {pk: one.measure("ship", pace) for pk, one in sums.items() if one.plan["ship"] > 0}
    people = User.objects.in_bulk(measures)
    order = sorted(measures, key=lambda pk: (-(measures[pk].percent or 0), people[pk].sort_key, pk))
    made: list[Leader] = []
    for number, pk in enumerate(order, start=1):
        same = made and made[-1].measure.percent == measures[pk].percent
        place = made[-1].place if same else number
        within = None if is_everything(unit) else unit.pk
        url = documents_url(months, "ship", {"manager": pk}, within)
        plan_url = plans_url(months, {"manager": pk}, within)
        made.append(Leader(place, people[pk].short_name, measures[pk], url, plan_url))
    return made
