"""Language of the profile, pages that nobody keeps, sign-in pages never inside a fragment."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import get_resolver
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_structlog.middlewares import RequestMiddleware
from pghistory.middleware import HistoryMiddleware

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.scrubbing import scrub

FORM_KEY = "idempotency_key"  # a unique column of what forms create
Answer = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Speak the profile's language; to visitors the one of the cookie, else the default."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self.language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def language_of(self, request: HttpRequest) -> str:
        """A known code, whatever stands in the profile or the cookie."""
        known = {code for code, _name in settings.LANGUAGES}
        user = getattr(request, "user", None)
        if isinstance(user, User) and user.language in known:
            return user.language
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return chosen if chosen in known else settings.LANGUAGE_CODE


class RequestLogMiddleware(RequestMiddleware):
    """A line of the log per request, without the tokens of personal links."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return scrub(RequestMiddleware.format_request(request))


class HistoryContextMiddleware(HistoryMiddleware):  # type: ignore[misc]
    """Person and address beside what is written, without the tokens of personal links."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().get_context(request)
        return {**context, "url": scrub(context["url"])}


class PageMiddleware:
    """Pages are private and not stored; htmx never gets a sign-in page to swap in (G-AC2, G-AC4).

    An expired session answers a fragment request with 204 and HX-Redirect to the sign-in page,
    which leads back to the page (not to the fragment). A rule violation that a view let through
    becomes a page with its sentence; so does the key of a form that another person has saved.
    A length that is no number is refused before the metrics count by it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request) if has_length(request) else refused(request)
        if settings.DEBUG and response.status_code == 404 and request.resolver_match is None:
            # No address of ours: what Django says about it is for its developers.
            response = refused(request, Http404())
        elif response.status_code == 405 and request.method == "GET" and not is_htmx(request):
            response = for_forms_only(request, response)
        if is_htmx(request) and leads_to_account(response):
            response = redirect_whole_page(request, response)
        response.headers.setdefault("Cache-Control", "no-store, private")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request", "Cookie"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RuleViolation):
            return render(request, "409.html", {"reason": str(exception)}, status=exception.status)
        if isinstance(exception, IntegrityError) and FORM_KEY in str(exception):
            reason = _("This form has already been saved by somebody else. Open it again.")
            return render(request, "409.html", {"reason": reason}, status=409)
        if settings.DEBUG and isinstance(exception, Http404 | BadRequest):
            # People look at `make run` too: a missing record is no bug to be shown its code.
            return refused(request, exception)
        return None


def refused(request: HttpRequest, why: Http404 | BadRequest | None = None) -> HttpResponse:
    """The page of a missing record or of a request that is not understood."""
    status = 404 if isinstance(why, Http404) else 400
    show: Callable[..., HttpResponse] = get_resolver().resolve_error_handler(status)
    return show(request, why or BadRequest())


def for_forms_only(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Say so where a browser would show an empty page; a form's address comes by reload or link."""
    response.content = render(request, "405.html").content
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    return response


def has_length(request: HttpRequest) -> bool:
    """False where the length of the body is no number, as no server should let it through."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return str(length).isascii() and str(length).isdigit()


def is_htmx(request: HttpRequest) -> bool:
    """Asked by htmx for a part of a page; a boosted link wants the whole page."""
    return request.headers.get("HX-Request") == "true"


def leads_to_account(response: HttpResponse) -> bool:
    """A redirect to sign-in, second factor, re-authentication or change of password."""
    if response.status_code not in {301, 302, 303, 307, 308}:
        return False
    path = urlsplit(response.headers.get("Location", "")).path
    root = resolve_url(settings.LOGIN_URL).removesuffix("login/")
    return path.startswith(root)


def redirect_whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """204 with HX-Redirect; after signing in the person returns to the page shown."""
    target = urlsplit(response.headers["Location"])
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = shown.path + (f"?{shown.query}" if shown.query else "")
    query = f"?{urlencode({'next': back})}" if back else ""
    answer = HttpResponse(status=204, headers={"HX-Redirect": f"{target.path}{query}"})
    answer.cookies = response.cookies
    return answer
