"""Pages of the category: the tab on the card, the request with its way, the first category."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import CategoryChangeRequest, CategoryProposal, Client
from crm.approvals.models import Approval
from tests.cast import everybody, signed_in
from tests.factories import categories as make

HTMX = {"HX-Request": "true"}
SEES = {
    "manager", "sector_head", "department_head", "director", "general_director", "accountant",
    "lawyer", "marketer", "logistics",
}  # fmt: skip
WHOLE = SEES - {"marketer", "logistics"}


@pytest.fixture
def client(cast):
    return make.client(cast.manager, name="ООО «Ромашка»", by=cast.department_head)


@pytest.fixture
def new(cast):
    return make.client(cast.manager, name="ООО «Новичок»", category=None)


def url(name, client):
    return reverse(f"clients:category_{name}", args=[client.pk])


def typed(**more):
    day = timezone.localdate() + timedelta(days=10)
    return {
        "to_category": "A",
        "reason": "Заказы выросли втрое.",
        "effective_from": day.isoformat(),
        "version": 0,
    } | more


def send(person, client, **more):
    return signed_in(person).post(url("request", client), typed(**more), headers=HTMX)


def statuses(cast, address):
    return {
        name: signed_in(person).get(address).status_code for name, person in everybody(cast).items()
    }


def expect(allowed, refused=SEES):
    return lambda name: 200 if name in allowed else 403 if name in refused else 404


@pytest.mark.parametrize(
    ("page", "which", "allowed"),
    [
        ("tab", "client", WHOLE),
        ("request", "client", {"manager", "sector_head", "department_head"}),
        ("propose", "client", set()),
        ("assign", "client", {"department_head"}),
        ("tab", "new", WHOLE),
        ("request", "new", set()),
        ("propose", "new", {"manager", "sector_head"}),
        ("assign", "new", {"department_head"}),
    ],
)
def test_who_opens_which_page(cast, client, new, page, which, allowed):
    found = statuses(cast, url(page, {"client": client, "new": new}[which]))
    assert found == {name: expect(allowed)(name) for name in found}


def test_the_form_shows_the_way_and_what_changes_before_sending(cast, client):
    text = signed_in(cast.manager).get(url("request", client), headers=HTMX).content.decode()
    assert "Сидорова\u00a0О.\u00a0Ю." in text
    assert "Орлов\u00a0Г.\u00a0П." in text
    assert "category_request" in text
    assert "<html" not in text
    assert "<html" in signed_in(cast.manager).get(url("request", client)).content.decode()


def test_sending_closes_the_dialog_and_the_tab_shows_the_way(cast, client):
    response = send(cast.manager, client)
    assert response.status_code == 204
    for event in ("dialog-close", "category-changed", "toast"):
        assert event in response["HX-Trigger"]
    request = CategoryChangeRequest.objects.get()
    assert request.state == "submitted"
    tab = signed_in(cast.manager).get(url("tab", client), headers=HTMX).content.decode()
    assert "Заказы выросли втрое." in tab
    assert Approval.objects.of(request).get().get_absolute_url() in tab
    assert signed_in(cast.manager).get(url("request", client)).status_code == 403


def test_a_draft_is_kept_and_corrected(cast, client):
    assert send(cast.manager, client, draft="1").status_code == 204
    request = CategoryChangeRequest.objects.get()
    assert request.state == "draft"
    shown = signed_in(cast.manager).get(url("request", client)).content.decode()
    assert "Заказы выросли втрое." in shown
    assert send(cast.manager, client, to_category="C", version=1).status_code == 204
    request.refresh_from_db()
    assert (request.state, request.to_category) == ("submitted", "C")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"to_category": "B"}, "to_category"),
        ({"to_category": "D"}, "to_category"),
        ({"to_category": ""}, "to_category"),
        ({"reason": "мало"}, "reason"),
        ({"reason": ""}, "reason"),
        ({"reason": "х" * 2001}, "reason"),
        ({"reason": "а\x00бвгдеёжзий"}, "reason"),
        ({"effective_from": "2020-01-01"}, "effective_from"),
        ({"effective_from": "31.02.2027"}, "effective_from"),
        ({"effective_from": "99999-01-01"}, "effective_from"),
        ({"effective_from": ""}, "effective_from"),
        ({"version": "x"}, "version"),
    ],
)
def test_a_wrong_request_keeps_what_was_typed_and_saves_nothing(cast, client, data, field):
    response = send(cast.manager, client, **{"reason": "Заказы выросли втрое.", **data})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    if "reason" not in data:
        assert "Заказы выросли втрое." in response.content.decode()
    assert not CategoryChangeRequest.objects.exists()


def test_a_stale_draft_answers_409_with_the_text(cast, client):
    send(cast.manager, client, draft="1")
    response = send(cast.manager, client, version=9, reason="Мой новый довод о клиенте")
    assert response.status_code == 409
    assert "Мой новый довод о клиенте" in response.content.decode()


def test_fields_that_are_not_in_the_form_do_not_matter(cast, client):
    more = {"state": "approved", "author": cast.director.pk, "from_category": "C", "client_id": 9}
    send(cast.manager, client, **more)
    request = CategoryChangeRequest.objects.get()
    assert (request.state, request.author, request.from_category, request.client) == (
        "submitted", cast.manager, "B", client,
    )  # fmt: skip


def test_the_author_withdraws_from_the_tab(cast, client):
    address = url("withdraw", client)
    assert signed_in(cast.manager).post(address, headers=HTMX).status_code == 404
    send(cast.manager, client)
    for name, person in everybody(cast).items():
        if name != "manager":
            expected = 403 if name in SEES else 404
            assert signed_in(person).post(address, headers=HTMX).status_code == expected, name
    assert CategoryChangeRequest.objects.get().state == "submitted"
    assert signed_in(cast.manager).post(address, headers=HTMX).status_code == 204
    assert CategoryChangeRequest.objects.get().state == "withdrawn"


def test_the_new_client_is_proposed_and_decided(cast, new):
    data = {"category": "B", "reason": "Сеть из пяти точек"}
    response = signed_in(cast.manager).post(url("propose", new), data, headers=HTMX)
    assert response.status_code == 204
    proposal = CategoryProposal.objects.get()
    approval = Approval.objects.of(proposal).get()
    tab = signed_in(cast.department_head).get(url("tab", new), headers=HTMX).content.decode()
    assert approval.get_absolute_url() in tab
    head = signed_in(cast.department_head)
    shown = head.get(approval.get_absolute_url()).content.decode()
    assert 'name="category"' in shown
    assert 'value="reject"' not in shown
    decided = head.post(
        reverse("approvals:decide", args=[approval.pk]),
        {"decision": "approve", "category": "A", "version": approval.version,
         "target_version": approval.target_version},
        headers=HTMX,
    )  # fmt: skip
    assert decided.status_code == 200
    new.refresh_from_db()
    assert new.category == "A"


def test_the_head_must_choose_a_category_in_the_inbox(cast, new):
    signed_in(cast.manager).post(url("propose", new), {"category": ""}, headers=HTMX)
    approval = Approval.objects.get()
    response = signed_in(cast.department_head).post(
        reverse("approvals:decide", args=[approval.pk]),
        {"decision": "approve", "category": "D", "version": approval.version,
         "target_version": approval.target_version},
        headers=HTMX,
    )  # fmt: skip
    assert response.status_code == 422
    assert "category" in response.context["extra"].errors
    assert Client.objects.get(pk=new.pk).category is None


@pytest.mark.parametrize("data", [{"category": "D"}, {"reason": "х" * 2001}])
def test_a_wrong_proposal_is_refused(cast, new, data):
    response = signed_in(cast.manager).post(url("propose", new), data, headers=HTMX)
    assert response.status_code == 422
    assert not CategoryProposal.objects.exists()


def test_the_head_assigns_at_once_where_nobody_has_proposed(cast, new):
    head = signed_in(cast.department_head)
    assert head.post(url("assign", new), {"category": ""}, headers=HTMX).status_code == 422
    assert head.post(url("assign", new), {"category": "A"}, headers=HTMX).status_code == 204
    assert head.post(url("assign", new), {"category": "B"}, headers=HTMX).status_code == 422
    new.refresh_from_db()
    assert new.category == "A"


def test_the_tab_takes_few_queries_however_long_the_history(
    cast, client, django_assert_max_num_queries
):
    browser = signed_in(cast.department_head)
    send(cast.manager, client)
    browser.get(url("tab", client), headers=HTMX)
    with django_assert_max_num_queries(12):
        assert browser.get(url("tab", client), headers=HTMX).status_code == 200
