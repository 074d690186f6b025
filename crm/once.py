"""A form of a dialog is written once, however often it is sent (G-RL7).

For forms without the key of a new record and without the version of a known one.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from django.core.cache import cache
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from crm.errors import RuleViolation

FIELD = "once"
REMEMBERED_SECONDS = 24 * 3600


def token(request: HttpRequest, form: BaseForm, *, anew: bool) -> str:
    """What the form shown is told by; a refused one keeps its own. Nothing where none is needed."""
    if {"key", "version"} & form.fields.keys():
        return ""
    sent = "" if anew else _sent(request)
    return sent or str(uuid4())


def write_once(request: HttpRequest, write: Callable[[], object]) -> None:
    """Write unless this very form has been written; what is refused may be sent again.

    The token is a row of the cache, which is a table: it commits with what is written or not at
    all, and a second sender waits for the first.
    """
    sent = _sent(request)
    if not sent:
        write()
        return
    with transaction.atomic():
        if not cache.add(f"once:{request.user.pk}:{sent}", 1, REMEMBERED_SECONDS):
            raise RuleViolation(
                _("This form has been sent already: nothing was saved a second time. Close it.")
            )
        write()


def _sent(request: HttpRequest) -> str:
    """The token that was sent; anything that is none counts as no token."""
    try:
        return str(UUID(request.POST.get(FIELD, "")))
    except ValueError:
        return ""
