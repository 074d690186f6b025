"""Personal links to acts: sent by the outbox, answered once, revocable, logged (D.3)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.files.models import Attachment
from crm.links.limits import forget_counts
from crm.links.models import LinkCount
from crm.links.tokens import digest_of, token_of
from crm.notices.actions import deliver_notices, send_again
from crm.notices.models import Notice
from deals.act_letters import SALT
from deals.actions import act_links as actions
from deals.actions import acts, differences
from deals.models import ActLink, ActLinkVisit, ReconciliationItem
from tests.cast import fresh, signed_in
from tests.factories import act_links as factory
from tests.factories import categories, reconciliations
from tests.factories.act_links import setting
from tests.files import samples
from tests.standing import standing

BROKEN = "tests.notices.test_outbox.BrokenServer"
OWNER = "reconciliation_act"
NAME = {"name": "Петрова Мария", "position": "Главный бухгалтер"}
OBJECTION = NAME | {"text": "Нет платежа 5 от 12.10.2026"}


@standing
def client(cast):
    return categories.client(cast.manager, category="C", status="client", name="ООО «Василёк»")


@standing
def ours(cast, client):
    return factory.sent(client, by=cast.manager)


def state(ours):
    return ReconciliationItem.objects.get(pk=ours.item.pk).state


def visits(**more):
    return list(ActLinkVisit.objects.filter(**more).order_by("pk").values_list("what", flat=True))


# --- sending --------------------------------------------------------------------------------------


def test_the_act_is_sent_with_the_row_of_its_letter_and_only_a_digest_is_kept(cast, client):
    act = reconciliations.act(client, by=cast.manager, today=timezone.localdate())
    User.objects.filter(pk=cast.manager.pk).update(phone="+79008698967")
    link = factory.send(act.item, by=fresh(cast.manager))
    row = Notice.objects.get(user=None)
    act.refresh_from_db()
    assert (act.channel, act.sent_to, act.item.state) == ("email", factory.EMAIL, "sent")
    token = token_of(row.params["secret"], SALT)
    assert link.digest == digest_of(token)
    assert token not in f"{row.params}{link.__dict__}"
    assert factory.deliver() == token
    (letter,) = mail.outbox
    assert letter.to == [factory.EMAIL]
    assert act.number in letter.subject
    assert "+7 (900) 869-89-67" in letter.body.replace("\xa0", " ")
    row.refresh_from_db()
    assert row.params == {"link": link.pk}, "what the link was made of is forgotten"
    assert deliver_notices() == 0
    assert len(token) == 43, "256 bits"


def test_what_rolls_back_sends_nothing_and_a_dead_mail_server_is_shown(cast, client, settings):
    act = reconciliations.act(client, by=cast.manager, today=timezone.localdate())
    with transaction.atomic():
        factory.send(act.item, by=cast.manager)
        transaction.set_rollback(True)
    assert not Notice.objects.filter(user=None).exists()
    assert not ActLink.objects.exists()
    act.item.refresh_from_db()
    settings.EMAIL_BACKEND = BROKEN
    factory.send(act.item, by=cast.manager)
    for _attempt in range(5):
        Notice.objects.update(due_at=timezone.now(), claimed_at=None)
        deliver_notices()
    page = signed_in(cast.manager).get(f"/deals/reconciliations/{act.item_id}/link/")
    assert "connection refused" in page.content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_again(by=cast.admin) == 1
    assert factory.deliver()


def test_no_letter_goes_through_the_console_of_a_server(cast, client, settings):
    act = reconciliations.act(client, by=cast.manager, today=timezone.localdate())
    factory.send(act.item, by=cast.manager)
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert deliver_notices() == 0
    assert "EMAIL_HOST" in Notice.objects.get(user=None).error


def test_who_may_send_and_revoke(cast, client):
    act = reconciliations.act(client, by=cast.manager, today=timezone.localdate())
    for other in (cast.lawyer, cast.marketer, cast.admin):
        with pytest.raises((PermissionDenied, ReconciliationItem.DoesNotExist)):
            factory.send(act.item, by=other)
    with pytest.raises(ReconciliationItem.DoesNotExist):
        factory.send(act.item, by=cast.stranger)
    link = factory.send(act.item, by=cast.accountant)
    with pytest.raises(ActLink.DoesNotExist):
        actions.revoke_link(link.pk, by=cast.stranger, now=timezone.now())
    with pytest.raises((PermissionDenied, ActLink.DoesNotExist)):
        actions.revoke_link(link.pk, by=cast.lawyer, now=timezone.now())
    actions.revoke_link(link.pk, by=cast.manager, now=timezone.now())
    with pytest.raises(RuleViolation, match="уже отозвана"):
        actions.revoke_link(link.pk, by=cast.manager, now=timezone.now())
    assert deliver_notices() == 1
    assert mail.outbox == [], "no letter with a dead link"


# --- the answer -----------------------------------------------------------------------------------


def test_an_objection_becomes_a_difference_and_the_manager_is_told(cast, ours):
    answer = ours.browser.post(f"{ours.url}object/", OBJECTION)
    assert (answer.status_code, answer.headers["Location"]) == (302, ours.url)
    (difference,) = ours.act.discrepancies.all()
    assert (difference.kind, difference.text) == ("objection", OBJECTION["text"])
    assert (difference.responsible, difference.state) == (cast.manager, "open")
    assert difference.due_on > timezone.localdate()
    assert state(ours) == "discrepancy"
    ours.act.refresh_from_db()
    assert ours.act.returned_on == timezone.localdate()
    told = Notice.objects.get(kind="reconciliation.objected", channel="ui")
    assert (told.user, told.params["client"]) == (cast.manager, ours.act.client.name)
    page = ours.browser.get(ours.url).content.decode()
    assert "Петрова Мария" in page
    assert 'name="text"' not in page
    second = ours.browser.post(f"{ours.url}agree/", NAME)
    assert second.status_code == 409
    assert ours.again().answer == "objected"
    assert ours.act.discrepancies.count() == 1


def test_agreeing_is_an_answer_and_no_signature(cast, ours):
    assert ours.browser.post(f"{ours.url}agree/", NAME).status_code == 302
    link, act = ours.again(), ours.act
    act.refresh_from_db()
    assert (link.answer, link.answered_by, link.answered_position) == ("agreed", *NAME.values())
    assert (state(ours), act.signatory, act.returned_on) == ("sent", "", timezone.localdate())
    assert ours.browser.post(f"{ours.url}object/", OBJECTION).status_code == 409
    item = ReconciliationItem.objects.get(pk=ours.item.pk)
    signature = acts.Signature(timezone.localdate(), "Ромашкин", "Директор", "director")
    acts.sign_act(
        item.pk, signature, by=cast.manager, version=item.version, today=timezone.localdate()
    )
    assert "Петрова Мария" in ours.browser.get(ours.url).content.decode(), "what was noted stays"
    late = ours.browser.post(f"{ours.url}upload/", {"file": named("a.pdf", samples.pdf())})
    assert late.status_code == 422


def test_nobody_agrees_by_the_link_to_what_is_disputed(cast, ours):
    objection = differences.Objection("Не учтён возврат")
    today = timezone.localdate()
    differences.add_difference(ours.act.pk, objection, by=cast.manager, today=today)
    assert f"{ours.url}agree/" not in ours.browser.get(ours.url).content.decode()
    assert ours.browser.post(f"{ours.url}agree/", NAME).status_code == 422
    assert (state(ours), ours.again().answer) == ("discrepancy", "")


def test_by_setting_agreeing_closes_the_act_without_authority(ours):
    setting("link_closes", True)
    ours.browser.post(f"{ours.url}agree/", NAME)
    ours.act.refresh_from_db()
    assert (state(ours), ours.act.signatory_authority) == ("signed", "none")
    assert not ours.act.restarts_limitation
    assert ours.browser.get(ours.url).status_code == 200


def test_the_second_of_two_answers_waits_for_the_first_and_is_refused(ours):
    visitor = actions.Visitor("10.0.0.1", timezone.now())
    actions.agree(ours.token, visitor=visitor, **NAME)
    with pytest.raises(StaleVersion):
        actions.object_to(ours.token, visitor=visitor, **OBJECTION)
    with pytest.raises(StaleVersion):
        actions.agree(ours.token, visitor=visitor, **NAME)


def test_the_journal_says_what_was_done_and_is_only_added_to(ours):
    ours.browser.get(ours.url, REMOTE_ADDR="203.0.113.7")
    ours.browser.post(f"{ours.url}agree/", {"name": "", "position": ""})
    ours.browser.post(f"{ours.url}agree/", NAME)
    assert visits(link=ours.link) == ["opened", "refused", "agreed"]
    assert ActLinkVisit.objects.filter(ip="203.0.113.7", what="opened").exists()
    assert ours.again().opened_at is not None
    for write in (ActLinkVisit.objects.all().delete, lambda: ActLinkVisit.objects.update(ip=None)):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


# --- files ----------------------------------------------------------------------------------------


def named(name, content):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content, content_type="application/pdf")


def send_file(ours, name, content):
    return ours.browser.post(f"{ours.url}upload/", {"file": named(name, content)})


@pytest.fixture(autouse=True)
def _a_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_scan_stands_with_the_act_and_says_from_whom(cast, ours):
    assert send_file(ours, "скан.pdf", samples.pdf()).status_code == 302
    (file,) = Attachment.objects.visible_to(cast.manager).of_record(ours.act)
    assert (file.author, file.sender, file.kind) == (None, factory.EMAIL, "reconciliation")
    assert not Attachment.objects.visible_to(cast.stranger).of_record(ours.act).exists()
    assert "скан.pdf" in ours.browser.get(ours.url).content.decode()
    panel = signed_in(cast.manager).get(reverse("files:panel", args=[OWNER, ours.act.pk]))
    assert factory.EMAIL in panel.content.decode()
    assert send_file(ours, "скан.pdf", samples.pdf()).status_code == 302
    assert Attachment.objects.count() == 1, "the same bytes once"


@pytest.mark.parametrize("case", ["HTML as PDF", "pHaR", "EICAR as PDF", "PDF cut", "0 bytes"])
def test_a_file_that_lies_about_its_type_is_refused_with_its_reason(ours, case):
    refused(ours, *samples.REFUSED[case])


def test_a_bomb_and_a_file_of_many_pixels_are_refused(ours):
    refused(ours, "bomb.docx", samples.BOMB)
    refused(ours, "huge.png", samples.huge_png())


def refused(ours, name, content):
    answer = send_file(ours, name, content)
    assert answer.status_code == 422
    assert (
        "invalid-feedback" in answer.content.decode() or "alert-danger" in answer.content.decode()
    )
    assert not Attachment.objects.exists()


def test_a_hundred_megabytes_are_refused_before_they_are_read(ours):
    """By what the browser says it sends: the body is never touched."""

    class Body:
        def read(self, *size):
            raise AssertionError("read")

        readline = read

    answer = ours.browser.generic(
        "POST", f"{ours.url}upload/", content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(100 * samples.MB), "wsgi.input": Body()},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "20" in answer.content.decode()
    assert send_file(ours, "x.pdf", samples.pdf() + bytes(20 * samples.MB)).status_code == 422


def test_a_link_takes_so_many_files_and_no_more(ours):
    setting("link_files", 1)
    send_file(ours, "a.png", samples.picture())
    answer = send_file(ours, "b.png", samples.picture(size=(9, 9)))
    assert answer.status_code == 422
    assert Attachment.objects.count() == 1


def test_old_counts_are_forgotten(ours):
    ours.browser.get(ours.url)
    assert LinkCount.objects.exists()
    LinkCount.objects.update(until=timezone.now() - timedelta(minutes=1))
    assert forget_counts(today=timezone.localdate()) > 0
