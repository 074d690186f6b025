"""Correspondence: terms, moves, who sees and does what, alerts (CL-16, CORR-1, C.5 no. 32)."""

from datetime import date
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from clients.actions import letter_alerts, letter_drafts
from clients.actions import letters as actions
from clients.actions.assignments import Handover, apply_assignments, transfer_clients
from clients.actions.letters import NewLetter
from clients.contacting import next_step
from clients.contacting.next_step import Moment, find_reasons
from clients.letters import letter_makers
from clients.letters.letter_terms import reply_due
from clients.models import (
    LETTER_MOVES,
    Client,
    Correspondence,
    LetterState,
)
from clients.tasks.letters import correspondence_deadlines, count_waiting
from crm.accounts.hooks import dismissal_refusals
from crm.errors import RuleViolation, StaleVersion
from crm.files.actions import add_file
from crm.files.models import Attachment
from crm.notices.actions import deliver_notices
from crm.notices.models import Notice
from tests.cast import fresh, signed_in
from tests.declaring import taken_back
from tests.factories import clients, letters
from tests.factories.contacts import at
from tests.files.samples import picture
from tests.kernel.shared_files import shared_example

TODAY = letters.TODAY
OWN_EXAMPLES = (
    ("complaint", "2026-10-21", "B", "2026-11-02"),
    ("letter", "2026-10-30", "B", "2026-11-05"),
    ("letter", "2026-11-03", "A", "2026-11-05"),
)


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="B", name="ООО «Василёк»")


@pytest.fixture
def letter(client, cast, seeded_calendar):
    return letters.incoming(client, cast.sector_head, text="Пришлите, пожалуйста.")


def states():
    return list(Correspondence.objects.order_by("pk").values_list("state", flat=True))


def told(kind):
    rows = Notice.objects.filter(kind=kind, channel="ui").order_by("user")
    return list(rows.values_list("user", "params__count"))


@pytest.mark.parametrize(("kind", "received", "category", "due"), OWN_EXAMPLES)
def test_the_last_day_for_an_answer(cast, seeded_calendar, kind, received, category, due):
    made = clients.client(cast.manager, category=category)
    assert reply_due(kind, date.fromisoformat(received), made) == date.fromisoformat(due)


def test_the_trading_hall_waits_longer_and_an_unknown_sender_is_an_ordinary_one(
    cast, seeded_calendar
):
    hall = clients.client(cast.manager, category="C", status="trading_hall")
    assert reply_due("letter", TODAY, hall) == date(2026, 11, 30)
    assert reply_due("letter", TODAY, None) == date(2026, 11, 26)


def test_a_letter_gets_number_executor_and_term_once(client, cast, seeded_calendar):
    key = uuid4()
    new = NewLetter(on_day=TODAY, subject="Прайс-лист")
    first = actions.register_letter(client.pk, new, by=cast.sector_head, key=key, today=TODAY)
    again = actions.register_letter(client.pk, new, by=cast.sector_head, key=key, today=TODAY)
    assert again.pk == first.pk
    assert first.reg_no == "ВХ-2026-000001"
    assert (first.state, first.executor, first.reply_due) == (
        "assigned", cast.manager, date(2026, 11, 26),
    )  # fmt: skip
    sent = letters.incoming(client, cast.manager, direction="out", channel="paper")
    assert (sent.reg_no, sent.state, sent.reply_due) == ("ИСХ-2026-000001", "sent", None)
    notice = Notice.objects.get(user=cast.manager, kind="letter.assigned", channel="ui")
    assert "26.11.2026" in notice.params["day"]


