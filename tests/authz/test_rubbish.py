"""Rubbish through every form and every parameter is a message, never a crash (G-IN1).

RUBBISH_ROUNDS sends more than the few rounds of a usual run.
"""

import os
from collections import Counter
from functools import cache

import pytest

from tests.authz import addresses, asking
from tests.authz.drawing import frame_once
from tests.authz.forms import forms_of, one_wrong, rubbish
from tests.authz.matrix import MATRIX
from tests.authz.refused import complaints, complaints_of_page, noted_forms

ROUNDS = int(os.environ.get("RUBBISH_ROUNDS", "2"))
OPENED = sorted(name for name, (get, _post) in MATRIX.items() if "." in get)
PARAMETERS = ("page", "after", "before", "sort", "q", "tab", "month", "manager", "client",
              "columns", "as", "from", "unit", "state", "done_from", "potential_min")  # fmt: skip
ODD_BODIES = (
    {"data": b'{"name": 1}', "content_type": "application/json"},
    {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=y"},
    {"data": "&".join(f"f{n}=1" for n in range(1001)).encode(),
     "content_type": "application/x-www-form-urlencoded"},
    {"data": b"name=" + b"x" * 3_000_000, "content_type": "application/x-www-form-urlencoded"},
)  # fmt: skip
FRAMES = set()  # drawn with rubbish in the address
BY_SCRIPT = {"headers": {"HX-Request": "true"}}
SHOWN = {200, 400, 409, 422}  # answers that show a form or a page again
FINE = {200, 204, 301, 302, 400, 403, 404, 405, 409, 413, 422}


def who_opens(name, people):
    """The first person whom the matrix lets in."""
    return people[asking.ORDER[MATRIX[name][0].index(".")]]


def body_of(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def seen():
    """What has been sent through: the same form stands on many pages."""
    return set()


@pytest.fixture(scope="module")
def forms(everything):
    """The forms of the page of an address, which both tests fill in; asked for once."""
    world, people = everything

    @cache
    def found(name):
        with frame_once():  # its own forms are those of one's account and of the shell
            page = asking.read(who_opens(name, people), addresses.address(name, world))
        return [] if page.streaming else forms_of(body_of(page))

    return found


@pytest.mark.parametrize("name", OPENED)
def test_rubbish_in_any_form_is_a_message(name, world, people, forms, seen, record_property):
    browser, url = who_opens(name, people), addresses.address(name, world)
    told = Counter()
    for form in forms(name):
        form.action = form.action or url
        shared = form.signature[0].startswith(("/account/", "/shell/", "/notices/"))
        if form.method != "post" or shared or form.signature in seen:
            continue
        seen.add(form.signature)
        for data in bodies(form, ODD_BODIES[len(seen) % len(ODD_BODIES)]):
            with frame_once(FRAMES), noted_forms() as wrong:
                answer, changed = asking.ask(browser, "post", form.action, **data)
            told[answer.status_code] += 1
            assert answer.status_code in FINE, (form.action, data, answer.status_code)
            if form.has_button and answer.status_code in SHOWN and not answer.streaming:
                missed = complaints(wrong, typed(form, **data), answer)
                assert not missed, (form.action, data, missed)
            if answer.status_code in asking.LETTERS:
                wrote = asking.leaves_rows(browser, "post", form.action, among=changed, **data)
                assert not wrote, (form.action, data)
    record_property("answers", dict(told))


def typed(form, data, **_way):
    """What of the body a person has typed or chosen."""
    if not isinstance(data, dict):
        return {}
    return {name: data[name] for name in data.keys() - form.unseen}


def bodies(form, odd):
    """What is sent: all fields wrong, one field wrong, and a body that is no form.

    Those are read before any view, in one place: the next form gets the next of them.
    """
    for number in range(ROUNDS):
        way = BY_SCRIPT if form.by_htmx and number % 2 == 0 else {}
        yield {"data": rubbish(form.fields, number), **way}
        yield {"data": one_wrong(form.fields, number), **way}
    yield {"data": {name: [value, value] for name, value in form.fields.items()}}
    yield odd


@pytest.mark.parametrize("name", OPENED)
def test_rubbish_in_any_parameter_is_a_page_or_a_message(name, world, people, forms):
    browser, url = who_opens(name, people), addresses.address(name, world)
    asked = set(PARAMETERS)
    for form in forms(name):
        asked |= set(form.fields) if form.method == "get" else set()
    for number in range(ROUNDS):
        data = {key: value for key, value in rubbish(asked, number).items() if len(value) < 3000}
        way = {"data": data | {"part": "apply"}, **BY_SCRIPT} if number % 2 else {"data": data}
        with frame_once(FRAMES), noted_forms() as wrong:
            answer = asking.answer_of(browser, "get", url, **way)
        assert answer.status_code in FINE, (url, data, answer.status_code)
        if answer.status_code in SHOWN and not answer.streaming:
            missed = complaints_of_page(wrong, answer)
            assert not missed, (url, data, missed)
        if answer.by_any_query:
            break  # it has not read its parameters
