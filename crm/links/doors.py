"""The door of the public pages: what is asked before any of them, what each answer carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from crm.accounts.visitor import client_ip
from crm.errors import RuleViolation
from crm.files.policy import MB
from crm.links.limits import TooManyRequests, count_address, count_link, count_wrong
from crm.work.registry import setting

FORM_BYTES = 64 * 1024  # what a form has beside its file
SEALS = {
    "Cache-Control": "no-store, private",
    # Never more than the site's name leaves the page. With no-referrer browsers send `Origin:
    # null` with its forms, which the check of forgeries refuses.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class NoSuchLink(RuleViolation):
    """Forged, expired, revoked, or of something that is not shown any more."""

    status = 404


@dataclass(frozen=True)
class Visitor:
    """Who asks by a link: the address, and the moment."""

    ip: str | None
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()


View = Callable[[HttpRequest, Any, Visitor], HttpResponse]
PublicView = Callable[[HttpRequest, str], HttpResponse]


def _unnoted(link: Any, visitor: Visitor, details: str) -> object:
    return None


@dataclass(frozen=True)
class Door:
    """One kind of personal link.

    `find(token, now=)` gives the link or raises NoSuchLink, whatever the reason; `refused(link or
    None, visitor, details)` keeps a journal; `title` heads the pages of one sentence, `page` is
    the name of the address of the page itself, `back` the words that lead there.
    """

    kind: str
    find: Callable[..., Any]
    title: str | Promise
    page: str
    back: str | Promise
    refused: Callable[[Any, Visitor, str], object] = _unnoted
    takes_files: bool = False

    def public(self, *methods: str) -> Callable[[View], PublicView]:
        """A view for whoever has the token: counted, in the browser's language, sealed.

        The order matters: sizes and counts come before the body is read, and a link that shows
        nothing is answered before the form's own token is looked at.
        """

        def decorate(view: View) -> PublicView:
            @csrf_exempt
            @login_not_required
            @wraps(view)
            def door(request: HttpRequest, token: str) -> HttpResponse:
                language = translation.get_language_from_request(request)
                with translation.override(language):
                    answer = self._answer(request, token, view, methods)
                return _sealed(answer, language)

            return door

        return decorate

    def _answer(
        self, request: HttpRequest, token: str, view: View, methods: tuple[str, ...]
    ) -> HttpResponse:
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        visitor = Visitor(client_ip(request), timezone.now())
        try:
            count_address(visitor.ip, now=visitor.now)
            link = self.find(token, now=visitor.now)
            count_link(self.kind, link.pk, now=visitor.now)
            return self._checked(request, link, visitor, view)
        except NoSuchLink:
            return self._nothing(request, visitor)
        except TooManyRequests:
            return self._too_many(request)
        except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
            text = _("The form was damaged on its way. Open the link again.")
            return self._said(request, 400, text)

    def _checked(
        self, request: HttpRequest, link: Any, visitor: Visitor, view: View
    ) -> HttpResponse:
        """The view behind the size of the request and the token of its form."""
        most = setting("files.max_mb") if self.takes_files else 0
        if _length(request) > most * MB + FORM_BYTES:
            text = _("The file is larger than %(size)s MB.") % {"size": most}
            if not self.takes_files:
                text = _("The answer is too long.")
            self.refused(link, visitor, text)
            return self._said(request, 413, text, link=link)

        def inner(asked: HttpRequest) -> HttpResponse:
            return view(asked, link, visitor)

        answer = csrf_protect(inner)(request)
        if answer.status_code == 403:
            text = _("The page has expired. Open the link again.")
            return self._said(request, 403, text, link=link)
        return answer

    def _nothing(self, request: HttpRequest, visitor: Visitor) -> HttpResponse:
        """One page for every link that shows nothing, whatever the reason."""
        try:
            count_wrong(visitor.ip, now=visitor.now)
        except TooManyRequests:
            return self._too_many(request)
        self.refused(None, visitor, "")
        text = _("The link is wrong, or it is not valid any more. Ask your manager for a new one.")
        return self._said(request, 404, text)

    def _too_many(self, request: HttpRequest) -> HttpResponse:
        """429 for an address or a link that asks too often."""
        text = _("Too many requests. Wait a few minutes and try again.")
        answer = self._said(request, 429, text)
        answer.headers["Retry-After"] = str(setting("links.window") * 60)
        return answer

    def _said(
        self, request: HttpRequest, status: int, text: str, *, link: Any = None
    ) -> HttpResponse:
        """A page of one sentence; without a link it depends on nothing but its status."""
        match = request.resolver_match if link is not None else None
        context = {"text": text, "token": match.kwargs["token"] if match else "", "door": self}
        return render(request, "links/said.html", context, status=status)


def token_in(request: HttpRequest) -> str:
    """The token of the address."""
    assert request.resolver_match is not None
    return str(request.resolver_match.kwargs["token"])


def _length(request: HttpRequest) -> int:
    return int(request.META.get("CONTENT_LENGTH") or 0)  # a number: PageMiddleware


def _sealed(answer: HttpResponse, language: str) -> HttpResponse:
    for name, value in SEALS.items():
        answer.headers[name] = value
    answer.headers["Content-Language"] = language
    patch_vary_headers(answer, ["Accept-Language"])
    return answer
