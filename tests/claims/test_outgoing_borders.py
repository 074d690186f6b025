"""Claims against clients, lawsuits and measures where a guard begins to hold."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from claims.actions import lawsuits, measures
from claims.actions import outgoing as actions
from claims.actions import outgoing_moves as moves
from claims.actions.lawsuits import Stage
from claims.actions.measures import Plan
from claims.actions.outgoing import Sending, Wanted
from claims.actions.outgoing_alerts import turn_terms
from claims.actions.outgoing_moves import Answer
from claims.actions.packages import LOCK, make_waiting_packages
from claims.models import CorrectiveMeasure, Lawsuit, OutgoingClaim
from crm.approvals.models import Approval
from crm.errors import RuleViolation
from crm.notices.models import Notice
from crm.work.registry import setting
from deals.actions import stops
from deals.models import Allocation
from tests.factories import accounts, claims, clients, deals
from tests.factories import outgoing as factory
from tests.guarding import refused

pytestmark = pytest.mark.django_db
D, DAY, TODAY, DUE = Decimal, timedelta(days=1), factory.TODAY, factory.DUE


@pytest.fixture
def client(cast):
    return clients.client(cast.manager)


def pay(bill, on=TODAY):
    money = deals.payment(bill.client, str(bill.amount), on=on)
    Allocation.objects.create(
        payment=money, invoice=bill, amount=bill.amount, kind="manual", on_day=on
    )


def test_a_draft_names_its_field_and_is_taken_back_by_who_asked(cast, client):
    bill, by = factory.debt(client), {"by": cast.manager, "today": TODAY}

    def draft(ids, to=TODAY, **more):
        more = by | {"key": uuid4()} | more
        return actions.draft_outgoing(client.pk, Wanted(ids, to), **more)

    for ids, to, field in (((), TODAY, "invoices"), ((bill.pk,), TODAY + DAY, "to"),
                           ((bill.pk,), DUE, "to")):  # fmt: skip
        with pytest.raises(RuleViolation) as refusal:
            draft(ids, to)
        assert refusal.value.field == field
    refused(type(client).DoesNotExist, lambda: draft((bill.pk,), by=cast.stranger))
    claim = draft((bill.pk,), DUE + DAY)  # the first day of the delay
    refused(RuleViolation, lambda: actions.withdraw_outgoing(claim.pk, **by))
    actions.request_outgoing(claim.pk, version=1, **by)
    for person, error in (
        (cast.stranger, OutgoingClaim.DoesNotExist), (cast.sector_head, PermissionDenied),
    ):  # fmt: skip
        refused(error, lambda p=person: actions.withdraw_outgoing(claim.pk, by=p, today=TODAY))
    actions.withdraw_outgoing(claim.pk, **by)
    claim.refresh_from_db()
    assert (claim.state, Approval.objects.of(claim).running().exists()) == ("draft", False)
    pay(bill)
    recount = {**by, "version": claim.version, "to": TODAY, "with_accrual": False}
    refused(RuleViolation, lambda: actions.recount_outgoing(claim.pk, **recount))
    cancel = {**by, "version": claim.version}
    refused(RuleViolation, lambda: actions.cancel_outgoing(claim.pk, reason=" ", **cancel))
    stranger = cancel | {"by": cast.stranger, "reason": "x"}
    refused(OutgoingClaim.DoesNotExist, lambda: actions.cancel_outgoing(claim.pk, **stranger))
    assert actions.cancel_outgoing(claim.pk, reason="Оплатил", **cancel).state == "cancelled"


def test_days_and_words_on_the_way_of_a_claim(cast, client):
    claim = factory.handed(client, head=cast.department_head)
    by = {"by": cast.lawyer, "version": claim.version}
    refused(RuleViolation, lambda: actions.return_outgoing(claim.pk, reason=" ", **by))
    by["today"] = TODAY
    for wrong in (Sending(TODAY + DAY, "edi", "1"), Sending(TODAY - DAY, "edi", "1"),
                  Sending(TODAY, "edi", " ")):  # fmt: skip
        refused(RuleViolation, lambda w=wrong: actions.send_outgoing(claim.pk, w, **by))
    sent = actions.send_outgoing(claim.pk, Sending(TODAY, "edi", "1"), **by)
    assert sent.sent_on == TODAY, "counted to the day and sent on it"
    by["version"] = sent.version
    for wrong in (Answer(TODAY + DAY, "agrees", "Да"), Answer(TODAY - DAY, "agrees", "Да"),
                  Answer(TODAY, "agrees", " ")):  # fmt: skip
        refused(RuleViolation, lambda w=wrong: moves.answer_outgoing(claim.pk, w, **by))
    answered = moves.answer_outgoing(claim.pk, Answer(TODAY, "agrees", "Да"), **by)
    assert answered.answered_on == TODAY
    by = {"by": cast.lawyer, "version": answered.version}
    most = answered.penalty + answered.interest
    for amount in (D("-0.01"), most + D("0.01")):
        refused(RuleViolation, lambda a=amount: moves.note_accrual_paid(claim.pk, amount=a, **by))
    noted = moves.note_accrual_paid(claim.pk, amount=most, **by)
    by["version"] += 1
    assert (noted.accrual_paid, noted.version) == (most, by["version"])
    assert moves.note_accrual_paid(claim.pk, amount=D(0), **by).accrual_paid == 0
    by |= {"version": by["version"] + 1, "today": TODAY}
    refused(RuleViolation, lambda: moves.close_outgoing(claim.pk, reason=" ", **by))
    refused(RuleViolation, lambda: moves.satisfy_outgoing(claim.pk, reason="Да", **by))
    pay(claim.lines.get().invoice)
    refused(RuleViolation, lambda: moves.satisfy_outgoing(claim.pk, reason=" ", **by))
    manager = by | {"by": cast.manager}
    refused(PermissionDenied, lambda: moves.satisfy_outgoing(claim.pk, reason="Да", **manager))
    assert moves.satisfy_outgoing(claim.pk, reason="Пени прощены", **by).state == "satisfied"


def test_paid_to_the_last_kopeck_needs_no_words(cast, client):
    bill = factory.debt(client)
    claim = factory.sent(client, bill, cast=cast, with_accrual=False)
    pay(bill)
    by = {"by": cast.lawyer, "version": claim.version, "today": TODAY}
    done = moves.satisfy_outgoing(claim.pk, reason=" ", **by)
    assert done.end_reason == "Оплачено полностью"
    other = factory.sent(client, cast=cast)
    late = other.response_due + 30 * DAY
    moves.close_outgoing(other.pk, reason="Списан", **by | {"version": other.version})
    assert turn_terms(today=late) == 0, "both are over"


def test_terms_are_told_from_the_first_day_of_the_setting_to_the_last(cast, client):
    soon = setting("outgoing.soon_days") * DAY
    first, last = factory.sent(client, cast=cast), factory.sent(client, cast=cast)
    due = first.response_due
    OutgoingClaim.objects.filter(pk=last.pk).update(
        response_due=due + DAY, lawsuit_from=due + 9 * DAY
    )
    assert turn_terms(today=due - soon - DAY) == 0
    assert turn_terms(today=due - soon) == 1
    assert turn_terms(today=due + DAY, tells=False) == 1
    assert turn_terms(today=due + DAY) == 2, "the one is over, the other has its last day"


def test_who_may_not_stop_shipping_does_not_join_a_stop_either(cast, client):
    claim, other = factory.sent(client, cast=cast), factory.sent(client, cast=cast)
    now = {"now": timezone.now()}
    moves.stop_for_claim(claim.pk, by=cast.director, version=claim.version, **now)
    by = {"by": cast.manager, "version": other.version, **now}
    refused(PermissionDenied, lambda: moves.stop_for_claim(other.pk, **by))


def test_a_lawsuit_counts_its_days_and_has_something_to_ask_for(cast, client):
    bill = factory.debt(client)
    claim = factory.sent(client, bill, cast=cast, with_accrual=False)
    day = claim.lawsuit_from
    by = {"by": cast.lawyer, "version": claim.version, "court": "АС", "today": day}
    for to in (day + DAY, TODAY - DAY):
        with pytest.raises(RuleViolation) as refusal:
            lawsuits.prepare_lawsuit(claim.pk, to=to, **by)
        assert refusal.value.field == "to"
    early = by | {"today": day - DAY}
    refused(RuleViolation, lambda: lawsuits.prepare_lawsuit(claim.pk, to=TODAY, **early))
    suit = lawsuits.prepare_lawsuit(claim.pk, to=TODAY, **by)  # as the claim itself was counted
    assert suit.principal == bill.amount
    by = {"by": cast.lawyer, "version": 1}
    stranger = by | {"by": cast.stranger}
    refused(Lawsuit.DoesNotExist, lambda: lawsuits.ask_for_package(suit.pk, **stranger))
    for on in (day + DAY, day - DAY):
        stage = Stage("filed", on)
        refused(RuleViolation, lambda s=stage: lawsuits.move_lawsuit(suit.pk, s, today=day, **by))
    pay(bill, day)
    recount = {"to": day, "today": day, **by}
    refused(RuleViolation, lambda: lawsuits.recount_lawsuit(suit.pk, **recount))
    facts = {"court": "АС", "case_number": "А40-1", "state_duty": None}
    edited = lawsuits.edit_lawsuit(suit.pk, **facts, **by)
    assert edited.version == 2
    filed = lawsuits.move_lawsuit(suit.pk, Stage("filed", day), today=day, **by | {"version": 2})
    assert (filed.filed_on, filed.case_number) == (day, "А40-1"), "the number that was known"
    refused(RuleViolation, lambda: lawsuits.recount_lawsuit(suit.pk, **recount | {"version": 3}))
    by = {"by": cast.lawyer, "today": day + 9 * DAY}
    early = Stage("won", day - DAY)
    refused(RuleViolation, lambda: lawsuits.move_lawsuit(suit.pk, early, version=3, **by))
    won = lawsuits.move_lawsuit(suit.pk, Stage("won", day, awarded=D(5)), version=3, **by)
    last = lawsuits.move_lawsuit(won.pk, Stage("enforcement", day + DAY), version=4, **by)
    assert (last.decided_on, last.awarded) == (day, D(5)), "as it was decided"


def test_a_measure_is_planned_for_today_and_named(cast, client):
    deals.sale(client, "100.00", on=TODAY)

    def planned(by=cast.department_head, **more):
        facts = {"title": "Упаковка", "description": "", "reason": claims.reason()}
        facts |= {"guilty_party": "", "product_group": None, "owner": by, "due_on": TODAY}
        plan = Plan(**facts | more)
        return measures.plan_measure(cast.department.pk, plan, by=by, today=TODAY)

    for wrong in ({"title": " "}, {"due_on": TODAY - DAY}, {"reason": None}):
        refused(RuleViolation, lambda wrong=wrong: planned(**wrong))
    refused(PermissionDenied, lambda: planned(by=cast.stranger_head))
    row = planned(reason=None, guilty_party="carrier", due_on=TODAY)
    assert not Notice.objects.filter(kind="measure.planned").exists(), "one's own"
    planned(owner=cast.manager)
    assert Notice.objects.filter(kind="measure.planned", user=cast.manager).exists()
    by = {"by": cast.department_head, "version": 1}
    stranger = by | {"by": cast.stranger_head}
    refused(CorrectiveMeasure.DoesNotExist, lambda: measures.begin_measure(row.pk, **stranger))
    measures.begin_measure(row.pk, **by)
    by["version"] = 2
    late = {"on": TODAY + DAY, "today": TODAY}
    refused(RuleViolation, lambda: measures.finish_measure(row.pk, **late, **by))
    measures.finish_measure(row.pk, on=TODAY, today=TODAY, **by)
    by = {"by": cast.director, "version": 3}
    later = {"today": TODAY + 9 * DAY}
    refused(RuleViolation, lambda: measures.check_measure(row.pk, conclusion=" ", **later, **by))
    refused(RuleViolation, lambda: measures.give_up_measure(row.pk, reason=" ", **by))
    refused(
        RuleViolation,
        lambda: measures.check_measure(row.pk, conclusion="Да", today=TODAY, **by),
    )
    own = by | {"by": cast.department_head}
    refused(PermissionDenied, lambda: measures.give_up_measure(row.pk, reason="x", **own))


def test_a_claim_that_ended_frees_its_invoices_and_a_recount_takes_no_others(cast, client):
    bill = factory.debt(client, "50000.00")
    factory.debt(client, "70000.00")
    factory.debt(clients.client(cast.manager), "90000.00")
    first = factory.drafted(client, bill, by=cast.manager)
    by = {"by": cast.manager, "today": TODAY}
    count = {"version": first.version, "to": TODAY, "with_accrual": False}
    first = actions.recount_outgoing(first.pk, **count, **by)
    assert first.principal == D("50000.00")
    actions.cancel_outgoing(first.pk, version=first.version, reason="Обещал", **by)
    again = factory.drafted(client, bill, by=cast.manager)
    assert again.principal == D("50000.00")


def test_the_key_of_a_form_is_of_who_sent_it(cast, client):
    bill, key = factory.debt(client), uuid4()
    factory.drafted(client, bill, by=cast.manager, key=key)
    refused(PermissionDenied, lambda: factory.drafted(client, bill, by=cast.lawyer, key=key))


def test_the_debtor_is_the_side_of_the_contract_else_the_main_one_of_the_client(cast, client):
    clients.counterparty(clients.client(cast.manager))
    clients.counterparty(client, is_main=False, archived_at=timezone.now())
    assert factory.drafted(client, by=cast.manager).counterparty is None, "none that is in use"
    side, main = (clients.counterparty(client, is_main=is_main) for is_main in (False, True))
    assert factory.drafted(client, by=cast.manager).counterparty == main
    bill = factory.debt(client, contract=factory.contract(client, counterparty=side))
    assert factory.drafted(client, bill, by=cast.manager).counterparty == side


def told(kind):
    rows = Notice.objects.filter(kind=kind, channel="ui")
    return set(rows.values_list("user__username", flat=True))


def test_lawyers_who_work_here_are_told_and_of_a_term_the_one_who_sent_it(cast, client):
    gone = accounts.user(role="lawyer", org_unit=cast.company, is_active=False)
    other = accounts.user(role="lawyer", org_unit=cast.company)
    claim = factory.sent(client, cast=cast)
    assert told("outgoing.to_review") == {"lawyer", other.username}
    turn_terms(today=claim.response_due)
    assert told("outgoing.term_soon") == {"lawyer", "manager"}
    type(gone).objects.filter(pk=cast.lawyer.pk).update(is_active=False)
    turn_terms(today=claim.response_due + DAY)
    assert told("outgoing.term_over") == {other.username, "manager"}


def test_a_claim_joins_no_stop_of_others_of_another_reason_or_that_is_over(cast, client):
    claim, now = factory.sent(client, cast=cast), timezone.now()
    foreign = clients.client(cast.manager)
    stop = {"by": cast.director, "note": "Решение", "now": now}
    stops.stop_client(foreign.pk, reason="manual", **stop)
    stops.stop_client(client.pk, reason="documents", **stop)
    over = stops.stop_client(client.pk, reason="manual", **stop)
    type(over).objects.filter(pk=over.pk).update(off_at=now)
    held = moves.stop_for_claim(claim.pk, by=cast.director, version=claim.version, now=now)
    assert (held.stop.client, held.stop.reason, held.stop.off_at) == (client, "manual", None)
    assert claim.number in held.stop.note


def test_packages_are_made_by_one_at_a_time(cast, client):
    suit = factory.lawsuit(client, cast=cast)
    package = lawsuits.ask_for_package(suit.pk, by=cast.lawyer, version=suit.version)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        assert make_waiting_packages(today=TODAY) == 0
    other.close()
    package.refresh_from_db()
    assert package.state == "waiting"


def test_a_lawsuit_counts_its_own_invoices_and_has_a_package_of_its_own(cast, client):
    bill = factory.debt(client, "50000.00")
    factory.debt(client, "70000.00")
    first = factory.lawsuit(client, bill, cast=cast, with_accrual=False)
    assert first.principal == D("50000.00")
    second = factory.lawsuit(client, cast=cast)
    asked = [
        lawsuits.ask_for_package(suit.pk, by=cast.lawyer, version=suit.version)
        for suit in (first, second, first)
    ]
    assert [one.lawsuit for one in asked] == [first, second, first]
    assert asked[0] == asked[2], "one is made at a time"
