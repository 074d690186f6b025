"""Pages of proposals: the editor, the card with what deviates, the register, the client card."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.approvals.models import Approval
from deals.models import Contract, Order, Proposal
from reports.queries.my_day import my_day
from tests.cast import fresh, signed_in
from tests.factories import clients, deals, proposals
from tests.factories.contracts import draft

HTMX = {"HX-Request": "true"}
MOST_QUERIES = 12


@pytest.fixture
def client_of(cast):
    return clients.client(cast.manager, category="B", name="Ромашка")


@pytest.fixture
def tea(cast):
    made = deals.product(sku="ЧАЙ-01", name="Чай чёрный", unit="уп")
    deals.price_list(cast.director, {made: "100.00"}, approved_by=cast.director)
    return made


def typed(of, discount="25", **more):
    return {
        "key": uuid4(),
        "client": of.code,
        "price_kind": "base",
        "valid_to": f"{timezone.localdate() + timedelta(days=7):%d.%m.%Y}",
        "lines": 1,
        "line-0-product": "ЧАЙ-01 · Чай чёрный",
        "line-0-quantity": "2,5",
        "line-0-discount_pct": discount,
        "command": "save",
    } | more


def pressed(person, name, offer, **data):
    offer.refresh_from_db()
    url = reverse(f"deals:proposal_{name}", args=[offer.pk])
    data = {"version": offer.version, "on": f"{timezone.localdate():%d.%m.%Y}"} | data
    return signed_in(fresh(person)).post(url, data, headers=HTMX)


def test_a_discount_below_the_lowest_price_is_written_and_marked(cast, client_of, tea):
    browser = signed_in(cast.manager)
    answer = browser.post(reverse("deals:proposal_create"), typed(client_of))
    offer = Proposal.objects.get()
    assert answer.url == offer.get_absolute_url()
    page = browser.get(answer.url).text
    submit, send = (reverse(f"deals:proposal_{n}", args=[offer.pk]) for n in ("submit", "send"))
    assert submit in page
    assert send not in page
    assert "6,25" in page  # percent below the lowest price of 80


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"line-0-price": "99"}, "line-0-price"),
        ({"line-0-product": "НЕТ"}, "line-0-product"),
        ({"valid_to": "01.01.2020"}, "valid_to"),
        ({"client": ""}, "client"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(cast, client_of, tea, changes, field):
    answer = signed_in(cast.manager).post(
        reverse("deals:proposal_create"), typed(client_of, **changes)
    )
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.text
    assert not Proposal.objects.exists()


def test_a_draft_is_edited_and_a_stale_page_is_told_so(cast, client_of, tea):
    offer = proposals.draft(client_of, {tea: ("1", "0")}, by=cast.manager)
    url, browser = reverse("deals:proposal_edit", args=[offer.pk]), signed_in(cast.manager)
    assert 'value="ЧАЙ-01 · Чай чёрный"' in browser.get(url).text
    data = typed(client_of, "5", version=offer.version)
    assert [browser.post(url, data).status_code for _sent in range(2)] == [302, 409]
    offer.refresh_from_db()
    assert offer.total == Decimal("237.50")


def test_the_dialog_shows_who_decides_before_it_is_sent(cast, client_of, tea):
    offer = proposals.draft(client_of, {tea: ("1", "30")}, by=cast.manager)
    url = reverse("deals:proposal_submit", args=[offer.pk])
    assert cast.director.short_name in signed_in(cast.manager).get(url, headers=HTMX).text
    assert pressed(cast.manager, "submit", offer).status_code == 204
    page = signed_in(fresh(cast.manager)).get(offer.get_absolute_url()).text
    assert reverse("deals:proposal_withdraw", args=[offer.pk]) in page
    assert pressed(cast.manager, "withdraw", offer).status_code == 204
    offer.refresh_from_db()
    assert offer.state == "draft"


def test_from_sending_to_the_order_by_the_buttons(cast, client_of, tea):
    offer = proposals.draft(client_of, {tea: ("4", "10")}, by=cast.manager)
    assert pressed(cast.manager, "send", offer, channel="email").status_code == 204
    answer = pressed(cast.manager, "accept", offer, order="on")
    order = Order.objects.get()
    assert order.get_absolute_url() in str(answer.headers)
    assert (order.total, order.proposal) == (Decimal("360.00"), offer)


def test_a_refusal_needs_a_reason_and_a_version_follows_it(cast, client_of, tea):
    offer = proposals.sent(client_of, {tea: ("1", "0")}, by=cast.manager)
    assert pressed(cast.manager, "decline", offer, reason="").status_code == 422
    assert pressed(cast.manager, "decline", offer, reason="Дорого").status_code == 204
    pressed(cast.manager, "renew", offer)
    fresh_one = Proposal.objects.get(root=offer)
    page = signed_in(fresh(cast.manager)).get(fresh_one.get_absolute_url()).text
    assert "Дорого" not in page
    assert offer.number in page


def test_the_pdf_is_downloaded_with_every_line(cast, client_of, tea):
    offer = proposals.draft(client_of, {tea: ("1", "7")}, by=cast.manager, terms="Самовывоз #1")
    answer = signed_in(cast.manager).get(reverse("deals:proposal_pdf", args=[offer.pk]))
    assert answer.content.startswith(b"%PDF")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_client_card_shows_proposals_beside_contracts(cast, client_of, tea):
    offer = proposals.draft(client_of, {tea: ("1", "0")}, by=cast.manager)
    url = reverse("deals:client_contracts", args=[client_of.pk])
    page = signed_in(cast.manager).get(url, headers=HTMX).text
    assert offer.number in page
    assert reverse("deals:proposal_create") in page
    assert reverse("deals:proposal_create") not in signed_in(cast.lawyer).get(url).text


def test_the_register_asks_the_same_few_queries_for_one_and_for_ten(cast, client_of, tea):
    browser, counts = signed_in(cast.manager), []
    for rows in (1, 9):
        for _row in range(rows):
            proposals.draft(client_of, {tea: ("1", "0")}, by=cast.manager)
        browser.get(reverse("deals:proposal_list"))  # what is kept between requests
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse("deals:proposal_list")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_the_decision_shows_the_lines_with_their_total(cast, client_of, tea):
    offer = proposals.draft(client_of, {tea: ("2", "23")}, by=cast.manager)
    pressed(cast.manager, "submit", offer)
    approval = Approval.objects.of(offer).get()
    page = signed_in(fresh(cast.department_head)).get(approval.get_absolute_url()).text
    assert "154,00" in page
    assert "3,75" in page


def test_my_day_asks_for_answers_and_tells_of_what_was_accepted_and_left(cast, client_of, tea):
    now, today = timezone.now(), timezone.localdate()
    client = type(client_of).objects.filter(pk=client_of.pk)
    client.update(last_contact_at=now - timedelta(days=1), next_contact_at=now + timedelta(days=3))

    def told():
        day = my_day(cast.manager, cast.manager, now, show=20)
        codes = {reason.rule.code for row in day.queue.rows for reason in row.reasons}
        return codes & {"proposal_unanswered", "proposal_accepted"}

    offer = proposals.sent(client_of, {tea: ("10", "0")}, by=cast.manager)
    proposal = Proposal.objects.filter(pk=offer.pk)
    assert told() == set()
    long_ago = {"sent_on": today - timedelta(days=5), "dated_on": today - timedelta(days=5)}
    proposal.update(**long_ago)
    assert told() == {"proposal_unanswered"}
    proposal.update(sent_on=today, valid_to=today + timedelta(days=3))
    assert told() == {"proposal_unanswered"}
    proposal.update(valid_to=today + timedelta(days=4))
    assert told() == set()
    pressed(cast.manager, "accept", offer)
    assert told() == {"proposal_accepted"}
    proposal.update(answered_on=today - timedelta(days=31), **long_ago)
    assert told() == set()
    proposal.update(answered_on=today)
    pressed(cast.manager, "order", offer)
    assert told() == set()
    Order.objects.update(state="cancelled", cancel_reason="Передумал")
    assert told() == {"proposal_accepted"}
    draft(client_of, cast.manager, proposal=offer)
    assert told() == set()


def test_an_accepted_proposal_opens_a_filled_contract_that_remembers_it_once(cast, client_of, tea):
    offer = proposals.sent(client_of, {tea: ("10", "0")}, by=cast.manager, terms="Вывоз своими")
    browser, create = signed_in(cast.manager), reverse("deals:contract_create", args=[client_of.pk])
    url = f"{create}?proposal={offer.pk}"
    assert browser.get(url).status_code == 404  # not accepted yet
    pressed(cast.manager, "accept", offer)
    assert url in browser.get(offer.get_absolute_url()).text
    form = browser.get(url).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    assert (shown["amount"], shown["note"]) == ("1\xa0000,00", "Вывоз своими")
    assert offer.number in shown["subject"]
    data = {name: "" if value is None else str(value) for name, value in shown.items()}
    data |= {"is_standard": "on", "deferral_day_type": "calendar", "claim_day_type": "calendar"}
    answer = browser.post(url, data)
    assert answer.status_code == 302, answer.context["form"].errors
    made = answer.headers["Location"]
    written = Contract.objects.get(proposal=offer)
    assert (made, written.subject) == (written.get_absolute_url(), shown["subject"])
    assert offer.get_absolute_url() in browser.get(made).text
    page = browser.get(offer.get_absolute_url()).text
    assert made in page
    assert url not in page
    again = browser.post(url, data | {"key": str(uuid4()), "number": "Д-другой"})
    assert again.status_code == 422
    theirs = clients.client(cast.manager, category="B", name="Лютик")
    foreign = f"{reverse('deals:contract_create', args=[theirs.pk])}?proposal={offer.pk}"
    assert browser.get(foreign).status_code == 404
