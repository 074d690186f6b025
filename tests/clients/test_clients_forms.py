"""A new client and the plain fields: bad input, one click, stale pages (G-IN1, G-RL7, G-RL9)."""

import pytest
from django import forms

from clients.models import Client, ContactPerson, Counterparty
from crm.forms import RecordForm
from tests.cast import signed_in
from tests.clients.card_pages import edit_form, new_form, url
from tests.factories import clients


def test_a_new_client_is_created_with_everything_and_shown(cast):
    inn = clients.inn()
    more = {
        "inn": inn,
        "kpp": "770101001",
        "person_name": "Кузнецов Иван",
        "person_phone": "8 912 345 67 89",
        "person_decides": "on",
        "phone": "8 (495) 123-45-67",
        "email": "Zakaz@Example.com",
        "potential_monthly": "1 234,50",
        "tags": "сеть, Сезон, сеть",
        "category": "B",
        "category_reason": "Объём",
    }
    response = signed_in(cast.manager).post(url("create"), new_form(**more))
    client = Client.objects.get()
    assert response.status_code == 302
    assert response["Location"] == client.get_absolute_url()
    assert (client.phone, client.email) == ("+74951234567", "zakaz@example.com")
    assert (str(client.potential_monthly), client.tags) == ("1234.50", ["сеть", "Сезон"])
    assert Counterparty.objects.get().full_name == "ООО «Новый»"
    assert ContactPerson.objects.get().phone == "+79123456789"


def test_a_head_chooses_the_manager(cast):
    browser = signed_in(cast.sector_head)
    assert browser.post(url("create"), new_form()).status_code == 422
    foreign = browser.post(url("create"), new_form(manager=cast.stranger.pk))
    assert "manager" in foreign.context["form"].errors
    assert browser.post(url("create"), new_form(manager=cast.manager2.pk)).status_code == 302
    assert Client.objects.get().manager == cast.manager2


def test_fields_that_are_not_in_the_form_change_nothing(cast):
    more = {
        "manager": cast.stranger.pk,
        "org_unit": cast.other_sector.pk,
        "code": "X",
        "created_by": cast.stranger.pk,
        "version": 77,
        "archived_at": "2026-01-01",
        "external_id": "X",
        "is_superuser": "on",
    }
    signed_in(cast.manager).post(url("create"), new_form(**more))
    client = Client.objects.get()
    assert (client.manager, client.org_unit, client.version) == (cast.manager, cast.sector, 1)
    assert client.external_id == ""
    assert client.code != "X"
    signed_in(cast.manager).post(url("edit", client.pk), edit_form(client, **more) | {"version": 1})
    client.refresh_from_db()
    assert (client.manager, client.category, client.external_id) == (cast.manager, None, "")


BAD_NEW = [
    ({"name": ""}, "name"),
    ({"name": "«»"}, "name"),
    ({"name": "а\x00б"}, "name"),
    ({"name": "я" * 256}, "name"),
    ({"kind": "company"}, "kind"),
    ({"status": "trading_hall"}, "status"),
    ({"status": "archived"}, "status"),
    ({"parent": "нет такого"}, "parent"),
    ({"phone": "12"}, "phone"),
    ({"phone": "٠١٢٣٤٥٦٧٨٩"}, "phone"),
    ({"email": "x@"}, "email"),
    ({"website": "javascript:alert(1)"}, "website"),
    ({"potential_monthly": "1e5"}, "potential_monthly"),
    ({"potential_monthly": "-1"}, "potential_monthly"),
    ({"potential_monthly": "NaN"}, "potential_monthly"),
    ({"potential_monthly": "99999999999999999"}, "potential_monthly"),
    ({"tags": ",".join(f"метка{n}" for n in range(20))}, "tags"),
    ({"tags": "я" * 60}, "tags"),
    ({"specifics": "я" * 4001}, "specifics"),
    ({"inn": "7707083890"}, "inn"),
    ({"inn": "123"}, "inn"),
    ({"inn": "500100732259"}, "inn"),
    ({"kind": "ip", "inn": "7707083893"}, "inn"),
    ({"kpp": "770101001"}, "inn"),
    ({"inn": "7707083893", "kpp": "77"}, "kpp"),
    ({"kind": "ip", "inn": "500100732259", "kpp": "770101001"}, "kpp"),
    ({"inn": "7707083893", "ogrn": "1027700132196"}, "ogrn"),
    ({"inn": "7707083893", "ogrn": "304500116000157"}, "ogrn"),
    ({"ogrn": "1027700132195"}, "inn"),
    ({"person_phone": "+79123456789"}, "person_name"),
    ({"person_name": "Имя", "person_email": "нет"}, "person_email"),
    ({"category": "D"}, "category"),
    ({"key": "not a key"}, "key"),
]


@pytest.mark.parametrize(("data", "field"), BAD_NEW)
def test_a_wrong_new_client_is_refused_beside_the_field(cast, data, field):
    response = signed_in(cast.manager).post(url("create"), new_form(address="ул. Мира", **data))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "ул. Мира" in response.content.decode()
    assert not Client.objects.exists()


