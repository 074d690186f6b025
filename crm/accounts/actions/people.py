"""Writes of people: create, edit, switch off, bring back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, Unpack

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts import hooks, permissions
from crm.accounts.actions.access import close_sessions, log_access
from crm.accounts.models import (
    HEAD_ROLES,
    SALES,
    AccessEventKind,
    Delegation,
    DelegationState,
    OrgUnit,
    Role,
    User,
    UserLanguage,
    UserTheme,
)
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.names import sort_key
from crm.refusals import Sentence, politely

# No look-alikes: the temporary password is read from a screen and typed.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
CONSTRAINTS: dict[str, Sentence] = {
    "user_login_once": (gettext_lazy("Another person has this login."), "username"),
    "accounts_user_username_key": (gettext_lazy("Another person has this login."), "username"),
    "user_email_once": (gettext_lazy("Another person has this e-mail."), "email"),
    "user_external_id_once": (gettext_lazy("Another person has this id."), "external_id"),
    "user_dismissed_after_hired": (
        gettext_lazy("Dismissed before being hired."),
        "dismissed_on",
    ),
}


class PersonValues(TypedDict, total=False):
    """What the administrator fills in about a person."""

    username: str
    email: str
    last_name: str
    first_name: str
    middle_name: str
    role: str
    org_unit: OrgUnit | None
    position: str
    phone: str
    order_no: str
    hired_on: date | None
    external_id: str
    language: str


@dataclass(frozen=True)
class NewPassword:
    """A person with the temporary password, which is shown once and stored nowhere."""

    person: User
    password: str


def temporary_password() -> str:
    """Four groups of four characters, 80 bits; more where the rules of passwords ask for more."""
    groups = [_group() for _place in range(4)]
    while not _is_accepted("-".join(groups)):
        groups.append(_group())
    return "-".join(groups)


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(4))


def _is_accepted(password: str) -> bool:
    try:
        validate_password(password)
    except ValidationError:
        return False
    return True


@transaction.atomic
def create_user(
    *, by: User | None, with_password: bool = True, **values: Unpack[PersonValues]
) -> NewPassword:
    """Add a person; the password is temporary and must be changed at the first sign-in.

    `by=None` is the command line (the first administrator, imports). Without a password the person
    cannot sign in until the administrator gives one.
    """
    if by is not None and not permissions.can_manage_people(by):
        raise PermissionDenied
    person = User(must_change_password=with_password)
    _put(person, values)
    _check_place(person)
    password = temporary_password() if with_password else ""
    if with_password:
        person.set_password(password)
    else:
        person.set_unusable_password()
    with verb("user.created", by=by), politely(CONSTRAINTS):
        person.save(force_insert=True)
    return NewPassword(person, password)


@transaction.atomic
def edit_user(user_id: int, *, by: User, version: int, **values: Unpack[PersonValues]) -> User:
    """Change a person; a new role or login ends the person's sessions, so rights change at once.

    Refuses to take one's own role or the last administrator's, to leave a unit with an unfit head
    and to take a sales role from somebody who still has clients.
    """
    person = locked(user_id, by=by, version=version)
    before = (person.role, person.username, person.email)
    former_unit = person.org_unit_id
    _put(person, values)
    _check_place(person)
    if person.role != before[0]:
        _check_new_role(person, before[0], by=by)
    person.version += 1
    with verb("user.edited", by=by), politely(CONSTRAINTS):
        person.save(update_fields=[*_fields(values), "version"])
        if (person.role, person.username, person.email) != before:
            close_sessions(person)
    if person.org_unit_id != former_unit:
        hooks.person_moved(person, by)
    return person


@transaction.atomic
def deactivate_user(
    user_id: int, *, by: User, version: int, dismissed_on: date | None = None
) -> User:
    """Close the door: no sign-in, sessions ended, own substitutions revoked.

    Refuses while the person heads a unit, substitutes somebody, answers for clients (other apps'
    guards), is the last administrator or is the one who asks.
    """
    person = locked(user_id, by=by, version=version)
    if not person.is_active:
        raise RuleViolation(_("This person is already deactivated."))
    refusals = leaving_refusals(person, by=by)
    if refusals:
        raise RuleViolation(" ".join(refusal.text for refusal in refusals))
    person.is_active, person.dismissed_on = False, dismissed_on
    person.version += 1
    with verb("user.dismissed" if dismissed_on else "user.deactivated", by=by):
        with politely(CONSTRAINTS):
            person.save(update_fields=["is_active", "dismissed_on", "version"])
        _revoke_given(person, by=by)
        close_sessions(person)
    return person


@transaction.atomic
def reactivate_user(user_id: int, *, by: User, version: int) -> User:
    """Let the person in again; the old password is valid, nothing else comes back."""
    person = locked(user_id, by=by, version=version)
    if person.is_active:
        raise RuleViolation(_("This person is at work already."))
    person.is_active, person.dismissed_on = True, None
    person.version += 1
    with verb("user.reactivated", by=by):
        person.save(update_fields=["is_active", "dismissed_on", "version"])
    return person


@transaction.atomic
def reset_password(user_id: int, *, by: User, request: HttpRequest | None = None) -> NewPassword:
    """Give a temporary password, end the sessions; the person must change it at once."""
    person: User = User.objects.visible_to(by).select_for_update(of=("self",)).get(pk=user_id)
    if not permissions.can_manage_people(by):
        raise PermissionDenied
    if not person.is_active:
        raise RuleViolation(_("First let the person in again."))
    password = temporary_password()
    person.set_password(password)
    person.must_change_password = True
    with verb("user.password_reset", by=by):
        person.save(update_fields=["password", "must_change_password"])
        close_sessions(person)
    kind = AccessEventKind.PASSWORD_CHANGED
    log_access(by, kind=kind, target=person.username, request=request)
    return NewPassword(person, password)


@transaction.atomic
def reset_second_factor(user_id: int, *, by: User, request: HttpRequest | None = None) -> User:
    """Forget the authenticator of a lost phone and end the sessions; never one's own."""
    from allauth.mfa.models import Authenticator

    person: User = User.objects.visible_to(by).select_for_update(of=("self",)).get(pk=user_id)
    if not permissions.can_manage_people(by) or person.pk == by.pk:
        raise PermissionDenied
    deleted, _kinds = Authenticator.objects.filter(user=person).delete()
    if not deleted:
        raise RuleViolation(_("This person has no second factor."))
    with verb("user.second_factor_reset", by=by):
        close_sessions(person)
    log_access(by, kind=AccessEventKind.MFA_CHANGED, target=person.username, request=request)
    return person


