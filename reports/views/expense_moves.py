"""What people do with expenses: log, send again, withdraw; pay, book, annul."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.dialogs import READ_AND_WRITE, asked, attempt, dialog, pressed_on, saved
from crm.money import format_money
from crm.shell.templatetags.formats import month_name
from crm.web import person_of, sent_version, whole_number
from reports.actions import expense_payments as payments
from reports.actions import expenses as actions
from reports.forms.costs import CostForm, ExpenseForm, PayForm, ReasonForm
from reports.models import Expense
from reports.pages.expenses import ExpensePage
from reports.permissions import costs as permissions
from reports.views.expenses import visible_expense

EVENT = "expense-changed"


@require_http_methods(READ_AND_WRITE)
def expense_create(request: HttpRequest) -> HttpResponse:
    """Log an own expense; `contact` of the address is offered first."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_log_expense(user):
        raise PermissionDenied
    contact = whole_number(request.GET.get("contact"))
    first = {"spent_on": today, "key": uuid4(), "contact": contact}
    files = request.FILES or None
    form = ExpenseForm(request.POST or None, files=files, user=user, contact=contact, initial=first)

    def write() -> None:
        more: dict[str, Any] = {"receipt": form.receipt(), "key": form.cleaned_data["key"]}
        actions.log_expense(form.spent(), by=user, today=today, **more)

    return _expense_dialog(request, form, write, _("New expense"), reverse("reports:expense_list"))


@require_http_methods(READ_AND_WRITE)
def expense_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what came back and send it again."""
    row, user, today = visible_expense(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_correct_expense(user, row):
        raise PermissionDenied
    names = ("spent_on", "item", "amount", "contact", "purpose", "participants", "justification")
    first = {name: getattr(row, name) for name in names} | {"version": row.version}
    files = request.FILES or None
    form = ExpenseForm(request.POST or None, files=files, user=user, expense=row, initial=first)

    def write() -> None:
        more: dict[str, Any] = {"receipt": form.receipt(), "version": form.new_values()["version"]}
        actions.resend_expense(pk, form.spent(), by=user, today=today, **more)

    return _expense_dialog(request, form, write, _("Send it again"), row.get_absolute_url())


def _expense_dialog(
    request: HttpRequest, form: ExpenseForm, write: Any, title: str, back: str
) -> HttpResponse:
    user, today = person_of(request), timezone.localdate()
    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Sent for a decision"), event=EVENT, back=back)
    limit = actions.limit_of(user, today)
    words = {"left": format_money(limit.left), "limit": format_money(limit.limit)}
    words["month"] = month_name(today)
    text = _("Left of your limit for %(month)s: %(left)s of %(limit)s.") % words
    # The address keeps the contact that was asked for.
    shown = {"title": title, "submit": _("Send"), "text": text, "action": request.get_full_path()}
    return dialog(request, form, status=status, **shown)


@require_POST
def expense_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The author takes it back."""
    row, user, today = visible_expense(request, pk), person_of(request), timezone.localdate()
    version = sent_version(request)
    return pressed_on(
        request,
        row,
        lambda: actions.withdraw_expense(pk, by=user, version=version, today=today),
        _("Withdrawn"),
        event=EVENT,
        may=ExpensePage(row, user, today).may_take_back,
    )


@require_http_methods(READ_AND_WRITE)
def expense_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """The accounting has paid it."""
    row, user, today = visible_expense(request, pk), person_of(request), timezone.localdate()
    form = PayForm(request.POST or None, initial={"version": row.version, "on": today})
    return asked(
        request,
        row,
        form,
        lambda: payments.pay_expense(pk, by=user, today=today, **form.new_values()),
        event=EVENT,
        may=permissions.can_pay_expense(user, row),
        done=_("Paid"),
        title=_("Paid to the employee"),
        submit=_("Paid"),
        text=_told(row),
    )


@require_http_methods(READ_AND_WRITE)
def expense_annul(request: HttpRequest, pk: int) -> HttpResponse:
    """What was paid by mistake counts no more."""
    row, user = visible_expense(request, pk), person_of(request)
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    return asked(
        request,
        row,
        form,
        lambda: payments.annul_expense(pk, by=user, **form.new_values()),
        event=EVENT,
        may=permissions.can_annul_expense(user, row),
        done=_("Annulled"),
        title=_("Annul the expense"),
        submit=_("Annul"),
        text=_told(row),
    )


@require_http_methods(READ_AND_WRITE)
def cost_book(request: HttpRequest) -> HttpResponse:
    """The accounting books a cost of a unit."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_pay(user):
        raise PermissionDenied
    form = CostForm(request.POST or None, user=user, initial={"spent_on": today, "key": uuid4()})

    def write() -> None:
        payments.book_cost(form.cost(), by=user, today=today, key=form.cleaned_data["key"])

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Booked"), event=EVENT, back=reverse("reports:expense_list"))
    return dialog(request, form, title=_("Cost of a unit"), submit=_("Book"), status=status)


def _told(row: Expense) -> str:
    who = row.employee.short_name if row.employee else row.org_unit.name
    return f"{who}: {row.item}, {format_money(row.amount)}"
