"""Policy of work items and meetings: usual terms in days."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group

WORK = Group(_("Assignments and meetings"))
WORKING = _("working days")


def register_work_policy() -> None:
    """Declare the settings."""
    WORK.whole("work.answer_days", 3, 1, 60, _("An answer is asked for within"), WORKING)
    WORK.whole("work.due_days", 5, 1, 250, _("Work is due within"), WORKING)
    WORK.whole("work.remind_days", 1, 0, 30, _("Work is reminded of before its day"), WORKING)
    label = _("What was solved stays on the board for")
    WORK.whole("work.board_days", 30, 0, 365, label, _("calendar days"))
    WORK.whole(
        "work.stale_days",
        3,
        0,
        250,
        _("A request counts as unanswered when it has waited for"),
        WORKING,
    )
