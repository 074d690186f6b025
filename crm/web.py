"""What every view asks of its request."""

from typing import cast

from django.http import HttpRequest

from crm.accounts.models import User


def person_of(request: HttpRequest) -> User:
    """The signed-in person: LoginRequiredMiddleware lets nobody else come to a view."""
    return cast(User, request.user)


def is_fragment(request: HttpRequest) -> bool:
    """Asked by htmx for a part of a page; boosted links and Back get the whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
