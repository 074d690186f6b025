"""Budgets, expenses and cost-reduction measures in any state; written past the actions."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from reports.actions.budget_drafts import draw_up_budget
from reports.models import Budget, BudgetItem, CostMeasure, Expense
from tests.factories import clients, contacts

TODAY = date(2026, 11, 23)
D = Decimal


def item(code="representation"):
    """A word of the dictionary that every database starts with."""
    return BudgetItem.objects.get(code=code)


def budget(unit, by, *, year=2026, today=TODAY, **amounts):
    """A draft with all its lines; amounts by item, in each month."""
    made = draw_up_budget(unit.pk, year, "empty", by=by, today=today)
    for code, amount in amounts.items():
        made.lines.filter(item__code=code, org_unit=unit).update(amount=D(amount))
    return made


def hold(made, by, director):
    """The budget as it stands when the director has approved it."""
    now = timezone.now()
    Budget.objects.filter(pk=made.pk).update(
        state="approved", sent_by=by, sent_at=now, approved_by=director, approved_at=now
    )
    made.refresh_from_db()
    return made


def talk(person, when=None, **more):
    """A meeting of the person with a client of its own."""
    client = more.pop("client", None) or clients.client(person)
    moment = when or timezone.now() - timedelta(hours=1)
    return contacts.done(client, person, moment, kind="meeting", **more)


def expense(person, amount="4000", *, contact=None, state="on_approval", **more):
    """A representation expense of the person in a state; who decides is given by `by`."""
    contact = contact or talk(person)
    by, payer = more.pop("by", None), more.pop("payer", None)
    values = {
        "employee": person, "org_unit": person.org_unit, "item": item(), "created_by": person,
        "is_representation": True, "spent_on": timezone.localdate(), "amount": D(amount),
        "contact": contact, "client": contact.client, "purpose": "Обед после переговоров",
        "participants": "Петров (клиент), Иванова", "state": state,
    }  # fmt: skip
    if state in {"approved", "paid", "annulled"}:
        values |= {"approved_by": by, "approved_at": timezone.now()}
    if state in {"paid", "annulled"}:
        values |= {"paid_by": payer, "paid_on": values["spent_on"], "payment_document": "РКО 1"}
    if state in {"returned", "rejected", "annulled"}:
        values["comment"] = "Нет чека"
    return Expense.objects.create(**values | more)


def cost(unit, by, amount="1000", *, on=TODAY, code="travel", **more):
    """A cost of the unit from the books."""
    values = {"org_unit": unit, "item": item(code), "spent_on": on, "amount": D(amount)}
    values |= {"purpose": "Командировка", "state": "paid", "paid_on": on, "paid_by": by}
    return Expense.objects.create(created_by=by, **values | more)


def measure(owner, by, *, state="planned", **more):
    """A cost-reduction measure of the owner's unit."""
    values = {
        "title": "Электронные акты вместо курьера", "org_unit": owner.org_unit, "owner": owner,
        "due_on": TODAY + timedelta(days=30), "planned_saving": D("120000"), "state": state,
        "created_by": by,
    }  # fmt: skip
    if state in {"done", "confirmed"}:
        done = {"done_on": TODAY, "actual_saving": D("90000"), "result": "Курьер не нужен"}
        values |= done
    if state == "confirmed":
        values["confirmed_by"] = by
    if state == "cancelled":
        values["comment"] = "Дорого"
    return CostMeasure.objects.create(**values | more)
