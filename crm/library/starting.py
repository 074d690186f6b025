"""What the library declares to the shared mechanisms when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.assignments.registry import register_subject
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.library import permissions
from crm.library.models import DocumentVersion, PolicyDocument
from crm.library.pages import count_waiting
from crm.library.policy import register_library_policy
from crm.library.seeds.capabilities import seed_capabilities
from crm.library.telling import TITLES, remind_of_waiting
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic
from crm.work import seeds as seeding

ITEM = nav.NavItem(
    "library",
    _("Library"),
    "books",
    "library:list",
    nav.COMPANY,
    nav.EVERYBODY,
    phone=22,
    order=5,
    query="step=standing",
    also=("library:detail", "library:version", "library:edit", "library:create"),
)
MAP = nav.NavItem(
    "capabilities",
    _("Capabilities and screens"),
    "map-2",
    "library:capability_list",
    nav.SETUP,
    frozenset({Role.ADMIN}),
    phone=31,
    order=7,
)
VERBS = {
    "library.written": _("wrote the document"),
    "library.published": _("published the version"),
    "library.discarded": _("threw the draft away"),
    "library.withdrawn": _("withdrew the document"),
    "library.acknowledged": _("acknowledged the document"),
    "library.imported": _("read job descriptions of a file"),
    "library.linked": _("said what serves the duty"),
    "library.mapped": _("changed the screens of the capability"),
    "library.seeded": _("set up the library"),
}


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    name_verbs(VERBS)
    register_library_policy()
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    register_subject("policy_document", PolicyDocument, label=_("Document of the library"))
    register_owner("policy_version", DocumentVersion, may_add=permissions.can_add_file)
    seeding.register("capabilities of the product", seed_capabilities)
    nav.register(ITEM)
    nav.register(MAP)
    nav.register_counter("library", count_waiting)
    periodic.register(
        "remind_of_documents",
        due=periodic.daily(8, 20),
        run=remind_of_waiting,
        label=_("Notify and remind people of documents to be acknowledged"),
    )
