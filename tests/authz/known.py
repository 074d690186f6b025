"""Test clients of known people, which tell what of a request a view has looked at."""

from copy import copy
from functools import cache
from inspect import getclosurevars

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, override_settings
from django.test.client import (
    ClientHandler,
    closing_iterator_wrapper,
    conditional_content_removal,
)
from django.urls import resolve
from django.views.decorators.http import require_http_methods

from crm.accounts.scope import scope_of

TOKEN = "t" * 32
METHOD_FIRST = require_http_methods([])(None).__code__
# They count, label and log answers, and decide none; whoever is nobody passes them all the same.
# What the journal of refusals gets is asked by tests/accounts/test_signin.py.
WATCHING = (
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "crm.shell.middleware.RequestLogMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "crm.people.middleware.RefusalLogMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
)
resolved = cache(resolve)


class Watched(WSGIRequest):
    """A GET that counts how often somebody asks for its method, or for a body that it has not."""

    looked = 0

    @property
    def method(self):
        self.looked += 1
        return self._method

    @method.setter
    def method(self, value):
        self._method = value

    @property
    def body(self):
        self.looked += 1
        return super().body

    def read(self, *size):
        self.looked += 1
        return super().read(*size)


class Known(ClientHandler):
    """Knows whose session it is: person, scope and session are read once, not by each request.

    Middleware that only watches is left out: all other tests and the browser pass it.
    """

    def __init__(self, person):
        super().__init__()
        scope_of(person)  # remembered in the object
        self.person = person
        deciding = [name for name in settings.MIDDLEWARE if name not in WATCHING]
        with override_settings(SESSION_ENGINE="tests.authz.sessions", MIDDLEWARE=deciding):
            self.load_middleware()
        self._view_middleware.append(_now_the_view)

    def __call__(self, environ):
        """Without the signals of a server: each request is taken back, no connection is closed."""
        kind = Watched if environ["REQUEST_METHOD"] == "GET" else WSGIRequest
        request = kind({**environ, "CSRF_COOKIE": TOKEN})
        request._dont_enforce_csrf_checks = True
        request._cached_user = another(self.person)
        answer = self.get_response(request)
        answer.by_any_method = method_comes_first(request.path_info) and _looked_once(request)
        answer.by_any_query = "GET" not in vars(request)
        conditional_content_removal(request, answer)
        if answer.streaming:
            content = closing_iterator_wrapper(answer.streaming_content, answer.close)
            answer.streaming_content = content
        else:
            for close in answer._resource_closers:
                close()
        return answer

    def resolve_request(self, request):
        """An address means the same to all."""
        request.resolver_match = resolved(request.path_info)
        return request.resolver_match


def _now_the_view(request, view, *_arguments):
    """The check of the token, which is left out, reads the form before any view does."""
    if request.method == "POST" and not getattr(view, "csrf_exempt", False):
        request.POST  # noqa: B018 - too many fields are refused here
    request.looked = 0


def _looked_once(request):
    """By Django, before the view: had the method been another allowed one, nothing had differed."""
    return isinstance(request, Watched) and request.looked == 1


def method_comes_first(url):
    """Whether Django itself looks at the method, before any word of the view."""
    return getattr(resolved(url).func, "__code__", None) is METHOD_FIRST


def takes(url, method):
    """Whether a view whose method comes first lets it in."""
    return method.upper() in getclosurevars(resolved(url).func).nonlocals["request_method_list"]


def another(person):
    """The same person as an object of its own, with what has been read so far."""
    found = copy(person)
    found._state.fields_cache = dict(person._state.fields_cache)
    return found


class Browser(Client):
    """A test client that keeps no cookies and no copy of every context of every template."""

    def __init__(self, person=None):
        super().__init__()
        if person is not None:
            self.handler = Known(person)

    def request(self, **request):
        """The answer, read to its end."""
        answer = self.handler(self._base_environ(**request))
        if answer.streaming:
            answer.streaming_content = [b"".join(answer.streaming_content)]
        return answer
