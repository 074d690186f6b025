"""Who knocks: the address of a request and the person meant by a typed login."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Case, Q, When

if TYPE_CHECKING:
    from django.http import HttpRequest

    from crm.accounts.models import User

LONGEST_LOGIN = 150


def client_ip(request: HttpRequest) -> str | None:
    """The visitor's address; X-Forwarded-For counts only as far as our own proxies wrote it.

    With PROXY_COUNT proxies the last PROXY_COUNT entries are theirs; everything to the left of
    them is whatever the visitor made up.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    count = settings.PROXY_COUNT
    trusted = count > 0 and len(forwarded) >= count
    return _valid(forwarded[-count] if trusted else request.META.get("REMOTE_ADDR", ""))


def _valid(text: str) -> str | None:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return None


def find_by_login(text: str) -> User | None:
    """The person with this login or e-mail, case aside; a login goes before an e-mail."""
    from crm.accounts.models import User

    text = text.strip()
    if not text or "\x00" in text:
        return None
    meant = User.objects.filter(Q(username__iexact=text) | Q(email__iexact=text))
    login_first = Case(When(username__iexact=text, then=0), default=1)
    return meant.order_by(login_first, "pk").first()


def lockout_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name that wrong passwords are counted under: one for login and e-mail of a person."""
    typed = str((credentials or {}).get("username") or (credentials or {}).get("email") or "")
    if not typed and request.method == "POST":
        typed = request.POST.get("login", "")
    person = find_by_login(typed)
    name = person.username if person else typed.strip()
    return name.casefold().replace("\x00", "")[:LONGEST_LOGIN]


def guess_key(typed: str) -> str:
    """The key that guesses at one person are limited by, from whatever addresses they come."""
    person = find_by_login(typed)
    return f"sign-in:{person.username if person else typed}".casefold()
