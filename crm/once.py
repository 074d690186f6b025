"""What is sent or pressed twice is done once, and the second time is answered in words (G-RL7).

A form without the key of a new record and without the version of a known one has a token. One
with a version can do nothing twice: it is remembered for a while, so that whoever presses it again
(a double click, an answer that was lost) is told so, and not that another person was faster or that
the right, which went with the state, is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID, uuid4

from django.core.cache import cache
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.errors import RuleViolation

FIELD = "once"
REMEMBERED_SECONDS = 24 * 3600
PRESS_REMEMBERED_SECONDS = 15 * 60
UNTOLD = {"csrfmiddlewaretoken", "once"}  # another one on each page


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


def note_press(request: HttpRequest) -> None:
    """Remember for a while that this was done, as all that was sent says it."""
    name = _press(request)
    if name:
        cache.set(name, timezone.now(), PRESS_REMEMBERED_SECONDS)


def pressed_before(request: HttpRequest, *, without_version: bool = False) -> str:
    """That this person has sent the very same before and it was done; nothing otherwise.

    Ask where it was refused. What names no version may well be done again after a while, and then
    be refused for another reason: it is told only where one asks for it.
    """
    if not (without_version or request.POST.get("version")):
        return ""
    name = _press(request)
    at = cache.get(name) if name else None
    if at is None:
        return ""
    return _("You have done this already at %(time)s: nothing was done a second time.") % {
        "time": f"{timezone.localtime(at):%H:%M:%S}"
    }


def _press(request: HttpRequest) -> str:
    """What was sent, to where and by whom; nothing for a button that says no version."""
    if request.method != "POST" or not request.POST.keys() - UNTOLD:
        return ""
    told = sorted((key, request.POST.getlist(key)) for key in request.POST.keys() - UNTOLD)
    files = sorted((key, [str(one) for one in sent]) for key, sent in request.FILES.lists())
    said = repr((request.get_full_path(), told, files))
    return f"pressed:{request.user.pk}:{sha256(said.encode()).hexdigest()}"
