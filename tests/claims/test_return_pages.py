"""Pages of returns: asked for, received without a sum, credited, shown where one looks."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.models import Return
from tests.cast import signed_in
from tests.factories import claims, clients, deals

pytestmark = pytest.mark.django_db
LINE = {"price": "123.45", "amount": "1234.50", "quantity": 10}
HTMX = {"HTTP_HX_REQUEST": "true"}
SUMS = ("123,45", "1 234,50", "246,90", "₽", "НДС", "ндс")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def sale(cast, today):
    client = clients.client(manager=cast.manager, name="ООО Ромашка")
    lines = [{**LINE, "name": "Чай чёрный"}, {**LINE, "name": "Кофе"}]
    return deals.sale(client, "2469.00", on=today - timedelta(days=9), lines=lines)


@pytest.fixture
def approved(sale, cast, today):
    back = claims.asked(sale, {sale.lines.first(): 2}, by=cast.manager, today=today)
    return claims.decide(back, by=cast.department_head)


def text(answer):
    assert answer.status_code < 300 or answer.status_code == 422, answer.status_code
    return answer.getvalue().decode().replace("\xa0", " ").replace("\u202f", " ")


def page(person, name, pk=None, **how):
    url = name if name.startswith("/") else reverse(f"claims:{name}", args=[pk] if pk else [])
    return text(signed_in(person).get(url, how))


def send(person, name, pk, values):
    url = reverse(f"claims:{name}", args=[pk])
    return signed_in(person).post(url, values, **HTMX)


def test_a_manager_asks_on_the_page_of_the_sale(cast, sale):
    shown = page(cast.manager, sale.get_absolute_url())
    assert reverse("claims:sale_returns", args=[sale.pk]) in shown
    assert reverse("claims:return_ask", args=[sale.pk]) in page(
        cast.manager, "sale_returns", sale.pk
    )
    form = page(cast.manager, "return_ask", sale.pk)
    first, _second = sale.lines.all()
    assert "может вернуться: 10" in form
    assert cast.department_head.last_name in form, "who will decide is shown before"
    values = {"key": "6f1c1a3e-8f0e-4f53-9f6f-1d2f3a4b5c6d", "reason": claims.reason().pk}
    values |= {"justification": "Брак партии", f"line-{first.pk}": "10,5"}
    refused = send(cast.manager, "return_ask", sale.pk, values)
    assert refused.status_code == 422
    assert "Больше, чем ещё может вернуться" in text(refused)
    assert (
        send(cast.manager, "return_ask", sale.pk, values | {f"line-{first.pk}": "2"}).status_code
        == 204
    )
    back = Return.objects.get()
    assert (back.state, back.lines.get().quantity) == ("requested", 2)
    assert "может вернуться: 8" in page(cast.manager, "return_ask", sale.pk)
    assert back.number in page(cast.manager, "sale_returns", sale.pk)
    assert back.number in page(cast.department_head, "return_list", step="approve")
    detail = page(cast.manager, "return_detail", back.pk)
    assert "246,90" in detail
    assert reverse("claims:return_withdraw", args=[back.pk]) in detail
    assert "Отозвать заявку" in detail
    assert "Принять возврат" not in detail, "nothing has come back yet"


def test_the_delivery_receives_and_takes_without_seeing_a_sum(cast, approved):
    line = approved.lines.get()
    seen = [
        page(cast.logistics, "receiving_list"),
        page(cast.logistics, "receiving_detail", approved.pk),
    ]
    assert all(approved.number in one for one in seen)
    came = {"version": approved.version, "on": approved.asked_on.isoformat()}
    assert send(cast.logistics, "return_receive", approved.pk, came).status_code == 204
    seen.append(page(cast.logistics, "return_accept", approved.pk))
    taken = {"version": approved.version + 1, f"line-{line.pk}": "1"}
    refused = send(cast.logistics, "return_accept", approved.pk, taken)
    assert (refused.status_code, "почему принято меньше" in text(refused)) == (422, True)
    taken |= {"note": "Одна вскрыта"}
    assert send(cast.logistics, "return_accept", approved.pk, taken).status_code == 204
    seen += [
        page(cast.logistics, "receiving_detail", approved.pk),
        page(cast.logistics, reverse("reports:delivery")),
    ]
    seen += [page(cast.logistics, "receiving_list", export="csv")]
    for one in seen:
        assert not [word for word in SUMS if word in one]
    approved.refresh_from_db()
    assert (approved.state, approved.amount) == ("accepted", line.price)


def test_the_accounting_credits_or_binds(cast, sale, approved, today):
    back = claims.taken(approved, by=cast.logistics)
    assert back.number in page(cast.accountant, "return_list", step="credit")
    form = page(cast.accountant, "return_credit", back.pk)
    assert "246,90" in form
    deals.returned(sale.client, "-246.90", on=today)
    assert "В учёте есть возврат" in page(cast.accountant, "return_detail", back.pk)
    assert "В учёте есть возврат" in page(cast.accountant, "return_credit", back.pk)
    values = {"version": back.version, "on": today.isoformat(), "number": "УКД-1"}
    assert send(cast.accountant, "return_credit", back.pk, values).status_code == 204
    back.refresh_from_db()
    assert (back.state, back.document.amount) == ("credited", -back.amount)
    assert "УКД-1" in page(cast.manager, "return_detail", back.pk)
    assert back.number in page(cast.manager, "sale_returns", back.document_id)
    assert send(cast.accountant, "return_bind", back.pk, values).status_code == 403


def test_returns_stand_on_the_card_of_the_client_and_of_the_claim(cast, sale, approved):
    card = page(cast.manager, "client_returns", sale.client_id)
    assert approved.number in card
    assert "Доля возвратов" in card
    start = page(cast.manager, "return_start", sale.client_id, q="чёрный")
    assert sale.number in start
    assert sale.number not in page(cast.manager, "return_start", sale.client_id, q="сахар")
    claim = claims.claim(sale.client, shipment=sale)
    shown = page(cast.manager, "claim_returns", claim.pk)
    assert f"{reverse('claims:return_ask', args=[sale.pk])}?claim={claim.pk}" in shown
    assert claim.number in page(cast.manager, "return_ask", sale.pk, claim=claim.pk)


def test_a_return_for_a_claim_begins_with_its_goods_and_leads_to_its_own_page(cast, sale):
    first, second = sale.lines.all()
    lines = [
        {"shipment_line": first, "name": "Чай", "quantity": 3, "amount": "370.35"},
        {"shipment_line": second, "name": "Кофе", "quantity": 40, "amount": "9.00"},
    ]
    claim = claims.claim(sale.client, shipment=sale, reason=claims.reason("expiry"), lines=lines)
    url = f"{reverse('claims:return_ask', args=[sale.pk])}?claim={claim.pk}"
    form = signed_in(cast.manager).get(url).context["form"]
    begun = {name: field.value() for name, field in ((one.name, one) for one in form)}
    assert (begun[f"line-{first.pk}"], begun[f"line-{second.pk}"]) == ("3", "10")  # of ten sold
    assert begun["reason"] == claim.reason_id
    values = {"key": begun["key"], "reason": claim.reason_id, "claim": claim.pk}
    values |= {"justification": "Брак партии", f"line-{first.pk}": "3"}
    sent = signed_in(cast.manager).post(url, values)
    assert sent.url == Return.objects.get().get_absolute_url()
    shown = page(cast.manager, claim.get_absolute_url())
    assert "379,35" in shown.partition("<tfoot")[2], "the goods of the claim are added up"


def test_a_head_decides_with_the_figures_before_the_eyes(cast, sale, today):
    claim = claims.claim(sale.client)
    line = sale.lines.first()
    back = claims.asked(sale, {line: 2}, by=cast.manager, today=today, claim_id=claim.pk)
    approval = claims.approval_of(back)
    shown = page(cast.department_head, reverse("approvals:detail", args=[approval.pk]))
    for word in (
        claim.number,
        sale.number,
        "246,90",
        "10 % отгрузки",
        "Доля возвратов",
        "Чай чёрный",
    ):
        assert word in shown, word


def test_a_list_asks_as_much_for_one_return_as_for_many(
    cast, sale, today, django_assert_num_queries, django_assert_max_num_queries
):
    first, second = sale.lines.all()
    claims.asked(sale, {first: 1}, by=cast.manager, today=today)
    browser, url = signed_in(cast.manager), reverse("claims:return_list")
    browser.get(url)
    with django_assert_max_num_queries(40) as one:
        browser.get(url)
    for line in (first, second, first, second):
        claims.asked(sale, {line: 1}, by=cast.manager, today=today)
    with django_assert_num_queries(len(one)):
        browser.get(url)


def test_the_act_is_a_paper_of_both_kinds(cast, approved):
    back = claims.taken(approved, [1], by=cast.logistics, note="Одна вскрыта")
    browser = signed_in(cast.manager)
    pdf = browser.get(reverse("claims:return_act", args=[back.pk, "pdf"]))
    assert pdf.content.startswith(b"%PDF")
    docx = browser.get(reverse("claims:return_act", args=[back.pk, "docx"]))
    with zipfile.ZipFile(io.BytesIO(docx.content)) as parts:
        body = parts.read("word/document.xml").decode().replace("\xa0", " ")
    for word in (back.number, "Чай чёрный", "Одна вскрыта", "Брак партии", "123,45", "Ромашка"):
        assert word in body, word
    assert "{{" not in body
    assert browser.get(reverse("claims:return_act", args=[back.pk, "exe"])).status_code == 404


def test_my_day_tells_of_refusals_and_of_goods_that_do_not_come(cast, sale, today):
    first, second = sale.lines.all()
    back = claims.asked(sale, {first: 1}, by=cast.manager, today=today)
    claims.decide(back, by=cast.department_head, decision="reject", comment="Вскрыт")
    late = claims.decide(
        claims.asked(sale, {second: 1}, by=cast.manager, today=today), by=cast.department_head
    )
    assert "Возврат отклонён" in page(cast.manager, reverse("reports:my_day"))
    assert "товар не поступил" not in page(cast.manager, reverse("reports:my_day"))
    Return.objects.filter(pk=late.pk).update(decided_on=today - timedelta(days=15))
    Return.objects.filter(pk=back.pk).update(decided_on=today - timedelta(days=15))
    shown = page(cast.manager, reverse("reports:my_day"))
    assert "товар не поступил" in shown
    assert "Возврат отклонён" not in shown
