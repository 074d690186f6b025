"""Every request of a signed-in person: is the session still good, does the person owe something."""

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.actions import log_access
from crm.accounts.models import AccessEventKind, User
from crm.people.signin import has_second_factor, needs_second_factor
from crm.scrubbing import scrub
from crm.work.registry import setting

Answer = Callable[[HttpRequest], HttpResponse]

OPENED, SEEN, FACTOR = "opened_at", "seen_at", "has_second_factor"
TOUCH_SECONDS = 60
# The counters of the shell load by themselves: sent away, they would reload the page for ever.
ALWAYS = frozenset(
    {"account_logout", "shell:counters", "shell:language", "shell:theme", "shell:csp_report"}
)
FOR_PASSWORD = ALWAYS | {"account_change_password"}
TURN_ON = "mfa_activate_totp"
FOR_FACTOR = ALWAYS | {
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_index",
    TURN_ON,
}


class SessionRulesMiddleware:
    """Sessions end when idle for too long and in any case after a working day (G-AC2)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            if self.is_over(request, now):
                logout(request)
                messages.info(request, _("You were signed out. Sign in again to continue."))
            else:
                self.touch(request, now)
        return self.get_response(request)

    def is_over(self, request: HttpRequest, now: int) -> bool:
        """Idle or open for too long."""
        opened = request.session.setdefault(OPENED, now)
        seen = request.session.get(SEEN, now)
        idle = now - seen > setting("security.session_idle_minutes") * 60
        return bool(idle or now - opened > setting("security.session_minutes") * 60)

    def touch(self, request: HttpRequest, now: int) -> None:
        """Remember the activity, at most once a minute."""
        if now - request.session.get(SEEN, 0) < TOUCH_SECONDS:
            return
        request.session[SEEN] = now
        mine = UserSession.objects.filter(session_key=request.session.session_key)
        mine.update(last_seen_at=timezone.now())


class DutyMiddleware:
    """A temporary password is changed and a compulsory second factor turned on before any work."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:  # noqa: ARG002
        user, match = request.user, request.resolver_match
        if not isinstance(user, User) or match is None:
            return None
        if user.must_change_password:
            return None if match.view_name in FOR_PASSWORD else redirect("account_change_password")
        if match.view_name == TURN_ON:  # the page says why everything leads to it
            request.owes_factor = self.owes_factor(request, user)  # type: ignore[attr-defined]
        elif match.view_name not in FOR_FACTOR and self.owes_factor(request, user):
            return redirect(TURN_ON)
        return None

    def owes_factor(self, request: HttpRequest, user: User) -> bool:
        """Whether the second factor is compulsory and missing; a found one is remembered."""
        if not needs_second_factor(user) or request.session.get(FACTOR):
            return False
        if has_second_factor(user):
            request.session[FACTOR] = True
            return False
        return True


class RefusalLogMiddleware:
    """A 403 leaves a line in the access journal and nothing else (G-AZ2)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 403 and isinstance(request.user, User):
            target = f"{request.method} {scrub(request.path)}"
            log_access(request.user, kind=AccessEventKind.REFUSED, target=target, request=request)
        return response
