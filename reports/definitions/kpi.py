"""Reports of KPI 2–4, of the contact plan and of coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from clients.querysets.plan_totals import PlanSums
from crm.accounts.models import OrgUnit, User
from crm.tabular import Kind
from crm.work.registry import setting
from deals.permissions import can_see_money
from reports.definitions.plan_fact import GROUP
from reports.models import TargetTask
from reports.parameters import choice_parameter, month_parameter, unit_parameter
from reports.permissions import can_see_facts, can_see_tasks
from reports.queries.active_base import Growth, growth
from reports.queries.cuts import CUTS, names_of
from reports.queries.kpi import Coverage, contact_sums, coverage, coverage_percent, result_of
from reports.queries.receivables.grouping import LABELS as DEBT_CUTS
from reports.queries.receivables.grouping import names_of as debt_names
from reports.queries.receivables.turnover import debt_share
from reports.registry import Params, Report, ReportColumn, Row, register

NUMBER, PERCENT, MONEY = Kind.NUMBER, Kind.PERCENT, Kind.MONEY


def _cuts(*names: str) -> Any:
    return choice_parameter("by", _("Break down by"), [(name, CUTS[name]) for name in names])


def _within(params: Params) -> dict[str, Any]:
    """The unit with everything below it, where one was chosen."""
    unit = params.get("unit")
    return {"unit": unit.pk} if unit else {}


def _units(params: Params) -> set[int] | None:
    """The unit and those below it; None: everything, also what belongs to no unit."""
    unit = params.get("unit")
    if unit is None:
        return None
    return set(OrgUnit.objects.subtree_of([unit.pk]).values_list("pk", flat=True))


# KPI 2


def _debt_columns(params: Params) -> Sequence[ReportColumn]:
    return [
        ReportColumn("name", DEBT_CUTS[params["by"] or "manager"], link="url"),
        ReportColumn("receivables", _("Receivables"), MONEY, total=True),
        ReportColumn("net_shipments", _("Net shipments"), MONEY, total=True),
        ReportColumn("pct", _("Debt to shipments, %"), PERCENT),
        ReportColumn("norm_pct", _("Norm, %"), PERCENT),
        ReportColumn("norm_amount", _("Debt by the norm"), MONEY),
        ReportColumn("excess", _("Excess"), MONEY),
    ]


def _debt_values(share: Any) -> dict[str, Any]:
    return {
        "receivables": share.receivables,
        "net_shipments": share.sales,
        "pct": share.percent,
        "norm_pct": share.norm_percent,
        "norm_amount": share.norm_amount,
        "excess": share.excess,
    }


def _debt_rows(user: User, params: Params) -> Iterable[Row]:
    by = params["by"] or "manager"
    today, where = timezone.localdate(), _within(params)
    shares = debt_share(user, params["month"], today=today, by=by, where=where)
    names = debt_names(by, [one.key for one in shares])
    for one in shares:
        yield {"name": names[one.key].text, "url": names[one.key].url, **_debt_values(one)}


def _debt_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    today, where = timezone.localdate(), _within(params)
    shares = debt_share(user, params["month"], today=today, where=where)
    return _debt_values(shares[0]) if shares else {}


# KPI 3


def _base_columns(params: Params) -> Sequence[ReportColumn]:
    by = params["by"] or "manager"
    named = [ReportColumn("name", CUTS[by], link="url")]
    if by == "client":
        return [
            ReportColumn("code", _("Code")),
            *named,
            ReportColumn("change", _("In the base")),
            ReportColumn("category", _("Category")),
        ]
    return [
        *named,
        ReportColumn("base", _("Active base"), NUMBER),
        ReportColumn("before", _("A month before"), NUMBER),
        ReportColumn("growth", _("Growth"), NUMBER),
        ReportColumn("growth_pct", _("Growth, %"), PERCENT),
        ReportColumn("entered", _("Entered"), NUMBER),
        ReportColumn("left", _("Left"), NUMBER),
        ReportColumn("a", _("Category A"), NUMBER),
        ReportColumn("a_before", _("Category A a month before"), NUMBER),
        ReportColumn("a_growth", _("Growth of A"), NUMBER),
        ReportColumn("a_growth_pct", _("Growth of A, %"), PERCENT),
    ]


def _growth(user: User, params: Params, by: str) -> dict[Any, Growth]:
    months, units = setting("receivables.active_base_months"), _units(params)
    return growth(user, params["month"], months, by=by, units=units)


def _growth_values(one: Growth) -> dict[str, Any]:
    return {
        "base": len(one.now),
        "before": len(one.before),
        "growth": one.growth,
        "growth_pct": one.percent,
        "entered": len(one.entered),
        "left": len(one.left),
        "a": len(one.a_now),
        "a_before": len(one.a_before),
        "a_growth": one.a_growth,
        "a_growth_pct": one.a_percent,
    }


def _base_rows(user: User, params: Params) -> Iterable[Row]:
    by = params["by"] or "manager"
    found = _growth(user, params, by)
    names = names_of(by, found)
    for key in sorted(found, key=lambda one: (-len(found[one].now), names[one].text)):
        named = {"name": names[key].text, "url": names[key].url, "code": names[key].code}
        if by == "client":
            yield {**named, "change": _change(found[key]), "category": _letter(found[key])}
        else:
            yield {**named, **_growth_values(found[key])}


def _change(one: Growth) -> str:
    if one.entered:
        return pgettext("active base", "entered")
    return pgettext("active base", "left") if one.left else pgettext("active base", "stays")


def _letter(one: Growth) -> str:
    before, now = ("A" if held else "" for held in (one.a_before, one.a_now))
    return now if before == now else f"{before or '–'} → {now or '–'}"


def _base_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    found = _growth(user, params, "all")
    return _growth_values(found.get(None, Growth()))


# KPI 4


def _task_columns(params: Params) -> Sequence[ReportColumn]:
    return [
        ReportColumn("name", _("Task"), link="url"),
        ReportColumn("owner", _("Who")),
        ReportColumn("unit", _("Unit")),
        ReportColumn("weight", _("Weight, %"), NUMBER, total=True),
        ReportColumn("plan", _("Plan"), NUMBER),
        ReportColumn("fact", _("Actual"), NUMBER),
        ReportColumn("completion", _("Completion, %"), PERCENT),
        ReportColumn("due", _("By what day"), Kind.DATE),
        ReportColumn("state", _("State")),
    ]


def _tasks(user: User, params: Params) -> list[TargetTask]:
    rows = TargetTask.objects.visible_to(user).of_month(params["month"]).counted().for_list()
    if (units := _units(params)) is not None:
        rows = rows.filter(org_unit__in=units)
    return list(rows.order_by("org_unit__path", "owner__sort_key", "pk"))


def _task_rows(user: User, params: Params) -> Iterable[Row]:
    for one in _tasks(user, params):
        yield {
            "name": one.name,
            "url": one.get_absolute_url(),
            "owner": one.owner.short_name,
            "unit": one.org_unit.name if one.org_unit else "",
            "weight": one.weight,
            "plan": one.plan,
            "fact": one.fact,
            "completion": one.completion,
            "due": one.due_on,
            "state": one.get_state_display(),
        }


def _task_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    return {"completion": result_of(_tasks(user, params))}


# The contact plan


def _contact_columns(params: Params) -> Sequence[ReportColumn]:
    by = params["by"] or "manager"
    code = [ReportColumn("code", _("Code"))] if by == "client" else []
    return [
        *code,
        ReportColumn("name", CUTS[by], link="url"),
        ReportColumn("plan", _("Planned"), NUMBER, total=True),
        ReportColumn("done", _("Done"), NUMBER, total=True),
        ReportColumn("credited", _("Credited"), NUMBER, total=True),
        ReportColumn("compliance_pct", _("Compliance, %"), PERCENT),
        ReportColumn("activity_pct", _("Activity, %"), PERCENT),
    ]


def _contact_values(sums: PlanSums) -> dict[str, Any]:
    return {
        "plan": sums.planned,
        "done": sums.done,
        "credited": sums.credited,
        "compliance_pct": sums.compliance,
        "activity_pct": sums.activity,
    }


def _contact_rows(user: User, params: Params) -> Iterable[Row]:
    by = params["by"] or "manager"
    found = contact_sums(user, params["month"], by)
    names = names_of(by, found)
    for key in sorted(found, key=lambda one: names[one].text):
        named = {"name": names[key].text, "url": names[key].url, "code": names[key].code}
        yield {**named, **_contact_values(found[key])}


def _contact_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    del user, params
    sums = PlanSums()
    for row in rows:
        sums += PlanSums(0, row["plan"], row["done"], row["credited"])
    return {"compliance_pct": sums.compliance, "activity_pct": sums.activity}


# Coverage


def _coverage_columns(params: Params) -> Sequence[ReportColumn]:
    return [
        ReportColumn("name", CUTS[params["by"] or "territory"]),
        ReportColumn("total_outlets", _("All outlets"), NUMBER, total=True),
        ReportColumn("active_outlets", _("Active outlets"), NUMBER, total=True),
        ReportColumn("coverage_pct", _("Coverage, %"), PERCENT),
        ReportColumn("clients", _("Clients"), NUMBER, total=True),
        ReportColumn("buyers", _("Buying clients"), NUMBER, total=True),
    ]


def _coverage_rows(user: User, params: Params) -> Iterable[Row]:
    by, months = params["by"] or "territory", setting("receivables.active_base_months")
    found = coverage(user, params["month"], months, by=by)
    names = names_of(by, [key or None for key in found])
    for key in sorted(found, key=lambda one: (-found[one].total, one)):
        one: Coverage = found[key]
        yield {
            "name": names[key or None].text,
            "total_outlets": one.total,
            "active_outlets": one.active,
            "coverage_pct": one.percent,
            "clients": one.clients,
            "buyers": one.buyers,
        }


def _coverage_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    del user, params
    active = sum(row["active_outlets"] for row in rows)
    return {"coverage_pct": coverage_percent(active, sum(row["total_outlets"] for row in rows))}


_DEBTS = [(name, DEBT_CUTS[name]) for name in ("manager", "unit", "territory", "client")]
KPI_REPORTS = [
    Report(
        name="kpi2",
        title=_("KPI 2: debt to the shipments of the month"),
        parameters=[
            month_parameter(),
            choice_parameter("by", _("Break down by"), _DEBTS),
            unit_parameter(),
        ],
        columns=_debt_columns,
        rows=_debt_rows,
        totals=_debt_totals,
        may_open=can_see_money,
        how=_(
            "Receivables at the end of the month ÷ its net shipments × 100; excess = "
            "receivables − norm × net shipments, where above zero (KPI-2). The norm is a "
            "setting that a department may change; of departments that differ it is the "
            "company's. A debt belongs to who was responsible for the client on the last "
            "day, in the running month today, shipments to who was responsible on their "
            "day. Money given back beyond what a client had free is owed again."
        ),
        group=GROUP,
    ),
    Report(
        name="kpi3",
        title=_("KPI 3: active client base and growth of category A"),
        parameters=[
            month_parameter(),
            _cuts("manager", "unit", "category", "client"),
            unit_parameter(),
        ],
        columns=_base_columns,
        rows=_base_rows,
        totals=_base_totals,
        may_open=can_see_facts,
        how=_(
            "Clients with a sale that stands within the last months, this one included (a "
            "setting), by who is responsible for them and by their category on the last "
            "day of the month; growth is to the base a month before (KPI-3)."
        ),
        group=GROUP,
    ),
    Report(
        name="kpi4",
        title=_("KPI 4: target tasks"),
        parameters=[month_parameter(), unit_parameter()],
        columns=_task_columns,
        rows=_task_rows,
        totals=_task_totals,
        may_open=can_see_tasks,
        how=_(
            "Completion = actual ÷ plan × 100, a hundred at most; result = Σ weight × "
            "completion ÷ Σ weight (KPI-4)."
        ),
        group=GROUP,
    ),
    Report(
        name="contact_compliance",
        title=_("Compliance with the contact plan"),
        parameters=[month_parameter(), _cuts("manager", "unit", "client")],
        columns=_contact_columns,
        rows=_contact_rows,
        totals=_contact_totals,
        may_open=can_see_facts,
        how=_(
            "Compliance = Σ min(done, planned) of each client ÷ Σ planned; activity = done "
            "÷ planned and may exceed a hundred. Contacts without an answer do not count "
            "(CONT-1). A client counts for the manager of its line in the contact plan; "
            "contacts with clients that are in none stand in plan vs actual alone."
        ),
        group=GROUP,
    ),
    Report(
        name="coverage",
        title=_("Coverage of territories"),
        parameters=[month_parameter(), _cuts("territory", "channel")],
        columns=_coverage_columns,
        rows=_coverage_rows,
        totals=_coverage_totals,
        may_open=can_see_facts,
        how=_(
            "Outlets of clients who bought within the months of the active base ÷ all known"
            " outlets of open clients and prospects × 100 (COV-1). A client without listed outlets"
            " is one outlet."
        ),
        group=GROUP,
    ),
]


def register_kpi_reports() -> None:
    """Declare them."""
    for report in KPI_REPORTS:
        register(report)
