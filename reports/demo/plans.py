"""Monthly plans of the demo: the last month and this one locked; of the next one a department's
plan waits for the director, the others are being filled."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, Mod
from django.utils import timezone

from crm.accounts.models import Role, User
from crm.work.registry import setting
from reports.actions.dashboards import subscribe
from reports.actions.plan_drafts import draft_plans
from reports.actions.plan_moves import send_plan, submit_unit
from reports.actions.plan_targets import Wanted, Whose, set_target
from reports.days.plans import first_of, following, previous
from reports.models import (
    METRICS,
    ClientMonth,
    MonthlyPlan,
    PartState,
    PlanExplanation,
    PlanLine,
    PlanPart,
    Weekday,
)
from reports.queries.plan_fact import Pace
from reports.querysets.facts import MONEY

GAP_EVERY = 23  # one line of the next month in so many lacks its contacts
LATE_UNIT_DAYS = 3
GROWTH = 103  # the head asks for so many per cent of what the drafts add up to
FITTED = ("ship", "cash")
# Per cent of the plan that managers reach: most of them between 80 and 120, a few outside.
REACHED = (97, 104, 88, 112, 72, 101, 93, 117, 84, 99, 134, 106, 91)
LEAST_DAYS = 5  # working days of a month that say where it is heading
FIT = """
    WITH line AS (
        SELECT l.id, l.manager_id,
               row_number() OVER (PARTITION BY l.manager_id ORDER BY l.ship DESC NULLS LAST, l.id)
        FROM reports_planline l JOIN reports_monthlyplan p ON p.id = l.plan_id AND p.month = %s
    )
    UPDATE reports_planline AS own
    SET ship = round(own.ship * fit.ship, -2), cash = round(own.cash * fit.cash, -2),
        active = CASE WHEN row_number <= wanted THEN 1 WHEN active = 1 THEN 0 ELSE active END
    FROM line JOIN unnest(%s::bigint[], %s::int[], %s::numeric[], %s::numeric[])
        AS fit(manager_id, wanted, ship, cash) USING (manager_id)
    WHERE own.id = line.id
