"""Periodic work of contacts: late, twice, after an outage, doubled by threads (G-RL5, G-RL6)."""

from datetime import date, datetime, timedelta

import pytest

from clients.actions import contact_changes
from clients.actions.silence import alert_silence
from clients.contacting.norms import silent
from clients.models import Client, ClientAssignment, ContactLog, ContactPlanLine
from clients.tasks import contact_silence_alerts
from crm.notices.models import Notice
from crm.work import periodic
from crm.work.models import PeriodRun
from tests.cast import assemble
from tests.clients.test_contacts_races import all_at_once
from tests.factories import categories as make
from tests.factories import contacts as have
from tests.factories.contacts import MOSCOW, at

TODAY = date(2026, 11, 23)


@pytest.fixture
def client(cast):
    return make.client(cast.manager, by=cast.department_head)


def states():
    return list(ContactLog.objects.order_by("planned_at").values_list("state", flat=True))


# Missed contacts


def test_what_was_due_by_eight_in_the_evening_is_missed(cast, client):
    for moment in ("2026-11-20 10:00", "2026-11-23", "2026-11-23 19:59", "2026-11-23 20:30",
                   "2026-11-24"):  # fmt: skip
        have.planned(client, cast.manager, moment)
    assert contact_changes.mark_missed(TODAY) == 3
    assert states() == ["missed", "missed", "missed", "planned", "planned"]
    client.refresh_from_db()
    assert client.next_contact_at == at("2026-11-23 20:30")


def test_missing_twice_or_late_changes_nothing_more(cast, client):
    have.planned(client, cast.manager, "2026-11-23 10:00")
    have.planned(client, cast.manager, "2026-11-24 10:00")
    assert [contact_changes.mark_missed(TODAY) for _ in range(2)] == [1, 0]
    assert contact_changes.mark_missed(TODAY - timedelta(days=1)) == 0
    assert states() == ["missed", "planned"]


def test_after_an_outage_each_day_is_caught_up_once(cast, client):
    for day in range(16, 24):
        have.planned(client, cast.manager, f"2026-11-{day} 10:00")
    periodic.run_due(datetime(2026, 11, 16, 20, 5, tzinfo=MOSCOW), only="mark_missed_contacts")
    assert states().count("missed") == 1
    after = datetime(2026, 11, 22, 9, 0, tzinfo=MOSCOW)
    assert periodic.run_due(after, only="mark_missed_contacts") == 5
    assert periodic.run_due(after, only="mark_missed_contacts") == 0
    assert states().count("missed") == 6
    runs = PeriodRun.objects.filter(kind="mark_missed_contacts").order_by("period")
    assert [run.period for run in runs] == [f"2026-11-{day}" for day in range(16, 22)]


def test_delivered_twenty_times_at_once_it_has_one_effect(committed_db):
    company = assemble()
    client = make.client(company.manager, by=company.department_head)
    for day in range(1, 21):
        have.planned(client, company.manager, f"2026-11-{day:02d} 10:00")
    counts = all_at_once(lambda: contact_changes.mark_missed(TODAY))
    assert sum(counts) == 20
    assert set(states()) == {"missed"}
    events = ContactLog.objects.first().events.filter(state="missed")
    assert events.count() == 1, "the history shows one effect"


# Silence


@pytest.mark.parametrize(
    ("category", "status", "days", "is_silent"),
    [
        ("A", "client", 7, False), ("A", "client", 8, True),
        ("B", "client", 14, False), ("B", "client", 15, True),
        ("C", "client", 30, False), ("C", "client", 31, True),
        ("C", "trading_hall", 90, False), ("C", "trading_hall", 91, True),
        (None, "prospect", 14, False), (None, "prospect", 15, True),
    ],
)  # fmt: skip
def test_silence_is_longer_than_the_norm_of_the_category(cast, category, status, days, is_silent):
    client = make.client(cast.manager, category=category, status=status, by=cast.department_head)
    last = datetime(2026, 11, 23, 23, 30, tzinfo=MOSCOW) - timedelta(days=days)
    Client.objects.filter(pk=client.pk).update(last_contact_at=last)
    assert silent(Client.objects.all(), TODAY).exists() == is_silent


def test_without_any_contact_silence_counts_from_the_hand_over(cast, client):
    ClientAssignment.objects.filter(client=client).update(valid_from=date(2026, 11, 9))
    assert not silent(Client.objects.all(), TODAY).exists()
    ClientAssignment.objects.filter(client=client).update(valid_from=date(2026, 11, 8))
    assert silent(Client.objects.all(), TODAY).exists()


def test_the_manager_is_told_once_a_day_and_the_heads_about_category_a(cast):
    for category in ("A", "B", "C"):
        make.client(cast.manager, category=category, by=cast.department_head)
    make.client(cast.manager2, category="B", by=cast.department_head)
    assert alert_silence(TODAY) == 4
    assert alert_silence(TODAY) == 0
    told = {
        (notice.user_id, notice.kind, notice.params["count"])
        for notice in Notice.objects.filter(channel="ui")
    }
    assert told == {
        (cast.manager.pk, "client.silent", 3), (cast.manager2.pk, "client.silent", 1),
        (cast.sector_head.pk, "client.silent_a", 1),
        (cast.department_head.pk, "client.silent_a", 1),
    }  # fmt: skip
    assert alert_silence(TODAY + timedelta(days=1)) == 4
    link = Notice.objects.filter(user=cast.manager).first().url
    assert link == f"/clients/?silent=true&manager={cast.manager.pk}"


def test_a_day_gone_by_alerts_nobody(cast, client):
    assert contact_silence_alerts(today=date(2020, 1, 1)) == 0
    assert not Notice.objects.exists()


def test_nobody_who_has_left_is_alerted(cast, client):
    type(cast.manager).objects.filter(pk=cast.manager.pk).update(is_active=False)
    assert alert_silence(TODAY) == 0


# The plan


def test_a_month_end_without_beat_is_caught_up(cast, client):
    def run(text):
        return periodic.run_due(at(text), only="contact_plan")

    run("2026-10-20 06:00")
    assert run("2026-12-03 06:00") == 44
    months = ContactPlanLine.objects.order_by("month").values_list("month", flat=True)
    assert list(months) == [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)]
    assert run("2026-12-03 06:00") == 0