def test_an_answer_goes_out_by_e_mail_and_answers_the_letter(
    letter, client, cast, settings, tmp_path
):
    settings.MEDIA_ROOT, settings.MAIL_ADDRESS = tmp_path, "dept@example.com"
    Correspondence.objects.filter(pk=letter.pk).update(message_id="abc@client.example")
    draft = letters.reply(letter, cast.manager)
    letter.refresh_from_db()
    assert (letter.state, letter.reply, draft.reg_no) == ("in_work", draft, "")
    add_file("letter", draft.pk, by=cast.manager, name="Акт.png", content=picture())
    sent = letter_drafts.send_letter(draft.pk, by=cast.manager, version=1, today=TODAY)
    letter.refresh_from_db()
    assert (sent.state, sent.reg_no) == ("sent", "ИСХ-2026-000001")
    assert (letter.state, letter.replied_on) == ("replied", TODAY)
    Notice.objects.exclude(user=None).delete()
    deliver_notices()
    (message,) = mail.outbox
    assert message.to == ["client@example.com"]
    assert message.subject == f"Re: {letter.subject} [ИСХ-2026-000001]"
    assert message.extra_headers["Message-ID"] == f"<{sent.message_id}>"
    assert message.extra_headers["In-Reply-To"] == "<abc@client.example>"
    assert message.extra_headers["Reply-To"] == "dept@example.com"
    assert [name for name, _content, _type in message.attachments] == ["Акт.png"]


def test_an_e_mail_needs_an_address_a_text_and_files_that_a_server_takes(client, cast):
    empty = letters.draft(client, cast.manager, text=" ")
    nowhere = letters.draft(client, cast.manager, address="")
    heavy = letters.draft(client, cast.manager)
    Attachment.objects.create(
        owner_kind="letter", owner_id=heavy.pk, name="a.pdf", format="pdf", size=16 * 1024 * 1024,
        sha256="0", received_sha256="0", author=cast.manager,
    )  # fmt: skip
    for draft, field in ((empty, "text"), (nowhere, "address"), (heavy, None)):
        with pytest.raises(RuleViolation) as refusal:
            letter_drafts.send_letter(draft.pk, by=cast.manager, version=1, today=TODAY)
        assert refusal.value.field == field
    assert not Notice.objects.filter(user=None).exists()


def test_a_term_is_not_before_the_letter(letter, cast):
    with pytest.raises(RuleViolation) as refusal:
        actions.assign_letter(
            letter.pk, by=cast.sector_head, version=1, executor=cast.manager, kind="letter",
            reply_due=date(2026, 11, 22),
        )  # fmt: skip
    assert refusal.value.field == "reply_due"


def test_every_forbidden_move_of_a_letter_is_refused(letter, cast, client):
    for state in (LetterState.REGISTERED, LetterState.ASSIGNED, LetterState.IN_WORK,
                  LetterState.REPLIED, LetterState.CLOSED):  # fmt: skip
        for target in set(LetterState) - LETTER_MOVES[state]:
            letter.state = state
            with pytest.raises(RuleViolation):
                actions.move_letter(letter, target, "letter.closed", by=cast.manager)
    letter.refresh_from_db()
    assert letter.state == "assigned"


def test_a_letter_goes_its_way_and_back(letter, cast):
    by = {"by": cast.manager}
    taken = actions.take_letter(letter.pk, **by, version=1)
    with pytest.raises(StaleVersion):
        actions.take_letter(letter.pk, **by, version=1)
    closed = actions.close_without_reply(
        letter.pk, **by, version=taken.version, reason="Рассылка, ответа не ждут"
    )
    again = actions.reopen_letter(letter.pk, **by, version=closed.version)
    assert (again.state, again.no_reply_reason) == ("in_work", "")
    late = {"how": "По телефону", "today": TODAY}
    with pytest.raises(RuleViolation):
        actions.note_reply(letter.pk, **by, version=4, on=date(2026, 11, 24), **late)
    replied = actions.note_reply(letter.pk, **by, version=4, on=TODAY, **late)
    assert "По телефону" in replied.remarks
    assert actions.close_replied(today=date(2026, 12, 4)) == 0
    assert actions.close_replied(today=date(2026, 12, 8)) == 1
    assert states() == ["closed"]


