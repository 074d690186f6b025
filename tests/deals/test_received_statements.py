"""What a client sends by its link is compared by the clock, and our people are told (DL-12)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from crm.files import storage
from crm.files.models import Attachment
from crm.notices import kinds
from crm.notices.models import Notice
from deals.actions import acts
from deals.actions.received_statements import MOST_TRIES, compare_waiting
from deals.actions.reconciliation_deemed import deem_agreed
from deals.models import ClientStatement, Contract, Discrepancy, ReconciliationItem
from tests.cast import signed_in
from tests.deals import filled_acts
from tests.factories import act_links, contracts, statements
from tests.files import samples
from tests.standing import standing

HTMX = {"HX-Request": "true"}
CSV = "Сверка за октябрь.csv"
THEIRS = filled_acts.csv([filled_acts.HEADER, *statements.THEIRS])


@pytest.fixture(autouse=True)
def _a_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@standing
def ours(cast):
    return act_links.sent(
        statements.client(cast.manager), by=cast.accountant, first=statements.OCTOBER
    )


def send(ours, content=THEIRS, name=CSV):
    file = SimpleUploadedFile(name, content)
    assert ours.browser.post(f"{ours.url}upload/", {"file": file}).status_code == 302


def compare():
    return compare_waiting(today=timezone.localdate())


def panel(cast, ours, query=""):
    url = reverse("deals:difference_panel", args=[ours.item.pk])
    return signed_in(cast.manager).get(url + query, headers=HTMX)


def state(ours):
    return ReconciliationItem.objects.get(pk=ours.item.pk).state


def told(person):
    rows = Notice.objects.filter(user=person, channel="ui").order_by("pk")
    return [kinds.render(row.kind, row.params) for row in rows]


def test_a_statement_is_compared_and_shown_and_told(cast, ours):
    send(ours)
    ClientStatement.objects.update(tries=MOST_TRIES - 1)  # the last one that counts
    assert state(ours) == "sent"
    waits = panel(cast, ours, "?awaited=1")
    assert CSV in waits.content.decode()
    assert "HX-Trigger" not in waits.headers
    assert compare() == 1
    statement = ClientStatement.objects.get()
    assert (statement.state, statement.added_by, statement.link) == ("compared", None, ours.link)
    assert statement.attachment.format == "csv"
    assert (Discrepancy.objects.count(), state(ours)) == (2, "discrepancy")
    assert set(Discrepancy.objects.values_list("responsible", flat=True)) == {cast.manager.pk}
    shown = panel(cast, ours, "?awaited=1")
    assert "reconciliation-changed" in shown.headers["HX-Trigger"], "the whole page follows"
    assert "49 999,73" in shown.content.decode().replace("\xa0", " ")
    for person in (cast.manager, cast.accountant):
        (sentence,) = told(person)
        assert "расхождений 2, разница сальдо 49 999,73" in sentence.replace("\xa0", " ")
    assert compare() == 0
    send(ours)
    assert compare() == 0, "the same bytes once"
    assert ClientStatement.objects.count() == 1


def test_what_is_no_statement_leaves_a_note_and_is_no_silence_either(cast, ours):
    made = contracts.active(ours.act.client, cast.manager)
    Contract.objects.filter(pk=made.pk).update(deemed_agreed_days=0)
    ReconciliationItem.objects.update(contract=made)
    send(ours, samples.picture(), "скан.png")
    assert not ClientStatement.objects.exists(), "a picture is looked at by people"
    assert ["скан.png" in one for one in told(cast.manager)] == [True]
    send(ours, samples.pdf(), "скан.pdf")
    assert compare() == 1
    statement = ClientStatement.objects.get()
    assert statement.state == "refused"
    note = panel(cast, ours).content.decode()
    assert statement.refusal in note
    assert statement.attachment.get_absolute_url() in note
    assert statement.refusal in told(cast.manager)[-1]
    assert (state(ours), Discrepancy.objects.count()) == ("sent", 0)
    assert deem_agreed(today=timezone.localdate() + timedelta(days=9)) == 0
    send(ours)
    assert compare() == 1
    assert statement.refusal not in panel(cast, ours).content.decode(), "a newer file was read"


@pytest.mark.parametrize("hinder", ["newer text", "file gone", "broke off"])
def test_what_cannot_be_compared_any_more_is_refused_once(cast, ours, hinder):
    send(ours)
    if hinder == "newer text":
        item, today = ReconciliationItem.objects.get(pk=ours.item.pk), timezone.localdate()
        acts.make_act(item.pk, by=cast.manager, version=item.version, today=today)
        item.refresh_from_db()
        acts.send_act(
            item.pk, by=cast.manager, version=item.version, channel="paper", sent_to="",
            on=today, today=today,
        )  # fmt: skip
    elif hinder == "file gone":
        storage.waiting_path(Attachment.objects.get().key).unlink()
    else:
        ClientStatement.objects.update(tries=MOST_TRIES)
    assert (compare(), compare()) == (1, 0)
    statement = ClientStatement.objects.get()
    assert (statement.state, bool(statement.refusal)) == ("refused", True)
    assert not Discrepancy.objects.exists()
    assert len(told(cast.manager)) == 1
