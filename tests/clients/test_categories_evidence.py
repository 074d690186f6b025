"""The evidence: contacts against the norm, potential against thresholds, from → to by settings."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from clients.categorising.category_terms import (
    category_by_potential,
    compare,
    latest_effective_day,
    usual_effective_day,
)
from clients.categorising.discount_limits import DISCOUNT
from clients.models import Client, ContactLog, ContactPerson, ContactResult
from clients.pages import category_evidence as evidence
from crm.approvals.models import LimitLevel
from crm.work import registry
from crm.work.models import Setting
from tests.factories import categories as make
from tests.factories.categories import TODAY

MOSCOW = ZoneInfo("Europe/Moscow")


def choose(key, value):
    Setting.objects.create(key=key, value=value)
    registry.forget()


def talk(client, day, *, kind="call", result="order"):
    return ContactLog.objects.create(
        client=client,
        manager=client.manager,
        kind=kind,
        state="done",
        done_at=datetime.combine(day, datetime.min.time(), MOSCOW) + timedelta(hours=12),
        result=ContactResult.objects.get(code=result),
        summary="…",
    )


@pytest.fixture
def client(cast):
    client = make.client(cast.manager, category="B", since=date(2026, 9, 15))
    Client.objects.filter(pk=client.pk).update(created_at=datetime(2026, 8, 3, 12, tzinfo=MOSCOW))
    client.refresh_from_db()
    return client


def test_contacts_are_counted_by_month_against_the_norm_of_that_month(cast, client):
    for day in (date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 1)):
        talk(client, day)
    talk(client, date(2026, 10, 5), kind="visit")
    talk(client, date(2026, 10, 6), result="no_answer")  # an attempt is no contact
    facts = evidence.facts_of(client, today=TODAY)
    assert len(facts.months) == 13
    rows = {
        month.first.month: (month.done, month.visits, month.norm) for month in facts.months[-4:]
    }
    assert rows == {8: (0, 0, 0), 9: (2, 0, 4), 10: (2, 1, 4), 11: (1, 0, 4)}
    assert facts.months[0].norm is None  # the client was not there yet
    assert facts.total(6) == (4, 8)
    assert facts.total(12) == (4, 8)


@pytest.mark.parametrize(
    ("potential", "category"),
    [("0", "C"), ("99999.99", "C"), ("100000", "B"), ("499999.99", "B"), ("500000", "A")],
)
def test_the_potential_suggests_a_category(db, potential, category):
    """D.4: from 500 000 a month A, from 100 000 B."""
    assert category_by_potential(Decimal(potential)) == category


def test_the_thresholds_are_settings(db):
    choose("abc.potential_A", "90000")
    assert category_by_potential(Decimal("90000")) == "A"


def test_what_changes_is_read_from_the_settings(db):
    values = [(row.before, row.after) for row in compare("B", "A")]
    assert len(values) == 8
    assert all(before != after for before, after in values)
    assert ("≤ 1,0", "≤ 1,5") in values
    assert ("≤ 7\u00a0%", "≤ 10\u00a0%") in values
    LimitLevel.objects.filter(route__kind=DISCOUNT, category="A", role="department_head").update(
        max_percent=Decimal("12.5")
    )
    choose("contacts.norm.A", 10)
    after = [row.after for row in compare("B", "A")]
    assert "≤ 12,5\u00a0%" in after
    assert any(text.startswith("10") for text in after)


def test_a_new_client_has_nothing_to_compare_with(db):
    assert {row.before for row in compare(None, "C")} == {"—"}
    assert compare(None, None) == []


@pytest.mark.parametrize(
    ("rule", "today", "day"),
    [
        ("next_month", date(2026, 11, 23), date(2026, 12, 1)),
        ("next_month", date(2026, 12, 31), date(2027, 1, 1)),
        ("next_quarter", date(2026, 11, 23), date(2027, 1, 1)),
        ("next_quarter", date(2026, 1, 1), date(2026, 4, 1)),
        ("next_day", date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_the_usual_day_is_a_setting(db, rule, today, day):
    choose("category.effective", rule)
    assert usual_effective_day(today) == day


def test_the_latest_day_ends_a_month(db):
    assert latest_effective_day(date(2026, 11, 23)) == date(2027, 5, 31)
    assert latest_effective_day(date(2026, 8, 31)) == date(2027, 2, 28)


def test_the_card_says_what_it_lacks(cast, client):
    assert len(evidence.facts_of(client, today=TODAY).missing) == 6
    ContactPerson.objects.create(
        client=client, full_name="Сергеев", phone="+79123456789", is_decision_maker=True
    )
    Client.objects.filter(pk=client.pk).update(
        potential_monthly=1, channel="Опт", territory="Север"
    )
    again = Client.objects.get(pk=client.pk)
    assert len(evidence.facts_of(again, today=TODAY).missing) == 1


def test_figures_of_the_submission_are_shown_where_they_have_changed(cast, client):
    request = make.change(client, cast.manager, evidence=evidence.snapshot(client, today=TODAY))
    fresh = type(request).objects.select_related("client__manager").get(pk=request.pk)
    assert evidence.potential_section(fresh, None, TODAY)["before"] is None
    talk(client, date(2026, 10, 20))
    Client.objects.filter(pk=client.pk).update(potential_monthly=700_000, manager=cast.manager2)
    fresh = type(request).objects.select_related("client__manager").get(pk=request.pk)
    assert evidence.potential_section(fresh, None, TODAY)["before"] == 0
    assert evidence.card_section(fresh, None, TODAY)["manager_before"] == "Иванова\u00a0А.\u00a0П."
    totals = evidence.contacts_section(fresh, None, TODAY)["totals"]
    assert totals[0][1:] == (1, 8, (0, 8))


def test_all_facts_take_a_fixed_number_of_queries(cast, client, django_assert_num_queries):
    registry.setting("abc.potential_A")
    with django_assert_num_queries(4):
        facts = evidence.facts_of(client, today=TODAY)
        evidence.facts_of(client, today=TODAY)
    assert facts.client is client
