"""What registration declares when the app is ready: settings, the clock, words, the rail."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from clients import permissions
from clients.actions.campaigns import close_campaigns
from clients.actions.sheet_reminders import remind_of_sheets
from clients.models import RegistrationSheet
from clients.next_steps.sheets import register_sheet_reasons
from clients.policy.registration import register_registration_policy
from clients.sheets.question_book import register_questions
from clients.sheets.question_seeds import seed_questions
from crm.accounts.models import DIRECTORS, SALES, User
from crm.history import name_verbs
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic, seeds

VERBS = {
    "campaign.created": _("Campaign drawn up"),
    "campaign.changed": _("Draft of the campaign changed"),
    "campaign.started": _("Campaign started"),
    "campaign.clients_added": _("Sheets of further clients made"),
    "campaign.deadline_moved": _("Last day of the campaign moved"),
    "campaign.closed": _("Campaign closed"),
    "sheet.filled": _("Sheet filled in"),
    "sheet.submitted": _("Sheet handed in"),
    "sheet.approved": _("Sheet approved"),
    "sheet.returned": _("Sheet returned"),
}
TITLES = {
    "campaign.started": _(
        "Fill in the registration sheets for %(year)s by %(day)s: %(count)s clients"
    ),
    "sheet.submitted": _("Registration sheets for %(year)s wait to be checked"),
    "sheet.approved": _("Registration sheet approved: %(client)s"),
    "sheet.category": _(
        "Registration sheet of %(client)s: by potential category %(to)s is due, ask for it"
    ),
    "sheet.returned": _("Registration sheet returned: %(client)s. %(reason)s"),
    "sheets.reminder": _(
        "Registration sheets for %(year)s to be filled in by %(day)s: %(left)s, overdue %(overdue)s"
    ),
    "sheets.progress": _(
        "Registration sheets for %(year)s: %(done)s collected, to be checked "
        "%(waiting)s, overdue %(overdue)s"
    ),
}
SHEETS = nav.NavItem(
    "sheets",
    _("Registration sheets"),
    "forms",
    "clients:sheet_list",
    nav.CLIENTS,
    SALES | DIRECTORS,
    phone=50,
    order=7,
    also=("clients:sheet_detail", "clients:campaign_list", "clients:campaign_detail"),
    short=_("Sheets"),
)


def registration_campaign_reminders(*, today: date) -> int:
    """Mondays 09:00 (C.6): once for a campaign and week."""
    return remind_of_sheets(today=today)


def count_sheets(user: User) -> int:
    """Sheets to be checked by a head; nothing for others, whose day names what is due."""
    if not permissions.can_decide_sheets(user):
        return 0
    return RegistrationSheet.objects.visible_to(user).counted().waiting().count()


def register_registration() -> None:
    """Called once when the app is ready."""
    register_registration_policy()
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    register_questions()
    seeds.register("registration questions", seed_questions)
    register_sheet_reasons()
    periodic.register(
        "registration_campaign_reminders",
        due=periodic.weekly(0, 9),
        run=registration_campaign_reminders,
        label=_("Remind of registration sheets"),
    )
    periodic.register(
        "close_registration_campaigns",
        due=periodic.daily(0, 35),
        run=close_campaigns,
        label=_("Close campaigns of registration sheets"),
    )
    nav.register(SHEETS)
    nav.register_counter("sheets", count_sheets)
