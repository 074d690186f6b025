"""Pages of claims against clients: drawing up, the page, papers, registers, My day, the lawyer."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.actions.limitation_alerts import watch_limitation
from claims.models import OutgoingClaim
from claims.papers import claim as paper
from clients.contacting.next_step import Moment, find_reasons
from deals.receivables.limitation import limitation
from tests.cast import signed_in
from tests.deals.test_act_papers import pdf_text
from tests.factories import clients, deals
from tests.factories import outgoing as factory
from tests.factories.spreading import allocate_payment

DAY = timedelta(days=1)
HTMX = {"HX-Request": "true"}
MONEY = re.compile(r"\d[\d ]*,\d\d")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def client(cast):
    made = clients.client(cast.manager, name="ООО «Должник»")
    clients.counterparty(made)
    return made


def shown(person, name, *args, query="", **more):
    answer = signed_in(person).get(reverse(f"claims:{name}", args=args) + query, **more)
    return answer.content.decode().replace("\xa0", " ")


def test_the_dialog_shows_the_contracts_own_terms_and_keeps_the_ticks(cast, client, today):
    contract = factory.contract(client, days=15, day_type="working", number="Д-77")
    late = factory.debt(client, "250000.00", due=today - 66 * DAY, contract=contract)
    other = factory.debt(client, due=today - 10 * DAY)
    factory.debt(client, due=today + DAY)
    url = reverse("claims:outgoing_create", args=[client.pk])
    web = signed_in(cast.manager)
    page = web.get(url, headers=HTMX).content.decode().replace("\xa0", " ")
    assert page.count('name="invoices"') == 2
    for words in ("Д-77", "пени 0,1 % в день", "не более 10 %", "15 рабочих дней", "16 500,00 ₽"):
        assert words in page, words
    assert "ставка" in page, "the last key rate is old"
    sent = {"invoices": [late.pk], "to": f"{today + DAY}", "accrual": "with", "note": ""}
    refused = web.post(url, sent, headers=HTMX)
    assert refused.status_code == 422
    again = refused.content.decode()
    assert f'value="{late.pk}" checked' in again
    assert f'value="{other.pk}" checked' not in again
    done = web.post(url, sent | {"to": f"{today}"}, headers=HTMX)
    claim = OutgoingClaim.objects.get()
    assert done.headers["HX-Redirect"] == claim.get_absolute_url()
    assert (claim.penalty, claim.term_days) == (Decimal("16500.00"), 15)
    left = web.get(url, headers=HTMX).content.decode()
    assert left.count('name="invoices"') == 1, "an open claim holds the other one"


def test_the_page_shows_what_is_left_and_who_may_do_what(cast, client, today):
    bill = factory.debt(client, due=today - 66 * DAY, contract=factory.contract(client))
    claim = factory.sent(client, bill, cast=cast, on=today - 40 * DAY)
    page = shown(cast.lawyer, "outgoing_detail", claim.pk)
    for words in ("Сколько ещё требуем", "Расчёт на сегодня", "80088012345678", "Готовить иск"):
        assert words in page, words
    theirs = shown(cast.manager, "outgoing_detail", claim.pk)
    assert "Готовить иск" not in theirs
    assert "Пришёл ответ" in theirs


def test_the_paper_names_everything_that_the_law_wants(cast, client, today):
    contract = factory.contract(client, number="Д-77")
    bill = factory.debt(client, "250000.00", due=today - 66 * DAY, contract=contract)
    deals.own_account(account="40702810900000012345")
    claim = factory.drafted(client, bill, by=cast.manager, today=today)
    text = " ".join(pdf_text(paper.pdf_of(claim)).split())
    for words in (
        cast.company.name, claim.counterparty.full_name, "Д-77", bill.number, "250 000,00",
        "16 500,00", "266 500,00", "0,1 % от суммы долга", "не более 10 %", "30 календарных дней",
        "40702810900000012345", "Расчёт задолженности", "части 5 статьи 4",
    ):  # fmt: skip
        assert words.replace("части 5", "часть 5") in text.replace("\xa0", " "), words
    answer = signed_in(cast.lawyer).get(reverse("claims:outgoing_file", args=[claim.pk, "docx"]))
    assert answer.content.startswith(b"PK")
    sheet = signed_in(cast.lawyer).get(reverse("claims:outgoing_sheet", args=[claim.pk]))
    assert "16 500,00" in pdf_text(sheet.content).replace("\xa0", " ")


def test_an_answered_claim_is_late_with_nothing(cast, client, today):
    claim = factory.sent(client, cast=cast, on=today - 40 * DAY)
    answer = {"answer_kind": "refuses", "answered_on": today - 30 * DAY}
    OutgoingClaim.objects.filter(pk=claim.pk).update(state="answered", **answer)
    late = factory.sent(clients.client(cast.manager), cast=cast, on=today - 41 * DAY)
    page = shown(cast.lawyer, "outgoing_list")
    assert claim.number in page
    assert late.number in page
    assert page.count("просрочен на") == 1


def sums_of_register(cast):
    """The foot of the register: debt, penalty with interest, claimed, open now."""
    page = shown(cast.lawyer, "outgoing_list", query="?columns=number,principal,accrual,total,left")
    foot = page.partition("<tfoot")[2].replace("&nbsp;", " ")
    return [Decimal(text.replace(" ", "").replace(",", ".")) for text in MONEY.findall(foot)]


def test_the_register_has_its_ready_views_and_its_sums(cast, client, today):
    ago = today - 40 * DAY
    made = {
        "review": factory.drafted(client, by=cast.manager, today=ago),
        "send": factory.handed(client, head=cast.department_head, today=ago),
        "over": factory.sent(client, cast=cast, on=ago),
        "waiting": factory.sent(client, cast=cast, on=today),
        "court": factory.lawsuit(client, cast=cast, on=ago).claim,
    }
    OutgoingClaim.objects.filter(pk=made["review"].pk).update(state="requested")
    numbers = {name: claim.number for name, claim in made.items()}
    for step, expected in (
        ("review", {"review"}), ("send", {"send"}), ("over", {"over"}), ("court", {"court"}),
        ("waiting", {"over", "waiting"}), ("open", set(made)),
    ):  # fmt: skip
        page = shown(cast.lawyer, "outgoing_list", query=f"?step={step}")
        assert {name for name, number in numbers.items() if number in page} == expected, step
    debt, accrual, _total, left = sums_of_register(cast)
    assert (debt, left) == (sum(claim.principal for claim in made.values()),) * 2
    assert accrual == sum(claim.penalty + claim.interest for claim in made.values()) > 0
    paid = made["over"].lines.get().invoice
    money = deals.payment(client, "10000.00", on=today)
    allocate_payment(money.pk, by=None, named=[paid.pk])
    assert sums_of_register(cast) == [debt, accrual, _total, left - 10_000]
    card = shown(cast.manager, "client_outgoing", client.pk, headers=HTMX)
    assert all(number in card for number in numbers.values())
    assert made["over"].number in shown(cast.manager, "client_outgoing_line", client.pk)


def reasons(client):
    at = Moment.of(timezone.now())
    (found,) = find_reasons(type(client).objects.filter(pk=client.pk), at)
    return {one.rule.code: one.label for one in found.reasons}


def test_my_day_tells_the_manager_of_claims_and_of_limitation(cast, client, today):
    assert not {"outgoing", "outgoing_draft", "limitation"} & set(reasons(client))
    draft = factory.drafted(client, by=cast.manager, today=today)
    late = factory.sent(client, cast=cast, on=today - 60 * DAY)
    factory.sent(clients.client(cast.manager), cast=cast, on=today)
    found = reasons(client)
    assert draft.number in found["outgoing_draft"]
    assert late.number in found["outgoing"]
    old = today + 20 * DAY
    bill = factory.debt(client, due=old.replace(year=old.year - 3, day=1))
    assert watch_limitation(today=today) == 1
    last = limitation(bill.due_on).last_day
    assert f"{last:%d.%m.%Y}" in reasons(client)["limitation"]
    factory.drafted(client, bill, by=cast.manager, today=today, with_accrual=False)
    assert "limitation" not in reasons(client), "it stands in a claim"
    listed = shown(cast.lawyer, "limitation_list")
    assert bill.number in listed


def test_the_lawyers_page_leads_to_claims_and_debts_that_wait(cast, client, today):
    handed = factory.handed(client, head=cast.department_head, today=today)
    over = factory.sent(client, cast=cast, on=today - 60 * DAY)
    page = signed_in(cast.lawyer).get(reverse("reports:legal")).content.decode()
    assert handed.number in page
    assert over.number in page
    assert reverse("claims:outgoing_list") + "?step=send" in page
