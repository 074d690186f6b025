"""Policy of surveys: what counts as dissatisfied, how often and how many people are asked."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group

SURVEYS = Group(_("Surveys"))
WHOLE = (
    ("low_score", 2, 1, 4, _("A score up to this one is reported to the manager"), _("of 5")),
    (
        "low_nps",
        6,
        0,
        8,
        _("Would recommend: a score up to this one is reported to the manager"),
        _("of 10"),
    ),
    ("pause_days", 60, 0, 730, _("A person is not asked again within"), _("calendar days")),
    ("most", 2000, 1, 20_000, _("People asked by one survey, at most"), ""),
    (
        "remind_days",
        5,
        0,
        180,
        _("Who has not answered is reminded once after; 0: never"),
        _("calendar days"),
    ),
    ("term_days", 14, 1, 180, _("Answers are awaited for"), _("calendar days")),
)


def register_survey_policy() -> None:
    """Declare them."""
    for name, default, least, most, label, unit in WHOLE:
        SURVEYS.whole(f"surveys.{name}", default, least, most, label, unit)
