"""Reading the mailbox: every e-mail becomes one letter, none twice and none lost.

One message is one transaction that holds its letter, its files and its line of the journal. What
fails on the way (the connection, the database, the disk) leaves nothing of that message, and the
next run begins with it again; a message that is itself broken becomes a letter that says so.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max
from django.utils import timezone, translation

from clients.actions.letters import NewLetter, enter
from clients.letters.mail_filing import Home, home_of, kind_of
from clients.models import Correspondence, LetterDirection, MailOutcome, ReceivedMail
from crm.accounts.models import Role, User
from crm.errors import RuleViolation
from crm.files.actions import QuotaExceeded, check_received, keep_received
from crm.files.checking import CheckedFile
from crm.files.models import AttachmentKind
from crm.files.policy import MB
from crm.imports.reading import Unreadable
from crm.mailbox.imap import Envelope, Folder, MailboxError, Place, open_folder
from crm.mailbox.parsing import Mail, MailFile, digest_id, parse
from crm.notices.actions import notify_many
from crm.said import gettext as _
from crm.said import joined
from crm.sql import only_here
from crm.work.registry import setting

log = structlog.get_logger(__name__)

LOCK = 6_120_471  # advisory lock: one reader at a time
BUDGET_SECONDS = 45.0
TEXT_LENGTH = 100_000
BROKEN = "mail.broken"


@dataclass
class MailReport:
    """What one run did; `error` says why it ended early."""

    configured: bool = True
    read: int = 0
    filed: int = 0
    unfiled: int = 0
    known: int = 0
    unreadable: int = 0
    files: int = 0
    refused_files: int = 0
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the command."""
        return asdict(self)


@dataclass(frozen=True)
class Message:
    """A message with what was found in it, before anything is written."""

    uid: int
    came: date
    mail: Mail
    remarks: list[str] = field(default_factory=list)
    files: list[tuple[MailFile, CheckedFile]] = field(default_factory=list)
    is_broken: bool = False


def place() -> Place | None:
    """The mailbox of the environment with the folder of the settings; None without a host."""
    if not settings.MAIL_IMAP_HOST:
        return None
    return Place(
        settings.MAIL_IMAP_HOST,
        settings.MAIL_IMAP_PORT,
        settings.MAIL_IMAP_USER,
        settings.MAIL_IMAP_PASSWORD,
        setting("mail.folder"),
        settings.MAIL_IMAP_SSL,
        settings.MAIL_IMAP_CA,
    )


def import_mail(*, today: date) -> MailReport:
    """Read what is new in the folder; another process that reads it already is left alone."""
    where, report = place(), MailReport()
    if where is None:
        return MailReport(configured=False)
    with only_here(LOCK) as alone:
        if alone:
            _read_or_tell(where, report, today)
    return report


def _read_or_tell(where: Place, report: MailReport, today: date) -> None:
    try:
        with translation.override("ru"):
            _read(where, report, today)
    except MailboxError as error:
        report.error = str(error)
        log.warning("mailbox_not_read", error=report.error)
        _tell_administrators(report.error, today)


def _read(where: Place, report: MailReport, today: date) -> None:
    ends = time.monotonic() + BUDGET_SECONDS
    with open_folder(where) as folder:
        last = _last_uid(where, folder)
        since = None if last else today - timedelta(days=setting("mail.first_days"))
        for uid in folder.uids(after=last, since=since)[: setting("mail.at_once")]:
            if time.monotonic() > ends:
                break
            envelope = folder.envelope(uid)
            message = _fetched(folder, uid, envelope, today) if envelope else None
            if message is not None:
                _take_or_note(where, folder, message, report)


def _last_uid(where: Place, folder: Folder) -> int:
    rows = _journal(where, folder.uid_validity)
    return int(rows.aggregate(last=Max("uid"))["last"] or 0)


def _journal(where: Place, uid_validity: int) -> Any:
    return ReceivedMail.objects.filter(
        mailbox=where.user, folder=where.folder, uid_validity=uid_validity
    )


def _fetched(folder: Folder, uid: int, envelope: Envelope, today: date) -> Message | None:
    """The message with its files checked; nothing is written yet."""
    came = min(timezone.localtime(envelope.received_at).date(), today)
    most = setting("mail.max_mb")
    too_large = envelope.size > most * MB
    raw = folder.message(uid, head_only=too_large)
    if raw is None:
        return None
    try:
        mail = parse(raw)
    except Exception as error:  # a broken letter does not stop the others
        log.exception("mail_not_parsed", uid=uid)
        return Message(uid, came, _unread(raw), [_unread_remark(uid, error)], is_broken=True)
    message = Message(uid, came, mail)
    if too_large:
        text = _("The e-mail is larger than %(most)s MB: its text and files are in the mailbox.")
        message.remarks.append(text % {"most": most})
    _check_files(message)
    return message


def _unread(raw: bytes) -> Mail:
    return Mail(digest_id(raw), _("E-mail that could not be read"), "", "", "")


def _unread_remark(uid: int, error: Exception) -> str:
    text = _("This e-mail could not be read: look at it in the mailbox (UID %(uid)s). %(why)s")
    return text % {"uid": uid, "why": type(error).__name__}


