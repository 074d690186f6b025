"""What personal data declares when the app is ready: settings, the clock, words, the rail."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.actions import destruction, subjects
from clients.models import SubjectRequest
from clients.permissions.subjects import READERS, can_see_subjects
from clients.personal_data.masking_sql import FUNCTIONS
from clients.policy.subjects import register_subject_policy
from crm import owner_functions
from crm.accounts.models import User
from crm.history import name_verbs
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic

VERBS = {
    "subject.registered": _("Request about personal data registered"),
    "subject.answered": _("Request about personal data answered"),
    "subject.refused": _("Request about personal data rejected"),
    "subject.extended": _("Term of the request extended"),
    "destruction.proposed": _("Destruction of personal data proposed"),
    "destruction.approved": _("Destruction of personal data approved"),
    "destruction.declined": _("Destruction of personal data declined"),
    "destruction.done": _("Personal data destroyed"),
}
TITLES = {
    subjects.SOON: _("Request about personal data %(number)s: answer by %(day)s"),
    subjects.LATE: _("Request about personal data %(number)s is late: its day was %(day)s"),
    destruction.PROPOSED: _("Decide on the destruction of personal data, act %(number)s"),
    destruction.DONE: _("Personal data destroyed, act %(number)s"),
    destruction.CANDIDATES: _("Personal data has outlived its term: contact no. %(person)s"),
}


def count_open(user: User) -> int:
    """Requests that wait for an answer."""
    if not can_see_subjects(user):
        return 0
    count: int = SubjectRequest.objects.visible_to(user).open().count()
    return count


def register_subjects() -> None:
    """Called once when the app is ready."""
    register_subject_policy()
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    for name, sql in FUNCTIONS.items():
        owner_functions.register(name, sql)
    _clock()
    nav.register(
        nav.NavItem(
            "subjects",
            _("Personal data"),
            "shield-lock",
            "clients:subject_list",
            nav.CONTROL,
            READERS,
            phone=52,
            order=70,
            also=("clients:subject_", "clients:destruction_", "clients:retention_list"),
        )
    )
    nav.register_counter("subjects", count_open)


def _clock() -> None:
    periodic.register(
        "subject_deadlines",
        due=periodic.daily(8, 50),
        run=lambda *, today: (
            subjects.remind_of_requests(today=today) if today >= timezone.localdate() else 0
        ),
        label=_("Remind of requests about personal data"),
    )
    periodic.register(
        "destroy_personal_data",
        due=periodic.every(5),
        run=destruction.carry_out_acts,
        label=_("Destroy personal data by approved acts"),
    )
    periodic.register(
        "pd_retention",
        due=periodic.weekly(0, 7, 20),
        run=destruction.tell_candidates,
        label=_("Tell of personal data that has outlived its term"),
    )
