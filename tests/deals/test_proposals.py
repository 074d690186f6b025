"""Proposals: prices below the lowest are approved by whose limit covers them, versions, answers."""

from datetime import timedelta
from decimal import Decimal
from itertools import product
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.approvals.actions import decide
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.files.models import Attachment
from crm.notices.models import Notice
from crm.states import check_move
from deals.actions import proposal_moves as moves
from deals.actions import proposals as actions
from deals.actions.order_moves import cancel_order
from deals.actions.orders import OrderHead, edit_order, submit_order
from deals.models import PROPOSAL_MOVES, Order, Proposal, ProposalState
from deals.ordering.order_goods import Goods, deviation_of
from tests.cast import signed_in
from tests.factories import clients, deals, proposals
from tests.standing import standing

D = Decimal


def today():
    return timezone.localdate()


@standing
def client(cast):
    return clients.client(cast.manager, category="B", name="Ромашка")


@standing
def tea(cast):
    """100.00 by the list, not below 80.00."""
    made = deals.product(sku="ЧАЙ-01", name="Чай чёрный", unit="уп")
    deals.price_list(cast.director, {made: "100.00"}, approved_by=cast.director)
    return made


def submitted(offer, by):
    return actions.submit_proposal(offer.pk, by=by, version=offer.version, today=today())


def decided(approval, by, decision="approve"):
    now = Approval.objects.get(pk=approval.pk)
    offer = Proposal.objects.get(pk=now.object_id)
    decide(
        now.pk,
        by=by,
        decision=decision,
        version=now.version,
        target_version=offer.version,
        today=today(),
        comment="Так надо",
    )
    return Proposal.objects.get(pk=offer.pk)


def sent(offer, by):
    return moves.send_proposal(
        offer.pk, by=by, version=offer.version, channel="email", on=today(), today=today()
    )


def accepted(offer, by, order=True):
    return moves.accept_proposal(
        offer.pk, by=by, version=offer.version, on=today(), order=order, today=today()
    )


def test_a_draft_takes_prices_of_the_list_and_a_number_of_the_year_once(cast, client, tea):
    key, head = uuid4(), actions.ProposalHead(client, today() + timedelta(days=5))
    given = {"head": head, "goods": proposals.goods({tea: ("3", "10")}), "today": today()}
    with CaptureQueriesContext(connection) as asked:
        first, second = (
            actions.create_proposal(by=cast.manager, key=key, **given) for _click in range(2)
        )
    assert "pg_advisory_xact_lock" in str(asked.captured_queries)  # two clicks at once
    with pytest.raises(IntegrityError), transaction.atomic():  # the key of another's form
        actions.create_proposal(by=cast.sector_head, key=key, **given)
    assert first.pk == second.pk
    assert first.number.startswith(f"КП-{today().year}-")
    line = first.lines.get()
    assert (line.price, line.net_price, line.lowest_price) == (D(100), D(90), D(80))
    assert (first.total, first.deviation) == (D(270), D(0))


@pytest.mark.parametrize(
    ("net", "lowest", "percent"),
    [
        ("80", "80", "0"),
        ("90", "80", "0"),
        ("79.99", "80", "0.02"),
        ("76", "80", "5"),
        ("1", None, "0"),
    ],
)
def test_a_deviation_is_never_rounded_into_a_limit(net, lowest, percent):
    assert deviation_of(D(net), D(lowest) if lowest else None) == D(percent)


def test_without_a_deviation_it_goes_to_the_client_with_its_pdf(cast, client, tea):
    offer = sent(proposals.draft(client, {tea: ("1", "20")}, by=cast.manager), cast.manager)
    assert (offer.state, offer.sent_on, offer.sent_by_channel) == ("sent", today(), "email")
    kept = Attachment.objects.of_record(offer).get()
    assert (kept.format, kept.name) == ("pdf", f"{offer.number}.pdf")


