"""Policy numbers of the client base: rows of the settings registry (D.4, S1.8, S2B.III.15)."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.work.registry import Group, Kind

CONTACTS = Group(_("Contacts"), changed_by=(Role.ADMIN, Role.DIRECTOR, Role.DEPARTMENT_HEAD))

# Norm: what it is called, contacts a month, visits among them, silence in calendar days (D.4).
NORMS: dict[str, tuple[str | Promise, int, int, int]] = {
    "A": (_("category A"), 8, 2, 7),
    "B": (_("category B"), 4, 1, 14),
    "C": (_("category C"), 2, 0, 30),
    "trading_hall": (_("trading hall"), 0, 0, 90),
    "new": (_("no category yet"), 0, 0, 14),
}


def register_contact_policy() -> None:
    """Declare the norms and terms of contacts."""
    for key, (who, contacts, visits, silence) in NORMS.items():
        label = format_lazy("{} — {}", _("Contacts a month"), who)
        CONTACTS.whole(f"contacts.norm.{key}", contacts, 0, 60, label)
        label = format_lazy("{} — {}", _("Visits among the contacts of a month"), who)
        CONTACTS.whole(f"contacts.visits.{key}", visits, 0, 60, label)
        label = format_lazy("{} — {}", _("Longest silence"), who)
        CONTACTS.whole(
            f"contacts.silence_days.{key}", silence, 1, 365, label, unit=_("calendar days")
        )
    _register_terms()
    CONTACTS.register(
        "contacts.plan_owner_may_edit",
        kind=Kind.BOOL,
        default=False,
        label=_("The manager may change the planned number of contacts"),
    )


def _register_terms() -> None:
    label = _("Next contact where the category has no norm")
    CONTACTS.whole("contacts.default_next_days", 5, 1, 60, label, unit=_("working days"))
    label = _("How long the author may correct a contact")
    later = _("Later only the department head corrects it.")
    CONTACTS.whole("contacts.edit_hours", 24, 0, 240, label, unit=_("hours"), help=later)
    label = _("How long a logged contact can be undone")
    CONTACTS.whole("contacts.undo_minutes", 10, 1, 120, label, unit=_("minutes"))
    label = _("My day: a client is put off for at most")
    CONTACTS.whole("contacts.snooze_days", 31, 1, 365, label, unit=_("calendar days"))
    label = _("When the contact plan of the next month is made")
    CONTACTS.whole("contacts.plan_day", 25, 1, 28, label, unit=_("day of the month"))
    CONTACTS.whole("contacts.good_percent", 90, 1, 100, _("Contact plan: good from"), unit="%")
    CONTACTS.whole("contacts.poor_percent", 70, 0, 100, _("Contact plan: poor below"), unit="%")
