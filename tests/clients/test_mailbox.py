"""Reading the mailbox of a real IMAP server: each e-mail one letter, none twice, none lost."""

import json
import signal
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from clients.actions import letter_drafts
from clients.actions import letters as actions
from clients.actions import mail as reading
from clients.models import Correspondence, ReceivedMail
from crm.errors import RuleViolation
from crm.files.models import Attachment
from crm.notices.models import Notice
from crm.work import registry
from crm.work.models import Setting
from tests.cast import assemble
from tests.dovecot import Proxy, sign_for
from tests.factories import clients, letters
from tests.factories.mail import mail
from tests.files.samples import pdf, picture
from tests.imports.processes import start_worker, wait_until


def choose(key, value):
    """The customer's value, known at once."""
    Setting.objects.create(key=key, value=value)
    registry.forget()


def run():
    return reading.import_mail(today=timezone.localdate())


@pytest.fixture
def client(cast):
    made = clients.client(cast.manager, name="ООО «Василёк»", category="A")
    clients.person(made, full_name="Петрова Анна", email="anna@client.example")
    return made


def subjects():
    return list(Correspondence.objects.order_by("pk").values_list("subject", flat=True))


def test_a_letter_without_a_subject_is_called_so_in_the_reader_s_language(mailbox, client):
    mailbox.put(mail(subject=""))
    assert run().read == 1
    for language, words in (("ru", "Без темы"), ("en", "Without a subject")):
        with override(language):
            found = Correspondence.objects.get()
            assert (found.subject, str(found)) == (words, f"{found.reg_no} · {words}")
            assert subjects() == [words]
            assert Correspondence.objects.filter(subject__icontains=words).exists()
    found.save(update_fields=["subject"])
    assert Correspondence.objects.values_list("subject", flat=True).get() == "Без темы"


