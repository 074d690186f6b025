"""Variable pay of the demo: sheets of the last month, some of them still to be decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from crm.accounts.models import Role, User
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from reports.actions import incentive_lines, incentive_moves
from reports.actions.incentive_drafts import month_end_close
from reports.actions.schemes import seed_schemes
from reports.grounds.registry import first_ground
from reports.models import IncentiveSheet
from reports.parameters import month_start
from reports.permissions.incentives import is_direct, judges

LEFT_OPEN = 3  # one sheet in so many is still a draft
SHOWN = ("manager", "sector")  # people of the tour see the own sheet
WORDS = {
    "reward": ("1500", "Привёл двух новых клиентов категории B сверх плана."),
    "reduction": ("2000", "План поступлений не выполнен, объяснение признано необоснованным."),
}
REASON = "Сектор отчитывается перед руководителем отдела напрямую."
OBJECTION = "Отгрузка двух заказов перенесена складом на следующий месяц, прошу учесть."


def add_pay(today: date) -> int:
    """The last month closed, its sheets decided, approved, objected to; how many there are."""
    seed_schemes()
    month_end_close(today=today)
    director = User.objects.filter(role=Role.DIRECTOR, is_active=True).first()
    heads = list(User.objects.working().filter(role=Role.DEPARTMENT_HEAD))
    month = month_start(today, -1)
    ids = IncentiveSheet.objects.of_month(month).order_by("pk").values_list("pk", flat=True)
    for place, pk in enumerate(ids):
        sheet = IncentiveSheet.objects.select_related("employee", "org_unit").get(pk=pk)
        head = next((one for one in heads if judges(one, sheet)), None)
        if head is None or director is None:
            continue
        if place % LEFT_OPEN == LEFT_OPEN - 1 and sheet.employee.username not in SHOWN:
            continue
        _add(sheet, head, place, today)
        _approve(sheet, head, director, today)
        if place == 0:
            incentive_moves.object_to_sheet(
                pk, by=sheet.employee, version=sheet.version, objection=OBJECTION, today=today
            )
    return len(ids)


def _add(sheet: IncentiveSheet, head: User, place: int, today: date) -> None:
    """A reward here, a reduction there."""
    kind = "reduction" if place % 2 else "reward"
    fact = first_ground(sheet)
    if fact is None:
        return
    amount, words = WORDS[kind]
    what = incentive_lines.Wanted(
        kind=kind,
        ground=fact.key,
        grounds=words,
        amount=Decimal(amount),
        exception_reason="" if is_direct(head, sheet) else REASON,
    )
    incentive_lines.add_decision(sheet.pk, what, by=head, version=sheet.version, today=today)
    sheet.refresh_from_db()


def _approve(sheet: IncentiveSheet, head: User, director: User, today: date) -> None:
    """The head decides, the director approves."""
    incentive_moves.decide_sheet(sheet.pk, by=head, version=sheet.version, today=today)
    sheet.refresh_from_db()
    approval = Approval.objects.of(sheet).running().get()
    approvals.decide(
        approval.pk,
        by=director,
        decision="approve",
        version=approval.version,
        target_version=sheet.version,
        today=today,
    )
    sheet.refresh_from_db()
