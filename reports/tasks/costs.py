"""What budgets, expenses and cost-reduction measures declare when the app is ready."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.contacting import contact_extras
from clients.contacting.contact_extras import Extra, Mark
from clients.models import ContactLog
from clients.pages import card_tabs
from clients.pages.card_tabs import TabOfLaterApp, register_tab
from crm.accounts.models import DIRECTORS, HEADS, Role, User
from crm.files.models import AttachmentKind
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.money import format_money
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic, seeds
from reports.actions.cost_measures import tell_of_late_savings
from reports.actions.expenses import KIND
from reports.approval_handlers.costs import register_cost_approvals
from reports.lists.expenses import TONES
from reports.models import Expense
from reports.next_steps.expenses import register_expense_reasons
from reports.permissions import costs as permissions
from reports.policy.cost_limits import register_expense_limits
from reports.policy.costs import register_cost_policy
from reports.seeds.budgets import register_budget_book, seed_budget_items

VERBS = {
    "budget.drawn_up": _("Cost budget drawn up"),
    "budget.edited": _("Cost budget filled"),
    "budget.lines_added": _("Items added to the cost budget"),
    "budget.corrected": _("Correction of the cost budget started"),
    "expense.logged": _("Expense logged"),
    "expense.corrected": _("Expense corrected"),
    "expense.paid": _("Expense paid"),
    "expense.booked": _("Cost booked"),
    "expense.annulled": _("Expense annulled"),
    "saving.planned": _("Cost-reduction measure planned"),
    "saving.edited": _("Cost-reduction measure corrected"),
    "saving.begun": _("Cost-reduction measure started"),
    "saving.done": _("Cost-reduction measure carried out"),
    "saving.confirmed": _("Saving confirmed"),
    "saving.sent_back": _("Saving not believed"),
    "saving.given_up": _("Cost-reduction measure given up"),
}
TITLES = {
    "expense.to_pay": _("To be paid to %(who)s: %(item)s, %(amount)s of %(day)s"),
    "expense.paid": _("Paid: %(item)s, %(amount)s of %(day)s"),
    "expense.annulled": _("Annulled: %(item)s, %(amount)s of %(day)s. %(comment)s"),
    "saving.planned": _("A cost-reduction measure is yours: “%(title)s”, by %(due)s"),
    "saving.done": _("A cost-reduction measure is carried out, confirm the saving: “%(title)s”"),
    "saving.sent_back": _("The saving is not believed, tell it again: “%(title)s”"),
    "saving.late": _("A cost-reduction measure is late: “%(title)s” was to be done by %(due)s"),
}
OVERSEERS = HEADS | DIRECTORS | {Role.ACCOUNTANT}
ITEMS = (
    nav.NavItem(
        "budget",
        _("Budget"),
        "wallet",
        "reports:budget",
        nav.PLANS,
        OVERSEERS,
        phone=26,
        order=70,
        also=("reports:budget_detail",),
    ),
    nav.NavItem(
        "expenses",
        _("Expenses"),
        "receipt-2",
        "reports:expense_list",
        nav.PLANS,
        frozenset({*permissions.SPENDERS, *OVERSEERS}),
        phone=27,
        order=71,
        also=("reports:expense_detail",),
    ),
    nav.NavItem(
        "savings",
        _("Cost-reduction measures"),
        "pig-money",
        "reports:saving_list",
        nav.PLANS,
        frozenset({*permissions.SPENDERS, *OVERSEERS}),
        phone=28,
        order=72,
        also=("reports:saving_detail",),
    ),
)


def expense_marks(contacts: Sequence[ContactLog], user: User) -> dict[int, list[Mark]]:
    """What was spent on these contacts, as far as the person sees it: one query."""
    if not permissions.can_see_expenses(user):
        return {}
    rows = Expense.objects.visible_to(user).filter(contact__in=[one.pk for one in contacts])
    found: dict[int, list[Mark]] = {}
    for row in rows.exclude(state="withdrawn").order_by("pk"):
        label = f"{format_money(row.amount)} · {row.get_state_display()}"
        tone = TONES.get(row.state, "neutral")
        mark = Mark(label, row.get_absolute_url(), "receipt-2", tone)
        assert row.contact_id is not None
        found.setdefault(row.contact_id, []).append(mark)
    return found


def expense_form(contact: ContactLog) -> str:
    """The form of an expense of this contact."""
    return f"{reverse('reports:expense_create')}?contact={contact.pk}"


def register_costs() -> None:
    """Called once."""
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    register_cost_policy()
    register_expense_limits()
    register_cost_approvals()
    register_budget_book()
    seeds.register("items of the budget", seed_budget_items)
    register_owner(KIND, Expense, kind=AttachmentKind.PRIMARY, may_add=permissions.can_add_receipt)
    register_expense_reasons()
    _on_the_card()
    for item in ITEMS:
        nav.register(item)
    nav.register_counter("expenses", Expense.objects.waiting_for)
    nav.register_create(
        nav.CreateItem(
            "expense",
            _("Expense"),
            "receipt-2",
            "reports:expense_create",
            permissions.SPENDERS,
            dialog=True,
        )
    )
    periodic.register(
        "cost_measure_deadlines",
        due=periodic.daily(8, 45),
        run=tell_of_late_savings,
        label=_("Notify of cost-reduction measures that are late"),
    )


def _on_the_card() -> None:
    """What contacts of the timeline show, and the tab of the client."""
    contact_extras.register(
        Extra(
            KIND,
            _("Expense"),
            "receipt-2",
            marks=expense_marks,
            may_add=permissions.can_log_expense,
            form=expense_form,
        )
    )
    register_tab(
        TabOfLaterApp(
            "expenses",
            _("Expenses"),
            "receipt-2",
            "reports:client_expenses",
            permissions.can_see_expenses,
            order=57,
            group=card_tabs.MONEY,
        )
    )
