"""How each figure is counted, in words, with the norms in force."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clients.contacting.norms import contact_norms
from crm.work.registry import setting


@dataclass(frozen=True)
class How:
    """A title, sentences and the formula."""

    title: str
    paragraphs: list[str]
    formula: str = ""


def explanation(code: str) -> How | None:
    """The explanation of a figure; None for an unknown code."""
    maker: Any = _EXPLANATIONS.get(code)
    return maker() if maker else None


def _compliance() -> How:
    return How(
        _("Contact plan done"),
        [
            _("Credited contacts of the month divided by planned ones."),
            _(
                "A client's contacts are credited up to its plan: twelve calls to one client do"
                " not replace calls to the others. Contacts without an answer do not count."
            ),
            _("Percentages of units are counted from sums, never averaged."),
        ],
        _("Σ min(done, planned) ÷ Σ planned × 100"),
    )


def _coverage() -> How:
    return How(
        _("Coverage of the contact plan by week"),
        [
            _(
                "Contacts done in the week (the client was reached) divided by the week's share"
                " of the month's plan."
            ),
            _("The plan is spread over the month evenly by working days."),
            _("The last column is the month's compliance with the plan."),
        ],
        _("done in the week ÷ (plan × working days of the week ÷ working days of the month) × 100"),
    )


def _silence() -> How:
    norms = contact_norms()
    limits = "; ".join(
        _("%(category)s: %(days)s days") % {"category": key, "days": norms[key].silence_days}
        for key in ("A", "B", "C")
    )
    return How(
        _("Silent clients"),
        [
            _(
                "Clients whose last contact, or the day the manager took them, lies further back"
                " than the norm of their category allows, in calendar days."
            ),
            _("The norms in force: %(limits)s.") % {"limits": limits},
        ],
    )


def _reserve() -> How:
    return How(
        _("Reserve for doubtful debts"),
        [
            _(
                "For information: debts overdue for 45 to 90 calendar days count by half, those"
                " overdue for longer in full (Tax Code, article 266). Every invoice is rounded to"
                " kopecks."
            ),
        ],
        _("Σ open (45–90 d.) × 50 % + Σ open (over 90 d.)"),
    )


def _dso() -> How:
    return How(
        _("DSO of 90 days"),
        [
            _(
                "How many days of shipments are not paid for: receivables at the end of the day"
                " divided by the net shipments of the last 90 days."
            ),
            _("The report DSO counts a period by the average of opening and closing receivables."),
        ],
        _("receivables ÷ net shipments of 90 days × 90"),
    )


def _debt_share() -> How:
    return How(
        _("Debt to the shipments of the month"),
        [
            _(
                "Receivables at the end of the last full month divided by its net shipments, VAT"
                " included. Advances are not netted; money given back beyond what the client had"
                " free is owed again."
            ),
            _(
                "A debt belongs to who was responsible for the client on the last day, "
                "shipments to who was responsible on the day of the document, as in “Plan vs "
                "actual”; an imported invoice without its shipment counts as one. The curve "
                "shows closed months as the closing kept them."
            ),
            _("The norm in force: %(norm)s %%; a department may have its own.")
            % {"norm": setting("receivables.norm_percent")},
        ],
        _("receivables ÷ net shipments × 100; excess = receivables − norm × net shipments"),
    )


def _month_debt() -> How:
    return How(
        _("Debt and overdue"),
        [
            _(
                "What is open on invoices at the end of the month, in the running month now. "
                "Overdue is what was due before that day. Advances are not netted. By who is "
                "responsible for the client today."
            ),
            _compared(),
        ],
    )


def _compared() -> str:
    return _(
        "The running month is compared with the month before it up to the same working "
        "day, a past month with the whole month before it."
    )


def _plan_fact() -> How:
    return How(
        _("Plan vs actual"),
        [
            _(
                "Shipments are posted sales less returns with VAT by the day of posting; receipts"
                " are clients' money less refunds by the day of the bank; a client is active with"
                " one sale in the month that stands; contacts are those that reached the client."
            ),
            _(
                "Each document counts for the manager who was responsible for the client on "
                "its day, and for the unit of that manager on the last day of the month. The "
                "number leads to the documents."
            ),
            _(
                "Percentages come from sums and are never averaged; a plan of zero has none. "
                "Actual figures of months for which the department has no plan in force are "
                "shown and held against none. The colour is that of the forecast, of the "
                "actual figure once the month is over: green from %(good)s %%, yellow from "
                "%(fair)s %%."
            )
            % {
                "good": setting("plan_fact.good_percent"),
                "fair": setting("plan_fact.fair_percent"),
            },
            _(
                "Figures are counted every hour from what has changed, open months again each "
                "night. A closed month keeps its figures; what came later stands beside them."
            ),
        ],
        _(
            "actual ÷ plan × 100; forecast = actual ÷ working days elapsed × working days "
            "of the month"
        ),
    )


def _active_base() -> How:
    return How(
        _("KPI 3: active base"),
        [
            _(
                "Clients with a sale that stands within the last %(months)s months, this one "
                "included, by who is responsible for them on the last day of the month; "
                "category A is the category of that day."
            )
            % {"months": setting("receivables.active_base_months")},
            _("The change is to the base at the end of the month before the period."),
        ],
        _("growth = base − base before; growth ÷ base before × 100"),
    )


def _target_tasks() -> How:
    return How(
        _("KPI 4: target tasks"),
        [
            _(
                "Completion of each task of the month is its actual ÷ plan × 100, a hundred at "
                "most."
            ),
            _(
                "The owner reports the actual figure with its evidence, or it is calculated "
                "automatically: the registration sheets handed in or approved by the day of "
                "the task, in per cent of those due, for a manager by client, for a head by "
                "the whole unit."
            ),
            _("The change is in percentage points to the month before."),
        ],
        _("Σ weight × completion ÷ Σ weight"),
    )


def _budget() -> How:
    return How(
        _("Execution of the budget"),
        [
            _("The plan is what the budgets that hold say of whole months."),
            _(
                "Actual is what was paid, by the day on which it was spent; what is approved "
                "and not paid yet stands beside it. The number leads to the expenses."
            ),
            _(
                "Percentages come from sums; a plan of zero has none. Red: more than planned; "
                "yellow: from %(warn)s %% of the plan, or above it with what is approved."
            )
            % {"warn": setting("budget.warn_percent")},
        ],
        _("execution = actual ÷ plan × 100; over = actual − plan"),
    )


_EXPLANATIONS = {
    "budget": _budget,
    "active_base": _active_base,
    "target_tasks": _target_tasks,
    "plan_fact": _plan_fact,
    "compliance": _compliance,
    "coverage": _coverage,
    "silence": _silence,
    "reserve": _reserve,
    "dso": _dso,
    "debt_share": _debt_share,
    "month_debt": _month_debt,
}