@pytest.mark.parametrize(
    ("discount", "who"),
    [("21.6", "sector_head"), ("24", "department_head"), ("24.01", "director")],
)
def test_the_smallest_office_whose_limit_covers_the_deviation_decides(
    cast, client, tea, discount, who
):
    offer = proposals.draft(client, {tea: ("1", discount)}, by=cast.manager)
    with pytest.raises(RuleViolation, match="минимальн"):
        sent(offer, cast.manager)
    approval = submitted(offer, cast.manager)
    for other in {"sector_head", "department_head", "director"} - {who}:
        with pytest.raises((PermissionDenied, Approval.DoesNotExist, RuleViolation)):
            decided(approval, getattr(cast, other))
    offer = decided(approval, getattr(cast, who))
    assert offer.state == "approved"
    assert sent(offer, cast.manager).state == "sent"


def test_one_line_below_the_lowest_price_is_a_deviation_of_the_whole(cast, client, tea):
    milk = deals.product(name="Молоко")
    offer = proposals.draft(client, {tea: ("1", "30")}, by=cast.manager)
    goods = [*proposals.goods({tea: ("1", "30")}), Goods(milk, D(2), D("50.00"))]
    head = actions.ProposalHead(client, offer.valid_to)
    offer = actions.edit_proposal(
        offer.pk, by=cast.manager, version=1, head=head, goods=goods, today=today()
    )
    assert (offer.deviation, offer.total, offer.version) == (D("12.50"), D("170.00"), 2)
    prices = [(line.net_price, line.lowest_price) for line in offer.lines.all()]
    assert prices == [(D(70), D(80)), (D(50), None)]


def test_a_head_sends_within_the_own_limit_without_asking(cast, client, tea):
    offer = proposals.draft(client, {tea: ("1", "21")}, by=cast.sector_head)
    with pytest.raises(RuleViolation):
        submitted(offer, cast.sector_head)
    assert sent(offer, cast.sector_head).state == "sent"


def test_what_is_returned_or_reopened_is_a_draft_whose_approval_is_void(cast, client, tea):
    offer = proposals.draft(client, {tea: ("1", "23")}, by=cast.manager)
    offer = decided(submitted(offer, cast.manager), cast.department_head, "return")
    assert offer.state == "draft"
    offer = decided(submitted(offer, cast.manager), cast.department_head)
    actions.reopen_proposal(offer.pk, by=cast.manager, version=offer.version)
    offer.refresh_from_db()
    with pytest.raises(RuleViolation):
        sent(offer, cast.manager)


def test_prices_that_sink_after_the_approval_are_asked_for_again(cast, client, tea):
    offer = proposals.draft(client, {tea: ("1", "23")}, by=cast.manager)
    approval = submitted(offer, cast.manager)
    deals.raise_lowest(tea, "90.00")
    with pytest.raises(RuleViolation):  # 14.45 %: above the limit of the head of the department
        decided(approval, cast.department_head)
    deals.raise_lowest(tea, "80.00")
    offer = decided(approval, cast.department_head)
    deals.raise_lowest(tea, "90.00")
    with pytest.raises(RuleViolation):
        sent(offer, cast.manager)


def test_an_accepted_proposal_becomes_an_order_at_its_prices_once(cast, client, tea):
    offer = proposals.draft(client, {tea: ("10", "24")}, by=cast.manager)
    offer = sent(decided(submitted(offer, cast.manager), cast.department_head), cast.manager)
    order = accepted(offer, cast.manager)
    offer.refresh_from_db()
    assert (offer.state, offer.answered_on) == ("accepted", today())
    assert (order.total, order.proposal, order.state) == (offer.total, offer, "draft")
    order = submit_order(order.pk, by=cast.manager, version=order.version, today=today())
    assert order.state == "confirmed"
    again = moves.order_proposal(offer.pk, by=cast.manager, version=offer.version, today=today())
    assert again == order
    cancel_order(order.pk, by=cast.manager, version=order.version, reason="Передумал")
    other = moves.order_proposal(offer.pk, by=cast.manager, version=offer.version, today=today())
    assert other.pk != order.pk
    with transaction.atomic(), pytest.raises(IntegrityError, match="order_one_per_proposal"):
        Order.objects.create(number="Х", client=client, proposal=offer, dated_on=today())


