"""What every view asks of its request."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from crm.accounts.models import User


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
