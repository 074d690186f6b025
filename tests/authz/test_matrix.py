"""Every address as everybody: the answers are those of the matrix, and refusals change nothing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import ResolverMatch
from django.views.decorators.http import require_http_methods

from clients.models import Client
from crm.accounts.actions import log_access
from crm.accounts.models import AccessEventKind
from tests.authz import addresses, asking, known
from tests.authz.drawing import frame_once
from tests.authz.matrix import MATRIX

OTHER_METHODS = ("put", "patch", "delete", "options")
NAMES = addresses.names()
# Beside the loop of a browser it is 500 whatever the method; tests/work/test_health.py asks it.
ASYNCHRONOUS = "work:ready"


def hidden_by(name):
    """Methods that hide the row of the address from the stranger, as the matrix has it."""
    methods = ("get", "post") if addresses.names_a_row(name) else ()
    return [method for method in methods if asking.answers(name, method)["stranger"] == "-"]


HIDDEN = [name for name in NAMES if hidden_by(name)]


def test_every_address_is_in_the_matrix_and_nothing_else():
    assert sorted(MATRIX) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_everybody_gets_the_answer_of_the_matrix(name, world, people):
    """404 for what one may not see, 403 for what one may not do; refused means unchanged."""
    url, refused = addresses.address(name, world), {}
    for method in ("get",) if name == ASYNCHRONOUS else ("get", "post"):
        expected = asking.enough(asking.answers(name, method), url)
        assert asking.letters(people, method, url, expected, refused) == expected, method


@pytest.mark.parametrize("name", HIDDEN)
def test_a_foreign_row_answers_as_one_that_does_not_exist(name, world, people):
    """The stranger learns nothing: same status, same page."""
    foreign = addresses.address(name, world)
    missing = addresses.address(name, world, foreign=True)
    for method in hidden_by(name):
        with frame_once():
            one = asking.answer_of(people["stranger"], method, foreign)
            other = asking.answer_of(people["stranger"], method, missing)
        assert (one.status_code, other.status_code) == (404, 404)
        assert _length(one, foreign) == _length(other, missing)
        if one.by_any_method and other.by_any_method:
            break  # a POST can not but answer the same


@pytest.mark.parametrize("name", [name for name in NAMES if name != ASYNCHRONOUS])
def test_other_methods_are_refused_and_change_nothing(name, world, people):
    """The way of all four is one: an address is asked by one of them, its neighbour by the next."""
    method = OTHER_METHODS[NAMES.index(name) % len(OTHER_METHODS)]
    answer, changed = asking.ask(people["director"], method, addresses.address(name, world))
    assert answer.status_code < 500
    assert not changed, method


VIEWS = {
    "nothing": lambda request: HttpResponse(status=404),
    "method": lambda request: HttpResponse(request.method),
    "fields": lambda request: HttpResponse(request.POST),
    "files": lambda request: HttpResponse(request.FILES),
    "body": lambda request: HttpResponse(request.body),
    "stream": lambda request: HttpResponse(request.read()),
    "query": lambda request: HttpResponse(request.GET),
}


@pytest.mark.parametrize("looks_at", VIEWS)
def test_what_a_view_looks_at_is_noticed(looks_at, people, monkeypatch):
    """Control: what decides whether one answer speaks for those to other methods and queries."""
    view = require_http_methods(["GET", "POST"])(VIEWS[looks_at])
    monkeypatch.setattr(known, "resolved", lambda _url: ResolverMatch(view, (), {}))
    answer = people["manager"].get("/")
    assert answer.by_any_method == (looks_at in {"nothing", "query"})
    assert answer.by_any_query == (looks_at != "query")
    assert (known.takes("/", "post"), known.takes("/", "put")) == (True, False)


WRITES = "UPDATE clients_client SET name = 'Другое'"


@pytest.mark.parametrize("statement", [WRITES, "SELECT pg_temp.renamed()"])
def test_a_refusal_that_writes_is_noticed(statement, people, world, monkeypatch):
    """Control: also where a function writes and the statement seems to read."""

    def view(_request):
        with connection.cursor() as cursor:
            cursor.execute(statement)
        raise PermissionDenied

    monkeypatch.setattr(known, "resolved", lambda _url: ResolverMatch(view, (), {}))
    with transaction.atomic():
        with connection.cursor() as cursor:
            body = f"$$ {WRITES}; SELECT 1 $$"
            cursor.execute(f"CREATE FUNCTION pg_temp.renamed() RETURNS int LANGUAGE sql AS {body}")
        with pytest.raises(AssertionError):
            asking.letters(people, "post", "/", {"manager": "x", "lawyer": "x"})
        transaction.set_rollback(True)


def test_the_frame_is_drawn_once_for_a_role_and_for_a_place(people):
    drawn = []
    with frame_once(set()):
        for who, url in (
            ("manager", "/profile/"),
            ("manager", "/profile/"),
            ("stranger", "/profile/"),
            ("director", "/profile/"),
            ("manager", "/clients/"),
        ):
            page = people[who].get(url)
            assert page.status_code == 200, url
            drawn.append(b"<html" in page.content)
    assert drawn == [True, False, False, True, True]


def _length(answer, url):
    """Length of the page without the address that was asked for."""
    number = url.strip("/").split("/")
    digits = max((part for part in number if part.isdigit()), key=len, default="")
    return len(answer.content.replace(f"/{digits}/".encode(), b"//"))


def test_a_written_row_is_noticed_and_one_of_a_journal_is_not(world):
    with transaction.atomic():
        before = asking.written()
        log_access(None, kind=AccessEventKind.REFUSED)
        assert asking.written() == before
        Client.objects.filter(pk=world.client).update(name="Другое")
        assert asking.touched(before)
        transaction.set_rollback(True)


def test_the_long_transaction_of_the_world_may_rest(world):
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("0",)
