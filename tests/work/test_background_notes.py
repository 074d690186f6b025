"""Where people wait for background work it is said that no worker answers, and only then."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from claims.actions import lawsuits
from clients.actions import letter_drafts
from crm.imports import actions as imports
from crm.imports.models import ImportJob
from crm.work.models import Heartbeat
from deals.actions.act_batches import start_batch
from tests.cast import signed_in
from tests.factories import act_links, categories, clients, letters, outgoing, surveys
from tests.factories import reconciliations as acts
from tests.imports.test_lifecycle import checked

ASLEEP = "Фоновые задачи не отвечают с"


def asked_import(cast):
    job = checked(cast.department_head)
    imports.apply_import(job.pk, by=cast.department_head, version=job.version)
    return cast.department_head, f"/imports/{job.pk}/"


def imports_list(cast):
    return cast.department_head, "/imports/"


def new_import(cast):
    return cast.department_head, "/imports/new/"


def acts_at_once(cast):
    item = acts.item(clients.client(cast.manager))
    return cast.manager, start_batch([item.pk], by=cast.manager).get_absolute_url()


def court_package(cast):
    client = clients.client(cast.manager)
    clients.counterparty(client)
    lawsuit = outgoing.lawsuit(client, cast=cast, on=date(2026, 11, 20))
    asked = lawsuits.ask_for_package(lawsuit.pk, by=cast.lawyer, version=lawsuit.version)
    return cast.lawyer, f"/claims/packages/{asked.pk}/"


def letter(cast):
    client, today = clients.client(cast.manager), timezone.localdate()
    draft = letters.draft(client, cast.manager, today=today)
    letter_drafts.send_letter(draft.pk, by=cast.manager, version=draft.version, today=today)
    return cast.manager, draft.get_absolute_url()


def act_link(cast):
    client = categories.client(cast.manager, category="C", status="client")
    act = acts.act(client, by=cast.manager, today=timezone.localdate())
    act_links.send(act.item, by=cast.manager)
    return cast.manager, f"/deals/reconciliations/{act.item_id}/link/"


def survey(cast):
    surveys.agreed(clients.client(cast.manager, category="B"))
    return cast.department_head, surveys.running(cast.department_head).get_absolute_url()


WAITING = [
    asked_import, imports_list, new_import, acts_at_once, court_package, letter, act_link, survey,
]  # fmt: skip


@pytest.mark.parametrize("place", WAITING)
def test_who_waits_is_told_that_no_worker_answers_and_only_then(cast, place):
    person, url = place(cast)
    told = {}
    for minutes in (1, 4):
        at = timezone.now() - timedelta(minutes=minutes)
        Heartbeat.objects.update_or_create(name="worker", defaults={"at": at})
        answer = signed_in(person).get(url)
        assert answer.status_code == 200
        told[minutes] = ASLEEP in answer.content.decode()
    assert told == {1: False, 4: True}


def test_an_import_that_moves_is_not_said_to_stand(cast):
    """A long one may keep the worker from its ticks."""
    person, url = asked_import(cast)
    Heartbeat.objects.create(name="worker", at=timezone.now() - timedelta(minutes=4))
    now = timezone.now()
    ImportJob.objects.update(state="running", started_at=now, heartbeat_at=now)
    assert ASLEEP not in signed_in(person).get(url).content.decode()
