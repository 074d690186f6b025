"""Asking every address as everybody: one letter per answer."""

import pickle
import time
from contextlib import contextmanager
from copy import copy
from functools import cache

from django.db import connection
from django.test import Client
from django.test.client import ClientHandler

from crm.people.middleware import SEEN
from tests.cast import PEOPLE, everybody, fresh, signed_in

ORDER = (*PEOPLE, "anonymous")
FEW = ("manager", "director", "admin", "anonymous")
LETTERS = {403: "x", 404: "-", 405: "m", 400: "v", 422: "v", 409: "v", 413: "v", 503: "s", 500: "!"}
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
    """Knows whose session it is: who that is, is read once and not by each request."""

    def __init__(self, person, **options):
        super().__init__(**options)
        self.person = pickle.dumps(person)

    def get_response(self, request):
        request._cached_user = pickle.loads(self.person)  # scope is remembered in the object
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
    """What is written meanwhile, cookies too, is taken back; a list gets whether it was rows.

    Two short trips to the server: the counters keep what a savepoint took back.
    """
    cookies, changed = copy(browser.cookies), []
    before = written("SAVEPOINT asked")
    try:
        yield changed
    finally:
        changed.append(written("ROLLBACK TO asked; RELEASE asked") != before)
        connection.needs_rollback = False
        connection.run_on_commit.clear()
        browser.cookies = cookies


def ask(browser, method, url, **more):
    """The answer and whether it changed rows; whatever it wrote is taken back."""
    with taken_back(browser) as changed:
        answer = getattr(browser, method)(url, **more)
        if answer.streaming:
            answer.streaming_content = [b"".join(answer.streaming_content)]
    return answer, changed[0]


def answers(name, method):
    """What everybody gets from an address: letters of the matrix, which its own test proves."""
    from tests.authz.matrix import MATRIX

    return dict(zip(ORDER, MATRIX[name][method == "post"], strict=True))


def enough(expected):
    """Who has to ask: all, but of what nobody may send (or a server is sick) a few know as much.

    The method is looked at before the person, and before the database.
    """
    alike = set(expected.values()) <= {"m", "L"} or set(expected.values()) == {"!"}
    return FEW if alike else expected


def refused_as(letter, seen):
    """How to ask where a refusal is expected: the first of a kind for a page, others for a part.

    Rights are the same; the page of the refusal, which says nothing of the address, is drawn once.
    """
    if letter not in "x-":
        return {}
    more = {"headers": {"HX-Request": "true"}} if letter in seen else {}
    seen.add(letter)
    return more


def leaves_rows(browser, method, url, **more):
    """Ask once more and compare all rows: `ask` also counts those of a savepoint taken back."""
    with taken_back(browser):
        before = contents()
        getattr(browser, method)(url, **more)
        return contents() != before


def contents():
    """A digest of every table, journals left out."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        sums = [
            f"(SELECT '{table}' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '')"
            f" FROM {table} t)"
            for table in sorted(set(tables) - set(JOURNALS))
        ]
        cursor.execute(f"SELECT ARRAY[{', '.join(sums)}]")
        return cursor.fetchone()[0]


def read(browser, url, data):
    """The answer to a GET; what it noted is taken back."""
    return ask(browser, "get", url, data=data)[0]


def letter(answer):
    """`.` opened, `>` sent elsewhere, `L` sent to sign in, or a letter of refusal."""
    if answer.status_code in {301, 302}:
        return "L" if "/account/login/" in answer.headers["Location"] else ">"
    if answer.status_code in {200, 204}:
        return "."
    return LETTERS.get(answer.status_code, "?")


def written(first=""):
    """Rows inserted, updated and deleted in this transaction, journals left out."""
    tables = ",".join(map(str, watched(connection.settings_dict["NAME"])))
    with connection.cursor() as cursor:
        cursor.execute(
            f"{first}; SELECT sum(pg_stat_get_xact_tuples_inserted(id)"
            " + pg_stat_get_xact_tuples_updated(id) + pg_stat_get_xact_tuples_deleted(id))"
            f" FROM unnest('{{{tables}}}'::oid[]) id"
        )
        return cursor.fetchone()[0]


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
