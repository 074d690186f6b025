"""What correspondence declares when the app is ready: settings, the clock, words, tabs."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients import permissions
from clients.actions import letter_alerts
from clients.actions.letters import ASSIGNED, absent, close_replied, follow_handover
from clients.actions.mail import BROKEN
from clients.guards import letters_of_person
from clients.hooks import register_handover_follower
from clients.letters.letter_mail import LETTER, letter_of
from clients.models import Correspondence
from clients.next_steps.letters import register_letter_reasons
from clients.pages.card_tabs import TabOfLaterApp, register_tab
from clients.policy.letters import register_letter_policy
from crm.accounts import hooks
from crm.accounts.models import SALES, Role, User
from crm.files.models import AttachmentKind
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic

VERBS = {
    "letter.registered": _("Letter registered"),
    "letter.filed": _("Letter filed under its client"),
    "letter.assigned": _("Assignee of the letter named"),
    "letter.handed_over": _("Letter went to the new manager"),
    "letter.taken": _("Work on the letter started"),
    "letter.reply_begun": _("Answer started"),
    "letter.replied": _("Letter answered"),
    "letter.no_reply": _("No answer to the letter is needed"),
    "letter.closed": _("Letter closed"),
    "letter.reopened": _("Letter opened again"),
    "letter.draft_begun": _("Letter started"),
    "letter.draft_changed": _("Draft of the letter changed"),
    "letter.sent": _("Letter sent"),
}
TITLES = {
    ASSIGNED: _("A letter to answer by %(day)s, %(client)s: %(letter)s"),
    letter_alerts.SOON: _("Letters to answer by the next working day: %(count)s. %(which)s"),
    letter_alerts.LATE: _("Letters not answered on time: %(count)s. %(which)s"),
    letter_alerts.LATE_OF_OTHERS: _(
        "Your people have not answered letters on time: %(count)s. %(which)s"
    ),
    BROKEN: _("The mailbox cannot be read: %(error)s"),
    letter_alerts.NOBODYS: _("Letters without an assignee: %(count)s. %(which)s"),
}


def correspondence_deadlines(*, today: date) -> int:
    """Daily 08:50: terms of answers; a day gone by alerts nobody, answered letters are closed."""
    closed = close_replied(today=today)
    told = letter_alerts.alert_deadlines(today=today) if today >= timezone.localdate() else 0
    return closed + told


def register_letters() -> None:
    """Called once when the app is ready."""
    register_letter_policy()
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    kinds.register_letter(LETTER, letter_of)
    register_handover_follower(follow_handover)
    hooks.register_dismissal_guard(letters_of_person)
    register_letter_reasons()
    periodic.register(
        "correspondence_deadlines",
        due=periodic.daily(8, 50),
        run=correspondence_deadlines,
        label=_("Notify of letters to be answered"),
    )
    register_owner(
        "letter",
        Correspondence,
        kind=AttachmentKind.LETTER,
        may_add=permissions.can_add_letter_files,
        acting_for=lambda letter, user: absent(user, letter.client),
    )
    _navigation()


def _navigation() -> None:
    """The line of the rail with what waits, the `+` menu, the tab of the card."""
    also = ("clients:letter_detail",)
    nav.register(
        nav.NavItem(
            "letters",
            _("Correspondence"),
            "mail",
            "clients:letter_list",
            nav.CLIENTS,
            nav.SEES_MONEY,
            phone=36,
            order=4,
            also=also,
        )
    )
    nav.register_create(
        nav.CreateItem(
            "letter",
            _("Letter"),
            "mail-plus",
            "clients:letter_register",
            SALES | {Role.DIRECTOR},
            dialog=True,
        )
    )
    nav.register_counter("letters", count_waiting)
    register_tab(
        TabOfLaterApp(
            "letters",
            _("Letters"),
            "mail",
            "clients:letters_tab",
            permissions.can_see_letters,
            order=48,
        )
    )


def count_waiting(user: User) -> int:
    """Letters that the person is to answer."""
    if not permissions.can_see_letters(user):
        return 0
    count: int = Correspondence.objects.visible_to(user).open().of_executor(user).count()
    return count
