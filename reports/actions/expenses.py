"""Expenses of people: logged against the limit of the month, sent again, withdrawn (S5.5.2).

Two expenses of one person cannot exceed the limit together: whoever logs one locks the person
first and counts the month under that lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import ContactLog, ContactState
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.errors import RuleViolation, StaleVersion
from crm.files.actions import add_file
from crm.files.models import Attachment, AttachmentKind
from crm.history import verb
from crm.money import format_money
from crm.shell.templatetags.formats import month_name
from crm.states import check_move, move
from crm.work.registry import setting
from reports.models import EXPENSE_MOVES, BudgetItem, Expense, ExpenseState
from reports.permissions import costs as permissions
from reports.policy.cost_limits import expense_route

KIND = "expense"
TALKED = (ContactState.DONE, ContactState.PLANNED)
Receipt = tuple[str, bytes]
TYPED = ("item", "spent_on", "amount", "participants", "justification")
FILLED = (*TYPED, "purpose", "is_representation", "contact", "client", "over_limit")


@dataclass(frozen=True)
class Spent:
    """What was spent, on whom and why; roubles with VAT."""

    item: BudgetItem
    spent_on: date
    amount: Decimal
    purpose: str
    contact_id: int | None = None
    participants: str = ""
    justification: str = ""


@dataclass(frozen=True)
class MonthLimit:
    """The limit of a person in a month: how much of it is taken by other expenses."""

    month: date
    limit: Decimal
    taken: Decimal

    @property
    def left(self) -> Decimal:
        return max(Decimal(0), self.limit - self.taken)

    def over(self, amount: Decimal) -> Decimal:
        """By how much the amount is above what is left; all of it where nothing is."""
        return max(Decimal(0), amount - self.left)


def limit_of(person: User, month: date, *, besides: int | None = None) -> MonthLimit:
    """The limit in force for the person's unit, and what is taken of it."""
    limit = setting("expense.monthly_limit", unit=person.org_unit)
    taken = Expense.objects.all().taken_by(person.pk, month, besides=besides)
    return MonthLimit(month.replace(day=1), Decimal(limit), taken)


@transaction.atomic
def log_expense(
    spent: Spent,
    *,
    by: User,
    today: date,
    receipt: Receipt | None = None,
    key: UUID | None = None,
) -> Expense:
    """Write the person's own expense and send it for a decision; both or nothing.

    Raises PermissionDenied, and RuleViolation at the field that is wrong: above the limit of the
    month without a reason, above everybody's limit, without a receipt or a contact.
    """
    if not permissions.can_log_expense(by):
        raise PermissionDenied
    person = _locked_person(by)
    made = Expense.objects.filter(idempotency_key=key, employee=person).first() if key else None
    if made is not None:
        return made
    expense = Expense(employee=person, org_unit=person.org_unit, created_by=by, idempotency_key=key)
    _fill(expense, spent, by, today)
    with verb("expense.logged", by=by):
        expense.save(force_insert=True)
    _keep(expense, receipt, by)
    _send(expense, by, today)
    return expense


@transaction.atomic
def resend_expense(
    expense_id: int,
    spent: Spent,
    *,
    by: User,
    version: int,
    today: date,
    receipt: Receipt | None = None,
) -> Expense:
    """Correct what came back and send it again."""
    _locked_person(by)
    expense = lock_expense(expense_id, by, version)
    if not permissions.can_correct_expense(by, expense):
        raise PermissionDenied
    _fill(expense, spent, by, today)
    expense.version += 1
    with verb("expense.corrected", by=by):
        expense.save(update_fields=[*FILLED, "version"])
    _keep(expense, receipt, by)
    _send(expense, by, today)
    return expense


@transaction.atomic
def withdraw_expense(expense_id: int, *, by: User, version: int, today: date) -> Expense:
    """Its author takes it back, until it is decided or once it came back."""
    expense = Expense.objects.visible_to(by).get(pk=expense_id)
    if not approvals.withdraw_running(expense, by=by, today=today):
        expense = lock_expense(expense_id, by, version)
        with verb("expense.withdrawn", by=by):
            move(expense, EXPENSE_MOVES, ExpenseState.WITHDRAWN)
    expense.refresh_from_db()
    return expense


