"""Rows that many tests of a file only read, or change and have taken back: built once.

`@standing` in place of `@pytest.fixture` over a function that writes rows. Each test gets what the
function returned as new objects, over rows as they were written; the transaction of the test lies
inside the one in which they stand. They stand until a test on the same database asks for others,
or for none: what a test does not ask for, it never meets. Such a function may ask for `db`, the
cast and other standing rows of its module, and returns what can be pickled.
"""

import inspect
import itertools
import pickle
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

_builds: dict[int, Callable[..., Any]] = {}  # by the id of the fixture
_layers: dict[str, list["Layer"]] = {}  # by name of the database, the lowest first


class Layer(NamedTuple):
    """What one function wrote, in a transaction that is never committed."""

    fixture: object
    today: date  # rows of yesterday are built anew
    atomic: transaction.Atomic
    values: bytes  # by name, with those of the layers below and the cast


def standing(build: Callable[..., Any]) -> object:
    """A fixture of what the function returns; it runs when other rows stand, not for each test."""
    name, asked = build.__name__, inspect.signature(build).parameters

    def value(stood, **fixtures):
        return stood[name] if name in stood else build(**fixtures)

    keyword = inspect.Parameter.KEYWORD_ONLY
    value.__signature__ = inspect.Signature(
        inspect.Parameter(one, keyword) for one in ("stood", *asked)
    )
    fixture = pytest.fixture(value, name=name)
    _builds[id(fixture)] = build  # it lives as long as its module
    return fixture


def values() -> dict[str, Any]:
    """Everything that stands in the current database, by name, as new objects."""
    layers = _layers.get(connection.settings_dict["NAME"])
    return pickle.loads(layers[-1].values) if layers else {}


def stand(module: ModuleType, names: Iterable[str], known: dict[str, Any]) -> None:
    """Let exactly the rows stand for which fixtures of these names ask, in the current database."""
    wanted: list[object] = []
    for name in names:
        _collect(module, name, wanted)
    today, layers = timezone.localdate(), _layers.setdefault(connection.settings_dict["NAME"], [])
    while len(layers) > left_standing(layers, wanted, today):
        _take_back(layers)
    for fixture in wanted[len(layers) :]:
        layers.append(_written(fixture, today, values() if layers else known))


def left_standing(layers: Sequence[Layer], wanted: Sequence[object], today: date) -> int:
    """How many of the lowest layers are those that are wanted, written today."""
    pairs = zip(layers, wanted, strict=False)
    same = itertools.takewhile(lambda pair: pair[0][:2] == (pair[1], today), pairs)
    return len(list(same))


def strike() -> None:
    """Take back whatever stands in the current database."""
    layers = _layers.get(connection.settings_dict["NAME"], [])
    while layers:
        _take_back(layers)


def _collect(module: ModuleType, name: str, wanted: list[object]) -> None:
    """Add the fixture of this name to those wanted, after those that it asks for."""
    fixture = getattr(module, name, None)
    build = _builds.get(id(fixture))
    if build is None or fixture in wanted:
        return
    for one in inspect.signature(build).parameters:
        _collect(module, one, wanted)
    wanted.append(fixture)


def _written(fixture: object, today: date, known: dict[str, Any]) -> Layer:
    """Write the rows of the fixture into a transaction, whole or not at all."""
    build = _builds[id(fixture)]
    given = {"db": None, **known, **(vars(known["cast"]) if "cast" in known else {})}
    atomic = transaction.atomic()
    atomic.__enter__()
    try:
        no_limit_of_rest()
        made = build(**{one: given[one] for one in inspect.signature(build).parameters})
        connection.check_constraints()
        getattr(mail, "outbox", []).clear()  # later tests do not see its letters either
        kept = pickle.dumps({**known, build.__name__: made})
    except BaseException as problem:
        atomic.__exit__(type(problem), problem, problem.__traceback__)
        raise
    return Layer(fixture, today, atomic, kept)


def no_limit_of_rest() -> None:
    """The role's limit would end a long transaction while the worker waits for its next test."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def _take_back(layers: list[Layer]) -> None:
    transaction.set_rollback(True)
    layers.pop().atomic.__exit__(None, None, None)
