"""People, outlets, needs and requisites in dialogs: bad input, one click, stale rows."""

from uuid import uuid4

import pytest

from clients.models import Bank
from crm import requisites_sample as sample
from tests.cast import signed_in
from tests.clients.card_pages import HTMX, url
from tests.factories import clients


@pytest.fixture
def whole(cast):
    return clients.whole(cast.manager)


@pytest.mark.parametrize("noun", ["person", "outlet", "need", "counterparty", "account"])
def test_a_stale_part_answers_409_with_the_comparison(cast, whole, noun):
    row = whole[noun]
    page = url(f"{noun}_edit", row.pk)
    browser = signed_in(cast.manager)
    form = browser.get(page).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    free = {"person": "position", "outlet": "format", "need": "volume_month"}
    name = free.get(noun, "bank_name" if noun == "account" else "short_name")
    type(row).objects.filter(pk=row.pk).update(version=5)
    response = browser.post(page, {**typed, name: "Моё слово"}, headers=HTMX)
    assert response.status_code == 409
    assert [d.typed for d in response.context["form"].differences] == ["Моё слово"]
    assert 'name="version" value="5"' in response.content.decode()
    saved = browser.post(page, {**typed, name: "Моё слово", "version": 5}, headers=HTMX)
    assert saved.status_code == 204


PARTS = {
    "person": {"full_name": "Щукин Олег", "influence": "4", "birthday": "8.3"},
    "outlet": {"name": "Магазин", "gln": "4606203090785"},
    "need": {"subject": "Сыр", "level": "5", "noted_on": "2026-01-12"},
    "counterparty": {"full_name": "ООО «Вектор»", "inn": "7707083893", "kpp": "770101001"},
    "account": {"bic": "044525225", "account": sample.make_account("044525225", 777)},
}


@pytest.mark.parametrize("noun", sorted(PARTS))
def test_a_part_is_added_in_a_dialog_once(cast, whole, noun):
    owner = whole["counterparty"] if noun == "account" else whole["client"]
    data = {**PARTS[noun], "key": str(uuid4())}
    model = type(whole[noun])
    for _click in range(2):
        response = signed_in(cast.manager).post(url(f"{noun}_create", owner.pk), data, headers=HTMX)
        assert response.status_code == 204, response.content.decode()
    assert "dialog-close" in response["HX-Trigger"]
    assert model.objects.count() == 2
    plain = signed_in(cast.manager).get(url(f"{noun}_create", owner.pk))
    assert b"<html" in plain.content


BAD_PARTS = [
    ("person", {"full_name": ""}, "full_name"),
    ("person", {"full_name": "???"}, "full_name"),
    ("person", {"phone": "123"}, "phone"),
    ("person", {"email": "a b@c"}, "email"),
    ("person", {"influence": "6"}, "influence"),
    ("person", {"influence": "x"}, "influence"),
    ("person", {"birthday": "31.02"}, "birthday"),
    ("person", {"birthday": "8 марта"}, "birthday"),
    ("outlet", {"name": ""}, "name"),
    ("outlet", {"gln": "4606203090786"}, "gln"),
    ("need", {"subject": ""}, "subject"),
    ("need", {"level": "0"}, "level"),
    ("need", {"noted_on": "31.02.2026"}, "noted_on"),
    ("need", {"noted_on": "2099-01-01"}, "noted_on"),
    ("counterparty", {"full_name": ""}, "full_name"),
    ("counterparty", {"inn": "7707083890"}, "inn"),
    ("counterparty", {"inn": "", "kpp": "770101001"}, "inn"),
    ("account", {"bic": "12"}, "bic"),
    ("account", {"account": "40702810938000060470"}, "account"),
    ("account", {"corr_account": "30101810400000000226"}, "corr_account"),
]


@pytest.mark.parametrize(("noun", "data", "field"), BAD_PARTS)
def test_a_wrong_part_is_refused_in_the_dialog(cast, whole, noun, data, field):
    owner = whole["counterparty"] if noun == "account" else whole["client"]
    response = signed_in(cast.manager).post(
        url(f"{noun}_create", owner.pk), {**PARTS[noun], **data}, headers=HTMX
    )
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert type(whole[noun]).objects.count() == 1


def test_an_unknown_bank_is_said_and_a_known_one_fills_the_fields(cast):
    Bank.objects.create(bic="044525225", name="ПАО СБЕРБАНК", corr_account="30101810400000000225")
    get = signed_in(cast.manager).get
    known = get(url("bank"), {"bic": "044525225"}).content.decode()
    assert "ПАО СБЕРБАНК" in known
    assert "30101810400000000225" in known
    kept = get(url("bank"), {"bic": "044525226", "bank_name": "Мой банк"}).content.decode()
    assert "Мой банк" in kept
