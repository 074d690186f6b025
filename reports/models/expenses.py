"""Expenses: what people spend on clients and what the accounting books on items (S5.5.2)."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client, ContactLog
from crm.history import track
from reports.models.budgets import BudgetItem
from reports.querysets.expenses import ExpenseQuerySet

MONEY: dict[str, Any] = {"max_digits": 15, "decimal_places": 2}


class ExpenseState(models.TextChoices):
    """How far an expense is; a draft lasts only until it is sent, in one transaction."""

    DRAFT = "draft", pgettext_lazy("expense", "Draft")
    ON_APPROVAL = "on_approval", pgettext_lazy("expense", "Waits for a decision")
    APPROVED = "approved", pgettext_lazy("expense", "Approved, to be paid")
    RETURNED = "returned", pgettext_lazy("expense", "Returned")
    REJECTED = "rejected", pgettext_lazy("expense", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("expense", "Withdrawn")
    PAID = "paid", pgettext_lazy("expense", "Paid")
    ANNULLED = "annulled", pgettext_lazy("expense", "Annulled")


EXPENSE_MOVES: dict[str, set[str]] = {
    ExpenseState.DRAFT: {ExpenseState.ON_APPROVAL},
    ExpenseState.ON_APPROVAL: {
        ExpenseState.APPROVED,
        ExpenseState.RETURNED,
        ExpenseState.REJECTED,
        ExpenseState.WITHDRAWN,
    },
    ExpenseState.RETURNED: {ExpenseState.ON_APPROVAL, ExpenseState.WITHDRAWN},
    # Back to its author where whoever approved takes the approval back.
    ExpenseState.APPROVED: {ExpenseState.PAID, ExpenseState.RETURNED},
    ExpenseState.PAID: {ExpenseState.ANNULLED},
    ExpenseState.REJECTED: set(),
    ExpenseState.WITHDRAWN: set(),
    ExpenseState.ANNULLED: set(),
}


def paid_expense_stays() -> pgtrigger.Trigger:
    """Trigger that keeps what was paid: it may be annulled with a reason and nothing else."""
    return pgtrigger.Trigger(
        name="paid_expense_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition("OLD.state IN ('paid', 'annulled')"),
        func="""
            IF TG_OP = 'DELETE' OR OLD.state = 'annulled'
               OR NEW.state NOT IN ('paid', 'annulled')
               OR (NEW.org_unit_id, NEW.item_id, NEW.spent_on, NEW.amount, NEW.paid_on,
                   NEW.paid_by_id)
                  <> (OLD.org_unit_id, OLD.item_id, OLD.spent_on, OLD.amount, OLD.paid_on,
                      OLD.paid_by_id) THEN
                RAISE EXCEPTION 'an expense that was paid stays'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'expense_paid_stays';
            END IF;
            RETURN NEW;
        """,
    )


def _person(label: Any, name: str = "+", *, null: bool = True) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=null,
        blank=null,
        related_name=name,
        verbose_name=label,
    )


@track(exclude=("idempotency_key",))
class Expense(models.Model):
    """Money spent on an item, roubles with VAT; it counts for the month of the day it was spent.

    Without an employee it is a cost of the unit that the accounting booked.
    """

    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="expenses", verbose_name=_("unit")
    )
    employee = _person(_("who spent it"), "expenses")
    item = models.ForeignKey(
        BudgetItem, models.PROTECT, related_name="expenses", verbose_name=_("item")
    )
    # What the item was when it was logged: the limit counts these.
    is_representation = models.BooleanField(_("entertainment expenses"), default=False)
    spent_on = models.DateField(_("spent on"))
    amount = models.DecimalField(_("amount"), **MONEY)
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="expenses",
        verbose_name=_("client"),
        db_index=False,
    )
    contact = models.ForeignKey(
        ContactLog,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="expenses",
        verbose_name=_("contact"),
        db_index=False,
    )
    purpose = models.CharField(_("what for"), max_length=500)
    participants = models.CharField(_("who took part"), max_length=500, blank=True)
    # By how much it was above the person's limit of the month when it was sent, and why.
    over_limit = models.DecimalField(_("above the limit by"), default=0, **MONEY)
    justification = models.CharField(_("why above the limit"), max_length=500, blank=True)
    state = models.CharField(
        _("state"), max_length=11, choices=ExpenseState.choices, default=ExpenseState.DRAFT
    )
    comment = models.CharField(_("what was said"), max_length=500, blank=True)
    approved_by = _person(_("approved by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    paid_by = _person(_("paid by"))
    payment_document = models.CharField(_("payment document"), max_length=100, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_by = _person(_("entered by"), null=False)
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        ordering = ("-spent_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, over_limit__gte=0), name="expense_amounts_in_bounds"
            ),
            models.CheckConstraint(
                condition=Q(client=None, contact=None)
                | Q(client__isnull=False, contact__isnull=False, employee__isnull=False),
                name="expense_contact_with_its_client",
            ),
            models.CheckConstraint(
                condition=Q(is_representation=False)
                | (
                    Q(employee__isnull=False, contact__isnull=False)
                    & ~Q(purpose="")
                    & ~Q(participants="")
                ),
                name="expense_representation_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(over_limit=0) | ~Q(justification=""),
                name="expense_above_limit_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "paid", "annulled"], employee__isnull=False)
                & Q(approved_by__isnull=False, approved_at__isnull=False)
                & ~Q(approved_by=F("employee"))
                | Q(state__in=["paid", "annulled"], employee=None, approved_by=None)
                | (
                    ~Q(state__in=["approved", "paid", "annulled"])
                    & Q(employee__isnull=False, approved_by=None, approved_at=None)
                ),
                name="expense_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["paid", "annulled"], paid_on__isnull=False, paid_by__isnull=False
                )
                | (~Q(state__in=["paid", "annulled"]) & Q(paid_on=None, paid_by=None)),
                name="expense_paid_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "rejected", "annulled"]) | ~Q(comment=""),
                name="expense_sent_back_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["employee", "spent_on"],
                include=["amount", "state"],
                condition=Q(is_representation=True),
                name="expense_of_limit",
            ),
            models.Index(
                fields=["spent_on", "item", "org_unit"],
                include=["amount"],
                condition=Q(state__in=["approved", "paid"]),
                name="expense_of_budget",
            ),
            models.Index(
                fields=["client", "-spent_on"],
                condition=Q(client__isnull=False),
                name="expense_of_client",
            ),
            models.Index(fields=["client"], condition=Q(state="returned"), name="expense_returned"),
            models.Index(
                fields=["contact"], condition=Q(contact__isnull=False), name="expense_of_contact"
            ),
        ]
        triggers: ClassVar = [paid_expense_stays()]

    def __str__(self) -> str:
        return f"{self.item}, {self.spent_on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("reports:expense_detail", args=[self.pk])

    @property
    def author_id(self) -> int | None:
        """Whose request it is for the engine of approvals."""
        return self.employee_id
