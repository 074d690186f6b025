"""Facts of the demo: two months closed, something posted late; target tasks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from crm.accounts.models import Role, User
from crm.money import round_half_up
from deals.actions.posting import post_shipment
from deals.models import Shipment
from reports.actions import targets
from reports.actions.closing import close_due_month, close_month
from reports.actions.rollup import count_changes
from reports.actions.targets import Task
from reports.models import ClientMonth, MonthClosing, TargetTask
from reports.parameters import month_end, month_start

TASKS = (
    # name, weight, plan, what it is measured in
    ("Собрать листы регистрации", 40, 20, "шт."),
    ("Новые клиенты категории В", 30, 5, "клиентов"),
    ("Выкладка новинок в торговых точках", 30, 60, "точек"),
)
REACHED = (18, 6, 45)
EVIDENCE = "Список с датами и подписями лежит в папке отдела."
BACK = "Приложите, пожалуйста, фотографии выкладки."
MOST_OWNERS = 12


def close_months(today: date) -> None:
    """The last two months, when all are counted; something is posted late."""
    director = User.objects.filter(role=Role.DIRECTOR, is_active=True).order_by("pk").first()
    if director is None or not ClientMonth.objects.exists():
        return
    close_month(month_start(today, -2), by=director, today=today)
    if close_due_month(today=today):  # in the first days of a month it is too early
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
    """Tasks of this month for managers and sector heads, set, reported, accepted, returned."""
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
    return made


def _of_owner(owner: User, head: User, month: date, today: date, *, step: int) -> int:
    due = max(month_end(month) - timedelta(days=2), month)
    drafts = [
        targets.draw_up_task(
            owner.pk,
            month,
            Task(name, Decimal(weight), Decimal(plan), unit, due),
            by=head,
            today=today,
        )
        for name, weight, plan, unit in TASKS
    ]
    rows = targets.set_tasks(drafts[0].pk, by=head, version=drafts[0].version)
    for row, fact in zip(rows[:step], REACHED, strict=False):
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