"""
REASON = "Клиент перенёс закупку на следующий месяц: склад переполнен после акции."


def draw_up_plans(today: date) -> None:
    """Drafts of three months."""
    months = _months(today)
    for month in months:
        draft_plans(month=month, today=min(previous(month).replace(day=15), today))
    for month in months[:2]:
        _fit(month, today)


def settle_plans(today: date) -> None:
    """What became of the drafts."""
    months = _months(today)
    for month in months[:2]:
        for plan in MonthlyPlan.objects.of_month(month).select_related("org_unit"):
            _settle(plan)
    coming = list(MonthlyPlan.objects.of_month(months[2]).select_related("org_unit").order_by("pk"))
    for plan in coming[:-1]:
        _leave_open(plan)
    for plan in coming[-1:]:
        _send(plan, today)
    _explain(months[0])
    _subscribe()


def _months(today: date) -> list[date]:
    """The last one, this one and the next one."""
    return [previous(today), first_of(today), following(today)]


def _fit(month: date, today: date) -> None:
    """What managers have made of their drafts: they know their clients better than an average."""
    brought = _expected(month, today)
    sums = {name: Coalesce(Sum(name), 0, output_field=MONEY) for name in FITTED}
    lines = PlanLine.objects.filter(plan__month=month).order_by("manager").values("manager")
    rows = []
    for place, row in enumerate(lines.annotate(**sums)):
        whose = brought.get(row["manager"], {})
        share = REACHED[(place + 7) % len(REACHED)]
        wanted = int(whose.get("active", 0) * 100 / share)
        factors = [_factor(whose.get(name), row[name], place + 4 * shift)
                   for shift, name in enumerate(FITTED)]  # fmt: skip
        rows.append((row["manager"], wanted, *factors))
    if not rows:
        return
    managers, wanted_of, *factors_of = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(FIT, [month, managers, wanted_of, *factors_of])


def _factor(brought: Decimal | None, planned: Decimal, place: int) -> Decimal:
    """By what the plan becomes one that is reached to a likely share."""
    if not brought or brought <= 0 or planned <= 0:
        return Decimal(1)
    return brought * 100 / REACHED[place % len(REACHED)] / planned


def _expected(month: date, today: date) -> dict[int, dict[str, Decimal]]:
    """What each manager brings in the month; of one that has hardly begun the month before it."""
    pace = Pace.of(month, today)
    if pace.is_running and pace.elapsed < LEAST_DAYS:
        month = previous(month)
        pace = Pace.of(month, today)
    rows = ClientMonth.objects.of_month(month).order_by().values("manager")
    found = rows.annotate(
        active=Count("client", distinct=True, filter=Q(sales__gt=0)),
        ship=Sum("ship"),
        cash=Sum("cash"),
    )
    return {
        row["manager"]: {
            name: pace.forecast(Decimal(row[name])) or Decimal(0) for name in (*FITTED, "active")
        }
        for row in found
    }


def _settle(plan: MonthlyPlan) -> None:
    """Filled and submitted in time (one manager late), approved, locked."""
    _close_gaps(plan)
    director = User.objects.filter(role=Role.DIRECTOR).first()
    for place, part in enumerate(plan.parts.select_related("org_unit").order_by("pk")):
        late = LATE_UNIT_DAYS if place == 1 else 0
        day = plan.submit_by + timedelta(days=late - 1)
        PlanPart.objects.filter(pk=part.pk).update(
            state=PartState.SUBMITTED,
            submitted_by=part.org_unit.head_id or plan.org_unit.head_id,
            submitted_at=_at(day),
            first_submitted_on=day,
        )
    MonthlyPlan.objects.filter(pk=plan.pk).update(
        state="locked",
        sent_by=plan.org_unit.head_id,
        sent_at=_at(plan.approve_by - timedelta(days=2)),
        approved_by=director,
        approved_at=_at(plan.approve_by),
    )


def _close_gaps(plan: MonthlyPlan) -> None:
    """Nothing is expected where nothing was set."""
    plan.lines.with_gaps().update(**{name: Coalesce(F(name), 0) for name in METRICS})


def _leave_open(plan: MonthlyPlan) -> None:
    """Some gaps; one manager has filled; the head asks for a little more than the drafts."""
    numbered = PlanLine.objects.filter(plan=plan).annotate(rest=Mod("pk", GAP_EVERY))
    numbered.filter(rest=0).update(contacts=None)
    filled = plan.parts.exclude(
        manager__in=plan.lines.with_gaps().values("manager"),
    ).order_by("pk")
    for part in filled[:1]:
        PlanPart.objects.filter(pk=part.pk).update(state=PartState.FILLED, filled_at=timezone.now())
    head = plan.org_unit.head
    if head is None:
        return
    total = plan.lines.aggregate(sum=Sum("ship"))["sum"] or Decimal(0)
    wanted = Wanted(ship=total * GROWTH // 100_000 * 1000)
    set_target(plan.pk, Whose(unit_id=plan.org_unit_id), wanted, by=head, version=plan.version)


def _send(plan: MonthlyPlan, today: date) -> None:
    """Without gaps, submitted by every head: it waits for the director."""
    _close_gaps(plan)
    units = plan.parts.values_list("org_unit", "org_unit__head").distinct().order_by("org_unit")
    for unit, head in units:
        plan.refresh_from_db()
        by = User.objects.get(pk=head or plan.org_unit.head_id)
        submit_unit(plan.pk, unit, by=by, version=plan.version, today=today)
    plan.refresh_from_db()
    head = User.objects.get(pk=plan.org_unit.head_id)
    send_plan(plan.pk, by=head, version=plan.version, today=today)


def _subscribe() -> None:
    """A head has the dashboard of the own department sent every working morning."""
    head = User.objects.filter(role=Role.DEPARTMENT_HEAD, org_unit__isnull=False).order_by("pk")
    for person in head.select_related("org_unit")[:1]:
        first = setting("dashboard.mail_from_hour")
        subscribe(
            person.org_unit,
            period="this_month",
            weekdays=Weekday.values,
            hour=first,
            is_active=True,
            by=person,
        )


def _explain(month: date) -> None:
    """A few words about clients of the last month, to be judged."""
    lines = PlanLine.objects.in_force(month).filter(ship__gt=0).order_by("pk")
    for line in lines[::40][:6]:
        PlanExplanation.objects.create(
            plan=line.plan,
            org_unit=line.org_unit,
            manager=line.manager,
            client=line.client,
            reason=REASON,
            written_by=line.manager,
            written_at=timezone.now(),
        )


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(17, 20)))
