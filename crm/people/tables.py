"""Lists of people, substitutions and the access journal."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts import permissions
from crm.accounts.models import AccessEvent, Delegation, DelegationState, User
from crm.lists import Column, Kind, ListSpec
from crm.people.filters import AccessFilter, DelegationFilter, PeopleFilter
from crm.phones import format_phone
from crm.shell.templatetags.shell import status_chip

MAIL = '<a class="mail-link" href="mailto:{}">{}@<wbr>{}</a>'
TONES: dict[str, str] = {
    DelegationState.ACTIVE: "success",
    DelegationState.PLANNED: "info",
    DelegationState.ENDED: "neutral",
    DelegationState.REVOKED: "danger",
}


def state_of(person: User) -> tuple[str, str]:
    """Whether the person can sign in, in words, and the tone of the chip."""
    if person.dismissed_on:
        return _("Dismissed %(day)s") % {"day": f"{person.dismissed_on:%d.%m.%Y}"}, "neutral"
    if not person.is_active:
        return _("Deactivated"), "neutral"
    if person.must_change_password:
        return _("Temporary password"), "warning"
    return _("At work"), "success"


def state_chip(person: User) -> SafeString:
    """The state as a chip."""
    return status_chip(*state_of(person))


def phone_link(person: User) -> SafeString | str:
    """A number that a phone dials."""
    if not person.phone:
        return ""
    number = person.phone.replace(";ext=", ",")
    shown = format_phone(person.phone)
    return format_html('<a class="text-nowrap" href="tel:{}">{}</a>', number, shown)


def mail_link(person: User) -> SafeString | str:
    """An address that opens a letter."""
    if not person.email:
        return ""
    box, _at, domain = person.email.rpartition("@")
    return format_html(MAIL, person.email, box, domain)


PEOPLE = ListSpec(
    name="people",
    model=User,
    title=gettext_lazy("People"),
    columns=[
        Column("full_name", gettext_lazy("Full name"), link=True, sort="sort_key"),
        Column("role", gettext_lazy("Role"), sort="role", filter="role"),
        Column(
            "org_unit",
            gettext_lazy("Unit"),
            value="org_unit.name",
            sort="org_unit__sort_key",
            filter="org_unit",
        ),
        Column("position", gettext_lazy("Position"), sort="position"),
        Column(
            "phone",
            gettext_lazy("Phone"),
            render=phone_link,
            export=lambda person: format_phone(person.phone) if person.phone else "",
        ),
        Column("email", gettext_lazy("E-mail"), sort="email", render=mail_link),
        Column("username", gettext_lazy("Login"), sort="username"),
        Column(
            "state",
            gettext_lazy("State"),
            kind=Kind.TEXT,
            value=lambda person: state_of(person)[0],
            render=state_chip,
        ),
        Column("last_login", gettext_lazy("Last sign-in"), sort="last_login"),
        Column("hired_on", gettext_lazy("Hired on"), sort="hired_on"),
    ],
    default_sort="full_name",
    default_columns=[
        "full_name", "role", "org_unit", "position", "phone", "email", "state", "last_login",
    ],
    filters=PeopleFilter,
    search=lambda rows, text: rows.search(text),  # type: ignore[attr-defined]
    search_hint=gettext_lazy("Name, login, e-mail, position, phone"),
    row_url="accounts:user_detail",
    can_export=permissions.can_see_journal,
    page_template="accounts/user_list.html",
)  # fmt: skip

DELEGATIONS = ListSpec(
    name="substitutions",
    model=Delegation,
    title=gettext_lazy("Absences and substitutions"),
    columns=[
        Column(
            "owner",
            gettext_lazy("Absent person"),
            value="owner.short_name",
            link=True,
            sort="owner__sort_key",
            filter="owner",
        ),
        Column(
            "delegate",
            gettext_lazy("Substitute"),
            value="delegate.short_name",
            sort="delegate__sort_key",
            filter="delegate",
        ),
        Column("valid_from", gettext_lazy("First day"), sort="valid_from"),
        Column("valid_to", gettext_lazy("Last day"), sort="valid_to"),
        Column("reason", gettext_lazy("Reason"), sort="reason", filter="reason"),
        Column("covers_clients", gettext_lazy("Clients")),
        Column("covers_decisions", gettext_lazy("Approvals")),
        Column(
            "state",
            gettext_lazy("State"),
            sort="state",
            filter="state",
            render=lambda row: status_chip(row.get_state_display(), TONES[row.state]),
        ),
        Column("unit", gettext_lazy("Unit"), value="owner.org_unit.name"),
        Column("created_by", gettext_lazy("Entered by"), value="created_by.short_name"),
        Column("note", gettext_lazy("Note")),
    ],
    default_sort="-valid_from",
    default_columns=[
        "owner", "delegate", "valid_from", "valid_to", "reason", "covers_clients",
        "covers_decisions", "state",
    ],
    filters=DelegationFilter,
    row_url="accounts:delegation_detail",
    page_template="accounts/delegation_list.html",
)  # fmt: skip

JOURNAL = ListSpec(
    name="journal",
    model=AccessEvent,
    title=gettext_lazy("Access journal"),
    columns=[
        Column("at", gettext_lazy("When"), sort="at"),
        Column(
            "user",
            gettext_lazy("Person"),
            value="user.short_name",
            filter="user",
        ),
        Column("username", gettext_lazy("Login")),
        Column("kind", gettext_lazy("Event"), filter="kind"),
        Column("target", gettext_lazy("What")),
        Column("rows", gettext_lazy("Rows")),
        Column("ip", gettext_lazy("IP address")),
    ],
    default_sort="-at",
    filters=AccessFilter,
    search=lambda rows, text: rows.search(text),  # type: ignore[attr-defined]
    search_hint=gettext_lazy("Login, what was opened, IP address"),
    row_url=lambda row: row.user.get_absolute_url() if row.user else "",
    page_template="accounts/access_list.html",
)
