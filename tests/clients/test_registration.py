"""Registration sheets: REG-1, the campaign, filling in, checking, who follows whom."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.actions import assignments, campaigns, sheets
from clients.contacting.next_step import Moment, find_reasons
from clients.models import (
    CAMPAIGN_MOVES,
    SHEET_MOVES,
    CampaignState,
    CategoryChangeRequest,
    Client,
    RegistrationCampaign,
    RegistrationSheet,
    SheetState,
)
from clients.querysets import SheetSums
from clients.sheets.sheet_known import offered
from clients.sheets.sheet_questions import (
    Completeness,
    Question,
    completeness,
    missing,
    questions_of,
)
from crm.errors import AlreadyDecided, RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.states import move
from tests.cast import fresh
from tests.factories import accounts, clients, registration
from tests.guarding import locks, refused
from tests.kernel.shared_files import shared_example

NOW = timezone.now()
TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="B", potential_monthly=Decimal(250_000))


@pytest.fixture
def sheet(client, cast):
    return registration.sheet(client, cast.department_head)


# REG-1


def test_the_worked_example():
    example = shared_example("REG-1")
    asked, expected = example["input"], example["expected"]
    found = Completeness(asked["required"], asked["filled"])
    assert str(found.percent) == expected["completeness_pct"]
    sums = SheetSums(total=asked["clients"], approved=asked["approved"])
    assert str(sums.collected_pct) == expected["campaign_pct"]


QUESTIONS = st.builds(
    Question,
    code=st.sampled_from("abcdefgh"),
    ru=st.just("?"),
    en=st.just("?"),
    required=st.booleans(),
    categories=st.sampled_from([(), ("A",), ("A", "B")]),
)
ANSWERS = st.dictionaries(st.sampled_from("abcdefghxyz"), st.sampled_from(["", "  ", "да", "0"]))


# A busy machine is no mistake.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(QUESTIONS, unique_by=lambda one: one.code), ANSWERS, st.sampled_from("ABC"))
def test_completeness_is_the_share_of_obligatory_answers(asked, given_answers, category):
    mine = [one for one in asked if one.asked_of(category)]
    found = completeness(mine, given_answers)
    left = missing(mine, given_answers)
    assert found.required - found.filled == len(left)
    assert 0 <= found.percent <= 100
    assert (found.percent == 100) == (not left)
    said = {code: answer for code, answer in given_answers.items() if answer.strip()}
    assert completeness(mine, said) == found  # blanks are no answer
    # One more answer never makes less; a question that is not obligatory changes nothing.
    for one in mine:
        more = completeness(mine, {**given_answers, one.code: "ответ"})
        assert more.percent >= found.percent
        if not one.required:
            assert more == found
    assert completeness([replace(one, required=False) for one in mine], given_answers).is_whole


# The sheet


def test_a_draft_may_be_incomplete_and_is_handed_in_whole(cast, sheet):
    draft = registration.filled(sheet, cast.manager, inn="7707083893", potential="600000")
    assert (draft.state, draft.filled_count) == ("in_progress", 2)
    assert draft.completeness_pct == Completeness(draft.required_count, 2).percent
    assert draft.proposed_category == "A"
    given_answers = registration.answers(sheet)
    del given_answers["phone"], given_answers["rivals"]
    with pytest.raises(sheets.Incomplete) as refusal:
        sheets.submit_sheet(sheet.pk, given_answers, by=cast.manager, version=2, now=NOW)
    assert refusal.value.codes == ["phone", "rivals"]
    assert registration.current(sheet).filled_count == 2  # nothing half-saved
    done = registration.submitted(sheet, cast.manager)
    assert (done.state, done.completeness_pct, done.first_submitted_on) == (
        "submitted", 100, TODAY,
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        registration.filled(sheet, cast.manager, inn="")
    told = Notice.objects.get(kind="sheet.submitted", channel="ui")
    assert told.user == cast.sector_head


def test_the_database_refuses_what_is_not_whole(sheet):
    whole = {"state": "submitted", "first_submitted_on": TODAY, "submitted_at": NOW}
    whole["submitted_by"] = sheet.manager
    rows = RegistrationSheet.objects.filter(pk=sheet.pk)
    with pytest.raises(IntegrityError, match="handed_in_whole"), transaction.atomic():
        rows.update(**whole)
    full = {"required_count": 1, "filled_count": 1, "completeness_pct": 100}
    with pytest.raises(IntegrityError, match="decided_by_another"), transaction.atomic():
        rows.update(
            **whole | full | {"state": "approved"}, decided_by=sheet.manager, decided_at=NOW
        )
    with pytest.raises(IntegrityError, match="returned_says_why"), transaction.atomic():
        rows.update(**whole | full | {"state": "returned"}, decided_by=sheet.campaign.author,
                    decided_at=NOW)  # fmt: skip


def test_the_head_returns_with_words_the_manager_mends_the_head_approves(cast, sheet):
    late = datetime.combine(sheet.deadline + DAY, datetime.min.time(), NOW.tzinfo)
    registration.submitted(sheet, cast.manager)
    with pytest.raises(RuleViolation, match="исправить") as refusal:
        sheets.return_sheet(sheet.pk, by=cast.sector_head, version=3, reason=" ", now=NOW)
    assert refusal.value.field == "reason"
    sheets.return_sheet(sheet.pk, by=cast.sector_head, version=3, reason="Где ИНН?", now=NOW)
    told = Notice.objects.get(kind="sheet.returned", channel="ui")
    assert (told.user, told.params["reason"]) == (cast.manager, "Где ИНН?")
    mended = registration.filled(sheet, cast.manager, **registration.answers(sheet, plans="+"))
    assert mended.state == "returned"  # the words stay in sight until it is handed in again
    again = registration.submitted(sheet, cast.manager, now=late)
    assert (again.return_reason, again.decided_by) == ("Где ИНН?", None)
    assert again.first_submitted_on == TODAY  # the first handing in decides whether it was late
    done = sheets.approve_sheet(sheet.pk, by=cast.department_head, version=again.version, now=late)
    assert (done.state, done.decided_by, done.was_late) == (
        "approved", cast.department_head, False,
    )  # fmt: skip
    for change in ({"answers": {}}, {"state": "returned"}, {"manager": cast.manager2}):
        with pytest.raises(IntegrityError, match="approved sheet"), transaction.atomic():
            RegistrationSheet.objects.filter(pk=sheet.pk).update(**change)


@pytest.mark.parametrize(
    ("moves", "states"), [(SHEET_MOVES, SheetState), (CAMPAIGN_MOVES, CampaignState)]
)
def test_every_other_move_is_refused(moves, states):
    for state in states:
        for target in set(states) - moves[state]:
            record = RegistrationSheet(state=state)
            if states is CampaignState:
                record = RegistrationCampaign(state=state)
            with pytest.raises(RuleViolation):
                move(record, moves, target)


def test_nobody_checks_a_sheet_of_their_own_not_even_as_a_substitute(cast):
    own = clients.client(cast.sector_head, category="C")
    sheet = registration.sheet(own, cast.department_head)
    registration.submitted(sheet, cast.sector_head)
    accounts.delegation(cast.sector_head, cast.manager2, first=TODAY, last=TODAY)
    for person in (cast.sector_head, cast.manager2, cast.manager, cast.director):
        with pytest.raises((PermissionDenied, RegistrationSheet.DoesNotExist)):
            sheets.approve_sheet(sheet.pk, by=fresh(person), version=3, now=NOW)
    # Nor may somebody who stands in for the head check what they have handed in for another.
    third = clients.client(cast.manager, category="C")
    campaigns.add_clients(sheet.campaign_id, by=cast.department_head, version=2)
    filled = RegistrationSheet.objects.get(client=third)
    registration.submitted(filled, cast.manager2)
    with pytest.raises(PermissionDenied):
        sheets.approve_sheet(filled.pk, by=fresh(cast.manager2), version=3, now=NOW)
    # Whoever stands in for the head checks what others have filled in.
    other = clients.client(cast.manager, category="C")
    campaigns.add_clients(sheet.campaign_id, by=cast.department_head, version=3)
    second = RegistrationSheet.objects.get(client=other)
    registration.submitted(second, cast.manager)
    sheets.approve_sheet(second.pk, by=fresh(cast.manager2), version=3, now=NOW)
    sheets.approve_sheet(sheet.pk, by=cast.department_head, version=3, now=NOW)


def test_the_director_checks_sheets_of_heads_of_departments_alone(cast, sheet):
    registration.submitted(sheet, cast.manager)
    with pytest.raises(PermissionDenied):
        sheets.approve_sheet(sheet.pk, by=cast.director, version=3, now=NOW)
    own = clients.client(cast.department_head, category="C")
    campaigns.add_clients(sheet.campaign_id, by=cast.department_head, version=2)
    second = RegistrationSheet.objects.get(client=own)
    registration.submitted(second, cast.department_head)
    sheets.approve_sheet(second.pk, by=cast.director, version=3, now=NOW)


def test_what_is_approved_is_what_was_read(cast, sheet):
    registration.submitted(sheet, cast.manager)  # version 3 is on the head's screen
    sheets.return_sheet(sheet.pk, by=cast.department_head, version=3, reason="Ещё раз", now=NOW)
    refused(
        AlreadyDecided,
        lambda: sheets.approve_sheet(sheet.pk, by=cast.sector_head, version=3, now=NOW),
        "clients_registrationsheet",
    )
    registration.submitted(sheet, cast.manager, plans="Другое")
    refused(
        StaleVersion,
        lambda: sheets.approve_sheet(sheet.pk, by=cast.sector_head, version=3, now=NOW),
        "clients_registrationsheet",
    )
    version = registration.current(sheet).version
    taken = locks(
        lambda: sheets.approve_sheet(sheet.pk, by=cast.sector_head, version=version, now=NOW)
    )
    assert taken == ["clients_registrationsheet"]
    refused(
        StaleVersion,
        lambda: sheets.save_sheet(sheet.pk, {}, by=cast.manager, version=version),
        "clients_registrationsheet",
    )


def test_many_are_approved_at_once_and_each_refusal_is_named(cast, sheet):
    others = [clients.client(cast.manager, category="C", name=f"К{n}") for n in range(3)]
    campaigns.add_clients(sheet.campaign_id, by=cast.department_head, version=2)
    first, second, third = RegistrationSheet.objects.filter(client__in=others).order_by("pk")
    registration.submitted(first, cast.manager)
    registration.submitted(second, cast.manager)
    seen = [(first.pk, 3), (second.pk, 2), (third.pk, 1), (10**9, 1)]
    found = sheets.approve_sheets(seen, by=cast.sector_head, now=NOW)
    assert [(one.sheet_id, bool(one.refusal)) for one in found] == [
        (first.pk, False), (second.pk, True), (third.pk, True),
    ]  # fmt: skip
    states = dict(RegistrationSheet.objects.values_list("pk", "state"))
    assert (states[first.pk], states[second.pk]) == ("approved", "submitted")


# What follows


def test_the_card_and_the_last_sheet_fill_in_what_they_know(cast, client):
    clients.counterparty(client, inn="7707083893", full_name="ООО «Василёк»")
    clients.person(client, full_name="Главный Иван", is_decision_maker=True, phone="+79160000001")
    clients.outlet(client)
    last = registration.sheet(client, cast.department_head, year=TODAY.year - 1)
    registration.approved(
        last, cast.manager, cast.sector_head, legal_name="Старое", rivals="Сосед", business="Нет"
    )
    now = RegistrationSheet.objects.get(
        campaign=registration.running(cast.department_head), client=client
    )
    asked = questions_of(now.campaign.questions, "B")
    known = offered(now, asked).answers
    assert (known["inn"], known["legal_name"]) == ("7707083893", "ООО «Василёк»")
    assert (known["decider"], known["decider_phone"]) == ("Главный Иван", "+79160000001")
    assert (known["potential"], known["outlets"], known["rivals"]) == ("250000", "1", "Сосед")
    assert "business" not in known  # no option of this year


def test_the_sheet_goes_along_with_the_client_but_not_once_it_is_approved(cast, sheet):
    done = clients.client(cast.manager, category="C")
    campaigns.add_clients(sheet.campaign_id, by=cast.department_head, version=2)
    approved = RegistrationSheet.objects.get(client=done)
    registration.approved(approved, cast.manager, cast.sector_head)
    handover = assignments.Handover(to_manager_id=cast.manager2.pk, on=TODAY)
    transfer = assignments.transfer_clients(
        by=cast.sector_head, handover=handover, today=TODAY,
        client_ids=[sheet.client_id, done.pk],
    )  # fmt: skip
    assert registration.current(sheet).manager == cast.manager2
    assert registration.current(approved).manager == cast.manager
    registration.filled(sheet, cast.manager2, inn="7707083893")
    assignments.undo_transfer(transfer.pk, by=fresh(cast.sector_head), today=TODAY)
    assert registration.current(sheet).manager == cast.manager


def test_another_category_is_offered_and_never_given(cast, sheet):
    done = registration.approved(sheet, cast.manager, cast.sector_head, potential="700000")
    assert done.proposed_category == "A"
    assert Client.objects.get(pk=sheet.client_id).category == "B"
    assert not CategoryChangeRequest.objects.exists()
    told = Notice.objects.get(kind="sheet.category", channel="ui")
    assert (told.user, told.params["to"]) == (cast.manager, "A")


def test_my_day_asks_for_a_sheet_near_its_day_and_for_a_returned_one(cast, client):
    mine = registration.sheet(client, cast.department_head, days=40)

    def codes(day):
        at = timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=9)
        rows = find_reasons(Client.objects.filter(pk=client.pk), Moment.of(at))
        return {reason.rule.code: reason for reason in rows[0].reasons}

    assert "sheet" not in codes(mine.deadline - timedelta(days=15))
    assert "sheet" in codes(mine.deadline - timedelta(days=14))
    overdue = codes(mine.deadline + DAY)["sheet"]
    assert f"{mine.deadline:%d.%m}" in overdue.label
    assert overdue.link.endswith(f"/sheets/{mine.pk}/")
    registration.returned(mine, cast.manager, cast.sector_head)
    assert "sheet" in codes(TODAY)
    registration.approved(mine, cast.manager, cast.sector_head)
    assert "sheet" not in codes(mine.deadline + DAY)
