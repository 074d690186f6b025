"""Papers of clients: what is wanting, what ends, who checks them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from crm.errors import RuleViolation, StaleVersion
from crm.files.actions import add_file
from crm.files.models import Attachment
from crm.notices.models import Notice
from deals.actions import dossier as actions
from deals.dossier import dossier_of
from deals.models import ClientDocument
from deals.tasks.contracts import client_document_expiry
from tests.cast import signed_in
from tests.deals.test_contract_papers import own_template
from tests.factories import clients, contracts

PAPER = {"kind": "charter", "number": "7", "issued_on": None, "valid_to": None, "note": ""}


@pytest.fixture
def client(cast):
    return clients.client(cast.manager)


@pytest.fixture
def today():
    return timezone.localdate()


def test_required_papers_are_counted_until_their_last_day(cast, client, today):
    assert (dossier_of(client, cast.manager, today).complete) == 0
    contracts.document(client, cast.manager, valid_to=today)
    dossier = dossier_of(client, cast.manager, today)
    assert (dossier.complete, dossier.required, dossier.percent) == (1, 4, 25)
    tomorrow = dossier_of(client, cast.manager, today + timedelta(days=1))
    assert (tomorrow.complete, tomorrow.lines[0].is_over) == (0, True)


def test_of_two_papers_the_one_that_is_good_longer_counts(cast, client, today):
    contracts.document(client, cast.manager, number="2", valid_to=today + timedelta(days=400))
    contracts.document(client, cast.manager, number="1", valid_to=today - timedelta(days=9))
    (line, *_rest) = dossier_of(client, cast.manager, today).lines
    assert (line.document.number, line.is_missing, line.days_left) == ("2", False, None)


def test_who_entered_a_paper_does_not_check_it(cast, client, today):
    paper = actions.add_client_document(client.pk, by=cast.lawyer, **PAPER)
    check = {"version": 1, "today": today}
    with pytest.raises(PermissionDenied):
        actions.check_client_document(paper.pk, by=cast.lawyer, **check)
    with pytest.raises(PermissionDenied):
        actions.check_client_document(paper.pk, by=cast.manager, **check)
    actions.check_client_document(paper.pk, by=cast.accountant, **check)
    with pytest.raises(StaleVersion):
        actions.edit_client_document(paper.pk, by=cast.manager, version=1, **PAPER)
    actions.edit_client_document(paper.pk, by=cast.manager, version=2, **PAPER | {"number": "8"})
    paper.refresh_from_db()
    assert (paper.checked_on, paper.number) == (None, "8")


def test_days_backwards_are_refused_and_write_nothing(cast, client, today):
    wrong = PAPER | {"issued_on": today, "valid_to": today - timedelta(days=1)}
    with pytest.raises(RuleViolation) as refusal:
        actions.add_client_document(client.pk, by=cast.manager, **wrong)
    assert refusal.value.field == "valid_to"
    assert not ClientDocument.objects.exists()


def test_the_end_is_told_to_the_manager_once_per_step(cast, client, today):
    soon, gone = {"valid_to": today + timedelta(days=20)}, {"archived_at": timezone.now()}
    contracts.document(client, cast.manager, **soon)
    contracts.document(client, cast.manager, **soon, **gone)
    archived = clients.client(cast.manager, status="archived", **gone)
    contracts.document(archived, cast.manager, **soon)
    contracts.document(clients.client(cast.stranger), cast.lawyer, **soon)
    type(cast.stranger).objects.filter(pk=cast.stranger.pk).update(is_active=False)
    assert client_document_expiry(today=today - timedelta(days=1)) == 0
    client_document_expiry(today=today)
    told = Notice.objects.filter(kind="document.ends", channel="ui")
    assert [notice.user_id for notice in told] == [cast.manager.pk]
    assert client_document_expiry(today=today) == 0


def test_a_paper_is_entered_in_the_tab_and_its_scan_is_seen_by_the_same_people(cast, client):
    browser = signed_in(cast.manager)
    tab = reverse("deals:client_dossier", args=[client.pk])
    assert reverse("deals:document_add", args=[client.pk]) in browser.get(tab).content.decode()
    answer = browser.post(reverse("deals:document_add", args=[client.pk]), {"kind": "charter"})
    paper = ClientDocument.objects.get(client=client)
    assert answer.headers["Location"] == paper.get_absolute_url()
    add_file(
        "client_document", paper.pk, by=cast.manager, name="a.docx", content=own_template("Устав")
    )
    seen = [p for p in (cast.manager, cast.lawyer, cast.stranger, cast.marketer)
            if Attachment.objects.visible_to(p).exists()]  # fmt: skip
    assert seen == [cast.manager, cast.lawyer]
    panel = reverse("files:panel", args=["client_document", paper.pk])
    assert panel in browser.get(paper.get_absolute_url()).content.decode()
    assert "a.docx" in browser.get(panel).content.decode()
