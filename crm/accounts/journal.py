"""Lines of the access journal that other packages announce: sign-in, lock-out, passwords."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from crm.accounts import actions
from crm.accounts.models import AccessEventKind, User
from crm.accounts.visitor import find_by_login, lockout_name

UNKNOWN = "?"


def connect() -> None:
    """Listen to Django, django-axes and django-allauth."""
    user_logged_in.connect(signed_in, dispatch_uid="journal")
    user_logged_out.connect(signed_out, dispatch_uid="journal")
    user_login_failed.connect(sign_in_failed, dispatch_uid="journal")
    user_locked_out.connect(locked_out, dispatch_uid="journal")
    account.password_changed.connect(password_changed, dispatch_uid="journal")
    account.password_set.connect(password_changed, dispatch_uid="journal")
    account.password_reset.connect(password_changed, dispatch_uid="journal")
    for signal in (mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset):
        signal.connect(second_factor_changed, dispatch_uid="journal")
    mfa.authentication_failed.connect(second_factor_failed, dispatch_uid="journal")


def signed_in(request: HttpRequest, user: User, **rest: Any) -> None:
    actions.log_access(user, kind=AccessEventKind.LOGIN, request=request)


def signed_out(request: HttpRequest, user: User | None, **rest: Any) -> None:
    if user is not None:
        actions.log_access(user, kind=AccessEventKind.LOGOUT, request=request)


def sign_in_failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **rest: Any
) -> None:
    """A wrong password; what nobody is called is not kept, it may be a password."""
    typed = str(credentials.get("username") or credentials.get("email") or "")
    person = find_by_login(typed)
    name = person.username if person else UNKNOWN
    actions.log_access(person, kind=AccessEventKind.LOGIN_FAILED, username=name, request=request)


def locked_out(request: HttpRequest, username: str, **rest: Any) -> None:
    person = find_by_login(username or lockout_name(request, None))
    name = person.username if person else UNKNOWN
    actions.log_access(person, kind=AccessEventKind.LOCKED_OUT, username=name, request=request)


def password_changed(request: HttpRequest, user: User, **rest: Any) -> None:
    actions.password_was_changed(user)
    actions.log_access(user, kind=AccessEventKind.PASSWORD_CHANGED, request=request)


def second_factor_changed(request: HttpRequest, user: User, **rest: Any) -> None:
    actions.log_access(user, kind=AccessEventKind.MFA_CHANGED, request=request)


def second_factor_failed(request: HttpRequest, user: User, **rest: Any) -> None:
    actions.log_access(
        user, kind=AccessEventKind.LOGIN_FAILED, target="second factor", request=request
    )
