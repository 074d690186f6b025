"""Rules of sign-in as questions: who needs a second factor, when a session is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    reauthenticate_by_password,
)
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from crm.accounts.models import User
from crm.work.registry import setting

View = Callable[..., HttpResponse]


def needs_second_factor(user: User) -> bool:
    """Whether the person's role must have a second factor; demo logins of a demonstration not."""
    if user.is_demo and settings.DEMO:
        return False
    return bool(setting("security.mfa_required")) and user.role in setting("security.mfa_roles")


def has_second_factor(user: User) -> bool:
    """Whether the person has turned two-step sign-in on."""
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def failure_limit(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Wrong passwords of one person from one address before sign-in is paused (for axes)."""
    limit: int = setting("security.lockout_attempts")
    return limit


def cool_off(request: HttpRequest | None = None) -> timedelta:
    """For how long sign-in is paused (for axes)."""
    return timedelta(minutes=setting("security.lockout_minutes"))


def password_was_typed(request: HttpRequest, **rest: Any) -> None:
    """Who has just changed the password has typed it: it is not asked for again at once."""
    reauthenticate_by_password(request)


def fresh_sign_in(view: View) -> View:
    """Ask for the password again unless it was typed within ten minutes (G-AC3).

    Guards what gives rights away: accounts, roles, passwords, second factors, unlocking.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not did_recently_reauthenticate(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded
