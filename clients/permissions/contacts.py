"""Rights on contacts, their plan, approach schemes and dictionaries (C.9, C.5 no. 5)."""

from datetime import datetime, timedelta

from clients.models import ApproachScheme, Client, ContactKind, ContactLog, ContactState
from crm.accounts.models import HEADS, SALES, Role, User
from crm.accounts.scope import scope_of
from crm.work.registry import setting

LOGGERS = HEADS | {Role.MANAGER, Role.DIRECTOR}
READERS = LOGGERS | {Role.GENERAL_DIRECTOR}


def works_with_clients(user: User) -> bool:
    """Managers, heads and directors, by their own role or as a substitute."""
    return user.is_active and (user.role in READERS or bool(scope_of(user).substituted_ids))


def can_open_composer(user: User) -> bool:
    """People who log contacts at all (C.9); of which client is `can_log_contact`."""
    if not user.is_active:
        return False
    return user.role in LOGGERS | {Role.MERCHANDISER} or bool(scope_of(user).substituted_ids)


def logs_contacts(user: User) -> bool:
    """Whether logging contacts belongs to the person's own role."""
    return user.is_active and user.role in LOGGERS


def can_log_contact(user: User, client: Client, *, kind: str = "") -> bool:
    """Own or substituted clients, the heads' subtree, the director; the merchandiser visits only.

    Assumes that the person sees the client (C.9: log contact).
    """
    if not user.is_active:
        return False
    scope = scope_of(user)
    if user.role == Role.DIRECTOR:
        return True
    if client.manager_id in scope.manager_ids or client.org_unit_id in scope.unit_ids:
        return True
    return user.role == Role.MERCHANDISER and kind == ContactKind.VISIT


def can_see_contacts(user: User) -> bool:
    """Everybody who sees whole client cards; marketing and logistics see limited fields (C.9)."""
    return user.is_active and not scope_of(user).limited_fields


def can_edit_contact(user: User, contact: ContactLog, now: datetime) -> bool:
    """The author within `contacts.edit_hours` of writing it down, later the department head."""
    if contact.state != ContactState.DONE:
        return False
    if user.is_active and user.role == Role.DEPARTMENT_HEAD:
        return True
    hours = timedelta(hours=setting("contacts.edit_hours"))
    return user.is_active and is_author(user, contact) and now - written_at(contact) <= hours


def can_undo_contact(user: User, contact: ContactLog, now: datetime) -> bool:
    """The author takes a contact back within `contacts.undo_minutes`."""
    minutes = timedelta(minutes=setting("contacts.undo_minutes"))
    return (
        user.is_active
        and contact.state == ContactState.DONE
        and is_author(user, contact)
        and now - written_at(contact) <= minutes
    )


def can_attach_contact(user: User, client: Client) -> bool:
    """Who may log a contact of the client may also say that an imported one belongs to it."""
    return can_log_contact(user, client)


def can_see_plan(user: User) -> bool:
    """Managers, heads and directors (C.9: plan lines)."""
    return works_with_clients(user)


def can_edit_plan_line(user: User, manager_id: int, unit_id: int | None) -> bool:
    """Heads in their subtree; the manager where `contacts.plan_owner_may_edit` says so."""
    scope = scope_of(user)
    if not user.is_active:
        return False
    if user.role in HEADS and (unit_id in scope.unit_ids or manager_id in scope.manager_ids):
        return True
    return manager_id == user.pk and bool(setting("contacts.plan_owner_may_edit"))


def can_see_schemes(user: User) -> bool:
    """Everybody who works with clients shares the schemes."""
    return works_with_clients(user)


def can_create_scheme(user: User) -> bool:
    """Managers and heads compose schemes (S1.2, S5.4.2)."""
    return user.is_active and user.role in SALES


def can_edit_scheme(user: User, scheme: ApproachScheme) -> bool:
    """Its author, and any head."""
    if not can_create_scheme(user):
        return False
    return user.role in HEADS or scheme.author_id == user.pk


def can_see_dictionaries(user: User) -> bool:
    """Heads read the dictionaries, the administrator keeps them."""
    return user.is_active and user.role in HEADS | {Role.ADMIN}


def can_edit_dictionaries(user: User) -> bool:
    """Dictionaries are kept by the administrator."""
    return user.is_active and user.role == Role.ADMIN


def is_author(user: User, contact: ContactLog) -> bool:
    """The person who wrote the contact down, or who had it."""
    return user.pk in {contact.created_by_id, contact.manager_id}


def written_at(contact: ContactLog) -> datetime:
    """When the result was written down."""
    return contact.logged_at or contact.created_at
