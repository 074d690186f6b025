"""Control of reconciliations: terms told, hand-overs, acts deemed agreed (C.6, D.3, D.11, L260)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.actions import assignments
from clients.contacting.next_step import Moment, find_reasons
from clients.hooks import Taken
from clients.models import Client
from crm.accounts.models import OrgUnit
from crm.approvals.actions import decide
from crm.approvals.models import Approval
from crm.calendar import add_working_days
from crm.notices import kinds
from crm.notices.models import Notice
from crm.work.actions import change_setting
from deals.actions import payments
from deals.actions.reconciliation_alerts import alert_deadlines
from deals.actions.reconciliation_deemed import deem_agreed
from deals.actions.reconciliation_handovers import ask_on_handover
from deals.models import (
    ActLink,
    Discrepancy,
    ReconciliationAct,
    ReconciliationItem,
    ReconciliationSchedule,
)
from deals.tasks.reconciliation_control import reconciliation_deadline_alerts
from tests.factories import categories, deals
from tests.factories import reconciliations as factory

ITEMS = ReconciliationItem.objects
NOW = timezone.now()
DAY = timedelta(days=1)
# Of the act as of 31 October: five working days before its last day for sending, then on.
FIVE, THREE, LAST = date(2026, 10, 30), date(2026, 11, 3), date(2026, 11, 9)


def bought(manager, category="A", **more):
    return categories.client(manager, category=category, status="client", **more)


def told(person, kind=""):
    rows = Notice.objects.filter(
        user=person, channel="ui", kind__startswith=f"reconciliation.{kind}"
    )
    return [
        (row.kind.removeprefix("reconciliation."), row.params.get("count"), row.params.get("day"))
        for row in rows.order_by("pk")
    ]


# --- terms ----------------------------------------------------------------------------------------


def test_terms_are_told_at_each_step_once_and_what_comes_later_is_told_too(cast):
    first, second = (factory.item(bought(cast.manager)) for _ in range(2))
    assert alert_deadlines(today=FIVE - DAY) == 0
    assert alert_deadlines(today=FIVE) == 1
    assert alert_deadlines(today=FIVE) == 0
    assert alert_deadlines(today=date(2026, 11, 2)) == 0, "between the steps"
    digest = ("to_send", 2, "09.11.2026")
    assert told(cast.manager) == [digest]
    later = factory.item(bought(cast.manager, name="ООО «Новый»"))
    assert alert_deadlines(today=date(2026, 11, 2)) == 1
    assert told(cast.manager)[1:] == [("to_send", 1, "09.11.2026")]
    ITEMS.filter(pk=later.pk).update(state="cancelled", cancel_reason="Итог")
    ITEMS.filter(pk=second.pk).update(state="sent", sent_on=THREE)
    assert [alert_deadlines(today=day) for day in (THREE, LAST)] == [1, 1]
    assert told(cast.manager)[2:] == [("to_send", 1, "09.11.2026")] * 2
    assert first.sign_by == date(2026, 11, 23)
    assert alert_deadlines(today=date(2026, 11, 16)) == 1 + 2, "to be signed, and not sent"
    assert told(cast.manager, "to_sign") == [("to_sign", 2, "23.11.2026")]
    (sentence,) = {
        kinds.render(row.kind, row.params) for row in Notice.objects.filter(kind__endswith="sign")
    }
    assert "23.11.2026: 2" in sentence


def test_what_is_late_goes_to_the_sector_head_and_after_days_to_the_department(cast):
    item = factory.item(bought(cast.manager))
    assert alert_deadlines(today=LAST + DAY) == 1
    assert told(cast.sector_head) == [("late_to_send", 1, "09.11.2026")]
    assert alert_deadlines(today=date(2026, 11, 12)) == 0, "the third working day is his"
    assert not told(cast.department_head)
    assert alert_deadlines(today=date(2026, 11, 13)) == 1
    assert told(cast.department_head) == [("late_to_send", 1, "09.11.2026")]
    assert len(told(cast.sector_head)) == 1
    ITEMS.filter(pk=item.pk).update(state="sent", sent_on=date(2026, 11, 16))
    assert alert_deadlines(today=date(2026, 11, 24)) == 1, "it is late once more, to be signed"
    assert told(cast.sector_head)[1:] == [("late_to_sign", 1, "23.11.2026")]


def test_after_an_outage_nobody_gets_a_stale_crowd(cast):
    for category in "ABC":
        factory.item(bought(cast.manager, category))
    today = timezone.localdate()
    for missed in (1, 30):
        assert reconciliation_deadline_alerts(today=today - timedelta(days=missed)) == 0
    assert alert_deadlines(today=date(2026, 11, 20)) > 0
    assert told(cast.manager) == [("to_sign", 3, "23.11.2026")], "of the steps the nearest alone"
    for head in (cast.sector_head, cast.department_head):
        assert told(head) == [("late_to_send", 3, "09.11.2026")]


def test_without_a_manager_the_head_is_told_and_a_head_is_not_told_on_himself(cast):
    orphan, own = bought(cast.manager), bought(cast.sector_head)
    type(orphan).objects.filter(pk=orphan.pk).update(manager=None)
    factory.item(orphan)
    factory.item(own)
    alert_deadlines(today=FIVE)
    assert told(cast.sector_head) == [("to_send", 2, "09.11.2026")]
    alert_deadlines(today=LAST + DAY)
    assert told(cast.sector_head, "late") == [("late_to_send", 1, "09.11.2026")]
    assert told(cast.department_head) == [("late_to_send", 1, "09.11.2026")]


def test_acts_of_a_draft_are_nobodys_work_but_the_draft_is_the_heads(cast):
    bought(cast.manager, "C")
    factory.schedule(cast, approved=False)
    assert alert_deadlines(today=date(2027, 1, 15)) == 0, "its half-year is over"
    assert alert_deadlines(today=date(2026, 6, 24)) == 0
    assert alert_deadlines(today=date(2026, 6, 25)) == 2, "and the other department's"
    assert alert_deadlines(today=date(2026, 6, 26)) == 0
    assert alert_deadlines(today=date(2026, 6, 29)) == 2, "a new week"
    assert told(cast.department_head) == [("draft", None, "25.06.2026")] * 2
    schedule = cast.department.reconciliation_schedules.get()
    factory.approve_schedule(
        schedule.pk, by=cast.director, version=schedule.version, today=date(2026, 6, 30)
    )
    assert alert_deadlines(today=date(2026, 7, 6)) == 1
    assert len(told(cast.department_head)) == 2


@pytest.mark.parametrize("person", ["stranger", "stranger_head", "director", "manager2"])
def test_others_are_told_nothing(cast, person):
    factory.item(bought(cast.manager))
    for day in (FIVE, date(2026, 11, 30)):
        alert_deadlines(today=day)
    assert not told(getattr(cast, person))


# --- hand-overs -----------------------------------------------------------------------------------


def hand_over(client, by, to, *, on=None, today=None):
    today = today or timezone.localdate()
    given = assignments.Handover(to_manager_id=to.pk, on=on or today)
    return assignments.transfer_clients(by=by, handover=given, today=today, client_ids=[client.pk])


def test_a_hand_over_asks_for_a_reconciliation_of_the_former_managers_last_day(cast):
    owing, new = bought(cast.manager), bought(cast.manager)
    deals.sale(owing)
    today = timezone.localdate()
    for client in (owing, new):
        hand_over(client, cast.sector_head, cast.manager2)
    item = ITEMS.get()
    assert (item.client, item.reason, item.as_of) == (owing, "manager_change", today - DAY)
    assert (item.state, item.requested_by) == ("requested", cast.sector_head)
    approval = Approval.objects.of(item).running().get()
    decide(
        approval.pk, by=cast.department_head, decision="approve", comment="", today=today,
        version=approval.version, target_version=approval.target_version,
    )  # fmt: skip
    item.refresh_from_db()
    assert item.state == "planned"
    hand_over(owing, cast.department_head, cast.manager)
    assert ITEMS.count() == 1, "one is on its way"


def test_the_heads_own_hand_over_needs_no_other_word_and_waits_for_its_day(cast):
    client, today = bought(cast.manager), timezone.localdate()
    deals.sale(client)
    made = hand_over(client, cast.department_head, cast.manager2, on=today + 7 * DAY)
    assert assignments.apply_assignments(today=today + 6 * DAY) == 0
    assert not ITEMS.exists()
    assert assignments.apply_assignments(today=today + 7 * DAY) == 1
    item = ITEMS.get()
    assert (item.state, item.as_of) == ("planned", made.takes_effect_on - DAY)
    assert item.approved_by == cast.department_head


def test_no_reconciliation_of_a_hand_over_taken_back_switched_off_or_without_a_head(cast):
    client, today = bought(cast.manager), timezone.localdate()
    deals.sale(client)
    off = change_setting("reconciliation.on_handover", value=False, by=cast.director)
    made = hand_over(client, cast.department_head, cast.manager2)
    change_setting("reconciliation.on_handover", value=True, by=cast.director, version=off.version)
    assignments.undo_transfer(made.pk, by=cast.department_head, today=today)
    assert not ITEMS.exists()
    OrgUnit.objects.filter(pk=cast.department.pk).update(head=None)
    hand_over(client, cast.sector_head, cast.manager2)
    client.refresh_from_db()
    assert (client.manager, ITEMS.count()) == (cast.manager2, 0)


def test_many_clients_cost_the_queries_of_few(cast):
    asked = {}
    today, head = timezone.localdate(), cast.department_head
    for count in (2, 9):
        clients = [bought(cast.manager) for _ in range(count)]
        for client in clients:
            deals.sale(client)
            factory.item(client, as_of=date(2026, 9, 30))
        taken = [
            Taken(one.pk, cast.manager.pk, cast.manager2.pk, today, head.pk) for one in clients
        ]
        with CaptureQueriesContext(connection) as queries:
            assert ask_on_handover([*taken, *taken[:1]], today) == count
            assert alert_deadlines(today=LAST + DAY) > 0
        asked[count] = len(queries)
    assert ITEMS.filter(reason="manager_change").count() == 11
    assert asked[9] == asked[2]


# --- deemed agreed --------------------------------------------------------------------------------


def test_an_unanswered_act_counts_as_agreed_only_where_its_contract_says_so(cast):
    client = bought(cast.manager)
    contract = deals.contract(client, deemed_agreed_days=10)
    silent = deals.contract(client)
    sent_on = factory.TODAY
    acts = {}
    for name, more in {
        "deemed": {"contract": contract},
        "no_term": {"contract": silent, "as_of": date(2026, 10, 30)},
        "all": {"as_of": date(2026, 10, 29)},
        "disputed": {"contract": contract, "as_of": date(2026, 10, 28)},
        "answered": {"contract": contract, "as_of": date(2026, 10, 27)},
    }.items():
        acts[name] = factory.sent(client, by=cast.manager, **more)
    ITEMS.filter(pk=acts["disputed"].item_id).update(state="discrepancy")
    link = {"digest": "x", "revision": 1, "sent_to": "a@b.ru", "created_by": cast.manager}
    link |= {"answered_at": NOW, "answer": "agreed", "answered_by": "Смирнов А. П."}
    ActLink.objects.create(act=acts["answered"], expires_at=NOW, **link)
    ReconciliationAct.objects.filter(pk=acts["deemed"].pk).update(sent_on=sent_on + 3 * DAY)
    assert deem_agreed(today=sent_on + 13 * DAY) == 0, "its last day is the client's"
    assert deem_agreed(today=sent_on + 40 * DAY) == 1
    assert deem_agreed(today=sent_on + 41 * DAY) == 0
    act = ReconciliationAct.objects.signed().select_related("item").get()
    assert (act, act.signatory_authority) == (acts["deemed"], "deemed")
    assert (act.item.signed_on, act.returned_on) == (sent_on + 13 * DAY, None), (
        "of the text sent last"
    )
    assert not act.restarts_limitation
    assert not ReconciliationAct.objects.acknowledging().exists()
    assert Notice.objects.filter(user=cast.manager, kind="reconciliation.deemed").count() == 2


# --- My day ---------------------------------------------------------------------------------------


def reasons(client):
    (found,) = find_reasons(Client.objects.filter(pk=client.pk), Moment.of(NOW))
    return {r.rule.code: r.label for r in found.reasons if r.rule.code.startswith("act")}


def test_my_day_asks_for_the_act_and_then_for_its_signature(cast):
    client, today = bought(cast.manager), timezone.localdate()
    item = factory.item(client, as_of=today - DAY)
    edge = add_working_days(today, 5)
    ITEMS.filter(pk=item.pk).update(send_by=edge + DAY, sign_by=edge + DAY)
    assert not reasons(client), "there is time"
    ITEMS.filter(pk=item.pk).update(send_by=edge)
    assert "Составить" in reasons(client)["act_send"]
    ITEMS.filter(pk=item.pk).update(send_by=today, state="act_created")
    assert reasons(client) == {"act_send": f"Отправить акт сверки до {today:%d.%m}"}
    ITEMS.filter(pk=item.pk).update(state="sent", sent_on=today, sign_by=today)
    assert not reasons(client)
    ITEMS.filter(pk=item.pk).update(as_of=today - 3 * DAY, send_by=today - DAY, sign_by=today - DAY)
    assert list(reasons(client)) == ["act_unsigned"]
    ITEMS.filter(pk=item.pk).update(state="signed", signed_on=today)
    assert not reasons(client)
    factory.item(client, as_of=today + DAY)
    assert not reasons(client), "its day has not come"


def test_my_day_asks_for_differences_of_ones_own_that_are_due(cast):
    client, today = bought(cast.manager), timezone.localdate()
    deals.sale(client, on=today - 40 * DAY)
    act = factory.sent(client, by=cast.manager, as_of=today - DAY, today=today)
    line = {"act": act, "kind": "objection", "text": "Нет накладной 12", "due_on": today}
    found = Discrepancy.objects.create(**line, responsible=cast.accountant)
    assert not reasons(client)
    for person in (None, cast.manager):
        Discrepancy.objects.filter(pk=found.pk).update(responsible=person)
        assert reasons(client) == {"act_disputed": "Расхождение в акте: Нет накладной 12"}
    Discrepancy.objects.filter(pk=found.pk).update(due_on=today + DAY)
    assert not reasons(client)
    Discrepancy.objects.filter(pk=found.pk).update(
        due_on=today, state="corrected", resolution="Нашли"
    )
    assert not reasons(client)


def test_a_debt_long_overdue_speaks_for_an_emergency_until_there_is_one(cast):
    client, today = bought(cast.manager), timezone.localdate()
    bill = deals.invoice(client, on=today - 60 * DAY, due=today - 30 * DAY)
    assert not reasons(client)
    type(bill).objects.filter(pk=bill.pk).update(due_on=today - 31 * DAY)
    assert reasons(client) == {"act_ask": "Запросить сверку: длительная просрочка"}
    for before, kind in ((today - 2 * DAY, "emergency"), (today + DAY, "planned")):
        more = {} if kind == "emergency" else {"reason": "", "schedule": empty_schedule(cast)}
        factory.item(client, as_of=before, kind=kind, **more)
        assert "act_ask" in reasons(client), "of a day before, or one to come"
    refused = factory.item(client, as_of=today, state="cancelled", cancel_reason="Рано")
    assert "act_ask" not in reasons(client)
    refused.delete()
    factory.item(client, as_of=today, state="requested")
    assert "act_ask" not in reasons(client)


def empty_schedule(cast):
    return ReconciliationSchedule.objects.create(
        org_unit=cast.department, year=2030, half=1, state="approved",
        approved_by=cast.director, approved_at=NOW,
    )  # fmt: skip


def test_an_ended_contract_and_a_payment_recognised_late_speak_for_one_too(cast):
    today = timezone.localdate()
    ended, bare, payer, quick = (bought(cast.manager) for _ in range(4))
    deals.sale(ended, on=today - 20 * DAY)
    for client in (ended, bare):
        deals.contract(
            client, state="terminated", is_imported=True, ended_on=today, end_reason="Всё"
        )
    assert reasons(ended) == {"act_ask": "Запросить сверку: окончание договора"}
    assert not reasons(bare), "nothing was ever shipped"
    for client, days in ((payer, 11), (quick, 10)):
        money = deals.payment(on=today - days * DAY)
        payments.match_by_hand(money.pk, client.pk, by=cast.accountant, version=1)
    assert reasons(payer) == {"act_ask": "Запросить сверку: неопознанный платёж"}
    assert not reasons(quick)
