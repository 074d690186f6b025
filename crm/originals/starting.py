"""What the register of originals declares to the shared mechanisms when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.hooks import register_dismissal_guard
from crm.files.policy import FILES
from crm.history import name_verbs
from crm.notices import kinds
from crm.originals.actions import remind_of_originals
from crm.originals.guards import originals_of_person
from crm.shell import nav
from crm.work import periodic

ITEM = nav.NavItem(
    "originals",
    _("Issued documents"),
    "file-export",
    "originals:list",
    nav.COMPANY,
    nav.EVERYBODY,
    phone=61,
    order=40,
)


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    name_verbs(
        {
            "original.issued": _("gave out"),
            "original.prolonged": _("moved the return"),
            "original.returned": _("took back"),
        }
    )
    _settings()
    kinds.register("original.due", title=_("To be returned by %(day)s: %(item)s (%(holder)s)"))
    periodic.register(
        "originals_due",
        due=periodic.daily(8, 50),
        run=remind_of_originals,
        label=_("Remind of originals to be returned"),
    )
    register_dismissal_guard(originals_of_person)
    nav.register(ITEM)


def _settings() -> None:
    FILES.whole(
        "originals.days", 14, 1, 3650, _("Originals are given out for"), unit=_("calendar days")
    )
    FILES.whole(
        "originals.remind_days",
        7,
        1,
        365,
        _("Overdue originals are reminded of every"),
        unit=_("calendar days"),
    )