def test_dropping_a_letter_leaves_its_draft_without_it(letter, cast):
    draft = letters.reply(letter, cast.manager)
    closed = actions.close_without_reply(
        letter.pk, by=cast.manager, version=2, reason="Ответили устно"
    )
    assert closed.reply is None
    letter_drafts.send_letter(draft.pk, by=cast.manager, version=1, today=TODAY)
    letter.refresh_from_db()
    assert (letter.state, letter.replied_on) == ("closed", None)


def test_the_database_refuses_what_makes_no_sense(letter, cast):
    for values in (
        {"state": "sent"},
        {"state": "replied"},
        {"state": "closed"},
        {"reg_no": ""},
        {"executor": None},
        {"reply_due": None},
        {"direction": "out"},
        {"no_reply_reason": "Не нужно"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Correspondence.objects.filter(pk=letter.pk).update(**values)


def test_who_sees_filed_and_unfiled_letters(letter, cast, client):
    unfiled = letters.incoming(None, cast.manager2, subject="Неизвестный отправитель")
    sees = {
        name: set(Correspondence.objects.visible_to(fresh(getattr(cast, name))).values_list(
            "pk", flat=True))
        for name in ("manager", "manager2", "sector_head", "department_head", "director",
                     "accountant", "stranger", "stranger_head", "marketer", "purchasing", "admin")
    }  # fmt: skip
    both, none = {letter.pk, unfiled.pk}, set()
    assert sees == {
        "manager": {letter.pk}, "manager2": {unfiled.pk}, "sector_head": both,
        "department_head": both, "director": both, "accountant": both, "stranger": none,
        "stranger_head": {unfiled.pk}, "marketer": none, "purchasing": none, "admin": none,
    }  # fmt: skip


def test_filing_gives_the_letter_to_the_manager_with_the_term_of_the_category(
    cast, seeded_calendar
):
    large = clients.client(cast.manager, category="A")
    person = clients.person(large)
    found = letters.incoming(None, cast.sector_head, address="new@client.example")
    assert (found.state, found.executor) == ("registered", None)
    filed = actions.file_letter(
        found.pk, by=cast.sector_head, version=1, client=large, person=person
    )
    assert (filed.state, filed.executor) == ("assigned", cast.manager)
    assert filed.reply_due == date(2026, 11, 24)
    with pytest.raises(RuleViolation):
        actions.file_letter(
            found.pk, by=cast.sector_head, version=2, client=clients.client(cast.manager),
            person=person,
        )  # fmt: skip


def test_only_those_who_see_the_client_answer_its_letters(letter, cast):
    values = {"kind": "complaint", "reply_due": date(2026, 12, 3)}
    for nobody in (cast.stranger, cast.marketer, cast.purchasing):
        with pytest.raises(RuleViolation):
            actions.assign_letter(
                letter.pk, by=cast.sector_head, version=1, executor=nobody, **values
            )
    given = actions.assign_letter(
        letter.pk, by=cast.sector_head, version=1, executor=cast.accountant, **values
    )
    assert given.due_by_hand
    taken = actions.take_letter(letter.pk, by=cast.accountant, version=2)
    with pytest.raises(PermissionDenied):
        actions.assign_letter(
            letter.pk, by=cast.accountant, version=3, executor=cast.manager, **values
        )
    draft = letters.reply(taken, cast.accountant)
    with pytest.raises(Correspondence.DoesNotExist):
        letter_drafts.send_letter(draft.pk, by=cast.manager2, version=1, today=TODAY)
    with pytest.raises(PermissionDenied):
        letter_drafts.send_letter(draft.pk, by=cast.lawyer, version=1, today=TODAY)
    letter_drafts.send_letter(draft.pk, by=cast.accountant, version=1, today=TODAY)


def test_open_letters_go_to_the_new_manager_with_the_client(letter, cast, client):
    closed = letters.incoming(client, cast.manager)
    actions.close_without_reply(closed.pk, by=cast.manager, version=1, reason="Спам")
    handover = Handover(
        from_manager_id=cast.manager.pk, to_manager_id=cast.manager2.pk, on=TODAY, kind="other"
    )
    transfer_clients(by=cast.sector_head, handover=handover, today=TODAY, client_ids=[client.pk])
    apply_assignments(today=TODAY)
    assert list(Correspondence.objects.order_by("pk").values_list("executor", flat=True)) == [
        cast.manager2.pk, cast.manager.pk,
    ]  # fmt: skip


def test_nobody_leaves_with_letters_to_answer(letter, cast):
    actions.assign_letter(
        letter.pk, by=cast.sector_head, version=1, executor=cast.lawyer, kind="letter",
        reply_due=letter.reply_due,
    )  # fmt: skip
    (refusal,) = dismissal_refusals(cast.lawyer)
    assert refusal.url.endswith(f"executor={cast.lawyer.pk}")
    actions.close_without_reply(letter.pk, by=cast.lawyer, version=2, reason="Рассылка")
    assert dismissal_refusals(cast.lawyer) == []


def test_terms_are_told_to_executors_and_upwards_once_a_day(letter, cast, client):
    letters.incoming(None, cast.director, subject="Кто это?")
    for _twice in range(2):
        letter_alerts.alert_deadlines(today=date(2026, 11, 25))
    assert told("letter.soon") == [(cast.manager.pk, 1)]
    heads = sorted([cast.department_head.pk, cast.stranger_head.pk])
    assert [person for person, _count in told("letter.nobodys")] == heads
    letter_alerts.alert_deadlines(today=date(2026, 11, 27))
    assert told("letter.late") == [(cast.manager.pk, 1)]
    assert told("letter.late_of_others") == [(cast.sector_head.pk, 1)]
    letter_alerts.alert_deadlines(today=date(2026, 12, 1))
    assert (cast.department_head.pk, 1) in told("letter.late_of_others")
    assert letter_alerts.alert_deadlines(today=date(2026, 11, 29)) == 0  # a Sunday
    assert correspondence_deadlines(today=date(2026, 1, 15)) == 0  # gone by


def test_my_day_asks_for_the_answer(letter, cast, client):
    letters.incoming(client, cast.manager, kind="complaint", reply_due=date(2026, 11, 24))
    moment = Moment.of(at("2026-11-24 10:00"))
    (found,) = find_reasons(Client.objects.filter(pk=client.pk), moment)
    reason = next(one for one in found.reasons if one.rule.code == "letter")
    assert "24.11" in reason.label
    assert reason.link.endswith(f"?client={client.pk}&step=open")
    assert count_waiting(cast.manager) == 2
    assert next_step.rules()


def test_what_can_be_made_of_a_letter_is_said_by_later_apps(letter, cast):
    page = signed_in(cast.manager)
    assert "Сделать претензию" not in page.get(letter.get_absolute_url()).content.decode()
    maker = letter_makers.Maker(
        "toy", "Сделать претензию", "alert-triangle",
        may_make=lambda user, one: user == cast.manager and one.direction == "in",
        form=lambda one: f"/toy/{one.client_id}/?letter={one.pk}",
        made=lambda one, user: [("ПР-7", "/toy/7/")],
    )  # fmt: skip
    with taken_back(letter_makers._makers):
        letter_makers.register(maker)
        shown = page.get(letter.get_absolute_url()).content.decode()
        others = signed_in(cast.sector_head).get(letter.get_absolute_url()).content.decode()
    assert f"/toy/{letter.client_id}/?letter={letter.pk}" in shown
    assert "/toy/7/" in shown
    assert "Сделать претензию" not in others


def test_the_example_of_the_domain(cast, seeded_calendar):
    found = shared_example("CORR-1")
    for given, due in zip(found["input"], found["expected"], strict=True):
        made = clients.client(cast.manager, category=given.get("cat", "B"))
        received = date.fromisoformat(given["received"])
        assert reply_due(given["kind"], received, made) == date.fromisoformat(due)
