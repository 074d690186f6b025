"""What the views of this app share."""

from typing import cast

from django.http import HttpRequest

from crm.accounts.models import User


def person_of(request: HttpRequest) -> User:
    """The signed-in person: LoginRequiredMiddleware lets nobody else come here."""
    return cast(User, request.user)


def is_fragment(request: HttpRequest) -> bool:
    """Asked by htmx for a part of a page."""
    return bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]
