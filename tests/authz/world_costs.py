"""The part of the world of rights that belongs to budgets, expenses and measures that save."""

from django.utils import timezone

from tests.factories import costs


def costly(cast):
    """A draft and a budget that holds, the manager's expenses in each state, two measures."""
    today = timezone.localdate()
    head = cast.department_head
    held = costs.budget(cast.department, head, year=today.year - 1, today=today, travel="500")
    costs.hold(held, head, cast.director)
    contact = costs.talk(cast.manager)
    by = {"by": head, "payer": cast.accountant, "contact": contact, "purpose": "CANARY обед"}
    made = {
        state: costs.expense(cast.manager, state=state, **by).pk
        for state in ("on_approval", "approved", "paid", "returned")
    }
    saving = costs.measure(cast.manager, head, title="CANARY мера")
    return {
        "budget": costs.budget(cast.department, head, year=today.year, today=today, travel="1").pk,
        "held_budget": held.pk,
        "expense": made["on_approval"],
        "approved_expense": made["approved"],
        "paid_expense": made["paid"],
        "returned_expense": made["returned"],
        "saving": saving.pk,
        "saving_done": costs.measure(cast.manager, head, state="done").pk,
    }