@pytest.mark.parametrize("body", [b"{}", b"\x00\xff", b"name=%FF%FE", b""])
def test_a_strange_body_is_a_form_with_errors(cast, body):
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        response = signed_in(cast.manager).post(url("create"), body, content_type=kind)
        assert response.status_code in {400, 422}
    assert not Client.objects.exists()


def test_the_hard_stop_stands_beside_the_inn(cast):
    taken = clients.counterparty(clients.client(cast.manager, name="Занятый"))
    response = signed_in(cast.manager).post(url("create"), new_form(inn=taken.inn, kpp=taken.kpp))
    assert response.status_code == 422
    assert "Занятый" in str(response.context["form"].errors["inn"])
    assert Client.objects.count() == 1


def test_a_second_click_leads_to_the_same_client(cast):
    form = new_form()
    first, second = (signed_in(cast.manager).post(url("create"), form) for _click in range(2))
    assert first["Location"] == second["Location"]
    assert Client.objects.count() == 1


def test_likenesses_while_typing(cast):
    seen = clients.client(cast.manager, name="Ромашка", phone="+74951234567")
    taken = clients.counterparty(seen)
    clients.counterparty(clients.client(cast.stranger, name="CANARY"), inn="7707083893", kpp="")
    get = signed_in(cast.manager).get
    shown = get(url("duplicates"), {"inn": taken.inn, "kpp": taken.kpp}).content.decode()
    assert seen.get_absolute_url() in shown
    assert "Ромашка" in get(url("duplicates"), {"name": "рамашка"}).content.decode()
    assert "Ромашка" in get(url("duplicates"), {"phone": "8 495 123-45-67"}).content.decode()
    hidden = get(url("duplicates"), {"inn": "7707083893"}).content.decode()
    assert "CANARY" not in hidden
    assert "alert" in hidden
    assert (
        "alert"
        not in get(url("duplicates"), {"name": "", "phone": "1", "inn": "\x00"}).content.decode()
    )


def test_editing_saves_and_comes_back_to_the_card(cast):
    client = clients.client(cast.manager)
    response = signed_in(cast.manager).post(
        url("edit", client.pk), edit_form(client, territory="Тула")
    )
    assert (response.status_code, response["Location"]) == (302, client.get_absolute_url())
    client.refresh_from_db()
    assert client.territory == "Тула"


@pytest.mark.parametrize(
    ("data", "field"),
    [case for case in BAD_NEW if case[1] not in {"inn", "kpp", "ogrn", "key", "category"}
     and not case[1].startswith("person")],
)  # fmt: skip
def test_a_wrong_edit_is_refused_beside_the_field(cast, data, field):
    client = clients.client(cast.manager, name="Прежнее")
    response = signed_in(cast.manager).post(
        url("edit", client.pk), edit_form(client, address="ул. Мира", **data)
    )
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "ул. Мира" in response.content.decode()
    client.refresh_from_db()
    assert (client.name, client.version) == ("Прежнее", 1)


def test_a_stale_edit_compares_field_by_field_and_keeps_what_was_typed(cast):
    client = clients.client(cast.manager, name="Общее имя", territory="Москва")
    typed = edit_form(client, territory="Моя Тверь", channel="Мой канал")
    Client.objects.filter(pk=client.pk).update(version=2, territory="Чужая Тула")
    browser = signed_in(cast.manager)
    response = browser.post(url("edit", client.pk), typed)
    assert response.status_code == 409
    shown = response.content.decode()
    differences = {d.label: (d.saved, d.typed) for d in response.context["form"].differences}
    assert ("Чужая Тула", "Моя Тверь") in differences.values()
    assert ("—", "Мой канал") in differences.values()
    assert not any("Общее имя" in pair for pair in differences.values())
    assert 'value="Моя Тверь"' in shown
    client.refresh_from_db()
    assert client.territory == "Чужая Тула"
    again = browser.post(url("edit", client.pk), {**typed, "version": 2})
    assert again.status_code == 302
    client.refresh_from_db()
    assert (client.territory, client.version) == ("Моя Тверь", 3)


def test_a_required_field_that_the_record_leaves_empty_is_compared_too(cast):
    class Named(RecordForm):
        name = forms.CharField()
        territory = forms.CharField()

    client = clients.client(cast.manager, name="Берег", territory="")
    form = Named({"name": "Берег", "territory": "Тверь", "version": "1"}, record=client)
    assert form.is_valid()
    client.version = 2
    form.compare_with(client)
    assert [(d.saved, d.typed) for d in form.differences] == [("—", "Тверь")]
    assert form["version"].value() == "2"


def test_a_chain_is_chosen_by_its_code(cast):
    chain = clients.client(cast.manager, kind="chain", name="Сеть «Причал»")
    client = clients.client(cast.manager)
    typed = edit_form(client, parent=f"{chain.code} · {chain.name}")
    response = signed_in(cast.manager).post(url("edit", client.pk), typed)
    assert response.status_code == 302
    client.refresh_from_db()
    assert client.parent == chain