def test_a_letter_is_filed_by_its_address_with_its_files_and_read_once(
    mailbox, client, cast, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    files = [("Акт.pdf", pdf()), ("вирус.exe", b"MZ"), ("фото.png", picture()), ("x.pdf", b"no")]
    mailbox.put(
        mail(charset="koi8-r", text="Просим сверить расчёты", files=files),
        mail(sender="Кто-то <who@else.example>", subject="Прайс", charset="windows-1251"),
        at='"20-Nov-2026 10:00:00 +0300"',
    )
    with django_capture_on_commit_callbacks(execute=True):
        report = run()
    assert (report.read, report.filed, report.unfiled, report.error) == (2, 1, 1, "")
    assert (report.files, report.refused_files) == (2, 2)
    filed, unfiled = Correspondence.objects.order_by("pk")
    assert (filed.client, filed.person.full_name, filed.executor, filed.state) == (
        client, "Петрова Анна", cast.manager, "assigned",
    )  # fmt: skip
    assert (filed.subject, filed.text) == ("Просим акт сверки", "Просим сверить расчёты")
    assert (filed.on_day, filed.reply_due) == (date(2026, 11, 20), date(2026, 11, 23))
    assert "Файл «вирус.exe» не сохранён" in filed.remarks
    with override("en"):
        page = Correspondence.objects.get(pk=filed.pk)
        assert "The file “вирус.exe” was not kept: Files of this kind are not" in page.remarks
    assert "x.pdf" in filed.remarks
    kept = Attachment.objects.of("letter", filed.pk).order_by("pk")
    assert [(file.name, file.sender) for file in kept] == [
        ("Акт.pdf", "anna@client.example"), ("фото.png", "anna@client.example"),
    ]  # fmt: skip
    assert (unfiled.client, unfiled.state, unfiled.correspondent) == (
        None, "registered", "Кто-то",
    )  # fmt: skip
    assert run().read == 0
    assert mailbox.unread() == 2  # nothing is marked on the server


def test_threads_numbers_and_strangers(mailbox, client, cast):
    other = clients.client(cast.manager2, name="ООО «Другой»", category="B")
    ours = letters.draft(other, cast.manager2, address="boss@other.example")
    sent = letter_drafts.send_letter(
        ours.pk, by=cast.manager2, version=1, today=timezone.localdate()
    )
    old = letters.incoming(client, cast.manager, today=timezone.localdate())
    mailbox.put(
        mail(sender=" <home@mail.example>", subject="Re: ответ", replies_to=sent.message_id),
        mail(sender=" <anna@client.example>", subject=f"По письму [{old.reg_no}]"),
        mail(sender=" <anna@client.example>", subject="ПРЕТЕНЗИЯ по качеству"),
        mail(sender=" <robot@client.example>", subject="В отпуске",
             more="Auto-Submitted: auto-replied"),
    )  # fmt: skip
    assert run().filed == 3
    answer, numbered, complaint, robot = Correspondence.objects.order_by("pk")[2:]
    assert (answer.client, answer.thread, answer.executor) == (other, sent.thread, cast.manager2)
    assert "такого адреса нет" in answer.remarks or "no such address" in answer.remarks
    assert (numbered.client, numbered.thread, numbered.remarks) == (client, old.thread, "")
    assert complaint.kind == "complaint"
    assert (robot.state, robot.client) == ("closed", None)
    assert robot.no_reply_reason
    filed = actions.file_letter(robot.pk, by=cast.department_head, version=1, client=client)
    assert (filed.state, filed.client) == ("closed", client)


def test_an_address_of_two_clients_is_left_to_people(mailbox, client, cast):
    clients.person(clients.client(cast.manager2), email="anna@client.example")
    mailbox.put(mail())
    assert run().unfiled == 1


def test_the_same_letter_again_is_known_and_another_one_under_its_name_is_not_lost(
    mailbox, client, cast
):
    first = mail(message_id="same@client.example")
    mailbox.put(first, first, mail(message_id="same@client.example", text="Другой текст"))
    report = run()
    assert (report.filed, report.known) == (2, 1)
    assert Correspondence.objects.count() == 2
    ReceivedMail.objects.update(uid_validity=7)  # as if the folder had moved to another server
    again = run()
    assert (again.read, again.known) == (3, 3)
    assert Correspondence.objects.count() == 2


def test_a_folder_in_russian_made_anew_is_read_again_without_doubles(mailbox, client):
    choose("mail.folder", "Клиенты")
    name = '"&BBoEOwQ4BDUEPQRCBEs-"'
    mailbox.create(name)
    mailbox.put(mail(message_id="a@client.example"), folder=name)
    assert run().filed == 1
    old, new = mail(message_id="a@client.example"), mail(message_id="b@client.example")
    mailbox.renew(name, old, new)
    report = run()
    assert (report.known, report.filed) == (1, 1)


def test_a_server_is_asked_only_when_its_certificate_is_trusted(
    mailbox, client, settings, tmp_path
):
    """Nobody is told the password who merely stands at the address."""
    mailbox.put(mail())
    settings.MAIL_IMAP_SSL, settings.MAIL_IMAP_PORT = True, mailbox.server.tls_port
    for authority in ("", str(sign_for(tmp_path))):  # the system's, and that of somebody else
        settings.MAIL_IMAP_CA = authority
        refused = run()
        assert refused.read == 0
        assert "CERTIFICATE_VERIFY_FAILED" in refused.error
    settings.MAIL_IMAP_CA, settings.MAIL_IMAP_HOST = str(mailbox.server.certificate), "localhost"
    assert "Hostname mismatch" in run().error
    settings.MAIL_IMAP_CA = str(tmp_path / "missing.pem")
    assert run().error
    settings.MAIL_IMAP_CA, settings.MAIL_IMAP_HOST = str(mailbox.server.certificate), "127.0.0.1"
    report = run()
    assert (report.read, report.error) == (1, "")


def test_a_broken_letter_stops_no_other(mailbox, client, monkeypatch):
    """Whatever the program cannot take becomes a letter that says so; the folder goes on."""
    taken = reading.home_of

    def refused_by_the_database(found):
        if "яд" in found.subject:
            raise DataError("poison")
        return taken(found)

    monkeypatch.setattr(reading, "home_of", refused_by_the_database)
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(2000)
    )
    mailbox.put(b"Subject: deep\r\n" + nested, mail(subject="яд"), b"\r\n", mail(subject="Хорошее"))
    report = run()
    assert report.error == ""
    assert report.read == 4
    assert subjects()[-1] == "Хорошее"
    assert Correspondence.objects.unfiled().filter(subject="яд").count() == 0
    assert run().read == 0


def test_a_letter_that_is_too_large_is_named_and_left_in_the_mailbox(mailbox, client):
    choose("mail.max_mb", 1)
    mailbox.put(mail(text="т" * 1_200_000), mail(text="длинно " * 20_000))
    assert run().filed == 2
    large, long = Correspondence.objects.order_by("pk")
    assert large.text == ""
    assert "1" in large.remarks
    assert (len(long.text), bool(long.remarks)) == (reading.TEXT_LENGTH, True)


