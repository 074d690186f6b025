"""Reconciliations: schedules by category, emergencies, acts and their way (DL-12, REC-1, REC-2)."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.money import amount_in_words
from deals.actions import acts
from deals.actions import reconciliation_schedules as schedules
from deals.actions import reconciliations as actions
from deals.models import ReconciliationAct, ReconciliationItem, ReconciliationSchedule
from deals.tasks.reconciliations import generate_reconciliation_schedule
from tests.factories import categories, deals
from tests.factories import reconciliations as factory
from tests.kernel.shared_files import shared_example
from tests.standing import standing

D = Decimal
TODAY, HALF = factory.TODAY, factory.SECOND
ITEMS = ReconciliationItem.objects


def bought(manager, category, **more):
    return categories.client(manager, category=category, status="client", **more)


@standing
def abc(cast):
    """A client of each category, and one of the other department."""
    made = {letter: bought(cast.manager, letter) for letter in "ABC"}
    return made | {"other": bought(cast.stranger, "A")}


def days(client):
    rows = ITEMS.filter(client=client).values_list("as_of", "send_by", "sign_by")
    return [dict(zip(("as_of", "send_by", "sign_by"), map(str, row), strict=True)) for row in rows]


# --- the schedule ---------------------------------------------------------------------------------


def test_rec_1_every_category_has_its_days(abc):
    assert schedules.generate_schedules(HALF) == 6 + 2 + 1 + 6
    expected = shared_example("REC-1")["expected"]
    assert {letter: days(abc[letter]) for letter in "ABC"} == expected


def test_twice_late_or_after_an_outage_it_is_the_same_schedule(cast, abc):
    abc["B"].category_history.update(valid_to=date(2026, 8, 1))
    type(abc["B"]).objects.filter(pk=abc["B"].pk).update(category="A")
    assert generate_reconciliation_schedule(today=date(2026, 6, 15)) == 15
    first = list(ITEMS.order_by("pk").values_list("client", "as_of", "kind"))
    assert generate_reconciliation_schedule(today=date(2026, 6, 15)) == 0
    ITEMS.all().delete()
    assert schedules.generate_schedules(HALF) == 15, "late: by the categories of its first day"
    assert list(ITEMS.order_by("pk").values_list("client", "as_of", "kind")) == first
    assert generate_reconciliation_schedule(today=date(2026, 7, 15)) == 0, "not its month"
    assert ReconciliationSchedule.objects.count() == 2


def test_what_a_person_changed_stays_and_a_new_client_is_added_to_a_draft_only(cast, abc):
    draft = factory.schedule(cast, approved=False)
    last = ITEMS.get(client=abc["C"])
    head = cast.department_head
    moved = actions.move_item(last.pk, by=head, version=1, as_of=date(2026, 11, 30))
    assert moved.send_by == date(2026, 12, 7)
    gone = ITEMS.filter(client=abc["B"]).first()
    actions.cancel_item(gone.pk, by=head, version=1, reason="Договор закончился")
    newer = bought(cast.manager, "C", since=date(2026, 6, 1))
    assert schedules.generate_schedules(HALF) == 1
    assert days(abc["C"])[0]["as_of"] == "2026-11-30"
    assert len(days(newer)) == 1
    schedules.approve_schedule(draft.pk, by=head, version=1, today=date(2026, 6, 20))
    bought(cast.manager, "A")
    assert schedules.generate_schedules(HALF) == 0


def test_the_head_approves_it_and_the_clock_begins_and_closes_it(cast, abc):
    draft = factory.schedule(cast, approved=False)
    for other in (cast.manager, cast.sector_head, cast.accountant):
        with pytest.raises(PermissionDenied):
            schedules.approve_schedule(draft.pk, by=other, version=1, today=TODAY)
    with pytest.raises(ReconciliationSchedule.DoesNotExist):
        schedules.approve_schedule(draft.pk, by=cast.stranger_head, version=1, today=TODAY)
    with pytest.raises(StaleVersion):
        schedules.approve_schedule(draft.pk, by=cast.director, version=7, today=TODAY)
    before = date(2026, 6, 20)
    done = schedules.approve_schedule(draft.pk, by=cast.department_head, version=1, today=before)
    assert (done.state, done.approved_by) == ("approved", cast.department_head)
    back = schedules.reopen_schedule(done.pk, by=cast.department_head, version=done.version)
    assert (back.state, back.approved_by) == ("draft", None)
    done = schedules.approve_schedule(back.pk, by=cast.director, version=back.version, today=before)
    assert schedules.turn_schedules(today=date(2026, 6, 30)) == 0
    assert schedules.turn_schedules(today=date(2026, 7, 1)) == 1
    done.refresh_from_db()
    assert done.state == "running"
    with pytest.raises(PermissionDenied):
        schedules.reopen_schedule(done.pk, by=cast.department_head, version=done.version)
    assert schedules.turn_schedules(today=date(2027, 1, 1)) == 0, "its items are open"
    ITEMS.filter(schedule=done).update(state="cancelled", cancel_reason="Итог")
    assert schedules.turn_schedules(today=date(2026, 12, 31)) == 0
    assert schedules.turn_schedules(today=date(2027, 1, 1)) == 1


def test_an_empty_schedule_is_not_approved(cast):
    categories.client(cast.manager, category="A", status="prospect")
    draft = factory.schedule(cast, approved=False)
    with pytest.raises(RuleViolation):
        schedules.approve_schedule(draft.pk, by=cast.director, version=1, today=TODAY)


def test_a_client_is_added_on_a_day_of_the_half_year_once(cast, abc):
    running = factory.schedule(cast)
    late = bought(cast.manager, "C")
    head, day = cast.department_head, date(2026, 12, 31)
    with pytest.raises(RuleViolation, match="другого отдела"):
        actions.add_item(running.pk, abc["other"].pk, by=cast.director, as_of=day, today=TODAY)
    with pytest.raises(RuleViolation):
        actions.add_item(running.pk, late.pk, by=head, as_of=date(2027, 1, 1), today=TODAY)
    with pytest.raises(PermissionDenied):
        actions.add_item(running.pk, late.pk, by=cast.manager, as_of=day, today=TODAY)
    actions.add_item(running.pk, late.pk, by=head, as_of=day, today=TODAY)
    with pytest.raises(RuleViolation, match="уже есть"):
        actions.add_item(running.pk, late.pk, by=head, as_of=day, today=TODAY)


# --- emergencies ----------------------------------------------------------------------------------

ASKED = actions.Emergency(reason="dispute", as_of=date(2026, 10, 31), comment="Не сходится")


def ask(client, by, asked=ASKED):
    return actions.request_emergency(client.pk, asked, by=by, today=TODAY)


def decide(item, by, decision="approve", comment=""):
    approval = Approval.objects.of(item).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment=comment, version=approval.version,
        target_version=approval.target_version, today=TODAY,
    )  # fmt: skip
    item.refresh_from_db()
    return item


@pytest.mark.parametrize("who", ["manager", "sector_head", "accountant"])
def test_an_emergency_is_asked_for_and_the_head_approves_it(cast, abc, who):
    item = ask(abc["B"], getattr(cast, who))
    assert (item.state, item.send_by) == ("requested", date(2026, 11, 10)), "terms from today"
    with pytest.raises(PermissionDenied):
        acts.make_act(item.pk, by=cast.manager, version=item.version, today=TODAY)
    with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
        decide(item, cast.manager2)
    assert decide(item, cast.department_head).state == "planned"
    assert item.approved_by == cast.department_head


def test_refused_it_may_be_asked_for_again_and_the_head_needs_nobody(cast, abc):
    item = ask(abc["B"], cast.manager)
    with pytest.raises(RuleViolation, match="уже есть"):
        ask(abc["B"], cast.accountant)
    assert decide(item, cast.department_head, "reject", "Рано").cancel_reason == "Рано"
    own = ask(abc["B"], cast.department_head)
    assert (own.state, own.approved_by) == ("planned", cast.department_head)
    assert not Approval.objects.of(own).exists()


def test_an_emergency_is_refused_for_a_day_to_come_a_foreign_contract_or_client(cast, abc):
    tomorrow = actions.Emergency(reason="claim", as_of=TODAY + timedelta(days=1))
    foreign = deals.contract(abc["C"])
    other = actions.Emergency(reason="claim", as_of=TODAY, contract_id=foreign.pk)
    for asked in (tomorrow, other):
        with pytest.raises(RuleViolation):
            ask(abc["B"], cast.manager, asked)
    with pytest.raises(PermissionDenied):
        ask(abc["B"], cast.lawyer)
    with pytest.raises(type(abc["B"]).DoesNotExist):
        ask(abc["other"], cast.manager)
    assert not ITEMS.exists()


# --- acts -----------------------------------------------------------------------------------------


@standing
def rec_2(cast):
    """The client of REC-2: what was owed on 1 October, then its three documents."""
    client = bought(cast.manager, "A")
    example = shared_example("REC-2")
    deals.sale(client, example["input"]["opening_debit"], on=date(2026, 9, 10), number="I1")
    deals.payment(client, "300000.00", on=date(2026, 10, 10), number="P1")
    deals.sale(client, "512999.25", on=date(2026, 10, 20), number="I3")
    deals.payment(client, "180450.75", on=date(2026, 10, 20), number="P2")
    deals.sale(client, "1.00", on=date(2026, 11, 1), number="LATER")
    return client, example


def test_rec_2_an_act_adds_up_and_its_words_are_those_of_the_paper(cast, rec_2):
    client, example = rec_2
    act = factory.act(client, by=cast.manager, first=date(2026, 10, 1))
    expected = example["expected"]
    assert str(act.opening) == example["input"]["opening_debit"]
    assert (str(act.debit), str(act.credit), str(act.closing)) == (
        expected["turnover_debit"], expected["turnover_credit"], expected["closing_debit"],
    )  # fmt: skip
    assert amount_in_words(act.closing) == expected["amount_in_words"]
    lines = [
        {
            "date": str(line.day), "document": line.text,
            "debit": str(line.debit) if line.debit else None,
            "credit": str(line.credit) if line.credit else None,
        }
        for line in act.lines.all()
    ]  # fmt: skip
    assert lines == example["input"]["operations"]
    assert act.number == "ACT-2026-000001"


def test_the_command_gives_the_same_act_and_registers_nothing(rec_2, capsys):
    client, example = rec_2
    call_command("reconcile", "act", client.code, "2026-10-01", "2026-10-31", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["closing"] == example["expected"]["closing_debit"]
    assert told["words"] == example["expected"]["amount_in_words"]
    assert [line[2:] for line in told["lines"]] == [
        ["0.00", "300000.00"], ["512999.25", "0.00"], ["0.00", "180450.75"],
    ]  # fmt: skip
    assert not ReconciliationAct.objects.exists()
    call_command("reconcile", "schedule", "2026H2", "--json")
    assert json.loads(capsys.readouterr().out)["added"] == 6


def test_a_document_of_nothing_stands_in_no_act(cast, rec_2):
    client, _example = rec_2
    deals.sale(client, "0.00", on=date(2026, 10, 21), number="GIFT")
    act = factory.act(client, by=cast.manager, first=date(2026, 10, 1))
    assert (act.closing, act.lines.count()) == (D("762999.25"), 3)


def test_a_contract_of_its_own_counts_its_documents_alone(cast, rec_2):
    client, _example = rec_2
    contract = deals.contract(client)
    deals.sale(client, "70.00", on=date(2026, 10, 5), contract=contract)
    act = factory.act(client, by=cast.manager, contract=contract)
    assert (act.opening, act.closing, act.lines.count()) == (0, D("70.00"), 1)


def test_an_act_goes_from_the_last_signed_one_through_the_client_to_its_signature(cast, rec_2):
    client, _example = rec_2
    act = factory.act(client, by=cast.manager, as_of=date(2026, 9, 30))
    assert act.date_from == date(2026, 7, 1), "the half-year, where none was signed before"
    item = acts.send_act(
        act.item_id, by=cast.manager, version=act.item.version, channel="paper",
        sent_to="Курьер", on=date(2026, 10, 5), today=TODAY,
    )  # fmt: skip
    assert (item.state, item.sent_on) == ("sent", date(2026, 10, 5))
    signature = acts.Signature(date(2026, 10, 12), "Смирнов А. П.", "директор", "director")
    done = acts.sign_act(item.pk, signature, by=cast.accountant, version=item.version, today=TODAY)
    act.refresh_from_db()
    assert (done.state, done.manager, act.restarts_limitation) == ("signed", cast.manager, True)
    assert factory.act(client, by=cast.manager).date_from == date(2026, 10, 1)


def test_a_new_text_takes_the_documents_that_came_later_until_it_is_signed(cast, rec_2):
    client, _example = rec_2
    act = factory.sent(client, by=cast.manager, first=date(2026, 10, 1))
    deals.payment(client, "99.25", on=date(2026, 10, 31), number="P3")
    again = acts.make_act(
        act.item_id, by=cast.manager, version=act.item.version, today=TODAY, first=act.date_from
    )
    assert (again.pk, again.revision, again.closing) == (act.pk, 2, D("762900.00"))
    assert (again.number, again.channel, again.lines.count()) == (act.number, "", 4)
    item, later = ITEMS.get(pk=act.item_id), TODAY + timedelta(days=30)
    assert (item.state, item.sent_on, again.sent_on) == ("act_created", TODAY, None)
    acts.send_act(
        item.pk, by=cast.manager, version=item.version, channel="edo", sent_to="", on=later,
        today=later,
    )  # fmt: skip
    again.refresh_from_db()
    assert again.sent_on == later
    assert ITEMS.get(pk=item.pk).sent_on == TODAY, "what was sent in time stays so"


SIGNED = acts.Signature(TODAY, "Смирнов А. П.", "директор", "director")


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("manager2", ReconciliationItem.DoesNotExist),
        ("stranger", ReconciliationItem.DoesNotExist),
        ("lawyer", PermissionDenied),
        ("director", PermissionDenied),
        ("logistics", ReconciliationItem.DoesNotExist),
    ],
)
def test_others_make_send_and_sign_nothing(cast, rec_2, who, refused):
    person = getattr(cast, who)
    act = factory.sent(rec_2[0], by=cast.manager)
    version = act.item.version
    for move in (
        lambda: acts.make_act(act.item_id, by=person, version=version, today=TODAY),
        lambda: acts.send_act(
            act.item_id, by=person, version=version, channel="edo", sent_to="", on=TODAY,
            today=TODAY,
        ),
        lambda: acts.sign_act(act.item_id, SIGNED, by=person, version=version, today=TODAY),
    ):  # fmt: skip
        with pytest.raises(refused):
            move()
    assert ITEMS.get(pk=act.item_id).version == version


def test_an_act_is_refused_too_early_backwards_stale_or_by_an_unnamed_power(cast, rec_2):
    client, _example = rec_2
    item = factory.item(client, as_of=TODAY + timedelta(days=1))
    make = {"by": cast.manager, "version": 1}
    with pytest.raises(RuleViolation):
        acts.make_act(item.pk, **make, today=TODAY)
    with pytest.raises(StaleVersion):
        acts.make_act(item.pk, by=cast.manager, version=2, today=TODAY + timedelta(days=1))
    later = item.as_of + timedelta(days=1)
    with pytest.raises(RuleViolation):
        acts.make_act(item.pk, **make, today=later, first=later)
    act = factory.sent(client, by=cast.manager)
    for wrong in (
        acts.Signature(TODAY, "Смирнов", "", "power_of_attorney"),
        acts.Signature(TODAY + timedelta(days=1), "Смирнов", "", "director"),
        acts.Signature(act.date_to - timedelta(days=1), "Смирнов", "", "director"),
    ):
        with pytest.raises(RuleViolation):
            acts.sign_act(act.item_id, wrong, by=cast.manager, version=act.item.version,
                          today=TODAY)  # fmt: skip


def test_an_item_of_a_draft_schedule_waits_for_its_approval(cast, abc):
    factory.schedule(cast, approved=False)
    item = ITEMS.filter(client=abc["A"]).first()
    with pytest.raises(PermissionDenied):
        acts.make_act(item.pk, by=cast.manager, version=1, today=TODAY)
    assert not ITEMS.open().exists()