def lock_expense(expense_id: int, by: User, version: int) -> Expense:
    """A visible expense, locked until the end of the transaction."""
    rows = Expense.objects.visible_to(by).select_for_update(of=("self",))
    expense: Expense = rows.select_related("org_unit", "item", "employee").get(pk=expense_id)
    if expense.version != version:
        raise StaleVersion(of=expense)
    return expense


def _locked_person(by: User) -> User:
    rows = User.objects.select_for_update(of=("self",), no_key=True).select_related("org_unit")
    return rows.get(pk=by.pk)


def _fill(expense: Expense, spent: Spent, by: User, today: date) -> None:
    """Put what was typed into the expense; refuses what no rule allows."""
    check_day(spent.spent_on, today)
    if spent.item.archived_at is not None:
        raise RuleViolation(_("This item is no longer offered."), field="item")
    contact = _contact(spent, by)
    for name in TYPED:
        setattr(expense, name, getattr(spent, name))
    expense.purpose = spent.purpose.strip()
    expense.is_representation = spent.item.is_representation
    expense.contact, expense.client = contact, contact.client if contact else None
    _check_words(expense)
    expense.over_limit = _over(expense)


def check_day(day: date, today: date) -> None:
    """Not of the future, and not longer ago than the policy says."""
    if day > today:
        raise RuleViolation(_("This day is still to come."), field="spent_on")
    first = today - timedelta(days=setting("expense.log_days"))
    if day < first:
        text = _("Expenses are logged within %(days)s days: from %(first)s on.")
        words = {"days": setting("expense.log_days"), "first": f"{first:%d.%m.%Y}"}
        raise RuleViolation(text % words, field="spent_on")


def _contact(spent: Spent, by: User) -> ContactLog | None:
    if spent.contact_id is None:
        if spent.item.is_representation:
            text = _("Name the contact: money is spent on a talk with a client.")
            raise RuleViolation(text, field="contact")
        return None
    rows = ContactLog.objects.of_clients_visible_to(by).filter(state__in=TALKED)
    found: ContactLog | None = rows.select_related("client").filter(pk=spent.contact_id).first()
    if found is None:
        raise RuleViolation(_("Choose a contact that stands."), field="contact")
    return found


def _check_words(expense: Expense) -> None:
    if expense.amount <= 0:
        raise RuleViolation(_("Above zero."), field="amount")
    if not expense.purpose:
        raise RuleViolation(_("Say what it was for."), field="purpose")
    if expense.is_representation and not expense.participants.strip():
        raise RuleViolation(_("Say who took part."), field="participants")


def _over(expense: Expense) -> Decimal:
    """How much of it is above the limit; refused without a reason or above everybody's limit."""
    if not expense.is_representation:
        expense.justification = ""
        return Decimal(0)
    assert expense.employee is not None
    limit = limit_of(expense.employee, expense.spent_on, besides=expense.pk)
    over = limit.over(expense.amount)
    if not over:
        expense.justification = ""
    elif not expense.justification.strip():
        text = _(
            "Above your limit: %(left)s of %(limit)s are left for %(month)s. If more was needed,"
            " say why below, and it goes to the director."
        )
        words = {"left": format_money(limit.left), "limit": format_money(limit.limit)}
        words["month"] = month_name(limit.month)
        raise RuleViolation(text % words, field="amount")
    return over


def _keep(expense: Expense, receipt: Receipt | None, by: User) -> None:
    """Keep the receipt with the expense; RuleViolation where one is needed and there is none."""
    if receipt is not None:
        name, content = receipt
        kind = AttachmentKind.PRIMARY
        add_file(KIND, expense.pk, by=by, name=name, content=content, kind=kind)
        return
    least = setting("expense.receipt_from", unit=expense.org_unit)
    has_one = Attachment.objects.of(KIND, expense.pk).open().exists()
    if expense.amount >= least and not has_one:
        raise RuleViolation(_("Attach the receipt."), field="file")


def _send(expense: Expense, by: User, today: date) -> None:
    check_move(expense, EXPENSE_MOVES, ExpenseState.ON_APPROVAL)
    found = expense_route(
        is_representation=expense.is_representation,
        amount=expense.amount,
        over=expense.over_limit,
    )
    if found.refusal:
        raise RuleViolation(found.refusal, field="amount")
    approvals.submit(
        expense,
        kind=KIND,
        by=by,
        title=lambda: f"{by.short_name}: {expense.item}, {format_money(expense.amount)}",
        org_unit=expense.org_unit,
        today=today,
        limits=found,
    )
