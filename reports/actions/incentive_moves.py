"""The way of an incentive sheet (C.5 no. 26): decided, approved, objected to, sent to payroll."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import Role, User
from crm.approvals import actions as approvals
from crm.calendar import add_working_days
from crm.errors import RuleViolation
from crm.history import verb
from crm.notices.actions import notify, notify_many
from crm.states import move
from crm.work.registry import setting
from deals.actions.contracts import said
from reports.actions.incentive_drafts import lock_sheet
from reports.models import (
    SHEET_MOVES,
    IncentiveSheet,
    MonthClosing,
    PayrollTransfer,
    SheetState,
)
from reports.permissions import incentives as permissions

KIND, HEADS_KIND = "incentive", "incentive.head"


@transaction.atomic
def decide_sheet(sheet_id: int, *, by: User, version: int, today: date) -> IncentiveSheet:
    """The head decides the sheet as it stands and sends it to the director.

    The director's own decision about a department head goes to the general director.
    """
    sheet = lock_sheet(sheet_id, by, version)
    if not permissions.judges(by, sheet):
        raise PermissionDenied
    kind = HEADS_KIND if sheet.role == Role.DEPARTMENT_HEAD else KIND
    approvals.submit(
        sheet, kind=kind, by=by, title=str(sheet), org_unit=sheet.org_unit, today=today
    )
    return sheet


def decided(sheet: IncentiveSheet, *, by: User) -> None:
    """drafted or objection → decided, in the transaction of the engine."""
    now = timezone.now()
    move(sheet, SHEET_MOVES, SheetState.DECIDED, decided_by=by, decided_at=now, comment="")


def approved(sheet: IncentiveSheet, *, by: User, today: date) -> None:
    """decided → approved; the employee is told and may object for some working days."""
    if by.pk == sheet.employee_id:
        raise RuleViolation(_("You cannot approve your own sheet."))
    until = add_working_days(today, setting("incentive.objection_days"))
    move(
        sheet,
        SHEET_MOVES,
        SheetState.APPROVED,
        approved_by=by,
        approved_at=timezone.now(),
        objection_until=until,
        acknowledged_at=None,
    )
    notify(
        sheet.employee_id,
        kind="incentive.shown",
        params=_params(sheet) | {"until": f"{until:%d.%m.%Y}"},
        url=sheet.get_absolute_url(),
        dedupe_key=f"incentive.shown:{sheet.pk}:{sheet.version}",
    )


def sent_back(sheet: IncentiveSheet, *, comment: str = "") -> None:
    """decided → drafted, or to the objection that it answered; by the director or the author."""
    state = SheetState.OBJECTION if sheet.objection and sheet.approved_at else SheetState.DRAFTED
    move(sheet, SHEET_MOVES, state, comment=comment[:500])


@transaction.atomic
def acknowledge_sheet(sheet_id: int, *, by: User, version: int) -> IncentiveSheet:
    """The employee has read the own sheet and agrees."""
    sheet = lock_sheet(sheet_id, by, version)
    if not permissions.can_acknowledge(by, sheet):
        raise PermissionDenied
    sheet.acknowledged_at, sheet.version = timezone.now(), sheet.version + 1
    with verb("incentive.acknowledged", by=by):
        sheet.save(update_fields=["acknowledged_at", "version"])
    return sheet


@transaction.atomic
def object_to_sheet(
    sheet_id: int, *, by: User, version: int, objection: str, today: date
) -> IncentiveSheet:
    """approved → objection: the employee explains; the head decides again and is told.

    RuleViolation after the days for it, and for a sheet that was acknowledged.
    """
    sheet = lock_sheet(sheet_id, by, version)
    if by.pk != sheet.employee_id:
        raise PermissionDenied
    if sheet.state == SheetState.APPROVED and sheet.acknowledged_at is not None:
        raise RuleViolation(_("You have agreed to the sheet already."))
    if sheet.objection_until is not None and today > sheet.objection_until:
        text = _("An objection was possible until %(day)s.")
        raise RuleViolation(text % {"day": f"{sheet.objection_until:%d.%m.%Y}"})
    with verb("incentive.objected", by=by):
        move(
            sheet,
            SHEET_MOVES,
            SheetState.OBJECTION,
            objection=said(objection, "objection"),
            objected_at=timezone.now(),
        )
    heads = {sheet.decided_by_id, sheet.superior_id} - {None, by.pk}
    notify_many(
        sorted(pk for pk in heads if pk is not None),
        kind="incentive.objected",
        params=_params(sheet),
        url=sheet.get_absolute_url(),
        dedupe_key=f"incentive.objected:{sheet.pk}:{sheet.version}",
    )
    return sheet


@transaction.atomic
def send_to_payroll(month: date, *, by: User, today: date) -> PayrollTransfer:
    """Hand all sheets of the month that are ready to the accounting; each of them once.

    Ready is what was approved and acknowledged, or whose days for an objection are over.
    """
    if not permissions.can_send_to_payroll(by):
        raise PermissionDenied
    # Of two who press it the second waits, and then finds nothing left.
    MonthClosing.objects.select_for_update().filter(month=month).first()
    rows = IncentiveSheet.objects.of_month(month).to_pay(today).order_by("pk")
    sheets = list(rows.select_for_update(of=("self",)))
    if not sheets:
        raise RuleViolation(_("No sheet of the month is ready for payroll."))
    total = sum((one.variable_total for one in sheets), Decimal(0))
    with verb("incentive.sent", by=by):
        transfer: PayrollTransfer = PayrollTransfer.objects.create(
            month=month.replace(day=1), sheets_count=len(sheets), total=total, created_by=by
        )
        for sheet in sheets:
            move(sheet, SHEET_MOVES, SheetState.SENT, transfer=transfer)
    return transfer


def _params(sheet: IncentiveSheet) -> dict[str, str]:
    return {"month": f"{sheet.month:%m.%Y}", "employee": sheet.employee.short_name}
