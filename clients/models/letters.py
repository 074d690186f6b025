"""Letters of clients and to them (CL-16), and the e-mail that was read to find them."""

from datetime import date
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.clients import Client
from clients.models.people import ContactPerson
from clients.querysets.letters import CorrespondenceQuerySet
from crm.history import track
from crm.said import SaidCharField, SaidField


class LetterDirection(models.TextChoices):
    IN = "in", pgettext_lazy("letter", "Incoming")
    OUT = "out", pgettext_lazy("letter", "Outgoing")


class LetterKind(models.TextChoices):
    LETTER = "letter", pgettext_lazy("kind of letter", "Letter")
    COMPLAINT = "complaint", pgettext_lazy("kind of letter", "Complaint")
    PRICE = "price", pgettext_lazy("kind of letter", "Prices")
    ACT = "act", pgettext_lazy("kind of letter", "Act, documents")
    OTHER = "other", pgettext_lazy("kind of letter", "Other")


class LetterChannel(models.TextChoices):
    EMAIL = "email", pgettext_lazy("way of a letter", "E-mail")
    PAPER = "paper", pgettext_lazy("way of a letter", "On paper")
    EDO = "edo", pgettext_lazy("way of a letter", "Electronic documents")
    MESSENGER = "messenger", pgettext_lazy("way of a letter", "Messenger")


class LetterState(models.TextChoices):
    """C.5 no. 32; an outgoing letter is a draft until it is sent."""

    DRAFT = "draft", pgettext_lazy("letter", "Draft")
    SENT = "sent", pgettext_lazy("letter", "Sent")
    REGISTERED = "registered", pgettext_lazy("letter", "Registered")
    ASSIGNED = "assigned", pgettext_lazy("letter", "Assigned")
    IN_WORK = "in_work", pgettext_lazy("letter", "In progress")
    REPLIED = "replied", pgettext_lazy("letter", "Replied")
    CLOSED = "closed", pgettext_lazy("letter", "Closed")


# An answered letter is opened again by what the client writes to the answer.
LETTER_MOVES: dict[str, set[str]] = {
    LetterState.DRAFT: {LetterState.SENT},
    LetterState.SENT: set(),
    LetterState.REGISTERED: {
        LetterState.ASSIGNED,
        LetterState.IN_WORK,
        LetterState.REPLIED,
        LetterState.CLOSED,
    },
    LetterState.ASSIGNED: {
        LetterState.ASSIGNED,
        LetterState.IN_WORK,
        LetterState.REPLIED,
        LetterState.CLOSED,
    },
    LetterState.IN_WORK: {LetterState.ASSIGNED, LetterState.REPLIED, LetterState.CLOSED},
    LetterState.REPLIED: {LetterState.CLOSED},
    LetterState.CLOSED: {LetterState.IN_WORK},
}
OPEN_LETTER = (LetterState.REGISTERED, LetterState.ASSIGNED, LetterState.IN_WORK)
OF_OUTGOING = (LetterState.DRAFT, LetterState.SENT)


