"""Two relays at once deliver each notice once (G-RL2, G-RL5), with a control."""

import threading

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from crm.notices import actions, kinds, tasks
from crm.notices.models import Notice
from tests.approvals.racing import failures, race
from tests.cast import assemble

LETTERS = 40
_lock = threading.Lock()
sent = []


class Ledger(BaseEmailBackend):
    """Notes every letter; a list that threads share."""

    def send_messages(self, email_messages):
        with _lock:
            sent.extend(m.extra_headers["Message-ID"] for m in email_messages)
        return len(email_messages)


@pytest.fixture
def forty_letters(committed_db, settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Ledger"
    monkeypatch.setattr(kinds, "_kinds", {"test.said": "Hello"})
    sent.clear()
    manager = assemble().manager
    for number in range(LETTERS):
        actions.notify(manager, kind="test.said", params={}, dedupe_key=f"n{number}")
    return manager


def test_four_relays_at_once_send_each_letter_once(forty_letters):
    assert not failures(race(*[lambda: actions.deliver_notices(limit=15)] * 4))
    actions.deliver_notices()
    assert len(sent) == len(set(sent)) == LETTERS
    assert not Notice.objects.exclude(state="sent").exists()


def test_the_same_task_delivered_eight_times_is_harmless(forty_letters):
    assert not failures(race(*[tasks.deliver_notices] * 8))
    tasks.deliver_notices()
    assert len(sent) == LETTERS
    assert set(Notice.objects.filter(channel="email").values_list("attempts", flat=True)) == {1}


def test_without_the_claim_letters_go_out_twice(forty_letters, monkeypatch):
    """Positive control: the tests above can fail."""

    def read_without_claim(limit):
        rows = Notice.objects.filter(state="waiting", due_at__lte=timezone.now())
        return list(rows.select_related("user").order_by("pk")[:limit])

    monkeypatch.setattr(actions, "_claim", read_without_claim)
    race(*[actions.deliver_notices] * 4)
    assert len(sent) > LETTERS


def test_one_person_told_by_four_actions_at_once_is_told_once(forty_letters):
    tell = lambda: actions.notify(  # noqa: E731
        forty_letters, kind="test.said", params={}, dedupe_key="same"
    )
    assert not failures(race(*[tell] * 4))
    assert Notice.objects.filter(dedupe_key="same").count() == 2
    assert mail.outbox == []
