"""Pages of retro bonuses, and where the rest of the product shows them (S3.3.1.15, S3.5.1.2)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.approvals.models import Approval
from deals.actions import proposals as proposing
from deals.bonuses.retro import period_of
from deals.forms.contracts import promised_by
from deals.models import RetroBonusAgreement
from deals.ordering.order_goods import Goods
from deals.pages.proposals import ProposalPage
from deals.papers.proposal import retro_words
from tests.cast import signed_in
from tests.factories import clients, contracts, deals, retro

D, DAY = Decimal, timedelta(days=1)
SEEN = RetroBonusAgreement.objects


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def contract(cast):
    client = clients.client(cast.manager, category="A", name="Сеть «Лента»", kind="chain")
    return contracts.active(client, cast.manager, number="Д-77", starts_on=None)


def page(user, name, *args, query="", status=200):
    answer = signed_in(user).get(reverse(f"deals:{name}", args=args) + query)
    assert answer.status_code == status
    return answer.content.decode().replace("\xa0", " ")


def typed(today, **more):
    return {
        "key": str(uuid4()), "base": "shipments_net", "period": "month", "mode": "flat",
        "valid_from": today.isoformat(), "from_1": "0", "pct_1": "1", "from_2": "1 000,00",
        "pct_2": "2,5",
    } | more  # fmt: skip


def test_an_agreement_goes_from_the_contract_through_its_visas(cast, contract, today):
    assert reverse("deals:retro_create", args=[contract.pk]) in page(
        cast.manager, "contract_retro", contract.pk
    )
    browser, address = signed_in(cast.manager), reverse("deals:retro_create", args=[contract.pk])
    wrong = browser.post(address, typed(today, is_food="on", services_pct="2,51"))
    assert wrong.status_code == 422
    text = wrong.content.decode().replace("\xa0", " ")
    assert "закон оставляет на бонус по продовольственным товарам 2,49 %" in text
    assert text.index("закон оставляет") > text.index('name="pct_1"')
    for gap in ({"from_2": ""}, {"pct_2": ""}, {"from_2": "", "pct_2": "", "from_3": "9",
                                                "pct_3": "3"}):  # fmt: skip
        assert browser.post(address, typed(today, **gap)).status_code == 422, gap
    assert not SEEN.exists()
    made = browser.post(address, typed(today, is_food="on", services_pct="2"))
    agreement = SEEN.get()
    assert (made.status_code, made.url) == (302, agreement.get_absolute_url())
    edit = page(cast.manager, "retro_edit", agreement.pk)
    assert 'value="1 000,00"' in edit
    assert 'value="2,50"' in edit
    move = reverse("deals:retro_move", args=[agreement.pk, "submit"])
    assert "Маркетолог" in browser.get(move).content.decode()
    assert browser.post(move, {"version": 1}).status_code == 302
    for person in (cast.marketer, cast.accountant, cast.director):
        approval = Approval.objects.of(agreement).running().get()
        shown = signed_in(person).get(approval.get_absolute_url()).content.decode()
        assert "4,50" in shown
        said = {"decision": "approve", "version": approval.version,
                "target_version": approval.target_version}  # fmt: skip
        url = reverse("approvals:decide", args=[approval.pk])
        assert signed_in(person).post(url, said).status_code in (204, 302)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.approved_by) == ("active", cast.director)
    end = reverse("deals:retro_move", args=[agreement.pk, "end"])
    head = signed_in(cast.department_head)
    assert head.post(end, {"version": agreement.version, "reason": ""}).status_code == 422
    assert head.post(end, {"version": agreement.version, "reason": "Спор"}).status_code == 302
    assert "Спор" in page(cast.manager, "retro_detail", agreement.pk)
    assert page(cast.manager, "retro_detail", agreement.pk).count("/submit/") == 0
    assert signed_in(cast.manager).get(move.replace("submit", "burn")).status_code == 404


def test_the_calculator_says_what_is_earned_and_how_far_the_next_tier_is(cast, contract, today):
    said = {"0": "1", "1000": "2"}
    agreement = retro.agreement(contract, cast.manager, said=said, valid_from=today - 400 * DAY)
    deals.sale(contract.client, "720.00", on=today, contract=contract, vat_amount=D("120.00"))
    assert "?now=1" in page(cast.accountant, "retro_detail", agreement.pk)
    shown = page(cast.accountant, "retro_detail", agreement.pk, query="?now=1")
    for part in ("600,00 ₽", "6,00 ₽", "400,00 ₽", "тогда 2,00 %: 20,00 ₽"):
        assert part in shown, part
    now = period_of(today, "quarter")
    asked = f"?first={now.first.isoformat()}&last={now.last.isoformat()}&base=1500"
    shown = page(cast.accountant, "retro_detail", agreement.pk, query=asked)
    assert "30,00 ₽" in shown
    assert "достигнута высшая ступень" in shown
    backwards = f"?first={now.last.isoformat()}&last={now.first.isoformat()}"
    page(cast.accountant, "retro_detail", agreement.pk, query=backwards, status=422)


def test_what_is_accrued_is_pressed_through_its_states(cast, contract, today):
    agreement = retro.agreement(contract, cast.manager)
    row = retro.accrual(agreement, base=0, amount="500.00")
    steps = (
        (cast.accountant, "check", {}, "checked"),
        (cast.department_head, "approve", {}, "approved"),
        (cast.accountant, "give",
         {"way": "offset", "document": "Акт 7", "on": today.isoformat()}, "offset"),
        (cast.accountant, "close", {}, "closed"),
    )  # fmt: skip
    for person, step, more, state in steps:
        url = reverse("deals:retro_accrual_move", args=[row.pk, step])
        shown = page(person, "retro_detail", agreement.pk)
        assert url in shown, step
        assert url not in page(cast.manager, "retro_detail", agreement.pk)
        assert signed_in(person).post(url, {"version": row.version} | more).status_code == 302
        row.refresh_from_db()
        assert row.state == state
    assert "Акт 7" in page(cast.marketer, "retro_detail", agreement.pk)
    burn = reverse("deals:retro_accrual_move", args=[row.pk, "burn"])
    assert signed_in(cast.accountant).get(burn).status_code == 404


def test_marketing_sees_all_bonuses_and_strangers_none(cast, contract):
    agreement = retro.agreement(contract, cast.manager)
    retro.accrual(agreement)
    for name in ("retro_list", "retro_accruals"):
        for person in (cast.marketer, cast.accountant, cast.department_head, cast.manager):
            assert "Лента" in page(person, name), (name, person)
        for person in (cast.stranger, cast.stranger_head, cast.manager2):
            assert "Лента" not in page(person, name), (name, person)
        page(cast.logistics, name, status=403)
        for text, finds in (("Д-7", True), ("лента", True), ("Д-8", False)):
            listed = page(cast.accountant, name, query=f"?q={text}")
            assert (agreement.client.name in listed) == finds, (name, text)
    shown = page(cast.manager, "retro_list")
    for words in ("Квартал", "Отгрузки за вычетом возвратов", "Действует"):
        assert words in shown


def test_what_is_not_given_stands_beside_the_debt_and_lowers_it_not(cast, contract):
    client = contract.client
    deals.invoice(client, "9000.00")
    agreement = retro.agreement(contract, cast.manager)
    retro.accrual(agreement, amount="1234.00")
    retro.accrual(agreement, state="paid", by=cast.accountant, amount="777.00",
                  period_start="2026-04-01", period_end="2026-06-30")  # fmt: skip
    for name in ("client_facts", "credit"):
        shown = page(cast.manager, name, client.pk)
        assert "1 234,00 ₽" in shown
        assert "9 000,00 ₽" in shown
        assert "777" not in shown
    for name, pk in (("client_retro", client.pk), ("contract_retro", contract.pk)):
        shown = page(cast.manager, name, pk)
        assert "1 234,00 ₽" in shown
        assert agreement.get_absolute_url() in shown


def test_the_report_adds_up_the_bonuses_of_a_period(cast, contract):
    agreement = retro.agreement(contract, cast.manager)
    retro.accrual(agreement, amount="1234.00")
    retro.accrual(agreement, amount="766.00", state="checked", by=cast.accountant,
                  period_start="2026-04-01", period_end="2026-06-30")  # fmt: skip
    report = reverse("reports:report", args=["retro_bonuses"])
    days = {"from": "2026-06-30", "to": "2026-09-30"}
    shown = signed_in(cast.accountant).get(report, days).content.decode().replace("\xa0", " ")
    for words in ("1 234,00", "766,00", "2 000,00", "Проверен бухгалтерией", "2 000 000,00"):
        assert words in shown, words
    one = signed_in(cast.accountant).get(report, days | {"state": "checked"}).content.decode()
    assert "766,00" in one
    assert "1\xa0234,00" not in one
    late = signed_in(cast.accountant).get(report, {"from": "2026-07-01", "to": "2026-09-29"})
    assert "766,00" not in late.content.decode()
    strange = signed_in(cast.stranger).get(report, days).content.decode()
    assert "Лента" not in strange


def test_a_bonus_in_a_proposal_lowers_its_real_price(cast, today):
    goods = deals.product()
    deals.price_list(cast.accountant, {goods: "100.00"}, approved_by=cast.director)
    client = clients.client(cast.manager, category="C")

    def offer(retro_pct):
        head = proposing.ProposalHead(client, today + DAY, retro_pct=D(retro_pct))
        wanted = [Goods(goods, D(10), discount_pct=D(10))]
        return proposing.create_proposal(
            by=cast.manager, head=head, goods=wanted, key=uuid4(), today=today
        )

    within, below = offer("11.11"), offer("20")
    assert (within.deviation, below.deviation) == (0, D("10.00"))  # the lowest price is 80
    real = ProposalPage(below, cast.manager, today).real_price
    assert (real.retro, real.real, real.discount, real.net_discount) == (
        D("180.00"), D("720.00"), D("10.00"), D("28.00"),
    )  # fmt: skip
    shown = page(cast.manager, "proposal_detail", below.pk)
    assert "чистая скидка 28,00 % с бонусом, 10,00 % без него" in shown
    assert reverse("deals:proposal_submit", args=[below.pk]) in shown
    proposing.submit_proposal(below.pk, by=cast.manager, version=below.version, today=today)
    approval = Approval.objects.of(below).get()
    decision = signed_in(cast.director).get(approval.get_absolute_url()).content.decode()
    assert "чистая скидка 28,00 % вместо 10,00 %" in decision.replace("\xa0", " ")
    assert retro_words(below).replace("\xa0", " ") == "20,00 %."
    assert promised_by(below)["note"].replace("\xa0", " ") == "Ретробонус 20,00 %."
    found = page(cast.manager, "proposal_list", query="?retro=true")
    assert below.number in found
    plain = offer("0")
    assert plain.number not in page(cast.manager, "proposal_list", query="?retro=true")


@pytest.mark.parametrize("name", ["retro_list", "retro_accruals", "retro_detail"])
def test_the_pages_ask_the_same_few_queries_for_one_and_for_ten(cast, contract, name):
    agreement = retro.agreement(contract, cast.manager)
    browser = signed_in(cast.accountant)

    def asked(start, count):
        for number in range(start, start + count):
            retro.accrual(agreement, period_start=f"{2010 + number}-01-01")
            if name != "retro_detail":
                retro.agreement(contracts.active(contract.client, cast.manager), cast.manager)
        with CaptureQueriesContext(connection) as queries:
            args = [agreement.pk] if name == "retro_detail" else []
            assert browser.get(reverse(f"deals:{name}", args=args)).status_code == 200
        return len(queries)

    asked(0, 1)
    first = asked(1, 1)
    assert asked(2, 8) == first
    assert first <= 12
