"""Leads: found, scored, negotiated, made clients by the head, lost (CL-05, CL-06, C.5 no. 6)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clients.actions import leads as actions
from clients.actions.leads import Said
from clients.actions.reliability import Found, remind_of_rechecks, score_client
from clients.models import (
    LEAD_MOVES,
    Client,
    ClientNeed,
    ContactPerson,
    Counterparty,
    Lead,
    LeadState,
    ReliabilityScore,
)
from clients.reliability import FACTORS, grade_of, scored, terms_of, valid_until
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.calendar import month_start
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.states import check_move
from crm.work.actions import change_setting
from tests.cast import signed_in
from tests.factories import clients, leads
from tests.factories.leads import GOOD, fresh
from tests.guarding import forbidden, locks
from tests.kernel.shared_files import shared_example

D = Decimal
TODAY = timezone.localdate()
# The words of the worked example, as the answers of the form have them.
VALUES = {
    "4 years": "over_3", "profit 1 year": "one_year", "none": "none", "has": "any",
    "one": "one", "own": "own",
}  # fmt: skip


def decide(lead, by, decision="approve", comment=""):
    approval = Approval.objects.of(lead).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment=comment, version=approval.version,
        target_version=approval.target_version, today=TODAY,
    )  # fmt: skip


def test_the_worked_example_of_reliability(db):
    example = shared_example("LEAD-1")
    answers = {row["factor"]: VALUES[row["value"]] for row in example["input"]}
    result = scored(answers)
    assert dict(result.points) == {row["factor"]: row["points"] for row in example["input"]}
    assert (result.score, result.grade.upper()) == tuple(
        example["expected"][name] for name in ("score", "grade")
    )
    assert [factor.most for factor in FACTORS] == [row["max"] for row in example["input"]]
    assert sum(factor.most for factor in FACTORS) == 100


@pytest.mark.parametrize(
    ("points", "grade"), [(100, "high"), (75, "high"), (74, "medium"), (50, "medium"), (49, "low")]
)
def test_the_edges_of_the_grades(db, points, grade):
    assert grade_of(points) == grade


def test_a_grade_says_which_terms_and_a_stop_factor_none(db):
    best = {factor.key: factor.answers[0].key for factor in FACTORS}
    worst = {factor.key: factor.answers[-1].key for factor in FACTORS}
    assert (scored(best).grade, scored(best).deferral_days) == ("high", 30)
    assert (scored(worst).score, scored(worst).grade, scored(worst).deferral_days) == (0, "low", 0)
    middle = scored({**GOOD, "assets": "rent"})
    assert (middle.score, middle.grade, middle.deferral_days) == (69, "medium", 14)
    stopped = scored(best, stop_factor="bankruptcy")
    assert (stopped.score, stopped.grade, stopped.deferral_days) == (100, "reject", 0)
    assert len({terms_of(grade, 14) for grade in ("high", "medium", "low", "reject")}) == 4


def test_a_head_sets_points_and_bounds_but_never_more_than_a_hundred(cast):
    change_setting("reliability.assets.rent", value=10, by=cast.department_head)
    assert scored({**GOOD, "assets": "rent"}).score == 72
    for key, value in (
        ("reliability.assets.own", 16),
        ("reliability.high", 50),
        ("reliability.medium", 75),
    ):
        with pytest.raises(RuleViolation):
            change_setting(key, value=value, by=cast.department_head)


def test_a_score_holds_for_whole_months(db):
    assert valid_until(date(2026, 11, 29)) == date(2027, 11, 29)
    assert valid_until(date(2028, 2, 29)) == date(2029, 2, 28)


def test_scoring_qualifies_a_stop_factor_rejects(cast):
    lead = leads.lead(cast.manager)
    with pytest.raises(RuleViolation):  # not before the scoring
        leads.move(lead, "negotiating", cast.manager)
    made = leads.score(lead, cast.manager)
    assert (made.score, made.grade, fresh(lead).state) == (77, "high", "qualified")
    again = leads.score(lead, cast.manager, {**GOOD, "assets": "none"})
    assert (again.grade, fresh(lead).state) == ("medium", "qualified")
    assert ReliabilityScore.objects.current().get() == again
    leads.score(lead, cast.manager, stop_factor="liquidation")
    row = fresh(lead)
    assert (row.state, row.ended_on, row.next_on) == ("rejected", TODAY, None)
    with pytest.raises(RuleViolation):
        leads.score(lead, cast.manager)


def test_the_manager_asks_and_the_head_makes_the_client_with_all_that_is_known(cast):
    lead = leads.to_state(
        "offer_accepted", cast.manager, name="ООО «Маяк»", potential_monthly=D("250000.00"),
        need="Чай листовой", need_level=5, need_direction="Для сети кофеен",
        contact_name="Пётр Ильич Громов", phone="+79161234567", segment="HoReCa",
        territory="Тула",
    )  # fmt: skip
    leads.convert(lead, cast.manager)
    assert (fresh(lead).state, Client.objects.filter(name="ООО «Маяк»").count()) == (
        "offer_accepted", 0,
    )  # fmt: skip
    with pytest.raises(RuleViolation):  # nothing moves while the head decides
        actions.lose_lead(
            lead.pk, by=cast.manager, version=lead.version, reason="Передумали", today=TODAY
        )
    request = Approval.objects.of(lead).running().get().get_absolute_url()
    text = signed_in(cast.department_head).get(request).content.decode()
    assert "Встретились" in text  # what was done, beside the scoring
    decide(lead, cast.department_head)
    row = fresh(lead)
    client = Client.objects.get(name="ООО «Маяк»")
    assert (row.state, row.client, row.ended_on) == ("converted", client, TODAY)
    assert (client.manager, client.status, client.potential_monthly, client.territory) == (
        cast.manager, "client", D("250000.00"), "Тула",
    )  # fmt: skip
    assert client.source == str(lead.channel)
    need = ClientNeed.objects.get(client=client)
    assert (need.subject, need.level, need.direction) == ("Чай листовой", 5, "Для сети кофеен")
    assert ContactPerson.objects.get(client=client).full_name == "Пётр Ильич Громов"
    assert Counterparty.objects.get(client=client).inn == lead.inn
    assert ReliabilityScore.objects.current().get(lead=lead).client == client
    with pytest.raises(RuleViolation):
        leads.convert(lead, cast.department_head)
    assert Client.objects.filter(name="ООО «Маяк»").count() == 1


def test_the_head_returns_it_and_converts_at_once_nobody_else_does(cast):
    lead = leads.to_state("offer_accepted", cast.manager)
    leads.convert(lead, cast.sector_head)
    decide(lead, cast.department_head, "return", "Уточните потенциал")
    assert fresh(lead).state == "offer_accepted"
    assert not Client.objects.filter(name=lead.name).exists()
    for by in (cast.director, cast.admin):
        with pytest.raises(PermissionDenied):
            leads.convert(lead, by)
    leads.convert(lead, cast.department_head)
    assert (fresh(lead).state, fresh(lead).client.manager) == ("converted", cast.manager)
    early = leads.to_state("negotiating", cast.manager)
    for by in (cast.department_head, cast.manager):
        with pytest.raises(RuleViolation):
            leads.convert(early, by)
    assert not Approval.objects.of(early).exists()


def test_a_lead_is_locked_before_anything_is_made_of_it(cast):
    lead = leads.to_state("offer_accepted", cast.manager)
    assert locks(lambda: leads.convert(lead, cast.department_head))[0] == "clients_lead"
    other = leads.lead(cast.manager)
    assert locks(lambda: leads.score(other, cast.manager))[0] == "clients_lead"


def test_an_inn_is_known_once_among_clients_and_open_leads(cast):
    known = clients.counterparty(clients.client(cast.manager))
    hidden = clients.counterparty(clients.client(cast.stranger, name="ООО «Скрытый»"))
    for inn, said in ((known.inn, known.client.name), (hidden.inn, "")):
        with pytest.raises(RuleViolation) as refusal:
            leads.lead(cast.manager, inn=inn)
        assert refusal.value.field == "inn"
        assert said in str(refusal.value)
        assert "Скрытый" not in str(refusal.value)
    first = leads.lead(cast.manager, inn=clients.inn(777))
    with pytest.raises(RuleViolation):
        leads.lead(cast.stranger, inn=first.inn)
    with pytest.raises(IntegrityError, match="lead_open_inn_once"), transaction.atomic():
        Lead.objects.create(
            name="Двойник", inn=first.inn, manager=cast.manager2, org_unit=cast.sector,
            channel=first.channel, found_on=TODAY,
        )  # fmt: skip
    actions.lose_lead(
        first.pk, by=cast.manager, version=first.version, reason="Закрылись", today=TODAY
    )
    assert leads.lead(cast.stranger, inn=first.inn).is_open


def test_a_client_that_came_meanwhile_is_not_made_twice(cast):
    lead = leads.to_state("offer_accepted", cast.manager)
    leads.convert(lead, cast.manager)
    clients.counterparty(clients.client(cast.manager2), inn=lead.inn)
    with pytest.raises(RuleViolation):
        decide(lead, cast.department_head)
    assert fresh(lead).state == "offer_accepted"
    assert Counterparty.objects.filter(inn=lead.inn).count() == 1


def test_one_form_makes_one_lead_and_an_old_page_changes_none(cast):
    key = uuid4()
    one, other = (leads.lead(cast.manager, key=key, inn="") for _time in range(2))
    assert one == other
    said = Said("Позвонили", TODAY + timedelta(days=1), "Встреча")
    actions.note_lead(one.pk, said, by=cast.manager, version=1, today=TODAY)
    with pytest.raises(StaleVersion):
        actions.note_lead(one.pk, said, by=cast.manager, version=1, today=TODAY)
    past = Said("Позвонили", TODAY - timedelta(days=1))
    with pytest.raises(RuleViolation):
        actions.note_lead(one.pk, past, by=cast.manager, version=2, today=TODAY)


def test_who_sees_and_works_on_a_lead(cast):
    lead = leads.lead(cast.manager)
    seen = {
        name for name in ("manager", "manager2", "sector_head", "department_head", "director",
                          "accountant", "lawyer", "marketer", "admin", "stranger", "stranger_head")
        if Lead.objects.visible_to(getattr(cast, name)).filter(pk=lead.pk).exists()
    }  # fmt: skip
    assert seen == {"manager", "sector_head", "department_head", "director", "admin"}
    said = Said("Позвонили")
    for by, error in ((cast.director, PermissionDenied), (cast.manager2, Lead.DoesNotExist)):
        with pytest.raises(error):
            actions.note_lead(lead.pk, said, by=by, version=1, today=TODAY)
    values = {"name": lead.name, "inn": lead.inn, "channel": lead.channel}
    given = actions.edit_lead(
        lead.pk, by=cast.sector_head, version=1, manager_id=cast.manager2.pk, **values
    )
    assert given.manager == cast.manager2
    with pytest.raises(RuleViolation):
        actions.edit_lead(
            lead.pk, by=cast.sector_head, version=2, manager_id=cast.stranger.pk, **values
        )


def test_the_register_opens_on_what_is_due(cast):
    due = leads.lead(cast.manager, name="Пора", next_on=TODAY)
    unplanned = leads.lead(cast.manager, name="Без шага")
    later = leads.lead(cast.manager, name="Позже", next_on=TODAY + timedelta(days=1))
    gone = leads.lead(cast.manager, name="Ушёл")
    actions.lose_lead(gone.pk, by=cast.manager, version=1, reason="Цены", today=TODAY)
    page = signed_in(cast.manager).get(reverse("clients:lead_list"), {"todo": "true"})
    text = page.content.decode()
    assert [one.name in text for one in (due, unplanned, later, gone)] == [True, True, False, False]
    assert str(gone) in signed_in(cast.manager).get(gone.get_absolute_url()).content.decode()


def test_a_score_past_its_day_is_told_its_owner_once_a_month(cast):
    lead = leads.to_state("qualified", cast.manager)
    client = clients.client(cast.manager2)
    score_client(client.pk, Found(GOOD), by=cast.manager2, today=TODAY)
    lost = leads.to_state("qualified", cast.manager)
    actions.lose_lead(lost.pk, by=cast.manager, version=lost.version, reason="Цены", today=TODAY)
    last = valid_until(TODAY)
    assert remind_of_rechecks(today=last) == 0
    month = month_start(last, 1)
    assert remind_of_rechecks(today=month) == 2
    assert remind_of_rechecks(today=month + timedelta(days=5)) == 0
    assert remind_of_rechecks(today=month_start(last, 2)) == 2
    told = Notice.objects.filter(kind="reliability.recheck", channel="ui")
    assert set(told.values_list("user", "url")) == {
        (cast.manager.pk, lead.get_absolute_url()),
        (cast.manager2.pk, client.get_absolute_url()),
    }


@pytest.mark.parametrize(("before", "after"), forbidden(LeadState, LEAD_MOVES))
def test_no_state_is_left_by_another_way(before, after):
    with pytest.raises(RuleViolation):
        check_move(Lead(state=before), LEAD_MOVES, after)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"state": "lost", "ended_reason": "Цены"}, "lead_ended_has_its_day"),
        ({"ended_on": TODAY}, "lead_ended_has_its_day"),
        ({"state": "lost", "ended_on": TODAY}, "lead_lost_says_why"),
        ({"state": "converted", "ended_on": TODAY}, "lead_converted_has_client"),
        ({"inn": "12"}, "lead_inn_digits"),
        ({"need_level": 6}, "lead_need_level_1_to_5"),
        ({"potential_monthly": D("-1")}, "lead_potential_not_negative"),
    ],
)
def test_the_table_refuses_nonsense(cast, values, name):
    whole = {
        "name": "Находка", "manager": cast.manager, "org_unit": cast.sector,
        "channel": leads.channel(), "found_on": TODAY,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Lead.objects.create(**whole | values)
