"""The access journal and the end of sessions."""

from __future__ import annotations

from allauth.core import ratelimit
from axes.utils import reset as forget_wrong_passwords
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from crm.accounts import permissions
from crm.accounts.models import AccessEvent, AccessEventKind, User
from crm.accounts.visitor import client_ip, guess_key
from crm.history import verb


def log_access(
    user: User | None,
    *,
    kind: str,
    target: str = "",
    rows: int | None = None,
    request: HttpRequest | None = None,
    username: str = "",
) -> AccessEvent:
    """Add a line to the journal: who, what, how many rows, from where (CR-06, L536)."""
    return AccessEvent.objects.create(
        user=user,
        username=(username or (user.username if user else ""))[:150],
        kind=kind,
        target=target.replace("\x00", "")[:300],
        rows=rows,
        ip=client_ip(request) if request else None,
    )


def close_sessions(person: User) -> None:
    """End every session of the person: the next request of each is anonymous.

    The epoch is part of the fingerprint in each session, so none survives; the rows that are known
    to belong to the person go too. Runs inside the caller's transaction and verb.
    """
    from allauth.usersessions.models import UserSession

    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
    known = UserSession.objects.filter(user=person)
    Session.objects.filter(pk__in=known.values("session_key")).delete()
    known.delete()


@transaction.atomic
def end_sessions(user_id: int, *, by: User, request: HttpRequest | None = None) -> User:
    """Sign the person out everywhere; one's own sessions, or anybody's by the administrator."""
    person: User = User.objects.visible_to(by).select_for_update(of=("self",)).get(pk=user_id)
    if person.pk != by.pk and not permissions.can_manage_people(by):
        raise PermissionDenied
    with verb("user.sessions_ended", by=by):
        close_sessions(person)
    kind = AccessEventKind.SESSIONS_ENDED
    log_access(by, kind=kind, target=person.username, request=request)
    return person


@transaction.atomic
def unlock_user(user_id: int, *, by: User, request: HttpRequest | None = None) -> User:
    """Forget the wrong passwords of the person, so that the next right one signs in (G-AC1)."""
    person: User = User.objects.visible_to(by).get(pk=user_id)
    if not permissions.can_manage_people(by):
        raise PermissionDenied
    forget_wrong_passwords(username=person.username.casefold())
    if request is not None:
        ratelimit.clear(request, action="login_failed", key=guess_key(person.username))
    log_access(by, kind=AccessEventKind.UNLOCKED, target=person.username, request=request)
    return person
