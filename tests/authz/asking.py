"""Asking every address as everybody: one letter per answer."""

import re
import time
from contextlib import contextmanager
from functools import cache

from django.db import connection
from django.urls import Resolver404, resolve

from crm.people.middleware import FACTOR, SEEN
from tests.authz.drawing import frame_once, refusals_undrawn, undrawn
from tests.authz.known import Browser, method_comes_first, takes
from tests.cast import PEOPLE, WITH_SECOND_FACTOR, everybody, fresh, signed_in

ORDER = (*PEOPLE, "anonymous")
FEW = ("manager", "director", "admin", "anonymous")
TWO = ("manager", "anonymous")
# test_canary reads every page that they get, in several ways, as the rest of their rights has it.
DRAWN_BY_CANARY = ("manager", "stranger", "stranger_head", "purchasing")
FRAMES, REFUSED = set(), set()  # drawn in this process
LETTERS = {403: "x", 404: "-", 405: "m", 400: "v", 422: "v", 409: "v", 413: "v", 503: "s", 500: "!"}
LINK = re.compile(rb'\s(?:href|hx-get)="(/[^"?#]*)')
READING = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
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


def browsers(cast):
    """A test client for each person and one without a session."""
    people = everybody(cast).items()
    return {name: at_work(person) for name, person in people} | {"anonymous": Browser()}


def at_work(person):
    """Seen for the next hour, so that no request has to note it: each of them is taken back.

    The second factor of those who have one is known too.
    """
    found = signed_in(person)
    session = found.session
    session[SEEN] = int(time.time()) + 3600
    if person.username in WITH_SECOND_FACTOR:
        session[FACTOR] = True
    session.save()
    browser = Browser(fresh(person))
    browser.cookies = found.cookies
    return browser


@contextmanager
def taken_back():
    """What is written meanwhile is taken back; the counters know of it all the same.

    Gives what does so at once, where there is anything. Through a bare cursor: there are as many
    of these short trips as requests.
    """
    with connection.connection.cursor() as cursor, noting() as noted:
        cursor.execute("SAVEPOINT asked")

        def forget():
            connection.needs_rollback = False
            connection.run_on_commit.clear()
            noted.clear()

        def back():
            """Take back; whether something else than reading was tried."""
            tried = bool(noted or connection.needs_rollback)
            if tried:
                cursor.execute("ROLLBACK TO asked")
            forget()
            return tried

        try:
            yield back
        finally:
            cursor.execute("ROLLBACK TO asked; RELEASE asked")
            forget()


@contextmanager
def noting():
    """The statements that may have changed a row, or have failed."""
    noted = []

    def note(execute, sql, *rest):
        if not str(sql).lstrip(" \n(").startswith(READING):
            noted.append(sql)
        try:
            return execute(sql, *rest)
        except Exception:
            noted.append(sql)
            raise

    with connection.execute_wrapper(note):
        yield noted


def answer_of(browser, method, url, **more):
    """The answer; whatever it wrote is taken back."""
    with taken_back():
        return getattr(browser, method)(url, **more)


def ask(browser, method, url, **more):
    """The answer and the tables whose rows it changed; whatever it wrote is taken back."""
    before = written()
    answer = answer_of(browser, method, url, **more)
    return answer, touched(before)


def answers(name, method):
    """What everybody gets from an address: letters of the matrix, which its own test proves."""
    from tests.authz.matrix import MATRIX

    return dict(zip(ORDER, MATRIX[name][method == "post"], strict=True)) if name in MATRIX else {}


def enough(expected, url):
    """Who has to ask: all, but of what nobody may send (or a server is sick) a few know as much.

    The method is looked at before the person, and before the database: two of them, where Django
    itself does so before any word of the view.
    """
    if set(expected.values()) == {"!"}:
        return {who: expected[who] for who in FEW}
    if not set(expected.values()) <= {"m", "L"}:
        return expected
    return {who: expected[who] for who in (TWO if method_comes_first(url) else FEW)}


def letters(people, method, url, expected, refused=None):
    """What each of those expected gets; whoever is refused, as expected or not, leaves no row.

    Rows are counted after whoever tried to write, and once more after all who are refused: a
    function of the database may write where its statement seems to read.
    `refused` notes who gets a refusal by a GET whose method the view has not asked for: it can not
    but answer the same to a POST, which is not sent.
    """
    known = {} if refused is None else refused
    got = dict(known) if method == "post" and known and takes(url, method) else {}
    seen, may_not = set(), "x-mv" if method == "post" else "x-m"
    first = [who for who in expected if expected[who] in may_not]

    def ask_as(who):
        more = refused_as(expected[who], seen)
        with drawing(who, method, expected[who], got.values()):
            answer = getattr(people[who], method)(url, **more)
        got[who] = letter(answer)
        assert method != "get" or not misleading(who, answer), (who, misleading(who, answer))
        if method == "get" and got[who] in "x-" and getattr(answer, "by_any_method", False):
            known[who] = got[who]
        return more

    with taken_back() as back:
        before = written()
        for who in first:
            if who in got:
                continue
            more = ask_as(who)
            if back():
                changed = touched(before)
                assert not leaves_rows(people[who], method, url, among=changed, **more), who
                before = written()
                back()
        assert written() == before, f"{first} are refused, and rows have been written"
        for who in expected:
            if who not in got:
                ask_as(who)
                back()
    return {who: got[who] for who in expected}


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


def drawing(who, method, expected, got):
    """How much is drawn of whoever asks: nothing of what others read elsewhere.

    Of a refused form the first of them reads the page, of a refusal everybody who is the first of
    an address, once: it says nothing of the address.
    """
    if expected in "x-":
        if expected in got or (who, expected) in REFUSED:
            return refusals_undrawn()
        REFUSED.add((who, expected))
    if expected in got and (method == "post" or who in DRAWN_BY_CANARY):
        return undrawn()
    return frame_once(FRAMES)


def refused_as(letter, seen):
    """How to ask where a refusal is expected: the first of a kind for a page, others for a part.

    Rights are the same.
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
    with taken_back(), undrawn():
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


def read(browser, url, data=None):
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
