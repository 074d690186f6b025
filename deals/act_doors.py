"""The door of the public pages: what is asked before any of them, what each answer carries."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from crm.accounts.visitor import client_ip
from crm.files.policy import MB
from crm.work.registry import setting
from deals.act_limits import TooManyRequests, count_address, count_link, count_wrong
from deals.actions.act_links import NoSuchLink, Visitor, find_link, note_visit
from deals.models import ActLink, ActLinkVisit

View = Callable[[HttpRequest, ActLink, Visitor], HttpResponse]
Door = Callable[[HttpRequest, str], HttpResponse]
FORM_BYTES = 64 * 1024  # what a form has beside its file
SEALS = {
    "Cache-Control": "no-store, private",
    # Never more than the site's name leaves the page. With no-referrer browsers send `Origin:
    # null` with its forms, which the check of forgeries refuses.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def public(*methods: str) -> Callable[[View], Door]:
    """A view for whoever has the token: counted, in the browser's language, sealed.

    The order matters: sizes and counts come before the body is read, and a link that shows nothing
    is answered before the form's own token is looked at.
    """

    def decorate(view: View) -> Door:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def door(request: HttpRequest, token: str) -> HttpResponse:
            language = translation.get_language_from_request(request)
            with translation.override(language):
                answer = _answer(request, token, view, methods)
            return _sealed(answer, language)

        return door

    return decorate


def _answer(request: HttpRequest, token: str, view: View, methods: tuple[str, ...]) -> HttpResponse:
    if request.method not in methods:
        return HttpResponseNotAllowed(methods)
    visitor = Visitor(client_ip(request), timezone.now())
    try:
        count_address(visitor.ip, now=visitor.now)
        link = find_link(token, now=visitor.now)
        count_link(link.pk, now=visitor.now)
        return _checked(request, link, visitor, view)
    except NoSuchLink:
        return _nothing(request, visitor)
    except TooManyRequests:
        return too_many(request)
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
        return _said(request, 400, _("The form was damaged on its way. Open the link anew."))


def _checked(request: HttpRequest, link: ActLink, visitor: Visitor, view: View) -> HttpResponse:
    """The view behind the size of the request and the token of its form."""
    most = setting("files.max_mb")
    if _length(request) > most * MB + FORM_BYTES:
        text = _("The file is larger than %(size)s MB.") % {"size": most}
        note_visit(link, ActLinkVisit.What.REFUSED, visitor, details=text)
        return _said(request, 413, text, link=link)

    def inner(asked: HttpRequest) -> HttpResponse:
        return view(asked, link, visitor)

    answer = csrf_protect(inner)(request)
    if answer.status_code == 403:
        return _said(request, 403, _("The page has expired. Open the link anew."), link=link)
    return answer


def _length(request: HttpRequest) -> int:
    return int(request.META.get("CONTENT_LENGTH") or 0)  # a number: PageMiddleware


def _nothing(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """One page for every link that shows nothing, whatever the reason."""
    try:
        count_wrong(visitor.ip, now=visitor.now)
    except TooManyRequests:
        return too_many(request)
    note_visit(None, ActLinkVisit.What.REFUSED, visitor)
    text = _("The link is wrong, or it is not valid any more. Ask your manager for a new one.")
    return _said(request, 404, text)


def too_many(request: HttpRequest) -> HttpResponse:
    """429 for an address or a link that asks too often."""
    answer = _said(request, 429, _("Too many requests. Wait a few minutes and try again."))
    answer.headers["Retry-After"] = str(setting("reconciliation.link_window") * 60)
    return answer


def _said(
    request: HttpRequest, status: int, text: str, *, link: ActLink | None = None
) -> HttpResponse:
    """A page of one sentence; without a link it depends on nothing but its status."""
    match = request.resolver_match if link else None
    context = {"text": text, "token": match.kwargs["token"] if match else ""}
    return render(request, "deals/act_public_said.html", context, status=status)


def _sealed(answer: HttpResponse, language: str) -> HttpResponse:
    for name, value in SEALS.items():
        answer.headers[name] = value
    answer.headers["Content-Language"] = language
    patch_vary_headers(answer, ["Accept-Language"])
    return answer