@pytest.mark.parametrize(("qty", "discount"), [("11", "24"), ("10", "24.01"), ("6", "24")])
def test_accepted_prices_hold_for_what_was_offered_and_no_more(cast, client, tea, qty, discount):
    offer = proposals.draft(client, {tea: ("10", "24")}, by=cast.manager)
    offer = sent(decided(submitted(offer, cast.manager), cast.department_head), cast.manager)
    order = accepted(offer, cast.manager)
    line = Goods(tea, D(qty), D("100.00"), D(discount))
    goods = [line, line] if qty == "6" else [line]  # twice six is more than ten
    with pytest.raises(RuleViolation, match="80"):
        edit_order(
            order.pk, by=cast.manager, version=1, head=OrderHead(client), goods=goods, today=today()
        )


def test_the_order_of_a_proposal_stays_with_its_client(cast, client, tea):
    order = accepted(proposals.sent(client, {tea: ("1", "0")}, by=cast.manager), cast.manager)
    other = OrderHead(clients.client(cast.manager))
    with pytest.raises(RuleViolation):
        edit_order(
            order.pk,
            by=cast.manager,
            version=1,
            head=other,
            goods=proposals.goods({tea: ("1", "0")}),
            today=today(),
        )


def test_a_version_supersedes_what_the_client_has_when_it_is_sent(cast, client, tea):
    first = proposals.sent(client, {tea: ("1", "5")}, by=cast.manager)
    renew = {"by": cast.manager, "today": today(), "holds": today() + timedelta(days=3)}
    second = actions.renew_proposal(first.pk, version=first.version, **renew)
    assert (second.number, second.root, second.total) == (f"{first.number}/2", first, first.total)
    with pytest.raises(RuleViolation):  # one at a time
        actions.renew_proposal(first.pk, version=first.version, **renew)
    first.refresh_from_db()
    assert first.state == "sent"
    sent(second, cast.manager)
    first.refresh_from_db()
    assert first.state == "superseded"


def test_a_draft_is_thrown_away_by_its_author_and_leaves_its_trace(cast, client, tea):
    offer = proposals.sent(client, {tea: ("5", "0")}, by=cast.manager)
    renew = {"by": cast.manager, "today": today(), "holds": today()}
    draft = actions.renew_proposal(offer.pk, version=offer.version, **renew)
    neighbour = {"by": cast.manager2, "version": draft.version}
    with pytest.raises(Proposal.DoesNotExist):
        actions.discard_proposal(draft.pk, **neighbour)
    client.__class__.objects.filter(pk=client.pk).update(manager=cast.manager2)
    with pytest.raises(PermissionDenied):
        actions.discard_proposal(draft.pk, **neighbour)
    client.__class__.objects.filter(pk=client.pk).update(manager=cast.manager)
    with pytest.raises(RuleViolation, match="состоянии"):
        actions.discard_proposal(offer.pk, by=cast.manager, version=offer.version)
    actions.discard_proposal(draft.pk, by=cast.manager, version=draft.version)
    draft.refresh_from_db()
    assert draft.state == "discarded"
    browser = signed_in(cast.manager)
    for url in (
        reverse("deals:proposal_list"),
        reverse("deals:client_contracts", args=[client.pk]),
    ):
        page = browser.get(url).text
        assert offer.number in page
        assert draft.number not in page
    history = browser.get(reverse("deals:proposal_history", args=[draft.pk])).text
    assert "Черновик отменён" in history
    actions.renew_proposal(offer.pk, version=offer.version, **renew)  # may be written again


def test_no_version_is_sent_after_another_was_accepted(cast, client, tea):
    first = proposals.sent(client, {tea: ("1", "5")}, by=cast.manager)
    second = actions.renew_proposal(
        first.pk, by=cast.manager, version=first.version, today=today(), holds=today()
    )
    accepted(first, cast.manager)
    with pytest.raises(RuleViolation):
        sent(second, cast.manager)


def test_answers_have_their_day_and_a_refusal_its_reason(cast, client, tea):
    offer = proposals.sent(client, {tea: ("1", "0")}, by=cast.manager)
    given = {"by": cast.manager, "version": offer.version, "today": today()}
    for on in (today() - timedelta(days=1), today() + timedelta(days=1)):
        with pytest.raises(RuleViolation):
            moves.accept_proposal(offer.pk, on=on, order=False, **given)
    with pytest.raises(RuleViolation):
        moves.decline_proposal(offer.pk, on=today(), reason=" ", **given)
    offer = moves.decline_proposal(offer.pk, on=today(), reason="Дорого", **given)
    assert (offer.state, offer.decline_reason) == ("declined", "Дорого")


