"""Credit limits and stops of shipping (CRED-1, C.5 nos. 16 and 17, C.9)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from clients.models import Client
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.work import periodic
from deals.actions.limits import close_limit
from deals.actions.stops import check_stops, lift_stop, release_stop, stop_client
from deals.models import StopShipping
from deals.receivables import debts
from deals.receivables.debts import Exposure, can_ship, exposure_of
from deals.receivables.norms import limit_norm
from tests.factories import clients, contacts, deals
from tests.factories.spreading import allocate_payment
from tests.kernel.shared_files import shared_example

D = Decimal
TODAY = date(2026, 11, 23)  # a Monday
NOW = contacts.at("2026-11-23 12:00")


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="B")


def overdue(client, days, amount="1000.00"):
    due = TODAY - timedelta(days=days)
    return deals.invoice(client, amount, on=due, due=due)


def reasons(client):
    rows = StopShipping.objects.filter(client=client).standing()
    return sorted(rows.values_list("reason", flat=True))


def check():
    return check_stops(today=TODAY, now=NOW)


# CRED-1


def test_the_worked_example(cast, client, monkeypatch):
    example = shared_example("CRED-1")
    given, expected = example["input"], example["expected"]
    monkeypatch.setattr(debts, "_reserves", [lambda ids: dict.fromkeys(ids, D(given["reserved"]))])
    deals.credit_limit(client, given["limit"], by=cast.director)
    overdue(client, given["max_overdue_days"], given["receivables"])
    found = can_ship(client, TODAY, D(given["new_order"]))
    assert found.exposure.available == D(expected["available"])
    assert found.exposure.exposure == D(expected["exposure"])
    assert found.exposure.over_limit_by == D(expected["over_limit_by"])
    assert not found.allowed
    assert list(found.reasons) == expected["reasons"]
    assert (found.grace, found.overdue_days) == (given["grace"], given["max_overdue_days"])
    assert can_ship(client, TODAY, D("80000.00")).allowed
    later = TODAY + timedelta(days=1)
    assert can_ship(client, later, D("80000.00")).reasons == ("overdue",)


def test_the_limit_may_be_used_up_but_not_exceeded():
    assert Exposure(D(100), D("99.99"), new_order=D("0.01")).over_limit_by == 0
    assert Exposure(D(100), D(100), new_order=D("0.01")).over_limit_by == D("0.01")
    assert Exposure(None, D(100)).over_limit_by == 0


def test_a_client_without_a_limit_is_stopped_by_the_overdue_only(client):
    overdue(client, 3, "9000000.00")
    assert can_ship(client, TODAY).allowed
    assert exposure_of(client.pk, TODAY).available is None


@pytest.mark.parametrize(
    ("category", "status", "grace"),
    [("A", "client", 5), ("B", "client", 3), ("C", "client", 1), (None, "client", 1),
     ("A", "trading_hall", 0)],
)  # fmt: skip
def test_overdue_stops_beyond_the_grace_of_the_category(cast, category, status, grace):
    patient = clients.client(cast.manager, category=category, status=status)
    late = clients.client(cast.manager, category=category, status=status)
    overdue(patient, grace)
    overdue(late, grace + 1)
    assert check() == 1
    assert (reasons(patient), reasons(late)) == ([], ["overdue"])
    assert can_ship(patient, TODAY).allowed
    assert can_ship(late, TODAY).reasons == ("overdue",)


def test_kopecks_stop_nobody(client):
    overdue(client, 30, "0.99")
    assert check() == 0
    assert can_ship(client, TODAY).allowed
    overdue(client, 30, "1.00")
    assert check() == 1


# Flags by rule


def test_flags_go_up_and_down_with_their_reasons(cast, client):
    deals.credit_limit(client, "500.00", by=cast.director)
    overdue(client, 4)
    assert check() == 2
    assert reasons(client) == ["limit", "overdue"]
    assert check() == 0, "twice is once"
    money = deals.payment(client, "1000.00", on=TODAY)
    allocate_payment(money.pk, by=None)
    assert check() == 2
    assert reasons(client) == []
    assert can_ship(client, TODAY).allowed
    overdue(client, 4, "400.00")
    assert check() == 1
    assert StopShipping.objects.count() == 3, "a reason that comes back is a new flag"


def test_a_flag_set_by_a_person_does_not_go_by_itself(cast, client):
    stop_client(client.pk, by=cast.sector_head, reason="manual", note="Спор", now=NOW)
    assert check() == 0
    assert reasons(client) == ["manual"]


def test_managers_are_told_and_heads_of_the_limit(cast, client):
    deals.credit_limit(client, "1.00", by=cast.director)
    overdue(client, 4)
    overdue(clients.client(cast.manager, category="B"), 4)
    check()
    told = Notice.objects.filter(channel="ui").values_list("user", "kind", "params__count")
    assert set(told) == {
        (cast.manager.pk, "stop.limit", 1), (cast.manager.pk, "stop.overdue", 2),
        (cast.sector_head.pk, "stop.limit", 1), (cast.department_head.pk, "stop.limit", 1),
    }  # fmt: skip
    check()
    assert Notice.objects.filter(channel="ui").count() == 4


def test_the_job_runs_every_half_an_hour_and_once_after_an_outage(client):
    overdue(client, 4)
    run = contacts.at("2026-11-23 12:05")
    assert periodic.run_due(run, only="stop_shipping_check") == 1
    assert periodic.run_due(run, only="stop_shipping_check") == 0
    assert reasons(client) == ["overdue"]
    assert periodic.run_due(contacts.at("2026-12-24 09:00"), only="stop_shipping_check") == 1


# People


def test_who_stops_shipping(cast, client):
    allowed = {"sector_head", "department_head", "director"}
    for name in ("manager", "accountant", "lawyer", "sector_head", "department_head", "director"):
        try:
            stop_client(client.pk, by=getattr(cast, name), reason="manual", note="Спор", now=NOW)
            found = True
        except PermissionDenied:
            found = False
        assert found == (name in allowed)
        StopShipping.objects.update(off_at=NOW)
    with pytest.raises(Client.DoesNotExist):
        stop_client(client.pk, by=cast.stranger_head, reason="manual", note="Спор", now=NOW)


def test_a_stop_needs_a_reason_of_people_and_a_note_and_is_put_up_once(cast, client):
    def stop(reason, note):
        return stop_client(client.pk, by=cast.director, reason=reason, note=note, now=NOW)

    for reason, note in (("limit", "Долг"), ("overdue", "Долг"), ("manual", "  ")):
        with pytest.raises(RuleViolation):
            stop(reason, note)
    stop("manual", "Спор")
    with pytest.raises(RuleViolation):
        stop("manual", "Ещё раз")
    assert reasons(client) == ["manual"]


@pytest.mark.parametrize(
    ("name", "days", "outcome"),
    [
        ("manager", 0, PermissionDenied), ("sector_head", 0, PermissionDenied),
        ("accountant", 0, PermissionDenied), ("lawyer", 0, PermissionDenied),
        ("general_director", 0, PermissionDenied), ("stranger_head", 0, StopShipping.DoesNotExist),
        ("department_head", -1, RuleViolation), ("department_head", 0, None),
        ("department_head", 3, None), ("department_head", 4, RuleViolation),
        ("director", 90, None), ("director", -1, RuleViolation),
    ],
)  # fmt: skip
def test_who_releases_shipping_and_for_how_long(cast, client, name, days, outcome):
    """Three working days from Monday the 23rd are Thursday the 26th."""
    overdue(client, 10)
    check()
    stop = StopShipping.objects.get()

    def release():
        return release_stop(
            stop.pk,
            by=getattr(cast, name),
            version=stop.version,
            until=TODAY + timedelta(days=days),
            reason="Оплата подтверждена",
            today=TODAY,
        )

    if outcome:
        with pytest.raises(outcome):
            release()
        assert not can_ship(client, TODAY).allowed
        return
    release()
    found = can_ship(client, TODAY + timedelta(days=days))
    assert (found.allowed, found.released) == (True, ("overdue",))
    assert can_ship(client, TODAY + timedelta(days=days + 1)).reasons == ("overdue",)


def test_days_off_do_not_count_in_the_release(cast, client):
    overdue(client, 10)
    check()
    stop, friday = StopShipping.objects.get(), date(2026, 11, 27)
    values = {
        "by": cast.department_head,
        "version": stop.version,
        "reason": "Ждём",
        "today": friday,
    }
    with pytest.raises(RuleViolation):
        release_stop(stop.pk, until=date(2026, 12, 3), **values)
    release_stop(stop.pk, until=date(2026, 12, 2), **values)


def test_a_release_needs_a_reason_and_the_page_as_it_is(cast, client):
    overdue(client, 10)
    check()
    stop = StopShipping.objects.get()
    values = {"by": cast.director, "until": TODAY, "today": TODAY}
    with pytest.raises(RuleViolation):
        release_stop(stop.pk, version=stop.version, reason=" ", **values)
    with pytest.raises(StaleVersion):
        release_stop(stop.pk, version=stop.version + 1, reason="Ждём", **values)
    StopShipping.objects.update(off_at=NOW)
    with pytest.raises(RuleViolation):
        release_stop(stop.pk, version=stop.version, reason="Ждём", **values)


def test_what_the_director_stopped_the_director_lets_go(cast, client):
    stop = stop_client(client.pk, by=cast.director, reason="manual", note="Спор", now=NOW)
    with pytest.raises(PermissionDenied):
        lift_stop(stop.pk, by=cast.department_head, version=1, now=NOW)
    lift_stop(stop.pk, by=cast.director, version=1, now=NOW)
    stop = stop_client(client.pk, by=cast.sector_head, reason="documents", note="Нет", now=NOW)
    with pytest.raises(PermissionDenied):
        lift_stop(stop.pk, by=cast.sector_head, version=1, now=NOW)
    lift_stop(stop.pk, by=cast.department_head, version=1, now=NOW)
    assert reasons(client) == []


def test_a_flag_of_the_rule_is_not_lifted(cast, client):
    overdue(client, 10)
    check()
    stop = StopShipping.objects.get()
    with pytest.raises(RuleViolation):
        lift_stop(stop.pk, by=cast.director, version=stop.version, now=NOW)


# Limits


def test_the_norm_is_the_factor_of_the_category_times_the_average_month(cast, client):
    deals.sale(client, "900.00", on=date(2026, 9, 10))
    deals.returned(client, "-100.00", on=date(2026, 10, 10))
    deals.sale(client, "5000.00", on=date(2026, 11, 3))  # this month is not full yet
    norm = limit_norm(client, TODAY)
    assert (norm.factor, norm.months, norm.average, norm.amount) == (1, 2, D(400), D(400))
    Client.objects.filter(pk=client.pk).update(category="A")
    client.refresh_from_db()
    assert limit_norm(client, TODAY).amount == D(600)
    assert limit_norm(clients.client(cast.manager, category=None), TODAY).amount == 0


def test_closing_a_limit(cast, client):
    found = deals.credit_limit(client, "1.00", by=cast.director, since=TODAY)
    overdue(client, 1)
    check()

    def close(on, by=cast.department_head, version=1, row=found):
        return close_limit(row.pk, by=by, version=version, on=on, today=TODAY, now=NOW)

    for person in (cast.manager, cast.sector_head, cast.accountant):
        with pytest.raises(PermissionDenied):
            close(TODAY, by=person)
    with pytest.raises(StaleVersion):
        close(TODAY + timedelta(days=1), version=7)
    with pytest.raises(RuleViolation):
        close(TODAY)
    close(TODAY + timedelta(days=1))
    assert reasons(client) == ["limit"]
    check_stops(today=TODAY + timedelta(days=1), now=NOW)
    assert reasons(client) == []
    other, since = clients.client(cast.manager), {"since": TODAY - timedelta(days=9)}
    ended = deals.credit_limit(other, by=cast.director, valid_to=TODAY, **since)
    with pytest.raises(RuleViolation):
        close(TODAY + timedelta(days=1), row=ended)
    standing = deals.credit_limit(clients.client(cast.manager), "1.00", by=cast.director, **since)
    overdue(standing.client, 1)
    check()
    with pytest.raises(RuleViolation):
        close(TODAY - timedelta(days=1), row=standing)
    assert reasons(standing.client) == ["limit"]
    close(TODAY, row=standing)
    assert reasons(standing.client) == [], "nothing is exceeded any more"
