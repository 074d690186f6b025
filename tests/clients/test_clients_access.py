"""Who opens which page of the client base and presses which button (C.9, G-AZ1)."""

import pytest

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
    # address: (record, who gets 200); whoever sees the client otherwise gets 403, the rest 404
    "detail": ("client", SEES),
    "header": ("client", SEES),
    "peek": ("client", SEES),
    "edit": ("client", EDITS),
    "archive": ("client", EDITS),
    "requisites_tab": ("client", SEES),
    "people_tab": ("client", WHOLE),
    "needs_tab": ("client", WHOLE),
    "history_tab": ("client", WHOLE),
    "person_create": ("client", EDITS),
    "outlet_create": ("client", EDITS),
    "need_create": ("client", EDITS),
    "counterparty_create": ("client", EDITS),
    "outlet_edit": ("outlet", EDITS),
}
CLOSED_PAGES = {
    # parts of the whole card are not found by the limited roles
    "person_edit": ("person", EDITS),
    "need_edit": ("need", EDITS),
    "counterparty_edit": ("counterparty", EDITS),
    "account_create": ("counterparty", EDITS),
    "account_edit": ("account", EDITS),
}


@pytest.mark.parametrize("name", sorted({**PAGES, **CLOSED_PAGES}))
def test_who_opens_which_page(cast, whole, name):
    record, allowed = {**PAGES, **CLOSED_PAGES}[name]
    seen = SEES if name in PAGES else WHOLE
    for who, user in everybody(cast).items():
        expected = 200 if who in allowed else 403 if who in seen else 404
        for headers in ({}, HTMX):
            response = signed_in(user).get(url(name, whole[record].pk), headers=headers)
            assert response.status_code == expected, (who, name, headers)


PRESSED = {
    "confirm": ("client", SEES),
    "restore": ("client", SEES),
    "person_archive": ("person", WHOLE),
    "person_restore": ("person", WHOLE),
    "outlet_archive": ("outlet", SEES),
    "outlet_restore": ("outlet", SEES),
    "need_archive": ("need", WHOLE),
    "need_restore": ("need", WHOLE),
    "counterparty_archive": ("counterparty", WHOLE),
    "counterparty_restore": ("counterparty", WHOLE),
    "account_close": ("account", WHOLE),
    "account_reopen": ("account", WHOLE),
}


@pytest.mark.parametrize("name", sorted(PRESSED))
def test_who_presses_which_button(cast, whole, name):
    record, seen = PRESSED[name]
    for who, user in everybody(cast).items():
        response = signed_in(user).post(url(name, whole[record].pk), headers=HTMX)
        if who in EDITS:
            refused = name == "restore"  # the client is not in the archive
            assert response.status_code == (422 if refused else 204), who
            assert "toast" in response["HX-Trigger"]
        else:
            assert response.status_code == (403 if who in seen else 404), (who, name)
        assert signed_in(user).get(url(name, whole[record].pk)).status_code == 405


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
def test_who_opens_pages_without_a_record(cast, name):
    for who, user in everybody(cast).items():
        expected = 200 if who in WITHOUT_RECORD[name] else 403
        assert signed_in(user).get(url(name)).status_code == expected, who


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
            answer.content.replace(str(pk).encode(), b"")
            for pk, answer in zip((foreign.pk, 987654321), answers, strict=False)
        }
        assert len({len(body) for body in bodies}) == 1
