"""The ladder of follow-up and the alerts of receivables (D.6, L258, C.6)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from clients.contacting.next_step import Moment, find_reasons
from clients.models import Client
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.work import periodic
from deals.actions.alerts import alert_receivables
from deals.actions.follow_ups import finish_follow_ups, follow_up_debts
from deals.actions.ladder import add_step, archive_step, edit_step
from deals.models import FollowUp, FollowUpStep
from deals.tasks.money import receivables_alerts
from tests.factories import clients, contacts, deals
from tests.factories.spreading import allocate_payment

D = Decimal
TODAY = date(2026, 11, 23)
NOW = contacts.at("2026-11-23 06:00")


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A")


def overdue(client, days, amount="1000.00"):
    due = TODAY - timedelta(days=days)
    return deals.invoice(client, amount, on=due, due=due)


def follow(days=0):
    return follow_up_debts(today=TODAY + timedelta(days=days), now=NOW + timedelta(days=days))


def standing(client):
    rows = FollowUp.objects.filter(client=client, done_at=None, dropped_at=None)
    return list(rows.values_list("step__days_overdue", flat=True))


def reasons(client, days=0):
    at = Moment.of(NOW + timedelta(days=days, hours=4))
    found = find_reasons(Client.objects.filter(pk=client.pk), at)[0]
    return {reason.rule.code: reason.label for reason in found.reasons}


# The ladder


@pytest.mark.parametrize(("days", "rung"), [(0, []), (1, [1]), (6, [1]), (7, [7]), (29, [15])])
def test_the_highest_rung_that_the_debt_has_reached(client, days, rung):
    overdue(client, days)
    assert follow() == len(rung)
    assert standing(client) == rung
    assert follow() == 0, "twice is once"


def test_the_oldest_invoice_leads_and_a_higher_rung_closes_the_lower_one(client):
    overdue(client, 2)
    oldest = overdue(client, 6)
    follow()
    assert standing(client) == [1]
    follow(days=1)
    assert standing(client) == [7]
    assert FollowUp.objects.filter(dropped_at__isnull=False).count() == 1
    money = deals.payment(client, "1000.00", on=TODAY)
    allocate_payment(money.pk, by=None, named=[oldest.pk])
    follow(days=1)
    assert standing(client) == [1], "the next invoice starts at its own rung"


def test_a_client_without_a_category_has_a_ladder_too_and_an_archived_one_has_none(cast):
    new = clients.client(cast.manager, category=None)
    gone = clients.client(cast.manager, category="A", archived=True)
    overdue(new, 8)
    overdue(gone, 8)
    follow()
    assert (standing(new), standing(gone)) == ([7], [])


def test_paid_is_dropped(client):
    overdue(client, 8)
    follow()
    money = deals.payment(client, "1000.00", on=TODAY)
    allocate_payment(money.pk, by=None)
    assert "debt" not in reasons(client), "it leaves My day at once"
    assert follow() == 1
    assert standing(client) == []


def test_a_contact_in_which_the_client_was_reached_is_the_answer(cast, client):
    overdue(client, 1)
    contacts.done(client, cast.manager, NOW - timedelta(hours=1))
    follow()
    FollowUp.objects.update(created_at=NOW)
    assert finish_follow_ups(now=NOW) == 0, "an earlier contact is none"
    contacts.done(client, cast.manager, NOW + timedelta(hours=1), code="no_answer")
    assert finish_follow_ups(now=NOW) == 0, "nobody answered"
    talk = contacts.done(client, cast.manager, NOW + timedelta(hours=2))
    assert finish_follow_ups(now=NOW + timedelta(hours=3)) == 1
    assert FollowUp.objects.get().contact == talk
    assert follow(days=1) == 0, "the rung does not come again"
    follow(days=6)
    assert standing(client) == [7]


def test_my_day_says_what_to_do(cast, client):
    overdue(client, 7, "1500.00")
    assert "debt" not in reasons(client)
    follow()
    label = reasons(client)["debt"]
    assert "1\u00a0500" in label
    assert FollowUpStep.objects.get(category="A", days_overdue=7).action in label


def test_heads_are_told_once_where_the_rung_says_so(cast, client):
    overdue(client, 15)
    overdue(clients.client(cast.manager2, category="A"), 16)
    overdue(clients.client(cast.manager2, category="A"), 8)
    follow()
    told = Notice.objects.filter(kind="debt.follow_up", channel="ui")
    assert {(n.user_id, n.params["count"]) for n in told} == {
        (cast.sector_head.pk, 2), (cast.department_head.pk, 2),
    }  # fmt: skip
    follow()
    assert told.count() == 2


def test_the_job_after_a_month_opens_the_rung_of_its_day_only(client, monkeypatch):
    overdue(client, 1)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a: TODAY + timedelta(days=29))
    assert periodic.run_due(NOW + timedelta(minutes=5), only="debt_follow_up") == 1
    assert standing(client) == [], "a day gone by opens nothing"
    periodic.run_due(NOW + timedelta(days=29, minutes=5), only="debt_follow_up")
    assert standing(client) == [30]
    assert FollowUp.objects.count() == 1


def test_the_ladder_is_edited_by_director_and_administrator(cast):
    values = {"category": "A", "days_overdue": 45, "action": "Суд", "contact_kind": "letter"}
    for name in ("manager", "sector_head", "department_head", "accountant", "general_director"):
        with pytest.raises(PermissionDenied):
            add_step(by=getattr(cast, name), **values)
    step = add_step(by=cast.director, **values)
    with pytest.raises(RuleViolation):
        add_step(by=cast.admin, **values)
    with pytest.raises(StaleVersion):
        edit_step(step.pk, by=cast.admin, version=9, action="Иск")
    with pytest.raises(RuleViolation):
        edit_step(step.pk, by=cast.admin, version=1, days_overdue=30)
    edit_step(step.pk, by=cast.admin, version=1, action="Иск")
    archive_step(step.pk, by=cast.admin, version=2, now=NOW)
    add_step(by=cast.director, **values)


def test_a_step_out_of_the_ladder_opens_nothing(cast, client):
    step = FollowUpStep.objects.get(category="A", days_overdue=7)
    archive_step(step.pk, by=cast.director, version=1, now=NOW)
    overdue(client, 8)
    follow()
    assert standing(client) == [1]


# Payment due


@pytest.mark.parametrize(
    ("days", "shown"), [(-1, False), (0, True), (3, True), (4, False), (5, False)]
)
def test_a_payment_that_falls_due_in_three_working_days(client, days, shown):
    """From Monday the 23rd: Thursday the 26th is the third, Friday the fourth."""
    due = TODAY + timedelta(days=days)
    deals.invoice(client, "700.00", on=date(2026, 10, 1), due=due)
    assert ("due" in reasons(client)) == shown


def test_who_was_spoken_to_in_these_days_need_not_be_reminded(client):
    deals.invoice(client, "700.00", on=date(2026, 10, 1), due=TODAY)
    for when, shown in (("2026-11-17 12:00", True), ("2026-11-18 12:00", False)):
        Client.objects.filter(pk=client.pk).update(last_contact_at=contacts.at(when))
        assert ("due" in reasons(client)) == shown


# Alerts


def told(kind):
    rows = Notice.objects.filter(kind=kind, channel="ui")
    return {(row.user_id, row.params["count"]) for row in rows}


def test_one_digest_a_day_of_what_falls_due_and_what_is_overdue_by_a_step(cast, client):
    for days in (-4, -3, -2, 0, 1, 2, 7, 8, 15, 30, 45, 60, 90, 91):
        overdue(client, days)
    deals.invoice(clients.client(cast.manager2), "5.00", on=TODAY, due=TODAY + timedelta(days=3))
    overdue(client, 1, "0.50")
    alert_receivables(TODAY)
    assert told("debt.due_soon") == {(cast.manager.pk, 1), (cast.manager2.pk, 1)}
    assert told("debt.overdue_steps") == {(cast.manager.pk, 7)}
    before = Notice.objects.count()
    assert alert_receivables(TODAY) == 0
    assert Notice.objects.count() == before


def test_before_days_off_what_falls_due_on_them_is_announced_on_a_working_day(cast, client):
    saturday = date(2026, 11, 28)
    deals.invoice(client, "5.00", on=TODAY, due=saturday)
    for day in range(23, 29):
        alert_receivables(date(2026, 11, day))
    keys = Notice.objects.filter(kind="debt.due_soon", channel="ui")
    assert list(keys.values_list("dedupe_key", flat=True)) == ["debt.due_soon:2026-11-24"]


def test_clients_of_a_above_the_norm_once_a_week(cast, client):
    deals.sale(client, "1000.00", on=date(2026, 10, 20))  # norm 60 %, all of it is open
    deals.sale(clients.client(cast.manager, category="B"), "1000.00", on=date(2026, 10, 20))
    well = clients.client(cast.manager, category="A")
    sale = deals.sale(well, "1000.00", on=date(2026, 10, 20))
    money = deals.payment(well, "400.00", on=TODAY)
    allocate_payment(money.pk, by=None, named=[sale.invoice.pk])
    for day in range(23, 30):
        alert_receivables(date(2026, 11, day))
    everybody = {cast.manager.pk, cast.sector_head.pk, cast.department_head.pk}
    assert told("debt.excess_a") == {(pk, 1) for pk in everybody}
    assert Notice.objects.filter(kind="debt.excess_a", channel="ui").count() == 3
    assert {n.params["amount"] for n in Notice.objects.filter(kind="debt.excess_a")} == {"400"}
    alert_receivables(date(2026, 11, 30))
    assert Notice.objects.filter(kind="debt.excess_a", channel="ui").count() == 6


def test_a_day_gone_by_alerts_nobody(client):
    overdue(client, 1)
    assert receivables_alerts(today=TODAY) == 0
    assert not Notice.objects.exists()
    due = timezone.localdate() - timedelta(days=1)
    deals.invoice(client, on=due, due=due)
    assert receivables_alerts(today=timezone.localdate()) > 0


def test_nobody_who_has_left_is_told(cast, client):
    type(cast.manager).objects.filter(pk=cast.manager.pk).update(is_active=False)
    overdue(client, 7)
    alert_receivables(TODAY)
    assert told("debt.overdue_steps") == set()