@transaction.atomic
def password_was_changed(person: User) -> None:
    """Note that the person has a password of the own choice."""
    if not person.must_change_password:
        return
    person.must_change_password = False
    with verb("user.password_changed", by=person):
        person.save(update_fields=["must_change_password"])


@transaction.atomic
def update_profile(user_id: int, *, by: User, phone: str, language: str, theme: str) -> User:
    """Change one's own phone and habits; anybody else's profile is the administrator's."""
    if user_id != by.pk:
        raise PermissionDenied
    if language not in UserLanguage.values or theme not in UserTheme.values:
        raise RuleViolation(_("Choose one of the offered values."))
    person: User = User.objects.visible_to(by).select_for_update(of=("self",)).get(pk=user_id)
    person.phone, person.language, person.theme = phone, language, theme
    with verb("user.profile_edited", by=by):
        person.save(update_fields=["phone", "language", "theme"])
    return person


def locked(user_id: int, *, by: User, version: int) -> User:
    """The person under a lock, for the administrator, as shown on the page; else StaleVersion.

    Working administrators are locked first and in order, so that two of them who switch each other
    off meet one after the other and one stays.
    """
    visible = User.objects.visible_to(by).select_for_update(of=("self",))
    admins = visible.working().filter(role=Role.ADMIN).order_by("pk")
    still_admin = by.pk in {admin.pk for admin in admins}
    person: User = visible.get(pk=user_id)
    if not still_admin or not permissions.can_manage_people(by):
        raise PermissionDenied
    if person.version != version:
        raise StaleVersion(of=person)
    return person


