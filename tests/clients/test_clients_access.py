"""Who opens which page of the client base and presses which button (C.9, G-AZ1)."""

import pytest

from tests.authz.asking import answers
from tests.cast import PEOPLE, everybody, signed_in
from tests.clients.card_pages import HTMX, url
from tests.factories import clients

SEES = {
    *("manager", "sector_head", "department_head", "director", "general_director"),
    *("accountant", "lawyer", "marketer", "logistics"),
}
WHOLE = SEES - {"marketer", "logistics"}
EDITS = {"manager", "sector_head", "department_head"}
DISTRIBUTES = {"sector_head", "department_head", "director"}


@pytest.fixture
def whole(cast):
    return clients.whole(cast.manager)


PAGES = {
    # address: who opens it; whoever sees the client otherwise gets 403, the rest 404
    "detail": SEES,
    "header": SEES,
    "peek": SEES,
    "edit": EDITS,
    "archive": EDITS,
    "requisites_tab": SEES,
    "people_tab": WHOLE,
    "needs_tab": WHOLE,
    "history_tab": WHOLE,
    "person_create": EDITS,
    "outlet_create": EDITS,
    "need_create": EDITS,
    "counterparty_create": EDITS,
    "outlet_edit": EDITS,
}
CLOSED_PAGES = {
    # parts of the whole card are not found by the limited roles
    "person_edit": EDITS,
    "need_edit": EDITS,
    "counterparty_edit": EDITS,
    "account_create": EDITS,
    "account_edit": EDITS,
}


@pytest.mark.parametrize("name", sorted({**PAGES, **CLOSED_PAGES}))
def test_who_opens_which_page(name):
    allowed = {**PAGES, **CLOSED_PAGES}[name]
    seen = SEES if name in PAGES else WHOLE
    got = answers(f"clients:{name}", "get")
    for who in PEOPLE:
        assert got[who] == ("." if who in allowed else "x" if who in seen else "-"), who


PRESSED = {
    "confirm": SEES,
    "restore": SEES,
    "person_archive": WHOLE,
    "person_restore": WHOLE,
    "outlet_archive": SEES,
    "outlet_restore": SEES,
    "need_archive": WHOLE,
    "need_restore": WHOLE,
    "counterparty_archive": WHOLE,
    "counterparty_restore": WHOLE,
    "account_close": WHOLE,
    "account_reopen": WHOLE,
}
RECORDS = {"confirm": "client", "restore": "client"} | {
    name: name.partition("_")[0] for name in PRESSED if "_" in name
}


@pytest.mark.parametrize("name", sorted(PRESSED))
def test_who_presses_which_button(name):
    got = answers(f"clients:{name}", "post")
    for who in PEOPLE:
        refused = "x" if who in PRESSED[name] else "-"
        assert got[who] == (">" if who in EDITS else refused), who
    assert set(answers(f"clients:{name}", "get").values()) == {"m", "L"}


@pytest.mark.parametrize("name", sorted(PRESSED))
def test_a_button_answers_a_fragment_with_a_message(cast, whole, name):
    answer = signed_in(cast.manager).post(url(name, whole[RECORDS[name]].pk), headers=HTMX)
    assert answer.status_code == (422 if name == "restore" else 204)  # it is not in the archive
    assert "toast" in answer["HX-Trigger"]


WITHOUT_RECORD = {
    "list": set(PEOPLE),
    "views": set(PEOPLE),
    "options": set(PEOPLE),
    "create": EDITS | {"manager2", "stranger", "stranger_head"},
    "duplicates": EDITS | {"manager2", "stranger", "stranger_head"},
    "person_list": set(PEOPLE) - {"marketer", "logistics"},
    "bank": set(PEOPLE) - {"marketer", "logistics"},
    "transfer": DISTRIBUTES | {"stranger_head"},
    "transfer_list": DISTRIBUTES | {"stranger_head"},
}


@pytest.mark.parametrize("name", sorted(WITHOUT_RECORD))
def test_who_opens_pages_without_a_record(name):
    got = answers(f"clients:{name}", "get")
    for who in PEOPLE:
        assert got[who] == ("." if who in WITHOUT_RECORD[name] else "x"), who


def test_only_the_administrator_asks_what_another_sees(cast, whole):
    for who, user in everybody(cast).items():
        response = signed_in(user).get(url("seen_by", cast.manager.pk))
        assert response.status_code == (200 if who == "admin" else 403), who
    shown = signed_in(cast.admin).get(url("seen_by", cast.manager.pk)).content.decode()
    assert whole["client"].name in shown
    assert signed_in(cast.admin).get(url("seen_by", 999999)).status_code == 404


def test_a_foreign_client_answers_like_one_that_does_not_exist(cast):
    foreign = clients.client(cast.stranger)
    for name in ("detail", "edit", "people_tab", "history_tab"):
        answers = [
            signed_in(cast.manager).get(url(name, pk)) for pk in (foreign.pk, 987654321, 10**30)
        ]
        assert {answer.status_code for answer in answers} == {404}
        bodies = {
            answer.content.replace(f"/{pk}/".encode(), b"")
            for pk, answer in zip((foreign.pk, 987654321), answers, strict=False)
        }
        assert len({len(body) for body in bodies}) == 1
