"""Facts of the demo: counted, two months closed, something posted late; target tasks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from crm.accounts.models import Role, User
from crm.money import round_half_up
from deals.actions.posting import post_shipment
from deals.models import Shipment
from reports.actions import targets
from reports.actions.closing import close_due_month, close_month
from reports.actions.rollup import count_changes
from reports.actions.targets import Task
from reports.models import ClientMonth, MonthClosing, TargetMeasure, TargetState, TargetTask
from reports.parameters import month_end, month_start

OTHERS = (
    ("Новые клиенты категории В", 30, 5, "клиентов", ""),
    ("Выкладка новинок в торговых точках", 30, 60, "точек", ""),
)
TASKS = (
    # name, weight, plan, what it is measured in, what counts it by itself
    ("Листы регистрации сданы в срок", 40, 85, "%", TargetMeasure.SHEETS_SUBMITTED),
    *OTHERS,
)
PAST_TASKS = (("Провести переговоры о полке", 40, 20, "встреч", ""), *OTHERS)
PAST_MONTHS = 5
LAST_SHARE = 84  # per cent of the plan, before the months and the places move it
REACHED = (6, 45)
EVIDENCE = "Список с датами и подписями лежит в папке отдела."
BACK = "Приложите, пожалуйста, фотографии выкладки."
MOST_OWNERS = 12


def close_months(today: date) -> None:
    """Close the last two months, post something late."""
    director = User.objects.filter(role=Role.DIRECTOR, is_active=True).order_by("pk").first()
    if director is None or not ClientMonth.objects.exists():
        return
    close_month(month_start(today, -2), by=director, today=today)
    if not close_due_month(today=today):  # in the first days of a month it is too early
        return
    _post_late(today)
    count_changes(today=today)


def _post_late(today: date) -> None:
    """A document of the closed month that the accounting found afterwards."""
    closed = MonthClosing.objects.order_by("-month").first()
    accountant = User.objects.filter(role=Role.ACCOUNTANT, is_active=True).first()
    manager = User.objects.filter(username="manager").first()
    sale = Shipment.objects.live().filter(client__manager=manager, kind="sale").first()
    if closed is None or accountant is None or sale is None:
        return
    day = month_end(closed.month)
    late = Shipment.objects.create(
        kind="sale",
        state="draft",
        number=f"{sale.number}-Д",
        client_id=sale.client_id,
        contract_id=sale.contract_id,
        dated_on=day,
        amount=round_half_up(sale.amount / 3),
        created_by=accountant,
    )
    post_shipment(late.pk, by=accountant, on=day)


def add_target_tasks(today: date) -> int:
    """Tasks of this month for managers and sector heads, set, reported, accepted, returned; of the
    months before it what became of them."""
    month, made = month_start(today), 0
    setters = User.objects.filter(role=Role.DEPARTMENT_HEAD, is_active=True).order_by("pk")
    for head in setters.select_related("org_unit"):
        owners = User.objects.filter(
            role__in=[Role.MANAGER, Role.SECTOR_HEAD],
            is_active=True,
            org_unit__path__startswith=head.org_unit.path if head.org_unit else "-",
        )
        for place, owner in enumerate(owners.order_by("pk")[:MOST_OWNERS]):
            made += _of_owner(owner, head, month, today, step=place % 4)
            made += _past(owner, head, month, place)
    targets.count_tasks(today=today)
    return made


def _of_owner(owner: User, head: User, month: date, today: date, *, step: int) -> int:
    due = _due(month)
    drafts = [
        targets.draw_up_task(
            owner.pk,
            month,
            Task(name, Decimal(weight), Decimal(plan), unit, due, measure),
            by=head,
            today=today,
        )
        for name, weight, plan, unit, measure in TASKS
    ]
    rows = targets.set_tasks(drafts[0].pk, by=head, version=drafts[0].version)
    to_tell = [row for row in rows if not row.measure]
    for row, fact in zip(to_tell[:step], REACHED, strict=False):
        told = targets.report_task(
            row.pk, by=owner, version=row.version, fact=Decimal(fact), evidence=EVIDENCE
        )
        _judge(told, head, step)
    return len(rows)


def _judge(row: TargetTask, head: User, step: int) -> None:
    if step == 3:
        targets.accept_task(row.pk, by=head, version=row.version)
    elif step == 2 and row.unit == "клиентов":
        targets.return_task(row.pk, by=head, version=row.version, comment=BACK)


def _due(month: date) -> date:
    return month_end(month) - timedelta(days=2)


def _past(owner: User, head: User, this: date, place: int) -> int:
    """What became of the tasks of the months before this one: accepted, closed with their month."""
    closed = MonthClosing.objects.order_by("-month").values_list("month", flat=True).first()
    made = []
    for back in range(1, PAST_MONTHS + 1):
        month = month_start(this, -back)
        due, is_closed = _due(month), closed is not None and month <= closed
        for number, (name, weight, plan, unit, _measure) in enumerate(PAST_TASKS):
            # Better from month to month, now and then one that has come to little.
            share = LAST_SHARE - 4 * back + (place * 7 + number * 13 + back * 11) % 27
            task = TargetTask(
                month=month,
                owner=owner,
                org_unit=owner.org_unit,
                name=name,
                weight=weight,
                plan=plan,
                fact=max(1, plan * share // 100),
                unit=unit,
                due_on=due,
                evidence=EVIDENCE,
                state=TargetState.CLOSED if is_closed else TargetState.ACCEPTED,
                set_by=head,
                set_at=_at(month, 10),
                reported_at=_at(due, 16),
                decided_by=head,
                decided_at=_at(due + timedelta(days=1), 11),
                created_by=head,
                version=4,
            )
            made.append(task)
    rows = TargetTask.objects.bulk_create(made)
    for back in range(1, PAST_MONTHS + 1):
        month = month_start(this, -back)
        ids = [row.pk for row in rows if row.month == month]
        TargetTask.objects.filter(pk__in=ids).update(created_at=_at(month, 9))
    return len(rows)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 20)))