def _check_files(message: Message) -> None:
    """Each file through the one entrance; a refused one is named with its reason."""
    most = setting("files.at_once")
    for number, file in enumerate(message.mail.files):
        if number >= most:
            text = _("Only the first %(most)s files were kept.")
            message.remarks.append(text % {"most": most})
            break
        try:
            message.files.append((file, check_received("letter", file.name, file.content)))
        except Unreadable as refusal:
            message.remarks.append(_refused(file.name, refusal))


def _refused(name: str, why: RuleViolation) -> str:
    return _("The file “%(name)s” was not kept: %(why)s") % {"name": name, "why": why}


def _take_or_note(where: Place, folder: Folder, message: Message, report: MailReport) -> None:
    """A message that the program cannot take becomes a letter that says so; a full disk ends it."""
    try:
        _take(where, folder, message, report)
    except (OperationalError, InterfaceError):
        raise
    except RuleViolation as refusal:
        raise MailboxError(str(refusal)) from refusal
    except Exception as error:  # a broken letter does not stop the others
        if message.is_broken:
            raise
        log.exception("mail_not_taken", uid=message.uid)
        unread = _unread(message.mail.message_id.encode())
        remarks = [_unread_remark(message.uid, error)]
        again = Message(message.uid, message.came, unread, remarks, is_broken=True)
        _take(where, folder, again, report)


@transaction.atomic
def _take(where: Place, folder: Folder, message: Message, report: MailReport) -> None:
    """The letter with its files and its line of the journal, all or nothing."""
    line = ReceivedMail(
        mailbox=where.user,
        folder=where.folder,
        uid_validity=folder.uid_validity,
        uid=message.uid,
        content_key=message.mail.content_key,
    )
    letter = _known(message)
    if letter is not None:
        line.letter, line.outcome = letter, MailOutcome.KNOWN
    else:
        line.letter = _enter(message, report)
        line.outcome = _outcome(message, line.letter)
    line.save(force_insert=True)
    report.read += 1
    counted = str(line.outcome)
    setattr(report, counted, getattr(report, counted) + 1)


def _outcome(message: Message, letter: Correspondence) -> str:
    if message.is_broken:
        return MailOutcome.UNREADABLE
    return MailOutcome.FILED if letter.client_id else MailOutcome.UNFILED


def _known(message: Message) -> Correspondence | None:
    """The letter that this message became before: moved, delivered twice, or our own."""
    ids = [message.mail.message_id, _second_id(message.mail)]
    for letter in Correspondence.objects.filter(message_id__in=ids):
        same = letter.received_mail.filter(content_key=message.mail.content_key)
        if letter.direction == LetterDirection.OUT or same.exists():
            return letter  # type: ignore[no-any-return]
    return None


def _second_id(mail: Mail) -> str:
    """For another text under a Message-ID that is taken."""
    return f"{mail.message_id[:200]}#{mail.content_key[:24]}"


def _enter(message: Message, report: MailReport) -> Correspondence:
    mail = message.mail
    home = home_of(mail)
    taken = Correspondence.objects.filter(message_id=mail.message_id).exists()
    letter = enter(
        home.client,
        NewLetter(
            on_day=message.came,
            kind=kind_of(mail),
            subject=mail.subject[:300] or _("Without a subject"),
            text=_text(message),
            person=home.person,
            correspondent=mail.sender,
            address=mail.address,
            remarks=joined("\n", [*message.remarks, *_doubts(home)]),
            message_id=_second_id(mail) if taken else mail.message_id,
            thread=home.thread,
            no_reply_reason=_("An automatic e-mail") if mail.is_automatic else "",
        ),
        by=None,
    )
    _keep_files(letter, message, report)
    return letter


def _text(message: Message) -> str:
    text = message.mail.text
    if len(text) > TEXT_LENGTH:
        message.remarks.append(_("The text is cut: the whole one is in the mailbox."))
    return text[:TEXT_LENGTH]


def _doubts(home: Home) -> list[str]:
    if not home.is_stranger:
        return []
    return [_("Filed by the thread: the client has no such address. Check who wrote.")]


def _keep_files(letter: Correspondence, message: Message, report: MailReport) -> None:
    sender = message.mail.address or message.mail.sender or _("unknown")
    refusals = []
    for file, checked in message.files:
        try:
            keep_received(
                checked, "letter", letter.pk, sender=sender, content=file.content,
                kind=AttachmentKind.LETTER,
            )  # fmt: skip
            report.files += 1
        except QuotaExceeded as refusal:
            refusals.append(_refused(file.name, refusal))
    report.refused_files += len(message.mail.files) - len(message.files) + len(refusals)
    if refusals:
        letter.remarks = joined("\n", filter(None, [letter.remarks, *refusals]))
        letter.save(update_fields=["remarks"])


def _tell_administrators(error: str, today: date) -> None:
    """Once a day: letters of clients wait in a mailbox that cannot be read."""
    people = list(User.objects.working().filter(role=Role.ADMIN).order_by("pk"))
    notify_many(people, kind=BROKEN, params={"error": error[:200]}, dedupe_key=f"{BROKEN}:{today}")
