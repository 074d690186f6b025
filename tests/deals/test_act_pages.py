"""The page of one reconciliation: its act, made, sent and signed from the page."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from crm.files.models import Attachment
from deals.models import ReconciliationAct
from deals.pages import acts as pages
from tests.cast import signed_in
from tests.factories import clients, deals
from tests.factories import reconciliations as factory
from tests.files import samples

D, HTMX = Decimal, {"HX-Request": "true"}
AS_OF = date(2026, 10, 31)
SIGNED = {
    "on": "2026-11-10", "signatory": "Орлова О. О.", "position": "Главный бухгалтер",
    "authority": "none", "details": "",
}  # fmt: skip


@pytest.fixture
def client(cast):
    buyer = clients.client(cast.manager, name="ООО «Ромашка»", category="A")
    deals.sale(buyer, "1000.00", on=date(2026, 6, 5))
    deals.sale(buyer, "500.50", on=date(2026, 10, 5))
    deals.payment(buyer, "300.00", on=date(2026, 10, 7))
    return buyer


def address(name, pk):
    return reverse(f"deals:{name}", args=[pk])


def shown(user, item):
    answer = signed_in(user).get(address("reconciliation_detail", item.pk))
    assert answer.status_code == 200
    return answer.content.decode()


def plain(html):
    """The words of the page with plain spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.replace("\xa0", " ")))


def test_an_act_is_made_sent_and_signed_on_its_page(cast, client):
    item = factory.item(client)
    http = signed_in(cast.manager)
    assert "Акта ещё нет" in shown(cast.manager, item)
    make = address("act_make", item.pk)
    assert 'value="2026-07-01"' in http.get(make).content.decode()
    late = {"version": 1, "first": "2026-11-01"}
    answer = http.post(make, late, headers=HTMX)
    assert answer.status_code == 422
    assert "id_first_error" in answer.content.decode()
    answer = http.post(make, {"version": 1, "first": "2026-07-01"}, headers=HTMX)
    assert answer.status_code == 204
    assert "reconciliation-changed" in answer.headers["HX-Trigger"]
    assert http.post(make, {"version": 1, "first": "2026-07-01"}).status_code == 409
    act = ReconciliationAct.objects.get(item=item)
    words = plain(shown(cast.manager, item))
    for piece in (
        act.number, "Сальдо начальное", "1 000,00", "500,50", "300,00", "1 200,50", "В нашу пользу",
        "Одна тысяча двести рублей 50 копеек",
    ):  # fmt: skip
        assert piece in words, piece
    sale = client.shipments.get(posted_on=date(2026, 10, 5))
    assert sale.get_absolute_url() in shown(cast.manager, item)
    send = address("act_send", item.pk)
    wrong = {"version": 2, "channel": "paper", "sent_to": "", "on": "2026-10-30"}
    assert http.post(send, wrong, headers=HTMX).status_code == 422
    right = wrong | {"sent_to": "Бухгалтерия", "on": "2026-11-02"}
    early = http.post(send, right | {"on": "2026-10-30"}, headers=HTMX)
    assert (early.status_code, "id_on_error" in early.content.decode()) == (422, True)
    assert http.post(send, right, headers=HTMX).status_code == 204
    sign = address("act_sign", item.pk)
    powerless = SIGNED | {"version": 3, "authority": "power_of_attorney"}
    answer = http.post(sign, powerless, headers=HTMX)
    assert (answer.status_code, "id_details_error" in answer.content.decode()) == (422, True)
    assert http.post(sign, SIGNED | {"version": 2}, headers=HTMX).status_code == 409
    assert http.post(sign, SIGNED | {"version": 3}, headers=HTMX).status_code == 204
    words = plain(shown(cast.manager, item))
    assert "Орлова О. О., Главный бухгалтер" in words
    assert "подпись не уполномоченного лица" in words
    assert http.get(sign).status_code == 403
    history = http.get(address("reconciliation_history", item.pk)).content.decode()
    assert "Акт сверки подписан" in history
    assert "Орлова" in history


