"""Pages of refusals and failures: each says what happened and what to do next."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from crm.outage import is_database_down
from crm.shell.middleware import is_htmx


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when the request is too large."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return _page(request, 413)
    return _page(request, 400)


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the reason, when the code that refused has given one."""
    return _page(request, 403, reason=str(exception))


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
        answer = HttpResponse(status=status)
        sentence = toast or reason
        if sentence:
            trigger_client_event(answer, "toast", {"text": sentence, "tone": "danger"})
        return answer
    user = getattr(request, "user", None)
    inside = bool(user and user.is_authenticated) and status in {403, 404} and not template
    layout = "base.html" if inside else "shell/bare.html"
    context = {"reason": reason, "layout": layout, "inside": inside}
    return render(request, template or f"{status}.html", context, status=status)
