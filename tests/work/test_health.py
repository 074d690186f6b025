"""Health for the balancer, metrics for a token, the page of periodic work."""

import asyncio
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.notices.models import Notice
from crm.work import actions
from crm.work.models import Heartbeat, PeriodRun
from tests.cast import everybody, signed_in


def test_the_process_is_alive_without_a_database(client):
    """No `db` fixture: a query would fail the test."""
    answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.fixture
def no_loop():
    """A browser test of this process leaves its event loop marked as running in this thread.

    Connections are others with a loop than without: ask for this before the database, and for one
    of the test's own, since what the others see is not what this one writes.
    """
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


def test_ready_means_that_a_worker_ticks(no_loop, committed_db, client):
    assert client.get("/health/ready").status_code == 500  # the library's answer to a failure
    actions.beat("worker")
    assert client.get("/health/ready").status_code == 200
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=4))
    assert client.get("/health/ready").status_code == 500


def test_metrics_are_for_the_token_only(db, client, settings):
    settings.METRICS_TOKEN = "secret"
    assert client.get("/metrics").status_code == 404
    wrong = {"Authorization": "Bearer wrong"}
    assert client.get("/metrics", headers=wrong).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer ключ"}).status_code == 404
    right = client.get("/metrics", headers={"Authorization": "Bearer secret"})
    assert right.status_code == 200
    assert b"django_http" in right.content


def test_without_a_token_in_the_settings_there_are_no_metrics(db, client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_only_the_administrator_watches_the_background(cast):
    for person in everybody(cast).values():
        answer = signed_in(person).get(reverse("work:periodic_list"))
        assert answer.status_code == (200 if person == cast.admin else 403)
    assert Client().get(reverse("work:periodic_list")).status_code == 302


def test_the_page_shows_failures_and_what_was_given_up(cast):
    PeriodRun.objects.create(
        kind="contact_plan",
        period="2026-03-01",
        state="failed",
        attempts=3,
        started_at=timezone.now(),
        finished_at=timezone.now(),
        error="ValueError: <b>no plan</b>",
    )
    Notice.objects.create(
        user=cast.manager,
        channel="email",
        kind="x",
        dedupe_key="x",
        due_at=timezone.now(),
        state="dead",
        error="connection refused",
    )
    page = signed_in(cast.admin).get(reverse("work:periodic_list")).content.decode()
    assert "&lt;b&gt;no plan" in page
    assert "connection refused" in page
    assert reverse("notices:send_again") in page


@pytest.mark.parametrize("minutes", [1, 5])
def test_the_page_says_whether_the_background_is_alive(cast, minutes):
    Heartbeat.objects.create(name="worker", at=timezone.now() - timedelta(minutes=minutes))
    page = signed_in(cast.admin).get(reverse("work:periodic_list")).content.decode()
    assert ("alert-success" in page) == (minutes < 3)
