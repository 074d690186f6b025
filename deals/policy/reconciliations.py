"""Policy of reconciliations: terms in days, alerts, links, comparing (D.3, D.11)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.errors import RuleViolation
from crm.work.registry import Kind, register

RECONCILIATIONS = _("Reconciliations")
CHANGED_BY = (Role.ADMIN, Role.DIRECTOR)
WHOLE = (
    ("send_days", 5, 1, 60, _("An act is sent after its day within"), _("working days")),
    ("sign_days", 10, 1, 90, _("A signed act comes back within"), _("working days")),
    (
        "approve_day",
        25,
        1,
        28,
        _("The schedule is approved by this day of the month before the half-year"),
        _("day of the month"),
    ),
    ("link_days", 30, 1, 365, _("A personal link to an act is valid"), _("calendar days")),
    (
        "overdue_days",
        30,
        1,
        365,
        _("An emergency reconciliation is proposed for debts overdue more than"),
        _("calendar days"),
    ),
    (
        "match_days",
        5,
        0,
        60,
        _("Lines of a client's statement may differ in date by"),
        _("calendar days"),
    ),
    (
        "resolve_days",
        10,
        1,
        90,
        _("A difference is cleared up within"),
        _("working days"),
    ),
    ("batch_most", 2000, 1, 20_000, _("Acts are formed at once at most"), _("acts")),
    ("my_day_days", 5, 0, 60, _("An act comes to My day before its last day"), _("working days")),
)


def steps_of(text: Any) -> tuple[int, ...]:
    """Falling whole numbers of working days; RuleViolation for anything else."""
    parts = [part.strip() for part in str(text).split(",")]
    if not parts or not all(part.isdigit() and len(part) < 3 for part in parts):
        raise RuleViolation(str(_("Whole numbers by comma.")))
    steps = tuple(int(part) for part in parts)
    if list(steps) != sorted(set(steps), reverse=True):
        raise RuleViolation(str(_("Each number smaller than the one before it.")))
    return steps


def register_reconciliation_policy() -> None:
    """Declare the settings of reconciliations; how often is a term of the category."""
    for name, default, least, most, label, unit in WHOLE:
        register(
            f"reconciliation.{name}",
            kind=Kind.INT,
            default=default,
            minimum=least,
            maximum=most,
            label=label,
            unit=unit,
            group=RECONCILIATIONS,
            changed_by=CHANGED_BY,
        )
    register(
        "reconciliation.alerts",
        kind=Kind.TEXT,
        default="5, 3, 0",
        label=_("Acts to be sent or signed are announced before their last day"),
        help=_("Falling whole numbers by comma."),
        unit=_("working days"),
        check=steps_of,
        group=RECONCILIATIONS,
        changed_by=CHANGED_BY,
    )
