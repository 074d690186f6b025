"""Asking every address as everybody: one letter per answer."""

import pickle
import re
import time
from contextlib import contextmanager, nullcontext
from copy import copy
from functools import cache

from django.conf import settings
from django.db import connection
from django.template.backends.django import Template
from django.test import Client, override_settings
from django.test.client import ClientHandler
from django.urls import Resolver404, resolve

from crm.accounts.scope import scope_of
from crm.people.middleware import SEEN
from tests.cast import PEOPLE, everybody, fresh, signed_in

ORDER = (*PEOPLE, "anonymous")
FEW = ("manager", "director", "admin", "anonymous")
# test_canary reads every page that they get, in several ways, as the rest of their rights has it.
DRAWN_BY_CANARY = ("manager", "stranger", "stranger_head", "purchasing")
LETTERS = {403: "x", 404: "-", 405: "m", 400: "v", 422: "v", 409: "v", 413: "v", 503: "s", 500: "!"}
# They count, label and log answers, and decide none; whoever is nobody passes them all the same.
WATCHING = (
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "crm.shell.middleware.RequestLogMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
)
LINK = re.compile(rb'\s(?:href|hx-get)="(/[^"?#]*)')
# Rows that a refusal may leave: the journal of refusals and what belongs to the session.
JOURNALS = (
    "accounts_accessevent",
    "django_session",
    "usersessions_usersession",
    "cache_entries",
    "axes_accessattempt",
    "axes_accesslog",
    "axes_accessfailurelog",
    "links_linkcount",
    "deals_actlinkvisit",
)


class Known(ClientHandler):
    """Knows whose session it is: person, scope and session are read once, not by each request.

    Middleware that only watches is left out: all other tests and the browser pass it.
    """

    def __init__(self, person, **options):
        super().__init__(**options)
        scope_of(person)  # remembered in the object
        self.person = pickle.dumps(person)
        deciding = [name for name in settings.MIDDLEWARE if name not in WATCHING]
        with override_settings(SESSION_ENGINE="tests.authz.sessions", MIDDLEWARE=deciding):
            self.load_middleware()

    def get_response(self, request):
        request._cached_user = pickle.loads(self.person)
        return super().get_response(request)


class Browser(Client):
    """A test client that keeps no copy of every context of every template."""

    def __init__(self, person=None):
        super().__init__()
        if person is not None:
            self.handler = Known(person, enforce_csrf_checks=False)

    def request(self, **request):
        answer = self.handler(self._base_environ(**request))
        self.cookies.update(answer.cookies)
        return answer


def browsers(cast):
    """A test client for each person and one without a session."""
    people = everybody(cast).items()
    return {name: at_work(person) for name, person in people} | {"anonymous": Browser()}


def at_work(person):
    """Seen for the next hour, so that no request has to note it: each of them is taken back."""
    found = signed_in(person)
    session = found.session
    session[SEEN] = int(time.time()) + 3600
    session.save()
    browser = Browser(fresh(person))
    browser.cookies = found.cookies
    return browser


@contextmanager
def taken_back(browser):
    """What is written meanwhile, cookies too, is taken back; the counters know of it all the same.

    Through a bare cursor: there are as many of these short trips as requests.
    """
    cookies = copy(browser.cookies)
    with connection.connection.cursor() as cursor:
        cursor.execute("SAVEPOINT asked")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK TO asked; RELEASE asked")
            connection.needs_rollback = False
            connection.run_on_commit.clear()
            browser.cookies = cookies


def answer_of(browser, method, url, **more):
    """The answer; whatever it wrote is taken back."""
    with taken_back(browser):
        answer = getattr(browser, method)(url, **more)
        if answer.streaming:
            answer.streaming_content = [b"".join(answer.streaming_content)]
    return answer


def ask(browser, method, url, **more):
    """The answer and the tables whose rows it changed; whatever it wrote is taken back."""
    before = written()
    answer = answer_of(browser, method, url, **more)
    return answer, touched(before)


def answers(name, method):
    """What everybody gets from an address: letters of the matrix, which its own test proves."""
    from tests.authz.matrix import MATRIX

    return dict(zip(ORDER, MATRIX[name][method == "post"], strict=True)) if name in MATRIX else {}


def enough(expected):
    """Who has to ask: all, but of what nobody may send (or a server is sick) a few know as much.

    The method is looked at before the person, and before the database.
    """
    alike = set(expected.values()) <= {"m", "L"} or set(expected.values()) == {"!"}
    return {who: expected[who] for who in FEW} if alike else expected


