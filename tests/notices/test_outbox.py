"""The outbox: written with the action, delivered at least once, given up visibly."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.notices import actions, kinds
from crm.notices.models import Notice
from crm.said import in_each_language

ROOT = Path(__file__).parents[2]
APPS = {"crm", "clients", "deals", "claims", "reports"}
TELLING = ("notify", "notify_many", "Told")
BREAKS = f"{__name__}.BrokenServer"


class BrokenServer(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, email_messages):
        raise OSError("connection refused\x00")


@pytest.fixture(autouse=True)
def _a_kind(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register("test.said", title="%(who)s said hello")
    kinds.register("test.day", title=_("Monday"))


def tell(*people, key="k1", email=True, who="Anna", url="/clients/", kind="test.said"):
    return actions.notify_many(
        people, kind=kind, params={"who": who}, url=url, dedupe_key=key, email=email
    )


def test_words_of_the_product_are_in_the_language_of_whoever_reads(cast):
    """Also in the letter; what was written before stays as it is."""
    cast.manager.language = "en"
    cast.manager.save(update_fields=["language"])
    said = in_each_language(lambda: _("Monday"))
    assert said == {"ru": "Понедельник", "en": "Monday"}
    for person in (cast.manager, cast.manager2):
        tell(person, who=said, key=f"k{person.pk}")
    actions.deliver_notices()
    subjects = {one.to[0]: one.subject for one in mail.outbox}
    assert subjects[cast.manager.email] == "Monday said hello"
    assert subjects[cast.manager2.email] == "Понедельник said hello"
    assert kinds.render("test.said", {"who": {"more": 1}}) == "{'more': 1} said hello"


def test_no_notice_is_translated_when_it_is_written():
    """A state or a word of a dictionary goes through `in_each_language`; texts of people do not."""
    found = []
    for path in ROOT.glob("*/**/*.py"):
        if path.parts[-2] != "tests" and path.relative_to(ROOT).parts[0] in APPS:
            found += [f"{path.relative_to(ROOT)}:{line}" for line in translated_params(path)]
    assert found == []


def translated_params(path):
    """Lines where parameters of a notice are translated at once."""
    text = path.read_text()
    if not any(name in text for name in TELLING):
        return
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called not in TELLING:
            continue
        for part in (one for given in node.keywords for one in ast.walk(given.value)):
            maker = getattr(part, "func", None)
            eager = getattr(maker, "id", "") in {"_", "_now"}
            shown = re.fullmatch("get_.*_display", getattr(maker, "attr", ""))
            if eager or shown or getattr(part, "attr", "") == "name_ru":
                yield part.lineno


def letter(**more):
    return Notice.objects.get(channel="email", **more)


def time_goes_by():
    """As if a day had gone by for what waits and what was claimed."""
    long_ago = timezone.now() - timedelta(days=1)
    Notice.objects.update(due_at=long_ago)
    Notice.objects.exclude(claimed_at=None).update(claimed_at=long_ago)


def test_a_notice_becomes_a_line_under_the_bell_and_one_letter(manager, settings):
    assert tell(manager) == 2
    assert actions.deliver_notices() == 2
    (message,) = mail.outbox
    assert message.to == [manager.email]
    assert message.subject == "Anna said hello"
    assert f"{settings.SITE_URL}/clients/" in message.body
    assert actions.deliver_notices() == 0


def test_the_same_key_tells_a_person_once(manager, manager2):
    tell(manager)
    assert tell(manager, manager2) == 2
    actions.deliver_notices()
    assert tell(manager) == 0
    actions.deliver_notices()
    assert len(mail.outbox) == 2


def test_what_rolls_back_notifies_nobody(manager):
    with transaction.atomic():
        assert tell(manager) == 2
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_a_letter_is_written_in_the_language_of_its_reader(manager, manager2):
    manager.language, manager2.language = "ru", "en"
    manager.save(update_fields=["language"])
    manager2.save(update_fields=["language"])
    tell(manager, manager2, kind="test.day")
    actions.deliver_notices()
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects == {manager.email: "Понедельник", manager2.email: "Monday"}


def test_a_crash_after_the_claim_only_delays_the_letter(manager):
    tell(manager, email=True)
    actions._claim(200)  # … and the worker is killed here
    assert actions.deliver_notices() == 0
    time_goes_by()
    assert actions.deliver_notices() == 2
    assert len(mail.outbox) == 1


def test_a_relay_that_was_overtaken_sends_nothing_more(manager):
    tell(manager)
    slow = actions._claim(200)
    time_goes_by()
    assert len(actions._claim(200)) == len(slow)  # another relay takes them for abandoned
    assert [actions._deliver(one) for one in slow if one.channel == "email"] == [0]
    assert mail.outbox == []


def test_a_worker_that_is_killed_while_sending_does_not_age_the_letters_behind(manager, manager2):
    tell(manager, manager2)
    actions._claim(200)
    assert set(Notice.objects.values_list("attempts", flat=True)) == {0}


def test_a_letter_that_kills_the_worker_each_time_is_given_up(manager):
    tell(manager)
    Notice.objects.filter(channel="email").update(attempts=actions.MAX_ATTEMPTS)
    actions.deliver_notices()
    assert letter().state == "dead"
    assert mail.outbox == []


def test_an_attempt_after_a_crash_has_the_same_message_id(manager, monkeypatch):
    tell(manager)
    mark_sent = actions._mark_sent
    monkeypatch.setattr(actions, "_mark_sent", lambda ids: 0)  # killed between sending and noting
    actions.deliver_notices()
    monkeypatch.setattr(actions, "_mark_sent", mark_sent)
    time_goes_by()
    actions.deliver_notices()
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_a_dead_mail_server_means_growing_pauses_then_a_visible_end(manager, settings):
    settings.EMAIL_BACKEND = BREAKS
    tell(manager)
    pauses = []
    for _attempt in range(actions.MAX_ATTEMPTS):
        actions.deliver_notices()
        pauses.append(round((letter().due_at - timezone.now()).total_seconds() / 60))
        time_goes_by()
    assert pauses == [2, 4, 8, 16, 32]
    assert (letter().state, letter().error) == ("dead", "connection refused")
    assert Notice.objects.get(channel="ui").state == "sent"
    outbox = Notice.objects.all().outbox()
    assert (outbox.waiting, outbox.dead, outbox.last_error) == (0, 1, "connection refused")


def test_the_administrator_sends_again_what_was_given_up(cast, settings):
    tell(cast.manager)
    Notice.objects.filter(channel="email").update(state="dead", attempts=5)
    with pytest.raises(PermissionDenied):
        actions.send_again(by=cast.manager)
    assert actions.send_again(by=cast.admin) == 1
    actions.deliver_notices()
    assert len(mail.outbox) == 1


def test_a_relay_out_of_time_gives_its_letters_back(manager, manager2, monkeypatch):
    tell(manager, manager2)
    monkeypatch.setattr(actions, "BUDGET_SECONDS", -1.0)
    assert actions.deliver_notices() == 2  # the lines under the bell
    assert not Notice.objects.filter(state="waiting", claimed_at__isnull=False).exists()
    monkeypatch.setattr(actions, "BUDGET_SECONDS", 60.0)
    assert actions.deliver_notices() == 2
    assert len(mail.outbox) == 2


def test_somebody_who_left_gets_no_letter(manager):
    tell(manager)
    type(manager).objects.filter(pk=manager.pk).update(is_active=False)
    actions.deliver_notices()
    assert mail.outbox == []


@pytest.mark.parametrize("evil", ["Анна\r\nBcc: evil@example.com", "a\nb", "x\u2028y", "\r"])
def test_line_breaks_in_a_name_add_no_header(manager, evil):
    tell(manager, who=evil)
    actions.deliver_notices()
    (message,) = mail.outbox
    parsed = message.message()
    assert parsed["Bcc"] is None
    assert "\n" not in message.subject
    assert len(parsed.get_all("Subject")) == 1


def test_an_address_with_a_line_break_is_refused(manager):
    type(manager).objects.filter(pk=manager.pk).update(email="a@example.com\nBcc: b@example.com")
    tell(manager)
    actions.deliver_notices()
    assert mail.outbox == []
    assert letter().error


def test_a_letter_links_only_to_our_own_site(manager, settings):
    for number, url in enumerate(("@evil.example", "//evil.example/", "https://evil.example/")):
        tell(manager, key=f"k{number}", url=url)
    actions.deliver_notices()
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        assert "evil" not in message.body


def test_an_unknown_kind_or_a_missing_name_does_not_stop_the_relay(manager):
    tell(manager, kind="nobody.declared", key="a")
    actions.notify(manager, kind="test.said", params={}, dedupe_key="b")
    assert actions.deliver_notices() == 4


def test_an_empty_outbox_costs_three_statements(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert actions.deliver_notices() == 0
