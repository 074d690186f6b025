"""Policy of personal data: terms of answers and how long data without a purpose is kept (D.13)."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Group

SUBJECTS = Group(_("Personal data"), (Role.ADMIN, Role.DIRECTOR))
WORKING, CALENDAR = _("working days"), _("calendar days")


def register_subject_policy() -> None:
    """Declare the settings."""
    whole = SUBJECTS.whole
    whole("subjects.access_days", 10, 1, 60, _("What is stored is told within"), WORKING)
    whole("subjects.rectify_days", 7, 1, 60, _("Data is corrected within"), WORKING)
    whole("subjects.block_days", 10, 1, 60, _("Processing is stopped within"), WORKING)
    whole("subjects.destroy_days", 10, 1, 60, _("A demand to destroy is answered within"), WORKING)
    whole(
        "subjects.withdraw_days",
        30,
        1,
        90,
        _("After a withdrawn consent data is destroyed within"),
        CALENDAR,
    )
    whole("subjects.extend_days", 5, 0, 30, _("A term may be extended by"), WORKING)
    whole("subjects.soon_days", 2, 0, 30, _("A request is recalled before its day by"), WORKING)
    whole(
        "subjects.former_months",
        12,
        1,
        120,
        _("People who have left a client are kept for"),
        _("months"),
    )
    whole(
        "subjects.archived_months",
        36,
        1,
        240,
        _("People of clients in the archive are kept for"),
        _("months"),
    )
    whole("subjects.act_years", 3, 3, 30, _("An act of destruction is kept for"), _("years"))