@track(exclude=("idempotency_key",), in_bulk=True)
class Correspondence(models.Model):
    """One letter of a client or to it, with its term of answer and its thread."""

    direction = models.CharField(_("direction"), max_length=3, choices=LetterDirection.choices)
    kind = models.CharField(
        _("kind"), max_length=9, choices=LetterKind.choices, default=LetterKind.LETTER
    )
    channel = models.CharField(
        _("received or sent by"),
        max_length=9,
        choices=LetterChannel.choices,
        default=LetterChannel.EMAIL,
    )
    # Null until somebody has filed it under a client.
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("client"),
        db_index=False,  # letter_of_client begins with it
    )
    person = models.ForeignKey(
        ContactPerson,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("contact person"),
    )
    # Their side, as it stood in the letter.
    correspondent = models.CharField(_("from whom, to whom"), max_length=200, blank=True)
    address = models.CharField(_("e-mail"), max_length=254, blank=True)
    # Empty as long as an outgoing letter is a draft.
    reg_no = models.CharField(_("registration number"), max_length=30, blank=True)
    their_no = models.CharField(_("number of the sender"), max_length=50, blank=True)
    on_day = models.DateField(_("received or sent on"))
    subject = SaidCharField(pgettext_lazy("letter", "subject"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    # What the machine that read the e-mail has to say: refused files, cut texts.
    remarks = SaidField(_("remarks"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=LetterState.choices)
    executor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("assignee"),
        db_index=False,  # letter_of_executor begins with it
    )
    reply_due = models.DateField(_("to be answered by"), null=True, blank=True)
    # Set by hand, so that filing does not count it anew.
    due_by_hand = models.BooleanField(default=False)
    replied_on = models.DateField(_("answered on"), null=True, blank=True)
    reply = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answered",
        verbose_name=_("answer"),
    )
    no_reply_reason = SaidField(_("why no answer is needed"), max_length=300, blank=True)
    thread = models.UUIDField(default=uuid4, editable=False)
    # Of the e-mail, without angle brackets: answers name it.
    message_id = models.CharField(max_length=250, blank=True, editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered by"),
    )
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("registered at"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = CorrespondenceQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("correspondence", "letter")
        verbose_name_plural = pgettext_lazy("correspondence", "letters")
        ordering = ("-on_day", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reg_no"], condition=~Q(reg_no=""), name="letter_number_once"
            ),
            models.UniqueConstraint(
                fields=["message_id"], condition=~Q(message_id=""), name="letter_message_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OF_OUTGOING, direction="out")
                | (~Q(state__in=OF_OUTGOING) & Q(direction="in")),
                name="letter_state_of_direction",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", reg_no="") | (~Q(state="draft") & ~Q(reg_no="")),
                name="letter_registered_has_number",
            ),
            models.CheckConstraint(
                condition=Q(direction="in") | Q(client__isnull=False),
                name="letter_outgoing_has_client",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "in_work"]) | Q(executor__isnull=False),
                name="letter_in_work_has_executor",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=OPEN_LETTER) | Q(reply_due__isnull=False),
                name="letter_open_has_term",
            ),
            models.CheckConstraint(
                condition=~Q(state="replied") | Q(replied_on__isnull=False),
                name="letter_replied_has_its_day",
            ),
            # A closed one was answered, or somebody said why it need not be.
            models.CheckConstraint(
                condition=Q(state="closed")
                & (
                    (Q(replied_on__isnull=False) & Q(no_reply_reason=""))
                    | (Q(replied_on=None) & ~Q(no_reply_reason=""))
                )
                | (~Q(state="closed") & Q(no_reply_reason="")),
                name="letter_closed_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-on_day", "-id"], name="letter_of_client"),
            models.Index(fields=["on_day", "id"], name="letter_by_day"),
            models.Index(fields=["thread"], name="letter_of_thread"),
            GinIndex(OpClass(Upper("subject"), "gin_trgm_ops"), name="letter_by_subject"),
            models.Index(
                fields=["executor", "reply_due"],
                condition=Q(state__in=OPEN_LETTER),
                name="letter_of_executor",
            ),
            models.Index(
                fields=["reply_due", "id"],
                condition=Q(state__in=OPEN_LETTER),
                name="letter_to_answer",
            ),
            models.Index(
                fields=["on_day", "id"],
                condition=Q(client=None),
                name="letter_unfiled",
            ),
            models.Index(
                fields=["client"],
                condition=Q(state__in=OPEN_LETTER),
                name="letter_open_of_client",
            ),
        ]

    def __str__(self) -> str:
        if not self.reg_no:
            return _now("Draft: %(subject)s") % {"subject": self.subject}
        return f"{self.reg_no} · {self.subject}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("clients:letter_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Somebody has to answer it."""
        return self.state in OPEN_LETTER

    def is_overdue(self, today: date) -> bool:
        """Open, and its last day has gone by."""
        return self.is_open and self.reply_due is not None and self.reply_due < today


class MailOutcome(models.TextChoices):
    """What became of one e-mail."""

    FILED = "filed", pgettext_lazy("e-mail", "Filed under its client")
    UNFILED = "unfiled", pgettext_lazy("e-mail", "Waits to be filed")
    KNOWN = "known", pgettext_lazy("e-mail", "Was there already")
    UNREADABLE = "unreadable", pgettext_lazy("e-mail", "Could not be read")


class ReceivedMail(models.Model):
    """A journal of the mailbox: each message is read once, by its place and by its Message-ID."""

    mailbox = models.CharField(_("mailbox"), max_length=254)
    folder = models.CharField(_("folder"), max_length=200)
    uid_validity = models.PositiveBigIntegerField()
    uid = models.PositiveBigIntegerField()
    # Of sender, subject and text: a Message-ID that is used twice hides no letter.
    content_key = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=MailOutcome.choices)
    letter = models.ForeignKey(
        Correspondence, models.PROTECT, null=True, related_name="received_mail"
    )
    read_at = models.DateTimeField(_("read at"), auto_now_add=True)

    class Meta:
        verbose_name = _("e-mail that was read")
        verbose_name_plural = _("e-mails that were read")
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mailbox", "folder", "uid_validity", "uid"], name="mail_read_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folder} {self.uid_validity}/{self.uid}"