def leaving_refusals(person: User, *, by: User) -> list[hooks.Refusal]:
    """Everything that keeps the person from being switched off, with the page that helps."""
    found = []
    if person.pk == by.pk:
        found.append(hooks.Refusal(_("You cannot deactivate your own account.")))
    if person.role == Role.ADMIN and _is_last_admin(person):
        found.append(hooks.Refusal(_("This is the last administrator.")))
    for unit in OrgUnit.objects.open().filter(head=person).in_tree_order():
        text = _("Heads “%(unit)s”; appoint another head first.") % {"unit": unit}
        found.append(hooks.Refusal(text, unit.get_absolute_url(), _("Open the unit")))
    held = Delegation.objects.standing().filter(delegate=person).select_related("owner")
    for delegation in held.order_by("valid_from", "pk"):
        text = _("Substitutes for %(owner)s until %(day)s; revoke it first.") % {
            "owner": delegation.owner,
            "day": f"{delegation.valid_to:%d.%m.%Y}",
        }
        address = delegation.get_absolute_url()
        found.append(hooks.Refusal(text, address, _("Open the substitution")))
    return [*found, *hooks.dismissal_refusals(person)]


def _put(person: User, values: PersonValues) -> None:
    for name, value in values.items():
        setattr(person, name, value)
    if "@" in person.username:
        raise RuleViolation(_("A login has no @: the e-mail signs in as well."), field="username")
    person.sort_key = sort_key(person.full_name)


def _fields(values: PersonValues) -> list[str]:
    return [*values, "sort_key"]


def _check_place(person: User) -> None:
    """People of sales stand in an open unit: otherwise their heads would not see them."""
    if person.role not in Role.values:
        raise RuleViolation(_("Choose one of the offered values."), field="role")
    if person.role in SALES and person.org_unit is None:
        raise RuleViolation(_("People of this role belong to a unit."), field="org_unit")
    if person.org_unit is not None and person.org_unit.archived_at is not None:
        raise RuleViolation(_("This unit is closed."), field="org_unit")


def _check_new_role(person: User, old_role: str, *, by: User) -> None:
    if person.pk == by.pk:
        raise RuleViolation(_("You cannot change your own role."), field="role")
    if old_role == Role.ADMIN and _is_last_admin(person):
        raise RuleViolation(_("This is the last administrator."), field="role")
    for unit in OrgUnit.objects.open().filter(head=person):
        if person.role not in HEAD_ROLES[unit.kind]:
            text = _("Heads “%(unit)s”; appoint another head first.") % {"unit": unit}
            raise RuleViolation(text, field="role")
    if old_role in SALES and person.role not in SALES:
        refusals = hooks.dismissal_refusals(person)
        if refusals:
            raise RuleViolation(" ".join(refusal.text for refusal in refusals), field="role")


def _is_last_admin(person: User) -> bool:
    others = User.objects.working().filter(role=Role.ADMIN).exclude(pk=person.pk)
    return not others.exists()


def _revoke_given(person: User, *, by: User) -> None:
    """Substitutions of somebody who does not come back end."""
    for delegation in Delegation.objects.standing().filter(owner=person).order_by("pk"):
        delegation.state = DelegationState.REVOKED
        delegation.revoked_by, delegation.revoked_at = by, timezone.now()
        delegation.version += 1
        delegation.save(update_fields=["state", "revoked_by", "revoked_at", "version"])
