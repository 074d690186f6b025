"""Archive and hand-over as pages: selections, filters, refusals, the way back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clients.models import Client, ClientTransfer
from tests.cast import signed_in
from tests.clients.card_pages import HTMX, handing_over, url
from tests.factories import clients


def test_archiving_offers_the_way_back(cast):
    client = clients.client(cast.manager)
    data = {"version": 1, "reason": "Закрылись"}
    response = signed_in(cast.manager).post(url("archive", client.pk), data, headers=HTMX)
    assert response.status_code == 204
    assert url("restore", client.pk) in response["HX-Trigger"]
    shown = signed_in(cast.manager).get(client.get_absolute_url()).content.decode()
    assert "Закрылись" in shown
    assert signed_in(cast.manager).post(url("restore", client.pk), headers=HTMX).status_code == 204


def test_a_stale_archiving_is_refused(cast):
    client = clients.client(cast.manager)
    data = {"version": 9, "reason": "Закрылись"}
    response = signed_in(cast.manager).post(url("archive", client.pk), data, headers=HTMX)
    assert response.status_code == 409
    client.refresh_from_db()
    assert client.archived_at is None


def test_a_selection_is_handed_over_and_taken_back(cast):
    mine = [clients.client(cast.manager) for _each in range(3)]
    ids = [client.pk for client in mine[:2]]
    browser = signed_in(cast.sector_head)
    page = browser.get(url("transfer"), {"ids": ids})
    assert page.context["count"] == 2
    response = browser.post(url("transfer"), handing_over(cast.manager2, ids=ids, expected=2))
    made = ClientTransfer.objects.get()
    assert response["Location"] == url("transfer_detail", made.pk)
    assert set(Client.objects.filter(manager=cast.manager2)) == set(mine[:2])
    shown = browser.get(url("transfer_detail", made.pk))
    assert shown.context["may_undo"]
    assert browser.post(url("transfer_undo", made.pk)).status_code == 302
    assert Client.objects.filter(manager=cast.manager).count() == 3


def test_everything_a_filter_finds_is_handed_over(cast):
    for category in "AAB":
        clients.client(cast.manager, category=category)
    address = f"{url('transfer')}?manager={cast.manager.pk}&category=A"
    browser = signed_in(cast.department_head)
    assert browser.get(address).context["count"] == 2
    assert browser.post(address, handing_over(cast.manager2, expected=2)).status_code == 302
    assert Client.objects.filter(manager=cast.manager2).count() == 2


def test_nothing_is_handed_over_without_a_choice(cast):
    clients.client(cast.manager)
    browser = signed_in(cast.department_head)
    for query in ("", "?nonsense=1", "?archived=1", "?category=Z"):
        assert browser.get(url("transfer") + query).context["count"] == 0, query
        response = browser.post(url("transfer") + query, handing_over(cast.manager2))
        assert response.status_code == 422, query
    assert not ClientTransfer.objects.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"manager": ""}, "manager"),
        ({"manager": "999999"}, "manager"),
        ({"on": "2020-01-01"}, "on"),
        ({"on": "31.02.2027"}, "on"),
        ({"kind": "new"}, "kind"),
        ({"kind": "bribe"}, "kind"),
        ({"note": "я" * 301}, "note"),
        ({"expected": "7"}, "__all__"),
    ],
)
def test_a_wrong_hand_over_is_refused_beside_the_field(cast, data, field):
    client = clients.client(cast.manager)
    form = handing_over(cast.manager2, ids=[client.pk], expected=1) | data
    response = signed_in(cast.sector_head).post(url("transfer"), form)
    assert response.status_code in {409, 422}
    assert list(response.context["form"].errors) == [field]
    assert not ClientTransfer.objects.exists()


def test_foreign_ids_are_not_in_the_selection(cast):
    foreign = clients.client(cast.stranger)
    browser = signed_in(cast.sector_head)
    assert (
        browser.get(url("transfer"), {"ids": [foreign.pk, "x", "-1", "9" * 40]}).context["count"]
        == 0
    )
    browser.post(url("transfer"), handing_over(cast.manager2, ids=[foreign.pk]))
    foreign.refresh_from_db()
    assert foreign.manager == cast.stranger


def test_a_foreign_hand_over_is_not_found(cast):
    made = ClientTransfer.objects.create(
        kind="other",
        from_manager=cast.manager,
        to_manager=cast.manager2,
        takes_effect_on=timezone.localdate() - timedelta(days=1),
        created_by=cast.sector_head,
    )
    for name in ("transfer_detail", "transfer_undo"):
        call = signed_in(cast.stranger_head)
        answer = (call.get if name.endswith("detail") else call.post)(url(name, made.pk))
        assert answer.status_code == 404
