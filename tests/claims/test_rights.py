"""Who may take which step in which state: every person of the cast, every state, each step."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from claims import permissions
from claims.models import (
    CLAIM_MOVES,
    LAWSUIT_MOVES,
    OUTGOING_MOVES,
    RETURN_MOVES,
    Claim,
    OutgoingClaim,
    Return,
    ReturnLine,
)
from claims.permissions import claims as of_claims
from claims.permissions import outgoing
from clients.permissions import can_edit_client
from tests.cast import everybody, fresh
from tests.factories import accounts, claims, clients, deals
from tests.factories import outgoing as factory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
SALES = {"manager", "sector_head", "department_head"}
HEAD, LAWYER = {"department_head"}, {"lawyer"}
NOBODY = set()


@pytest.fixture
def client(cast):
    return clients.client(cast.manager)


def who(cast, may, row):
    return {name for name, person in everybody(cast).items() if may(person, row)}


def compare(cast, states, steps, row_in):
    """Each step is for exactly these people in these states, and for nobody in the others.

    Whoever has left may do nothing at all.
    """
    for may, allowed in steps.items():
        found = {state: who(cast, may, row_in(state)) for state in states}
        wanted = {state: allowed.get(state, NOBODY) for state in states}
        assert found == wanted, may.__name__
    for person in everybody(cast).values():
        person.is_active = False
    for may in steps:
        for state in states:
            assert who(cast, may, row_in(state)) == NOBODY, (may.__name__, state)


def test_steps_of_claims_against_clients(cast, client):
    made = factory.sent(client, cast=cast)
    suit = factory.lawsuit(client, cast=cast)
    unsent = {"draft", "requested", "legal_review", "cancelled"}

    def claim(state):
        row = OutgoingClaim.objects.select_related("client").get(pk=made.pk)
        row.state, row.sent_on = state, None if state in unsent else made.sent_on
        return row

    waits = ("sent", "answered", "term_expired")
    heads, money = (
        frozenset({"sector_head", "department_head", "director"}),
        LAWYER | {"accountant"},
    )
    stops = dict.fromkeys(set(OUTGOING_MOVES) - {"satisfied", "closed", "cancelled"}, heads)
    books = dict.fromkeys((*waits, "in_court", "satisfied"), money)
    steps = {
        outgoing.can_edit_outgoing: {"draft": SALES, "legal_review": LAWYER},
        outgoing.can_request_outgoing: {"draft": SALES - HEAD},
        outgoing.can_initiate_outgoing: {"draft": HEAD},
        outgoing.can_cancel_outgoing: {"draft": SALES, "legal_review": LAWYER | HEAD},
        outgoing.can_send_outgoing: {"legal_review": LAWYER},
        outgoing.can_answer_outgoing: dict.fromkeys(("sent", "term_expired"), SALES | LAWYER),
        outgoing.can_note_accrual: books,
        outgoing.can_end_outgoing: dict.fromkeys(waits, LAWYER),
        outgoing.can_stop_for: stops,
        outgoing.can_prepare_lawsuit: dict.fromkeys(waits, LAWYER),
        outgoing.can_add_file: dict.fromkeys(OUTGOING_MOVES, SALES | LAWYER),
    }
    stopped = claim("sent")
    stopped.stop_id = 1
    assert who(cast, outgoing.can_stop_for, stopped) == NOBODY, "it has its stop"
    assert who(cast, outgoing.can_draft_outgoing, client) == SALES
    drafts = who(cast, lambda user, _row: outgoing.can_draft_any(user), None)
    assert drafts == SALES | {"manager2", "stranger", "stranger_head"}
    sees = who(cast, lambda user, _row: outgoing.can_see_outgoing(user), None)
    assert sees >= SALES | {"lawyer", "accountant", "director", "stranger"}
    assert not sees & {"logistics", "marketer", "merchandiser", "purchasing"}
    today = timezone.localdate()
    accounts.delegation(cast.manager, cast.accountant, first=today, last=today)
    stands_in = fresh(cast.accountant)
    assert can_edit_client(stands_in, client)
    assert not outgoing.can_draft_outgoing(stands_in, client), "whose office draws up no claims"
    packs = who(cast, lambda user, _row: outgoing.can_pack_lawsuit(user), None)
    assert packs == LAWYER
    for state in LAWSUIT_MOVES:
        suit.state = state
        moves = who(cast, outgoing.can_move_lawsuit, suit)
        assert moves == (NOBODY if state == "closed" else LAWYER)
    compare(cast, OUTGOING_MOVES, steps, claim)
    assert who(cast, lambda user, _row: outgoing.can_draft_any(user), None) == NOBODY


def test_steps_of_claims_of_clients(cast, client):
    made = claims.decided(client, "1000.00", on=DAY, compensation="credit")
    people = SALES | {"director"}
    heads = {"sector_head", "department_head", "director"}
    open_ones, decided = ("registered", "in_review", "escalated"), ("decided", "compensated")
    done = ("closed",)

    def claim(state):
        row = Claim.objects.select_related("client").get(pk=made.pk)
        row.state = state
        if state not in {*decided, *done}:
            row.decided_on, row.decision, row.compensation = None, "", ""
        return row

    steps = {
        of_claims.can_edit_claim: dict.fromkeys(open_ones, people),
        of_claims.can_withdraw_claim: dict.fromkeys(open_ones, people),
        of_claims.can_examine_claim: dict.fromkeys(open_ones, people),
        of_claims.can_assign_claim: dict.fromkeys(open_ones, heads),
        of_claims.can_decide_claim: dict.fromkeys(open_ones[:2], people) | {"escalated": heads},
        of_claims.can_compensate_claim: {"decided": people | {"accountant"}},
        of_claims.can_answer_claim: dict.fromkeys(decided, people),
        of_claims.can_close_claim: dict.fromkeys(decided, people),
        of_claims.can_reopen_claim: dict.fromkeys((*decided, *done), people),
        of_claims.can_add_papers: dict.fromkeys(CLAIM_MOVES, people),
    }
    looked = claim("in_review")
    looked.assigned_to, looked.guilty_person = cast.lawyer, cast.sector_head
    assert who(cast, of_claims.can_examine_claim, looked) == people | LAWYER
    assert who(cast, of_claims.can_add_papers, looked) == people | LAWYER
    assert who(cast, of_claims.can_decide_claim, looked) == people - {"sector_head"}, "own fault"
    looked.guilty_person = cast.director
    assert "director" in who(cast, of_claims.can_decide_claim, looked)
    for amount, deciders in (
        ("10000.00", people), ("10000.01", heads), ("50000.00", heads),
        ("50000.01", {"department_head", "director"}),
    ):  # fmt: skip
        looked = claim("registered")
        looked.claimed_amount = Decimal(amount)
        assert who(cast, of_claims.can_decide_claim, looked) == deciders, amount
    for given in ({"compensation": "none"}, {"decision": "rejected"}):
        nothing = claim("decided")
        for name, value in given.items():
            setattr(nothing, name, value)
        assert who(cast, of_claims.can_compensate_claim, nothing) == NOBODY
    registers = who(cast, of_claims.can_register_claim, client)
    assert registers == people
    gone = clients.client(cast.manager, archived=True)
    assert who(cast, of_claims.can_register_claim, gone) == NOBODY
    beyond = who(cast, lambda user, _row: of_claims.can_give_beyond(user), None)
    assert beyond == {"director"}
    anybody = who(cast, lambda user, _row: of_claims.can_register_claims(user), None)
    assert anybody == people | {"manager2", "stranger", "stranger_head"}
    sees = who(cast, lambda user, _row: of_claims.can_see_claims(user), None)
    assert sees >= people | {"purchasing", "lawyer", "accountant"}
    assert not sees & {"logistics", "marketer", "merchandiser"}
    today = timezone.localdate()
    accounts.delegation(cast.manager, cast.accountant, first=today, last=today)
    stands_in = fresh(cast.accountant)
    assert can_edit_client(stands_in, client)
    assert not of_claims.can_edit_claim(stands_in, claim("registered"))
    accounts.delegation(cast.sector_head, cast.manager2, first=today, last=today)
    assert not of_claims.can_assign_claim(fresh(cast.manager2), claim("registered")), "no head"
    compare(cast, CLAIM_MOVES, steps, claim)
    looked = claim("in_review")
    looked.assigned_to = cast.lawyer
    for may in (of_claims.can_examine_claim, of_claims.can_add_papers):
        assert who(cast, may, looked) == NOBODY
    for may in (
        of_claims.can_see_claims, of_claims.can_register_claims, of_claims.can_give_beyond,
    ):  # fmt: skip
        assert who(cast, lambda user, _row, may=may: may(user), None) == NOBODY


def test_steps_of_returns(cast, client):
    line = {"name": "Книги", "quantity": 10, "price": 10, "amount": Decimal("100.00")}
    sale = deals.sale(client, "100.00", on=DAY, lines=[line])
    made = claims.asked(sale, {sale.lines.get(): 2}, by=cast.manager, today=DAY)
    credit = deals.returned(client, "-20.00", on=DAY, original=sale)

    def back(state):
        row = Return.objects.select_related("client", "document").get(pk=made.pk)
        row.state = state
        if state in {"credited", "closed"}:
            row.document = type(credit).objects.get(pk=credit.pk)
        return row

    books, works = {"accountant"}, SALES | {"accountant"}
    steps = {
        permissions.can_withdraw_return: {"requested": {"manager"}, "approved": SALES},
        permissions.can_receive_return: {"approved": {"logistics"}},
        permissions.can_accept_return: {"goods_received": {"logistics"}},
        permissions.can_credit_return: {"accepted": books},
        permissions.can_close_return: {"credited": works},
        permissions.works_on_return: dict.fromkeys(RETURN_MOVES, works),
        permissions.credits_returns: dict.fromkeys(RETURN_MOVES, books),
    }
    nothing = back("accepted")
    nothing.amount = Decimal(0)
    assert who(cast, permissions.can_credit_return, nothing) == NOBODY
    for state in RETURN_MOVES:
        nothing.state = state
        closers = works if state in {"accepted", "credited"} else NOBODY
        assert who(cast, permissions.can_close_return, nothing) == closers, state
    assert who(cast, permissions.can_name_reason, nothing) == NOBODY, "it has one"
    nothing.reason = None
    assert who(cast, permissions.can_name_reason, nothing) == works
    lost = back("credited")
    lost.document.state = "reversed"
    assert who(cast, permissions.can_credit_return, lost) == books, "to be credited anew"
    assert who(cast, permissions.can_close_return, lost) == NOBODY
    for state in RETURN_MOVES:
        lost.state = state
        wanted = books if state in {"accepted", "credited", "closed"} else NOBODY
        assert who(cast, permissions.can_credit_return, lost) == wanted, state
    lost.state, lost.created_by_id = "credited", None
    assert who(cast, permissions.can_credit_return, lost) == NOBODY, "the books alone knew it"
    assert who(cast, permissions.can_return_from, sale) == SALES
    for wrong in ({"state": "reversed"}, {"reverses_id": 1}, {"kind": "return"}, {"client": None}):
        row = type(sale).objects.select_related("client").get(pk=sale.pk)
        for name, value in wrong.items():
            setattr(row, name, value)
        assert who(cast, permissions.can_return_from, row) == NOBODY, wrong
    assert who(cast, permissions.can_ask_return, client) == SALES
    sees = who(cast, lambda user, _row: permissions.can_see_receiving(user), None)
    assert sees == {"logistics"}
    money = who(cast, lambda user, _row: permissions.can_see_returns(user), None)
    assert money >= works | {"director"}
    assert not money & {"logistics", "marketer", "merchandiser"}
    compare(cast, RETURN_MOVES, steps, back)


def test_which_returns_a_list_holds_and_what_the_delivery_sees_of_them(cast, client):
    line = {"name": "Книги", "quantity": 100, "price": 10, "amount": Decimal("1000.00")}
    sold = deals.sale(client, "1000.00", on=DAY, lines=[line])
    document = deals.returned(client, "-10.00", on=DAY)
    more = {"received_on": DAY, "created_by": cast.manager}
    for state in RETURN_MOVES:
        bound = {"document": document} if state == "credited" else {}
        claims.returned(sold, {sold.lines.get(): 1}, state=state, **more, **bound)
    books = deals.returned(client, "-20.00", on=DAY)
    Return.objects.create(
        number="К-1", client=client, asked_on=DAY, amount=20, state="closed", document=books
    )

    def states(rows):
        return sorted(rows.values_list("state", flat=True))

    rows = Return.objects
    assert states(rows.open()) == ["accepted", "approved", "goods_received", "requested"]
    assert states(rows.to_approve()) == ["requested"]
    assert states(rows.to_receive()) == ["approved"]
    assert states(rows.to_accept()) == ["goods_received"]
    assert states(rows.to_credit()) == ["accepted"]
    refused = {"rejected", "withdrawn"}
    assert set(states(rows.counted())) == set(RETURN_MOVES) - refused
    seen = rows.seen_without_sums(cast.logistics)
    assert states(seen) == sorted(set(RETURN_MOVES) - refused - {"requested"}), "none of the books"
    for person in (cast.manager, cast.director, cast.accountant):
        assert not rows.seen_without_sums(person).exists()
    type(document).objects.filter(pk=document.pk).update(state="reversed")
    assert states(rows.to_credit()) == ["accepted", "credited"], "its document was reversed"
    assert rows.of_person(cast.manager).count() == len(RETURN_MOVES) + 1
    assert rows.of_person(cast.manager2).count() == 0
    Return.objects.filter(state="requested").update(created_by=cast.manager2)
    assert states(rows.of_person(cast.manager2)) == ["requested"]
    assert ReturnLine.objects.visible_to(cast.manager).count() == len(RETURN_MOVES)
    assert not ReturnLine.objects.visible_to(cast.stranger).exists()
    cast.logistics.is_active = False
    assert not rows.seen_without_sums(cast.logistics).exists()
