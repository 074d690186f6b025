"""Pages of refusals and failures: each says what happened and what to do next."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django_htmx.http import reswap, trigger_client_event

from crm.once import pressed_before
from crm.outage import is_database_down
from crm.shell.middleware import is_htmx
from crm.web import sent_version


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when the request is too large."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return _page(request, 413)
    return _page(request, 400)


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the reason, when the code that refused has given one.

    Whoever did the very thing a moment ago, which took the right away, is told so (409). Of a
    record with versions the right may have gone with a change by another person.
    """
    reason, version = str(exception), _version_of(request)
    before = pressed_before(request) if version else ""
    if before:
        return _page(request, 409, template="done_already.html", toast=before)
    if version and not reason:
        reason = _(
            "You cannot do this to the record as it is now; perhaps it was changed after you had"
            " opened it. Open it again."
        )
    return _page(request, 403, reason=reason)


def _version_of(request: HttpRequest) -> int:
    """Which version of a record somebody wanted to change; 0 where there is none, or no reading."""
    if request.META["REQUEST_METHOD"] != "POST":
        return 0
    try:
        return sent_version(request)
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return 0


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such record, or not in this person's scope; the answer is the same."""
    return _page(request, 404)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a page that was open for too long or of a foreign form."""
    return _page(
        request,
        403,
        template="403_csrf.html",
        toast=_("The page has expired. Reload it."),
    )


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500 without database and context; 503 when it is the database that does not answer."""
    is_down = is_database_down(sys.exc_info()[1])
    status = 503 if is_down else 500
    response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if is_down:
        response.headers["Retry-After"] = "30"
    return response


def _page(
    request: HttpRequest,
    status: int,
    *,
    template: str = "",
    reason: str = "",
    toast: str = "",
) -> HttpResponse:
    """The page; a fragment request gets no page, only the sentence for a toast."""
    if is_htmx(request):
        answer = reswap(HttpResponse(status=status), "none")
        sentence = toast or reason
        if sentence:
            tone = "info" if status == 409 else "danger"
            trigger_client_event(answer, "toast", {"text": sentence, "tone": tone})
        return answer
    user = getattr(request, "user", None)
    inside = bool(user and user.is_authenticated) and (
        status == 409 or (status in {403, 404} and not template)
    )
    layout = "base.html" if inside else "shell/bare.html"
    context = {"reason": toast or reason, "layout": layout, "inside": inside}
    return render(request, template or f"{status}.html", context, status=status)