def letters(people, method, url, expected):
    """What each of those expected gets; whoever is refused, as expected or not, leaves no row.

    The rows of all who are refused are counted together, and one by one where some were written.
    Pages that others read elsewhere, and those of a refused form, are drawn for the first only.
    """
    got, ways, seen, before, dead_ends = {}, {}, set(), written(), {}
    refused = [who for who in expected if expected[who] in "x-m"]
    for who in refused:
        ways[who] = refused_as(expected[who], seen)
        got[who] = letter(answer_of(people[who], method, url, **ways[who]))
    if written() != before:
        for who in refused:
            _answer, changed = ask(people[who], method, url, **ways[who])
            assert not leaves_rows(people[who], method, url, among=changed, **ways[who]), who
    for who in expected:
        if who not in ways:
            first = expected[who] not in got.values()
            drawn = first or (method == "get" and who not in DRAWN_BY_CANARY)
            with nullcontext() if drawn else undrawn():
                got[who], dead_ends[who] = _let_in(who, people[who], method, url)
    assert not any(dead_ends.values()), dead_ends
    return got


@cache
def page_of(path):
    """The name of the page, where its address names no row."""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    return "" if match.kwargs or match.args else match.view_name


def misleading(who, answer):
    """Pages without a row to which the answer leads and which refuse the person, by the matrix."""
    paths = set() if answer.streaming else set(LINK.findall(answer.content))
    names = {page_of(path.decode()) for path in paths} - {""}
    return sorted(name for name in names if answers(name, "get").get(who) == "x")


def _let_in(who, browser, method, url):
    """The letter of who may ask, and where the page leads only to be refused.

    A form that is refused leaves no row.
    """
    if method == "get":
        answer = answer_of(browser, method, url)
        return letter(answer), misleading(who, answer)
    answer, changed = ask(browser, method, url)
    found = letter(answer)
    assert found not in "x-mv" or not leaves_rows(browser, method, url, among=changed), method
    return found, []


@contextmanager
def undrawn():
    """Views decide and read; their templates say nothing."""
    whole = Template.render
    Template.render = lambda self, context=None, request=None: ""
    try:
        yield
    finally:
        Template.render = whole


def refused_as(letter, seen):
    """How to ask where a refusal is expected: the first of a kind for a page, others for a part.

    Rights are the same; the page of the refusal, which says nothing of the address, is drawn once.
    """
    if letter not in "x-":
        return {}
    more = {"headers": {"HX-Request": "true"}} if letter in seen else {}
    seen.add(letter)
    return more


def leaves_rows(browser, method, url, *, among, **more):
    """Ask once more and compare all rows of the tables that `ask` has told of.

    It tells of rows of a savepoint taken back too.
    """
    if not among:
        return False
    with taken_back(browser), undrawn():
        counted, before = written(), contents(among)
        getattr(browser, method)(url, **more)
        assert touched(counted) <= among, "another table than the first time"
        return contents(among) != before


def contents(tables=None):
    """A digest of the rows of each of these tables; of all but journals without any."""
    with connection.cursor() as cursor:
        if tables is None:
            names = sorted({*connection.introspection.table_names(cursor)} - {*JOURNALS})
        else:
            cursor.execute("SELECT id::regclass::text FROM unnest(%s::oid[]) id", [sorted(tables)])
            names = [name for (name,) in cursor.fetchall()]
        sums = [
            f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t)"
            for name in names
        ]
        cursor.execute(f"SELECT ARRAY[{', '.join(sums)}]")
        return cursor.fetchone()[0]


def read(browser, url, data):
    """The answer to a GET; what it noted is taken back."""
    return answer_of(browser, "get", url, data=data)


def letter(answer):
    """`.` opened, `>` sent elsewhere, `L` sent to sign in, or a letter of refusal."""
    if answer.status_code in {301, 302}:
        return "L" if "/account/login/" in answer.headers["Location"] else ">"
    if answer.status_code in {200, 204}:
        return "."
    return LETTERS.get(answer.status_code, "?")


def written():
    """Rows inserted, updated and deleted in this transaction by table, journals left out."""
    tables = ",".join(map(str, watched(connection.settings_dict["NAME"])))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, rows FROM (SELECT id, pg_stat_get_xact_tuples_inserted(id)"
            " + pg_stat_get_xact_tuples_updated(id) + pg_stat_get_xact_tuples_deleted(id) AS rows"
            f" FROM unnest('{{{tables}}}'::oid[]) id) AS counted WHERE rows > 0"
        )
        return dict(cursor.fetchall())


def touched(before):
    """The tables that have been written since."""
    return {table for table, rows in written().items() if rows != before.get(table)}


@cache
def watched(database):
    """Ids of the tables whose rows a refusal may not touch: the view of statistics is slow."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND NOT relname = ANY(%s)",
            [list(JOURNALS)],
        )
        return tuple(row[0] for row in cursor.fetchall())
