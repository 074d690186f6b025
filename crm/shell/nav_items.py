"""The lines that exist from the start; later apps register theirs the same way."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import DIRECTORS, HEADS, SALES, Role
from crm.shell.nav import (
    CLIENTS,
    COMPANY,
    EVERYBODY,
    LOGS_CONTACTS,
    SEES_CLIENTS,
    SETUP,
    WORK,
    CreateItem,
    NavItem,
    register,
    register_create,
)

ADMIN = frozenset({Role.ADMIN})
CHIEFS = HEADS | DIRECTORS

ITEMS = [
    NavItem("my_day", _("My day"), "sun", "reports:my_day", WORK, SALES, phone=1, order=1),
    NavItem(
        "department",
        _("Department"),
        "chart-bar",
        "reports:department",
        WORK,
        CHIEFS,
        phone=2,
        order=2,
    ),
    NavItem(
        "decisions",
        _("Decisions"),
        "checkbox",
        "approvals:inbox",
        WORK,
        EVERYBODY - ADMIN,
        phone=4,
        order=3,
    ),
    NavItem(
        "clients",
        _("Clients"),
        "building-store",
        "clients:list",
        CLIENTS,
        SEES_CLIENTS,
        3,
        1,
        also=("deals:document_detail",),
    ),
    NavItem(
        "contacts",
        _("Contacts"),
        "phone",
        "clients:contact_list",
        CLIENTS,
        LOGS_CONTACTS,
        5,
        2,
        query="state=done",
    ),
    NavItem(
        "contact_plan",
        _("Contact plan"),
        "calendar-check",
        "clients:plan_list",
        CLIENTS,
        SALES | DIRECTORS,
        phone=6,
        order=3,
    ),
    NavItem(
        "schemes",
        _("Approach schemes"),
        "route",
        "clients:scheme_list",
        CLIENTS,
        SALES | DIRECTORS,
        phone=20,
        order=4,
    ),
    NavItem(
        "people",
        _("People"),
        "users",
        "accounts:user_list",
        COMPANY,
        CHIEFS | ADMIN,
        phone=10,
        order=1,
    ),
    NavItem(
        "units",
        _("Units"),
        "sitemap",
        "accounts:unit_list",
        COMPANY,
        CHIEFS | ADMIN,
        phone=11,
        order=2,
        short=_("Structure"),
    ),
    NavItem(
        "absences",
        _("Absences"),
        "beach",
        "accounts:delegation_list",
        COMPANY,
        EVERYBODY,
        phone=12,
        order=3,
    ),
    NavItem(
        "imports",
        _("Imports"),
        "file-import",
        "imports:list",
        SETUP,
        ADMIN | {Role.DEPARTMENT_HEAD, Role.ACCOUNTANT},
        phone=14,
        order=1,
    ),
    NavItem(
        "settings",
        _("Settings"),
        "adjustments",
        "work:setting_list",
        SETUP,
        DIRECTORS | ADMIN | {Role.DEPARTMENT_HEAD},
        phone=13,
        order=2,
    ),
    NavItem(
        "calendar",
        _("Calendar"),
        "calendar-event",
        "work:calendar",
        SETUP,
        EVERYBODY,
        phone=15,
        order=3,
    ),
    NavItem(
        "dictionaries",
        _("Dictionaries"),
        "list-details",
        "clients:dictionary_list",
        SETUP,
        HEADS | ADMIN,
        phone=21,
        order=4,
    ),
    NavItem(
        "journal",
        _("Access journal"),
        "eye-check",
        "accounts:access_list",
        SETUP,
        DIRECTORS | ADMIN,
        phone=29,
        order=8,
    ),
    NavItem(
        "periodic",
        _("Scheduled jobs"),
        "clock-play",
        "work:periodic_list",
        SETUP,
        ADMIN,
        phone=30,
        order=9,
    ),
]

CREATE_ITEMS = [
    CreateItem(
        "contact",
        _("Log contact"),
        "phone-plus",
        "clients:composer",
        LOGS_CONTACTS,
        dialog=True,
        shortcut="KeyC",
    ),
    CreateItem("client", _("New client"), "building-plus", "clients:create", SALES),
    CreateItem("absence", _("Absence"), "beach", "accounts:delegation_create", EVERYBODY),
    CreateItem(
        "import",
        _("Import a file"),
        "file-import",
        "imports:upload",
        ADMIN | {Role.DEPARTMENT_HEAD, Role.ACCOUNTANT},
    ),
    CreateItem("person", _("New person"), "user-plus", "accounts:user_create", ADMIN),
]


def register_all() -> None:
    """Called once when the shell is ready."""
    for item in ITEMS:
        register(item)
    for create in CREATE_ITEMS:
        register_create(create)