def test_what_is_over_its_last_day_expires_late_and_twice_alike(cast, client, tea):
    offer = proposals.sent(client, {tea: ("1", "0")}, by=cast.manager)
    assert moves.expire_proposals(today=offer.valid_to) == 0
    assert moves._expire(offer.pk, offer.valid_to) == 0  # answered or prolonged meanwhile
    late = offer.valid_to + timedelta(days=30)
    assert [moves.expire_proposals(today=late) for _run in range(2)] == [1, 0]
    offer.refresh_from_db()
    assert offer.state == "expired"
    told = Notice.objects.filter(kind="proposal.expired").values_list("user", flat=True)
    assert list(told) == [cast.manager.pk]


def test_individual_for_category_a_by_request_for_b_never_for_c(cast, client, tea):
    lines = {tea: ("1", "0")}
    of = {c: clients.client(cast.manager, category=c) for c in "AC"}
    assert proposals.draft(of["A"], lines, by=cast.manager).is_individual
    for plain in (client, of["C"]):
        assert not proposals.draft(plain, lines, by=cast.manager).is_individual
    assert proposals.draft(client, lines, by=cast.manager, is_individual=True).is_individual
    with pytest.raises(RuleViolation):
        proposals.draft(of["C"], lines, by=cast.manager, is_individual=True)


def test_rows_of_others_stale_pages_and_foreign_clients_are_refused(cast, client, tea):
    offer = proposals.draft(client, {tea: ("1", "0")}, by=cast.manager)
    with pytest.raises(Proposal.DoesNotExist):
        sent(offer, cast.stranger)
    with pytest.raises(PermissionDenied):
        sent(offer, cast.accountant)
    with pytest.raises(PermissionDenied):
        proposals.draft(client, {tea: ("1", "0")}, by=cast.accountant)
    offer.version = 7
    with pytest.raises(StaleVersion):
        sent(offer, cast.manager)


def test_a_product_stands_once_and_typed_prices_do_not_differ_from_the_list(cast, client, tea):
    head = actions.ProposalHead(client, today())
    given = {"by": cast.manager, "head": head, "today": today()}
    for goods in ([Goods(tea, D(1)), Goods(tea, D(2))], [Goods(tea, D(1), D(99))], []):
        with pytest.raises(RuleViolation):
            actions.create_proposal(goods=goods, key=uuid4(), **given)
    with pytest.raises(RuleViolation):
        proposals.draft(
            client, {tea: ("1", "0")}, by=cast.manager, valid_to=today() - timedelta(days=1)
        )


FORBIDDEN = [
    pair for pair in product(PROPOSAL_MOVES, repeat=2) if pair[1] not in PROPOSAL_MOVES[pair[0]]
]


@pytest.mark.parametrize(("source", "target"), FORBIDDEN)
def test_no_move_outside_the_map(source, target):
    with pytest.raises(RuleViolation):
        check_move(Proposal(state=source), PROPOSAL_MOVES, target)
    assert set(PROPOSAL_MOVES) == set(ProposalState)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "sent"}, "proposal_sent_has_its_day"),
        ({"valid_to": None}, "proposal_holds_to_a_day"),
        ({"answered_on": today()}, "proposal_answer_has_its_day"),
        ({"state": "accepted", "sent_on": today()}, "proposal_answer_has_its_day"),
        (
            {"state": "declined", "sent_on": today(), "answered_on": today()},
            "proposal_declined_has_reason",
        ),
        ({"number_of_version": 2}, "proposal_version_has_its_first"),
        ({"total": -1}, "proposal_amounts_not_negative"),
    ],
)
def test_the_table_refuses_nonsense_past_the_actions(cast, client, tea, changes, constraint):
    offer = proposals.draft(client, {tea: ("1", "0")}, by=cast.manager)
    with transaction.atomic(), pytest.raises(IntegrityError, match=constraint):
        Proposal.objects.filter(pk=offer.pk).update(**changes)
