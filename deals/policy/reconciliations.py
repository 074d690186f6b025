"""Policy of reconciliations: terms in days, alerts, links, comparing (D.3, D.11)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.errors import RuleViolation
from crm.work.registry import Group, Kind

RECONCILIATIONS = Group(_("Reconciliations"))
CALENDAR, WORKING = _("calendar days"), _("working days")
WHOLE = (
    ("send_days", 5, 1, 60, _("An act is sent after its day within"), WORKING),
    ("sign_days", 10, 1, 90, _("A signed act comes back within"), WORKING),
    (
        "approve_day",
        25,
        1,
        28,
        _("The schedule is approved by this day of the month before the half-year"),
        _("day of the month"),
    ),
    ("link_days", 30, 1, 365, _("A personal link to an act is valid"), CALENDAR),
    (
        "overdue_days",
        30,
        1,
        365,
        _("An emergency reconciliation is proposed for debts overdue more than"),
        CALENDAR,
    ),
    ("match_days", 5, 0, 60, _("Lines of a client's statement may differ in date by"), CALENDAR),
    ("resolve_days", 10, 1, 90, _("A difference is cleared up within"), WORKING),
    (
        "recognise_days",
        10,
        0,
        365,
        _("An emergency reconciliation is proposed where a payment was recognised later than"),
        CALENDAR,
    ),
    (
        "propose_days",
        60,
        1,
        365,
        _("Ended contracts and late payments are reasons for an emergency reconciliation for"),
        CALENDAR,
    ),
    (
        "late_days",
        3,
        0,
        60,
        _("A late reconciliation is reported to the head above after"),
        WORKING,
    ),
    ("my_day_days", 5, 0, 60, _("An act comes to My day before its last day"), WORKING),
    ("link_files", 10, 1, 100, _("Files that one personal link takes"), ""),
    ("batch_most", 2000, 1, 20_000, _("Acts are formed at once at most"), _("acts")),
)


def steps_of(text: Any) -> tuple[int, ...]:
    """Falling whole numbers of working days; RuleViolation for anything else."""
    parts = [part.strip() for part in str(text).split(",")]
    if not parts or not all(part.isdigit() and len(part) < 3 for part in parts):
        raise RuleViolation(str(_("Whole numbers separated by commas.")))
    steps = tuple(int(part) for part in parts)
    if list(steps) != sorted(set(steps), reverse=True):
        raise RuleViolation(str(_("Each number smaller than the one before it.")))
    return steps


def register_reconciliation_policy() -> None:
    """Declare the settings of reconciliations; how often is a term of the category."""
    for name, default, least, most, label, unit in WHOLE:
        RECONCILIATIONS.whole(f"reconciliation.{name}", default, least, most, label, unit)
    RECONCILIATIONS.register(
        "reconciliation.link_closes",
        kind=Kind.BOOL,
        default=False,
        label=_("An act agreed via its link is closed at once"),
        help=_(
            "As signed by a person without authority: limitation goes on. Otherwise the manager"
            " notes the signed copy."
        ),
    )
    RECONCILIATIONS.register(
        "reconciliation.alerts",
        kind=Kind.TEXT,
        default="5, 3, 0",
        label=_("Acts to be sent or signed are announced before their last day"),
        help=_("Decreasing whole numbers separated by commas."),
        unit=WORKING,
        check=steps_of,
    )
    RECONCILIATIONS.register(
        "reconciliation.on_handover",
        kind=Kind.BOOL,
        default=True,
        label=_("Handing a client over asks for an emergency reconciliation"),
        help=_("As of the last day of the former manager, where there were settlements."),
    )