def test_a_scan_comes_with_the_signature_or_neither(cast, client):
    item = factory.sent(client, by=cast.manager).item
    http, sign = signed_in(cast.accountant), address("act_sign", item.pk)
    form = SIGNED | {"version": item.version, "authority": "director"}
    lie = SimpleUploadedFile("акт.pdf", b"MZ\x90\x00 not a paper")
    answer = http.post(sign, form | {"scan": lie}, headers=HTMX)
    assert answer.status_code == 422
    assert "id_scan_error" in answer.content.decode()
    item.refresh_from_db()
    assert (item.state, Attachment.objects.count()) == ("sent", 0)
    pdf = SimpleUploadedFile("акт.pdf", samples.pdf())
    assert http.post(sign, form | {"scan": pdf}, headers=HTMX).status_code == 204
    kept = Attachment.objects.get(owner_kind="reconciliation_act", owner_id=item.act.pk)
    assert (kept.name, kept.kind) == ("акт.pdf", "reconciliation")
    assert "срок исковой давности" in plain(shown(cast.manager, item)).lower()
    assert "начинается заново" in plain(shown(cast.manager, item))
    panel = address_of_files(item.act)
    assert "акт.pdf" in signed_in(cast.manager).get(panel).content.decode()
    assert signed_in(cast.stranger).get(panel).status_code == 404


def address_of_files(act):
    return reverse("files:panel", args=["reconciliation_act", act.pk])


def test_later_documents_are_told_and_the_act_is_made_anew(cast, client):
    act = factory.sent(client, by=cast.manager)
    assert "изменились после" not in plain(shown(cast.manager, act.item))
    deals.sale(client, "70.00", on=date(2026, 9, 1))
    words = plain(shown(cast.manager, act.item))
    assert "сальдо конечное 1 200,50 ₽, по сегодняшним документам 1 270,50 ₽" in words
    item = act.item
    answer = signed_in(cast.manager).post(
        address("act_make", item.pk), {"version": item.version, "first": "2026-07-01"}, headers=HTMX
    )
    assert answer.status_code == 204
    words = plain(shown(cast.manager, item))
    assert "изменились после" not in words
    assert "редакция 2" in words


def test_a_client_with_an_advance_and_one_that_owes_nothing(cast):
    buyer = clients.client(cast.manager)
    deals.payment(buyer, "50.00", on=date(2026, 10, 7))
    act = factory.act(buyer, by=cast.manager)
    words = plain(shown(cast.manager, act.item))
    assert "В пользу клиента 50,00 ₽" in words
    assert "-50,00" not in words
    assert "−50,00" not in words
    even = factory.act(clients.client(cast.manager), by=cast.manager)
    words = plain(shown(cast.manager, even.item))
    assert "Задолженность отсутствует" in words
    assert "Документов за период нет" in words


def test_a_long_act_is_shown_in_portions_with_as_many_queries(
    cast, client, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(pages, "LINES", 2)
    for number in range(5):
        deals.sale(client, "10.00", on=date(2026, 10, 10 + number))
    item = factory.act(client, by=cast.manager).item
    http, url = signed_in(cast.manager), address("reconciliation_detail", item.pk)
    with django_assert_max_num_queries(45):
        first = http.get(url).content.decode()
    assert first.count("/deals/shipments/") + first.count("/deals/payments/") >= 2
    assert "1–2 из 7 документов" in plain(first)
    assert "?page=2" in first
    last = plain(http.get(url + "?page=4").content.decode())
    assert "7–7 из 7 документов" in last
    assert "1–2 из 7" in plain(http.get(url + "?page=x").content.decode())


def test_what_is_not_to_be_done_yet_is_said_and_not_offered(cast, client):
    later = timezone.localdate() + timedelta(days=9)
    item = factory.item(client, as_of=later)
    words = plain(shown(cast.manager, item))
    assert "Акт можно составить с" in words
    assert "Составить акт" not in words
    asked = factory.item(client, as_of=AS_OF - timedelta(days=31), state="requested")
    assert "ещё не утвердил эту сверку" in plain(shown(cast.manager, asked))
    assert signed_in(cast.manager).get(address("act_make", asked.pk)).status_code == 403
    gone = factory.item(client, as_of=AS_OF, state="cancelled", cancel_reason="Закрыт")
    assert "Отменена: Закрыт" in plain(shown(cast.director, gone))
    assert (
        signed_in(cast.stranger).get(address("reconciliation_detail", gone.pk)).status_code == 404
    )
