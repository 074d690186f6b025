"""Claims against clients: counted, asked for, sent with proof, answered, settled (CM-06)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from claims.actions import outgoing as actions
from claims.actions import outgoing_moves as moves
from claims.actions.outgoing import Sending, Wanted
from claims.actions.outgoing_alerts import turn_terms
from claims.actions.outgoing_moves import Answer
from claims.models import OUTGOING_MOVES, OutgoingClaim, OutgoingLine
from claims.outgoing.remaining import Remaining, settled_since
from claims.outgoing.sheets import Sheet
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation
from crm.files.models import Attachment
from crm.notices.models import Notice
from deals.models import Allocation, StopShipping
from tests.cast import everybody
from tests.factories import clients, deals
from tests.factories import outgoing as factory
from tests.files import samples

D = Decimal
DAY = timedelta(days=1)
TODAY, DUE = factory.TODAY, factory.DUE


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, name="ООО «Должник»")


@pytest.fixture
def bills(client):
    """By a contract with a penalty, and without a contract."""
    ours = factory.contract(client)
    return factory.debt(client, "250000.00", contract=ours), factory.debt(client, "36500.00")


def pay(bill, amount, on):
    """Money that pays a part of the bill."""
    money = deals.payment(bill.client, amount, on=on)
    return Allocation.objects.create(
        payment=money, invoice=bill, amount=D(amount), kind="manual", on_day=on
    )


def decide(claim, by, decision):
    """What the person says to the request that runs."""
    claim.refresh_from_db()
    running = Approval.objects.of(claim).running().get()
    approvals.decide(
        running.pk, by=by, decision=decision, comment="Рано", version=running.version,
        target_version=claim.version, today=TODAY,
    )  # fmt: skip


# --- drawing up -----------------------------------------------------------------------------------


def test_each_invoice_is_counted_by_its_contract_or_by_the_law_and_never_by_both(cast, bills):
    claim = factory.drafted(bills[0].client, *bills, by=cast.manager)
    penalty, interest = OutgoingLine.objects.filter(claim=claim)
    days = (TODAY - DUE).days
    assert (penalty.kind, penalty.accrual) == ("penalty", D("250.00") * days)
    assert (interest.kind, interest.accrual) == ("interest", D("14.00") * days)
    assert (claim.principal, claim.penalty, claim.interest) == (
        D("286500.00"), D("250.00") * days, D("14.00") * days,
    )  # fmt: skip
    claim.refresh_from_db()
    assert claim.total == claim.principal + claim.penalty + claim.interest
    assert Sheet.of(claim.calculation).as_json() == claim.calculation, "kept as it was counted"
    assert claim.number == "ПК-2026-000001"
    alone = factory.drafted(
        bills[0].client, factory.debt(bills[0].client), by=cast.manager, with_accrual=False
    )
    assert (alone.penalty, alone.interest) == (0, 0)


def test_the_cap_of_the_contract_holds_and_payments_lower_the_debt_on_their_day(cast, client):
    bill = factory.debt(
        client, "250000.00", due=TODAY - 120 * DAY, contract=factory.contract(client)
    )
    claim = factory.drafted(client, bill, by=cast.manager)
    assert claim.penalty == D("25000.00"), "PEN-1"
    partly = factory.debt(client, "365000.00", due=date(2026, 8, 31))
    pay(partly, "182500.00", date(2026, 9, 10))
    in_time = factory.debt(client, "100.00", due=DUE)
    pay(in_time, "40.00", DUE)
    found = factory.drafted(client, partly, by=cast.manager, to=date(2026, 9, 20))
    (line,) = Sheet.of(found.calculation).lines
    assert [(one.days, one.principal, one.amount) for one in line.accrual.segments] == [
        (10, D("365000.00"), D("1400.00")),
        (10, D("182500.00"), D("700.00")),
    ]
    assert found.principal == D("182500.00")
    (kept,) = Sheet.of(factory.drafted(client, in_time, by=cast.manager).calculation).lines
    assert (kept.debt, kept.paid) == (D("60.00"), ()), "what came in time is no late payment"


def test_what_is_paid_foreign_or_claimed_already_is_refused(cast, client, bills):
    def draft(*chosen, to=TODAY, by=cast.manager):
        wanted = Wanted(tuple(bill.pk for bill in chosen), to)
        return actions.draft_outgoing(client.pk, wanted, by=by, today=TODAY, key=uuid4())

    future = factory.debt(client, due=TODAY + DAY)
    foreign = factory.debt(clients.client(cast.manager))
    pay(bills[1], "36500.00", TODAY)
    for wrong in ((), (future,), (foreign,), (bills[1],), (bills[0], foreign)):
        with pytest.raises(RuleViolation):
            draft(*wrong)
    for day in (TODAY + DAY, DUE, date(2026, 1, 1)):
        with pytest.raises(RuleViolation):
            draft(bills[0], to=day)
    draft(bills[0])
    with pytest.raises(RuleViolation):
        draft(bills[0])
    with pytest.raises(IntegrityError, match="outgoing_invoice_in_one_claim"), transaction.atomic():
        OutgoingLine.objects.create(
            claim=factory.drafted(client, by=cast.manager),
            invoice=bills[0],
            position=9,
            principal=1,
        )
    for other in (cast.director, cast.lawyer, cast.accountant):
        with pytest.raises(PermissionDenied):
            draft(bills[0], by=other)


def test_the_same_form_sent_twice_is_one_claim(cast, client):
    bill, key = factory.debt(client), uuid4()
    first = factory.drafted(client, bill, by=cast.manager, key=key)
    assert factory.drafted(client, bill, by=cast.manager, key=key) == first


def test_without_a_key_rate_interest_is_refused_by_the_day(cast, client):
    old = factory.debt(client, due=date(2024, 10, 1))
    with pytest.raises(RuleViolation, match=r"02\.10\.2024"):
        factory.drafted(client, old, by=cast.manager)
    assert factory.drafted(client, old, by=cast.manager, with_accrual=False).interest == 0


# --- on its way to the client ---------------------------------------------------------------------


def test_the_manager_asks_the_head_initiates_and_the_lawyer_sends(cast, client):
    claim = factory.drafted(client, by=cast.manager)
    for wrong in (cast.sector_head, cast.manager, cast.director):
        with pytest.raises(PermissionDenied):
            actions.initiate_outgoing(claim.pk, by=wrong, version=claim.version)
    claim = actions.request_outgoing(claim.pk, by=cast.manager, version=1, today=TODAY)
    for wrong in (cast.manager, cast.sector_head, cast.lawyer):
        with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
            decide(claim, wrong, "approve")
    decide(claim, cast.department_head, "approve")
    claim.refresh_from_db()
    assert (claim.state, claim.initiated_by) == ("legal_review", cast.department_head)
    assert Notice.objects.filter(user=cast.lawyer, kind="outgoing.to_review").exists()
    paper = ("квитанция.pdf", samples.pdf())
    sending = Sending(TODAY, "post", "80088012345678", paper)
    for wrong in (cast.manager, cast.department_head, cast.director, cast.accountant):
        with pytest.raises(PermissionDenied):
            actions.send_outgoing(claim.pk, sending, by=wrong, version=claim.version, today=TODAY)
    claim = actions.send_outgoing(
        claim.pk, sending, by=cast.lawyer, version=claim.version, today=TODAY
    )
    assert (claim.response_due, claim.lawsuit_from) == (date(2026, 11, 2), date(2026, 11, 3))
    assert Attachment.objects.of_record(claim).get().kind == "claim"


def test_the_head_may_return_or_refuse_and_the_lawyer_may_give_back(cast, client):
    claim = factory.drafted(client, by=cast.manager)
    for decision, state in (("return", "draft"), ("reject", "cancelled")):
        claim.refresh_from_db()
        actions.request_outgoing(claim.pk, by=cast.manager, version=claim.version, today=TODAY)
        decide(claim, cast.department_head, decision)
        claim.refresh_from_db()
        assert claim.state == state
    assert not OutgoingLine.objects.filter(claim=claim, is_held=True).exists(), "free again"
    other = factory.handed(client, head=cast.department_head)
    back = actions.return_outgoing(
        other.pk, by=cast.lawyer, version=other.version, reason="Нет УПД"
    )
    assert (back.state, back.lawyer_note) == ("draft", "Нет УПД")


def test_the_term_is_the_contracts_own_and_the_longest_of_several(cast, client):
    short = factory.contract(client, days=15, day_type="working")
    longer = factory.contract(client, days=45)
    own = factory.sent(
        client, factory.debt(client, contract=short), cast=cast, on=date(2026, 10, 12)
    )
    assert (own.response_due, own.lawsuit_from) == (date(2026, 11, 2), date(2026, 11, 3)), "PRE-1"
    two = [factory.debt(client, contract=one) for one in (short, longer)]
    assert factory.drafted(client, *two, by=cast.manager).term_days == 45


def test_nothing_is_sent_without_proof_and_the_table_refuses_it_too(cast, client):
    claim = factory.handed(client, head=cast.department_head)
    for wrong in (
        Sending(TODAY, "post", "  "), Sending(TODAY + DAY, "post", "1"), Sending(DUE, "edi", "1"),
    ):  # fmt: skip
        with pytest.raises(RuleViolation):
            actions.send_outgoing(
                claim.pk, wrong, by=cast.lawyer, version=claim.version, today=TODAY
            )
    sent = factory.sent(client, cast=cast)
    for values in ({"proof": ""}, {"sent_on": None}, {"lawsuit_from": sent.response_due}):
        with pytest.raises(IntegrityError, match="outgoing_sent_has_proof"), transaction.atomic():
            OutgoingClaim.objects.filter(pk=sent.pk).update(**values)


@pytest.mark.parametrize("state", OUTGOING_MOVES)
def test_no_other_move_than_those_of_the_map(cast, client, state):
    claim = factory.sent(client, cast=cast)
    claim.state = state
    does = {
        "legal_review": lambda: actions.initiate_outgoing(
            claim.pk, by=cast.department_head, version=claim.version
        ),
        "sent": lambda: actions.send_outgoing(
            claim.pk, Sending(TODAY, "edi", "1"), by=cast.lawyer, version=claim.version, today=TODAY
        ),
        "answered": lambda: moves.answer_outgoing(
            claim.pk, Answer(TODAY, "refuses", "Нет"), by=cast.lawyer, version=claim.version,
            today=TODAY,
        ),
        "satisfied": lambda: moves.satisfy_outgoing(
            claim.pk, by=cast.lawyer, version=claim.version, reason="x", today=TODAY
        ),
    }  # fmt: skip
    with transaction.atomic():
        _force(claim, state, cast)
        for target, act in does.items():
            if target not in OUTGOING_MOVES[state] or state in {"requested"}:
                with pytest.raises((PermissionDenied, RuleViolation)):
                    act()
        transaction.set_rollback(True)


def _force(claim, state, cast):
    """Past the actions, with what the table wants of the state."""
    unsent = state in {"draft", "requested", "legal_review", "cancelled"}
    ended = state in {"satisfied", "closed", "cancelled"}
    values = {"state": state}
    if unsent:
        values |= dict.fromkeys(["sent_on", "response_due", "lawsuit_from"])
        values |= {"proof": "", "sent_by": ""}
    if ended:
        values |= {"ended_on": TODAY, "end_reason": "Итог"}
    if state == "answered":
        values |= {"answered_on": TODAY, "answer_kind": "refuses"}
    OutgoingClaim.objects.filter(pk=claim.pk).update(**values)


# --- afterwards -----------------------------------------------------------------------------------


def test_payments_after_the_claim_lower_what_is_left_of_it(cast, client, bills):
    claim = factory.sent(client, *bills, cast=cast)
    assert Remaining.of(claim).paid == 0
    pay(bills[0], "100000.00", TODAY + 5 * DAY)
    claim = moves.note_accrual_paid(
        claim.pk, by=cast.accountant, version=claim.version, amount=D("1000.00")
    )
    left = Remaining.of(claim)
    assert (left.principal, left.paid) == (D("186500.00"), D("101000.00"))
    assert [row.amount for row in settled_since(claim)] == [D("100000.00")]
    listed = OutgoingClaim.objects.for_list().get(pk=claim.pk)
    assert listed.left == D("186500.00")
    with pytest.raises(RuleViolation):
        moves.satisfy_outgoing(
            claim.pk, by=cast.lawyer, version=claim.version, reason="Договорились", today=TODAY
        )
    pay(bills[0], "150000.00", TODAY + 6 * DAY)
    pay(bills[1], "36500.00", TODAY + 6 * DAY)
    with pytest.raises(RuleViolation):
        moves.satisfy_outgoing(
            claim.pk, by=cast.lawyer, version=claim.version, reason=" ", today=TODAY
        )
    done = moves.satisfy_outgoing(
        claim.pk, by=cast.lawyer, version=claim.version, reason="Пени прощены", today=TODAY
    )
    assert (done.state, done.end_reason) == ("satisfied", "Пени прощены")
    assert not OutgoingLine.objects.filter(claim=claim, is_held=True).exists()


def test_the_answer_needs_words_or_a_letter_and_its_day_is_in_order(cast, client):
    claim = factory.sent(client, cast=cast)
    for wrong in (
        Answer(TODAY, "agrees"), Answer(TODAY + DAY, "agrees", "Да"), Answer(DUE, "agrees", "Да"),
    ):  # fmt: skip
        with pytest.raises(RuleViolation):
            moves.answer_outgoing(
                claim.pk, wrong, by=cast.manager, version=claim.version, today=TODAY
            )
    letter = ("ответ.pdf", samples.pdf())
    answered = moves.answer_outgoing(
        claim.pk, Answer(TODAY, "partly", file=letter), by=cast.manager,
        version=claim.version, today=TODAY,
    )  # fmt: skip
    assert (answered.state, answered.answer_kind) == ("answered", "partly")


def test_the_clock_ends_terms_once_and_tells_lawyer_and_manager(cast, client):
    claim = factory.sent(client, cast=cast)
    due = claim.response_due
    kinds = Notice.objects.filter(kind__startswith="outgoing.term", channel="ui")
    assert turn_terms(today=due - 10 * DAY) == 0
    assert turn_terms(today=due - 2 * DAY) == 1
    assert turn_terms(today=due - DAY) == 0, "told once"
    assert turn_terms(today=due) == 0, "the last day is in time"
    assert turn_terms(today=due + DAY, tells=False) == 1
    claim.refresh_from_db()
    assert claim.state == "term_expired"
    assert turn_terms(today=due + 30 * DAY) == 1, "after an outage it is told, once"
    assert turn_terms(today=due + 31 * DAY) == 0
    told = sorted(kinds.values_list("user__username", "kind"))
    assert told == [
        (who, f"outgoing.{what}")
        for who in ("lawyer", "manager")
        for what in ("term_over", "term_soon")
    ]


def test_the_clock_notes_what_was_paid_in_full(cast, client):
    bill = factory.debt(client)
    claim = factory.sent(client, bill, cast=cast, with_accrual=False)
    pay(bill, "100000.00", TODAY + DAY)
    assert turn_terms(today=TODAY + DAY) == 1
    claim.refresh_from_db()
    assert (claim.state, claim.ended_on) == ("satisfied", TODAY + DAY)
    with_penalty = factory.debt(client, contract=factory.contract(client))
    other = factory.sent(client, with_penalty, cast=cast)
    pay(with_penalty, "100000.00", TODAY + DAY)
    assert turn_terms(today=TODAY + 2 * DAY) == 1
    other.refresh_from_db()
    assert other.state == "sent", "the penalty is open"
    assert Notice.objects.filter(kind="outgoing.paid", user=cast.lawyer).exists()


def test_an_open_claim_stops_shipping_or_joins_the_stop_that_stands(cast, client):
    from django.utils import timezone

    claim, now = factory.sent(client, cast=cast), timezone.now()
    with pytest.raises(PermissionDenied):
        moves.stop_for_claim(claim.pk, by=cast.manager, version=claim.version, now=now)
    held = moves.stop_for_claim(claim.pk, by=cast.department_head, version=claim.version, now=now)
    assert (held.stop.reason, claim.number in held.stop.note) == ("manual", True)
    second = factory.sent(client, cast=cast)
    joined = moves.stop_for_claim(second.pk, by=cast.director, version=second.version, now=now)
    assert joined.stop == held.stop
    assert StopShipping.objects.filter(client=client).count() == 1


def test_a_claim_is_counted_anew_until_it_is_sent(cast, client, bills):
    claim = factory.handed(client, *bills, head=cast.department_head)
    pay(bills[1], "36500.00", TODAY + DAY)
    later = TODAY + 2 * DAY

    def recount(by, version):
        return actions.recount_outgoing(
            claim.pk, by=by, version=version, to=later, with_accrual=True, today=later
        )

    with pytest.raises(PermissionDenied):
        recount(cast.manager, claim.version)
    again = recount(cast.lawyer, claim.version)
    assert (again.principal, again.calculated_to) == (D("250000.00"), later)
    assert [line.invoice_id for line in again.lines.all()] == [bills[0].pk]
    sent = actions.send_outgoing(
        claim.pk, Sending(later, "edi", "msg-1"), by=cast.lawyer, version=again.version, today=later
    )
    with pytest.raises(PermissionDenied):
        recount(cast.lawyer, sent.version)


def test_strangers_see_no_claim(cast, client):
    claim = factory.sent(client, cast=cast)
    seen = {
        name
        for name, person in everybody(cast).items()
        if OutgoingClaim.objects.visible_to(person).filter(pk=claim.pk).exists()
    }
    assert seen == {
        "manager", "sector_head", "department_head", "director", "general_director",
        "accountant", "lawyer",
    }  # fmt: skip
