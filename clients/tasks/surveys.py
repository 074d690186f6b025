"""What surveys declare when the app is ready: settings, the clock, words, the rail."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.actions.survey_answers import LOW
from clients.actions.surveys import close_surveys, remind_silent
from clients.next_steps.surveys import register_survey_reasons
from clients.policy.surveys import register_survey_policy
from clients.surveys.survey_mail import LETTER, REMINDER, letter_of, reminder_of
from crm.accounts.models import DIRECTORS, SALES
from crm.history import name_verbs
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic

VERBS = {
    "survey.created": _("Survey drawn up"),
    "survey.changed": _("Draft of the survey changed"),
    "survey.started": _("Survey sent out"),
    "survey.asked_more": _("Further people asked"),
    "survey.closed": _("Survey closed"),
    "survey.answered": _("Survey answered"),
    "survey.handled": _("Low survey score dealt with"),
    "consent.given": _("Consent to mailings recorded"),
    "consent.withdrawn": _("Consent to mailings withdrawn"),
    "consent.withdrawn_by_link": _("Consent withdrawn by the person's link"),
}


def _remind(*, today: date) -> int:
    return remind_silent(now=timezone.now())


def register_surveys() -> None:
    """Called once when the app is ready."""
    register_survey_policy()
    name_verbs(VERBS)
    kinds.register(LOW, title=_("%(client)s is dissatisfied: %(marks)s"))
    kinds.register_letter(LETTER, letter_of)
    kinds.register_letter(REMINDER, reminder_of)
    register_survey_reasons()
    periodic.register(
        "close_surveys",
        due=periodic.daily(0, 25),
        run=close_surveys,
        label=_("Close surveys whose last day has passed"),
    )
    periodic.register(
        "remind_of_surveys",
        due=periodic.daily(10, 5),
        run=_remind,
        label=_("Remind those who have not answered a survey"),
    )
    nav.register(
        nav.NavItem(
            "surveys",
            _("Surveys"),
            "clipboard-list",
            "clients:survey_list",
            nav.CLIENTS,
            SALES | DIRECTORS,
            phone=51,
            order=6,
            also=("clients:survey_detail", "clients:survey_create", "clients:survey_edit"),
        )
    )
