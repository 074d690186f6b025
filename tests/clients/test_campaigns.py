"""Campaigns of registration sheets: the start, the end, the reminders, what each manager owed."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.actions import campaigns, sheets
from clients.actions.sheet_reminders import remind_of_sheets
from clients.models import (
    Client,
    RegistrationCampaign,
    RegistrationQuestion,
    RegistrationSheet,
)
from clients.sheets.sheet_questions import questions_of
from crm.calendar import add_working_days
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.work import periodic
from tests.cast import fresh
from tests.factories import clients, registration

NOW = timezone.now()
TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="B", potential_monthly=Decimal(250_000))


@pytest.fixture
def sheet(client, cast):
    return registration.sheet(client, cast.department_head)


# The campaign


def test_the_start_makes_a_sheet_of_each_client_of_the_department_for_its_owner(cast):
    mine = clients.client(cast.manager)
    second = clients.client(cast.manager2, category="A")
    clients.client(cast.manager, status="prospect")
    clients.client(cast.manager, archived=True)
    clients.client(cast.stranger)
    clients.client(None, org_unit=cast.sector)
    campaign = registration.running(cast.department_head)
    made = dict(campaign.sheets.values_list("client", "manager"))
    assert made == {mine.pk: cast.manager.pk, second.pk: cast.manager2.pk}
    # A is asked more than B, and both know how much they are asked.
    required = dict(campaign.sheets.values_list("client__category", "required_count"))
    assert required["A"] == required["B"] + 1
    told = Notice.objects.filter(kind="campaign.started", channel="ui")
    assert sorted(told.values_list("user", flat=True)) == sorted(
        [cast.manager.pk, cast.manager2.pk]
    )
    with pytest.raises(StaleVersion):
        campaigns.start_campaign(campaign.pk, by=cast.department_head, version=1, today=TODAY)
    # Who came since gets a sheet by a button, nobody gets two.
    late = clients.client(cast.manager)
    assert campaigns.add_clients(campaign.pk, by=cast.department_head, version=2) == 1
    assert RegistrationSheet.objects.get(client=late).manager == cast.manager
    with pytest.raises(RuleViolation):
        campaigns.add_clients(campaign.pk, by=cast.department_head, version=3)


def test_only_the_head_of_the_department_and_the_director_run_it(cast, client):
    made = registration.draft(cast.department_head)
    for person in (cast.manager, cast.sector_head, cast.lawyer):
        with pytest.raises(PermissionDenied):
            campaigns.start_campaign(made.pk, by=fresh(person), version=1, today=TODAY)
    with pytest.raises(RegistrationCampaign.DoesNotExist):
        campaigns.start_campaign(made.pk, by=cast.stranger_head, version=1, today=TODAY)
    with pytest.raises(RuleViolation, match="уже есть"):
        registration.draft(cast.department_head)
    with pytest.raises(RuleViolation):
        registration.draft(cast.department_head, year=2040, org_unit=cast.other_department)
    assert campaigns.start_campaign(made.pk, by=cast.director, version=1, today=TODAY) == 1


def test_what_a_campaign_asks_stays_when_the_dictionary_changes(sheet):
    before = questions_of(sheet.campaign.questions, "B")
    RegistrationQuestion.objects.filter(code="inn").update(name_ru="Иначе", required=False)
    RegistrationQuestion.objects.create(code="fresh", name_ru="Новый", name_en="New", order=5)
    assert questions_of(registration.current(sheet).campaign.questions, "B") == before
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationCampaign.objects.filter(pk=sheet.campaign_id).update(questions=[{"code": "x"}])


def test_a_campaign_without_obligatory_questions_or_without_clients_does_not_begin(cast):
    made = registration.draft(cast.department_head)
    with pytest.raises(RuleViolation, match="нет клиентов"):
        campaigns.start_campaign(made.pk, by=cast.department_head, version=1, today=TODAY)
    clients.client(cast.manager)
    RegistrationQuestion.objects.update(required=False)
    with pytest.raises(RuleViolation, match="обязательного"):
        campaigns.start_campaign(made.pk, by=cast.department_head, version=1, today=TODAY)
    made.refresh_from_db()
    assert (made.state, made.sheets.count()) == ("draft", 0)


def test_it_closes_by_itself_five_working_days_after_its_day(cast, sheet, seeded_calendar):
    end = date(2026, 11, 30)
    campaign = sheet.campaign
    RegistrationCampaign.objects.filter(pk=campaign.pk).update(
        deadline=end, started_on=date(2026, 10, 1)
    )
    last = add_working_days(end, 5)
    assert campaigns.close_campaigns(today=last) == 0
    assert campaigns.close_campaigns(today=last + DAY) == 1
    assert campaigns.close_campaigns(today=last + DAY) == 0
    campaign.refresh_from_db()
    assert (campaign.state, campaign.closed_on) == ("closed", last + DAY)
    with pytest.raises(PermissionDenied, match="закрыта"):
        registration.filled(sheet, cast.manager, inn="7707083893")


def test_what_was_handed_in_before_the_end_is_still_approved_but_not_returned(cast, sheet):
    registration.submitted(sheet, cast.manager)
    campaigns.close_campaign(sheet.campaign_id, by=cast.department_head, version=2, today=TODAY)
    with pytest.raises(RuleViolation, match="закрыта"):
        sheets.return_sheet(sheet.pk, by=cast.sector_head, version=3, reason="Нет", now=NOW)
    done = sheets.approve_sheet(sheet.pk, by=cast.sector_head, version=3, now=NOW)
    assert done.state == "approved"


def test_managers_and_heads_are_reminded_once_a_week(cast, sheet):
    other = clients.client(cast.manager2, category="C")
    campaigns.add_clients(sheet.campaign_id, by=cast.department_head, version=2)
    registration.approved(
        RegistrationSheet.objects.get(client=other), cast.manager2, cast.sector_head
    )
    assert remind_of_sheets(today=TODAY) == 3  # the manager, both heads; not who has nothing left
    assert remind_of_sheets(today=TODAY) == 0
    assert remind_of_sheets(today=TODAY + 7 * DAY) == 3
    assert remind_of_sheets(today=TODAY - DAY) == 0
    told = Notice.objects.filter(channel="ui", kind="sheets.progress").first()
    assert told.params["done"].startswith("50")
    reminder = Notice.objects.filter(channel="ui", kind="sheets.reminder").first()
    assert (reminder.user, reminder.params["left"]) == (cast.manager, 1)


def test_the_reminder_is_due_on_mondays_at_nine():
    (job,) = [one for one in periodic.jobs() if one.kind == "registration_campaign_reminders"]
    start = datetime(2026, 11, 27, 12, tzinfo=timezone.get_default_timezone())
    found = list(job.due.periods(after=start, until=start + timedelta(days=14)))
    assert [(one.name, one.due_at.hour) for one in found] == [("2026-11-30", 9), ("2026-12-07", 9)]
    assert job.due.latest(start).name == "2026-11-23"


def test_what_each_manager_owed_and_handed_in_in_time(cast):
    made = [clients.client(cast.manager, category="C") for _n in range(6)]
    gone = clients.client(cast.manager, category="C")
    foreign = clients.client(cast.stranger, category="C")
    campaign = registration.running(cast.department_head, days=20)
    registration.running(cast.stranger_head, days=20)
    in_time, late, waits, back, _empty, begun = (
        RegistrationSheet.objects.get(client=one) for one in made
    )
    after = timezone.make_aware(datetime.combine(campaign.deadline + DAY, datetime.min.time()))
    registration.approved(in_time, cast.manager, cast.sector_head)
    registration.approved(late, cast.manager, cast.sector_head, now=after)
    registration.submitted(waits, cast.manager, now=after)
    registration.returned(back, cast.manager, cast.sector_head)
    registration.filled(begun, cast.manager, inn="7707083893")
    Client.objects.filter(pk=gone.pk).update(status="archived", archived_at=NOW)

    def of(viewer, day, **which):
        rows = RegistrationSheet.objects.visible_to(fresh(viewer)).filter(**which)
        return rows.sums_by(day, "manager")

    sums = of(cast.department_head, campaign.deadline + DAY, campaign=campaign)[cast.manager.pk]
    assert (sums.total, sums.approved, sums.in_time, sums.late) == (6, 2, 1, 1)
    assert (sums.submitted, sums.overdue, sums.not_started) == (1, 3, 1)
    assert sums.completeness_pct == Decimal(100 * sums.filled / Decimal(sums.required)).quantize(
        Decimal("0.01")
    )
    on_the_day = of(cast.director, campaign.deadline, deadline__gte=campaign.deadline)
    assert on_the_day[cast.manager.pk].overdue == 0
    assert on_the_day[cast.stranger.pk].total == 1
    assert cast.stranger.pk not in of(cast.department_head, TODAY)
    assert of(cast.director, TODAY, deadline__lte=campaign.deadline - DAY) == {}
    assert of(cast.marketer, TODAY) == {}
    assert foreign.manager == cast.stranger
