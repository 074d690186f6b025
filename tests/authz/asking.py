"""Asking every address as everybody: one letter per answer."""

import time
from copy import copy
from functools import cache

from django.db import connection, transaction
from django.test import Client

from crm.people.middleware import OPENED, SEEN
from tests.cast import PEOPLE, everybody, signed_in

ORDER = (*PEOPLE, "anonymous")
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
)


class Undo(Exception):
    """Takes back what a request wrote."""


def browsers(cast):
    """A test client for each person and one without a session."""
    found = {}
    for name, person in everybody(cast).items():
        found[name] = at_work(signed_in(person))
        found[name].raise_request_exception = False
    found["anonymous"] = Client(raise_request_exception=False)
    return found


def at_work(browser):
    """Seen a moment ago, so that no request has to note it: each of them is taken back."""
    session = browser.session
    session[OPENED] = session[SEEN] = int(time.time())
    session.save()
    return browser


def ask(browser, method, url, **more):
    """The answer and whether it changed rows; whatever it wrote, cookies too, is taken back."""
    cookies = copy(browser.cookies)
    try:
        with transaction.atomic():
            before = written()
            answer = getattr(browser, method)(url, **more)
            changed = written() != before
            if answer.streaming:
                b"".join(answer.streaming_content)
            raise Undo
    except Undo:
        return answer, changed
    finally:
        browser.cookies = cookies


def answers(name, method):
    """What everybody gets from an address: letters of the matrix, which its own test proves."""
    from tests.authz.matrix import MATRIX

    return dict(zip(ORDER, MATRIX[name][method == "post"], strict=True))


def leaves_rows(browser, method, url, **more):
    """Ask once more and compare all rows: `ask` also counts those of a savepoint taken back."""
    cookies = copy(browser.cookies)
    try:
        with transaction.atomic():
            before = contents()
            getattr(browser, method)(url, **more)
            differs = contents() != before
            raise Undo
    except Undo:
        return differs
    finally:
        browser.cookies = cookies


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


def written():
    """Rows inserted, updated and deleted in this transaction, journals left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_stat_get_xact_tuples_inserted(id) + pg_stat_get_xact_tuples_updated(id)"
            " + pg_stat_get_xact_tuples_deleted(id)) FROM unnest(%s::oid[]) id",
            [list(watched(connection.settings_dict["NAME"]))],
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
