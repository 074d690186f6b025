"""Pages of payments: the register, the page of one, the queue, amounts by hand, the home page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import RuleViolation
from deals.actions.allocations import allocate_by_hand
from deals.models import Allocation, BankStatement, PayerAccount, Payment
from reports.queries.receivables.ageing import ageing
from tests.cast import signed_in
from tests.factories import clients, deals
from tests.factories.spreading import allocate_payment

D = Decimal
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def acme(cast):
    client = clients.client(cast.manager, name="ООО «Ромашка»")
    client.legal, client.keeper = clients.counterparty(client), cast.accountant
    return client


@pytest.fixture
def keeper(cast):
    return signed_in(cast.accountant)


def url(name, *args):
    return reverse(f"deals:payment_{name}", args=args)


def text_of(answer):
    return answer.content.decode()


def test_the_register_narrows_by_what_its_links_say(cast, acme, keeper):
    deals.payment(acme, "111.00", on=date(2026, 10, 5))
    deals.payment(None, "222.00", on=date(2026, 11, 5))
    deals.payment(None, "333.00", direction="out", kind="other", on=date(2026, 11, 5))

    def shown(query):
        rows = keeper.get(f"{url('list')}?{query}").context["list"].rows
        return {int(row.amount) for row in rows}

    assert shown("") == {111, 222, 333}
    assert shown("receipts=true") == {111, 222}
    assert shown(f"client={acme.pk}") == shown("advance=true") == {111}
    assert shown("state=unmatched&direction=in&kind=customer") == {222}
    assert shown("paid_from=2026-11-01&paid_to=2026-11-30&direction=out") == {333}
    assert shown("amount_min=200&amount_max=300") == {222}
    assert shown(f"q={'Нет такого'}") == set()


def test_the_register_asks_the_same_queries_for_many_rows(
    acme, keeper, django_assert_max_num_queries
):
    for _ in range(20):
        deals.payment(acme)
    keeper.get(url("list"))
    with django_assert_max_num_queries(12):
        keeper.get(url("list"))


def test_the_page_says_what_is_paid_and_offers_what_is_allowed(cast, acme, keeper):
    bill = deals.invoice(acme, "60.00", number="РТ-5")
    money = deals.payment(acme, "100.00", purpose="Оплата сч. РТ-5")
    allocate_payment(money.pk, by=None, named=[bill.pk])
    page = text_of(keeper.get(money.get_absolute_url()))
    assert "РТ-5" in page
    assert url("allocate", money.pk) in page
    seen_by_manager = text_of(signed_in(cast.manager).get(money.get_absolute_url()))
    assert "РТ-5" in seen_by_manager
    assert url("allocate", money.pk) not in seen_by_manager


def test_one_click_in_the_queue_matches_and_opens_the_next(acme, keeper):
    other = deals.payment(None, "5.00")
    money = deals.payment(None, "100.00", party_name="ООО Ромашка", party_account="4" * 20)
    queue = keeper.get(url("queue"))
    assert queue.context["payment"] == money
    (found,) = queue.context["page"].suggestions
    values = {"version": 1, "suggested": found.client.pk, "next": other.pk, "remember": "on"}
    answer = keeper.post(url("match", money.pk), values, **HTMX)
    assert answer.status_code == 200
    assert answer.context["payment"] == other
    assert answer["HX-Replace-Url"].endswith(f"?open={other.pk}")
    money.refresh_from_db()
    assert money.client == acme
    assert PayerAccount.objects.get().client == acme
    undo = f"{url('unmatch', money.pk)}?version={money.version}"
    assert undo in answer["HX-Trigger"]
    assert keeper.post(undo, **HTMX).status_code == 204
    money.refresh_from_db()
    assert money.state == "unmatched"


def test_a_client_may_be_picked_by_name_and_nothing_picked_is_a_sentence(acme, keeper):
    money = deals.payment(None)
    for values in ({}, {"client": "нет такого"}, {"suggested": "999999"}):
        answer = keeper.post(url("match", money.pk), {"version": 1, **values}, **HTMX)
        assert answer.status_code == 422
        assert answer.context["form"].errors
    picked = {"version": 1, "client": f"{acme.code} · {acme.name}"}
    assert keeper.post(url("match", money.pk), picked).status_code == 302
    assert Payment.objects.get().client == acme


@pytest.mark.parametrize("name", ["match", "unmatch", "ignore", "restore", "reverse", "spread"])
def test_a_stale_page_is_told_and_changes_nothing(acme, keeper, name):
    money = deals.payment(None if name == "match" else acme)
    Payment.objects.update(version=7)
    before = Payment.objects.values().get()
    values = {"version": 6, "reason": "Заём", "suggested": acme.pk}
    assert keeper.post(url(name, money.pk), values, **HTMX).status_code == 409
    assert Payment.objects.values().get() == before


def test_the_form_by_hand_starts_from_the_rule_and_takes_any_amounts(acme, keeper):
    early = deals.invoice(acme, "40.00", number="1", due=date(2026, 11, 20))
    late = deals.invoice(acme, "80.00", number="2", due=date(2026, 12, 20))
    money = deals.payment(acme, "100.00")
    form = keeper.get(url("allocate", money.pk)).context["form"]
    assert [field.value() for _invoice, field in form.rows()] == ["40,00", "60,00"]

    def send(first, second):
        values = {f"invoice_{early.pk}": first, f"invoice_{late.pk}": second, "version": 1}
        return keeper.post(url("allocate", money.pk), values)

    for amounts in (("", ""), ("40,01", ""), ("40", "60,01"), ("-1", "5")):
        assert send(*amounts).status_code == 422
    assert not Allocation.objects.exists()
    assert send("10,50", "80").status_code == 302
    paid = Allocation.objects.order_by("invoice").values_list("invoice", "amount", "kind")
    assert list(paid) == [(early.pk, D("10.50"), "manual"), (late.pk, D(80), "manual")]
    assert send("1", "").status_code == 409


def test_an_advance_goes_to_a_later_debt_from_the_page(acme, keeper):
    money = deals.payment(acme, "100.00")
    deals.invoice(acme, "70.00")
    assert keeper.post(url("spread", money.pk), {"version": 1}, **HTMX).status_code == 204
    money.refresh_from_db()
    assert money.free_amount == D(30)


def test_what_was_given_back_is_neither_offered_nor_spread(acme, keeper):
    money = deals.payment(acme, "100.00")
    deals.payment(acme, "30.00", direction="out", kind="refund")
    bill = deals.invoice(acme, "500.00")
    page = keeper.get(url("allocate", money.pk))
    assert [field.value() for _invoice, field in page.context["form"].rows()] == ["70,00"]
    beyond = {f"invoice_{bill.pk}": "70,01", "version": 1}
    assert keeper.post(url("allocate", money.pk), beyond).status_code == 422
    with pytest.raises(RuleViolation):  # the form counts by itself
        allocate_by_hand(money.pk, [(bill.pk, D("70.01"))], by=acme.keeper)
    tab = keeper.get(reverse("deals:client_invoices", args=[acme.pk]))
    assert [(one.amount, one.left) for one in tab.context["payments"]] == [(30, 0), (100, 70)]
    assert keeper.post(url("spread", money.pk), {"version": 1}, **HTMX).status_code == 204
    assert Allocation.objects.get().amount == D(70)
    assert allocate_payment(money.pk, by=None) == 0
    assert Allocation.objects.get().amount == D(70)
    answer = keeper.get(url("detail", money.pk))
    page = answer.context["page"]
    assert "Возвращено клиенту: 30,00" in text_of(answer)
    assert "free" in page.may
    assert "spread" not in page.may


def test_a_payment_is_entered_and_its_mistakes_are_sentences(acme, keeper):
    page = keeper.get(url("create"))
    key = str(page.context["form"].initial["key"])
    values = {"key": key, "direction": "in", "paid_on": "23.11.2026", "amount": "1 000,50"}
    assert keeper.post(url("create"), values | {"amount": "0"}).status_code == 422
    values["client"] = f"{acme.code} · {acme.name}"
    assert keeper.post(url("create"), values).status_code == 302
    assert keeper.post(url("create"), values).status_code == 302
    assert Payment.objects.get().amount == D("1000.50")


def test_every_number_of_the_home_page_leads_to_its_rows(cast, acme, keeper):
    today = timezone.localdate()
    month = today.replace(day=1)
    account = deals.own_account()
    BankStatement.objects.create(
        own_account=account, date_from=month, date_to=today, opening=0, closing=D(90),
        declared_in=D(100), declared_out=D(10), documents_in=D(70), documents_out=D(10),
    )  # fmt: skip
    before, unknown = month - timedelta(days=1), deals.payment(None, "7.00", on=today)
    bill = deals.invoice(acme, "500.00", on=before, due=today)
    early = deals.payment(acme, "200.00", on=before)
    allocate_payment(early.pk, by=None)
    allocate_payment(deals.payment(acme, "350.00", on=today).pk, by=None)
    deals.payment(acme, "20.00", on=today, direction="out", kind="refund")
    spent = clients.client(cast.manager)
    for more in ({}, {"direction": "out", "kind": "refund"}):
        deals.payment(spent, "70.00", on=before, **more)
    deals.unassigned()
    assert keeper.get("/").url == reverse("reports:accounting")
    answer = keeper.get(reverse("reports:accounting"))
    page = answer.context["page"]
    assert (page.figures.received, page.figures.expected) == (D(357), D(300))
    assert (page.figures.advances, page.queue.count, page.figures.unassigned) == (D(30), 1, 1)
    (line,) = page.statements
    assert (line.incoming, line.outgoing, line.differs) == (D(30), 0, True)
    rows = keeper.get(page.receipts_url).context["list"].rows
    assert sum(row.amount for row in rows) == page.figures.received
    rows = keeper.get(page.advances_url).context["list"].rows
    assert [row.left for row in rows] == [page.figures.advances]
    aged = ageing(cast.accountant, as_of=today, today=today)
    assert aged.total.advance == page.figures.advances
    assert f"?open={unknown.pk}" in text_of(answer)
    assert bill.number


def test_the_home_page_stands_without_any_rows_and_for_any_month(keeper):
    home = reverse("reports:accounting")
    assert keeper.get(home).status_code == 200
    assert keeper.get(f"{home}?month=2024-02").context["page"].figures.last_day.day == 29
    assert keeper.get(f"{home}?month=2024-13").status_code == 400
