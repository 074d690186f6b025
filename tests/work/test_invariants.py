"""`check_invariants` is quiet on sound data and names what is broken."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from clients.models import Client
from crm.notices import actions
from crm.notices.models import Notice
from crm.work import invariants, periodic
from crm.work.models import PeriodRun
from tests.factories.categories import client as make_client


def found(name):
    return invariants.violations(timezone.now())[name]


def test_sound_data_is_passed_over_in_silence(cast, capsys):
    make_client(cast.manager)
    call_command("check_invariants")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 6
    assert all(line.endswith(": ok") for line in lines)


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("category is the one in force", {"category": "C"}),
        ("last contact is right", {"last_contact_at": "2026-01-01T00:00Z"}),
    ],
)
def test_a_card_that_disagrees_with_its_history_is_named(cast, name, harm):
    client = make_client(cast.manager, category="A")
    assert found(name) == []
    Client.objects.filter(pk=client.pk).update(**harm)
    assert found(name) == [f"client {client.pk}"]


def test_a_manager_nobody_assigned_is_named(cast):
    client = make_client(cast.manager)
    Client.objects.filter(pk=client.pk).update(manager=cast.manager2)
    assert found("manager is the one assigned") == [f"client {client.pk}"]


def test_a_gap_between_periods_is_named(db):
    now = timezone.now()
    periodic.run_due(now - timedelta(days=5), only="contact_plan")
    periodic.run_due(now, only="contact_plan")
    assert found("periods without a gap") == []
    middle = PeriodRun.objects.filter(kind="contact_plan").order_by("period")[2]
    middle.delete()
    assert found("periods without a gap") == [f"contact_plan {middle.period}"]


def test_work_whose_latest_period_stands_for_all_has_no_gap(db):
    now = timezone.now()
    for moment in (now - timedelta(days=2), now - timedelta(days=1), now):
        periodic.run_due(moment, only="stop_shipping_check")
    assert PeriodRun.objects.filter(kind="stop_shipping_check").count() == 3
    assert found("periods without a gap") == []


def test_a_notice_nobody_delivers_is_named_and_fails_the_command(cast, capsys):
    actions.notify(cast.manager, kind="x", params={}, dedupe_key="x", email=False)
    Notice.objects.update(due_at=timezone.now() - timedelta(minutes=11))
    assert found("outbox is served") == [f"notice {Notice.objects.get().pk}"]
    with pytest.raises(SystemExit):
        call_command("check_invariants")
