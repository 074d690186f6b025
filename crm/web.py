"""What every view asks of its request."""

from typing import cast
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from crm.accounts.models import User

LARGEST_ID = 2**63 - 1


def person_of(request: HttpRequest) -> User:
    """The signed-in person: LoginRequiredMiddleware lets nobody else come to a view."""
    return cast(User, request.user)


def is_fragment(request: HttpRequest) -> bool:
    """Asked by htmx for a part of a page; boosted links and Back get the whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def move_on(request: HttpRequest, url: str) -> HttpResponse:
    """To another page, also from a form that htmx swaps: it would look for itself there."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return HttpResponseClientRedirect(url) if htmx else redirect(url)


def whole_number(text: str | None) -> int | None:
    """A key out of an address or a hidden field; None for anything that is not one."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


def sent_version(request: HttpRequest) -> int:
    """The version that a button without a form sends along; 0, which no record has, without one."""
    return whole_number(request.POST.get("version")) or 0


def sent_key(request: HttpRequest) -> UUID:
    """The key that a button which makes a record sends along; one of its own without one."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()