def test_old_letters_of_a_new_mailbox_are_left_alone(mailbox, client):
    mailbox.put(mail(subject="Давно"), at='"01-Feb-2026 10:00:00 +0300"')
    mailbox.put(mail(subject="Сейчас"))
    run()
    assert subjects() == ["Сейчас"]


def test_so_many_at_once_and_so_many_files(mailbox, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    choose("mail.at_once", 2)
    choose("files.at_once", 1)
    two = [("один.png", picture()), ("два.png", picture(size=(9, 9)))]
    mailbox.put(mail(files=two), mail(), mail())
    assert [run().read for _twice in range(3)] == [2, 1, 0]
    first = Correspondence.objects.earliest("pk")
    assert Attachment.objects.of("letter", first.pk).count() == 1
    assert first.remarks
    choose("files.record_mb", 0)  # the record has had its share
    mailbox.put(mail(subject="Полно", files=two[:1]))
    report = run()
    assert (report.filed, report.files, report.refused_files) == (1, 0, 1)
    assert "один.png" in Correspondence.objects.get(subject="Полно").remarks


def test_a_full_disk_ends_the_run_and_loses_nothing(
    mailbox, client, monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    file = ("a.png", picture())
    mailbox.put(mail(subject="Без файла"), mail(subject="С файлом", files=[file]))

    def full(*_args, **_more):
        raise RuleViolation("disk")

    with monkeypatch.context() as broken:
        broken.setattr("crm.files.storage.write_waiting", full)
        report = run()
    assert (report.read, report.error) == (1, "disk")
    assert run().read == 1
    assert subjects() == ["Без файла", "С файлом"]


def test_a_connection_lost_halfway_loses_nothing(mailbox, client, cast, settings):
    mailbox.put(*(mail(subject=f"№ {n}") for n in range(4)))
    proxy = Proxy(mailbox.port, at=3)
    settings.MAIL_IMAP_PORT = proxy.port
    report = run()
    proxy.close()
    assert (report.read, bool(report.error)) == (2, True)
    assert Notice.objects.filter(user=cast.admin, kind="mail.broken", channel="ui").count() == 1
    settings.MAIL_IMAP_PORT = mailbox.port
    assert run().read == 2
    assert subjects() == ["№ 0", "№ 1", "№ 2", "№ 3"]


def test_a_worker_that_is_killed_and_two_at_once_make_no_letter_twice(
    committed_db, mailbox, settings
):
    cast = assemble()
    made = clients.client(cast.manager)
    clients.person(made, email="anna@client.example")
    mailbox.put(*(mail(subject=f"№ {n}") for n in range(3)))
    proxy = Proxy(mailbox.port, at=2, hold=True)
    settings.MAIL_IMAP_PORT = proxy.port
    worker = start_worker(run)
    settings.MAIL_IMAP_PORT = mailbox.port
    wait_until(proxy.reached.is_set)
    assert subjects() == ["№ 0"]
    assert run().read == 0  # somebody reads it already
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    proxy.close()
    wait_until(lambda: run().read == 2)
    assert subjects() == ["№ 0", "№ 1", "№ 2"]
    assert ReceivedMail.objects.count() == 3


def test_the_database_knows_each_message_once(client, cast):
    letter = letters.incoming(client, cast.manager, today=timezone.localdate())
    line = {"mailbox": "m", "folder": "f", "uid_validity": 1, "uid": 1, "outcome": "filed"}
    ReceivedMail.objects.create(letter=letter, **line)
    with pytest.raises(IntegrityError, match="mail_read_once"), transaction.atomic():
        ReceivedMail.objects.create(letter=letter, **line)
    Correspondence.objects.filter(pk=letter.pk).update(message_id="a@b")
    other = letters.incoming(client, cast.manager, today=timezone.localdate())
    with pytest.raises(IntegrityError, match="letter_message_once"), transaction.atomic():
        Correspondence.objects.filter(pk=other.pk).update(message_id="a@b")


def test_the_command_tells_what_it_read(mailbox, client, capsys, settings):
    mailbox.put(mail())
    call_command("import_mail", "--json")
    assert json.loads(capsys.readouterr().out)["filed"] == 1
    settings.MAIL_IMAP_PASSWORD = "wrong"
    with pytest.raises(SystemExit):
        call_command("import_mail", "--json")
    assert json.loads(capsys.readouterr().out)["error"]
    settings.MAIL_IMAP_HOST = ""
    with pytest.raises(CommandError):
        call_command("import_mail")
