"""Acts of reconciliation: what both sides owe, line by line, and their way to the client (D.3)."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Counterparty
from crm.history import no_truncate, track
from deals.models.contract_parts import PowerOfAttorney
from deals.models.contracts import Contract
from deals.models.invoices import Invoice
from deals.models.payments import Payment
from deals.models.reconciliations import ReconciliationItem
from deals.models.shipments import Shipment
from deals.querysets import ActLineQuerySet, ActLinkQuerySet, ReconciliationActQuerySet


class ActChannel(models.TextChoices):
    """How an act goes to the client and comes back."""

    EMAIL = "email", _("By e-mail, with a personal link")
    PAPER = "paper", _("On paper")
    EDO = "edo", _("By electronic documents exchange")


class SignatoryAuthority(models.TextChoices):
    """By what the client's signatory acts; only an authorised one restarts limitation (ГК 203)."""

    DIRECTOR = "director", _("Head of the company, by its charter")
    POWER_OF_ATTORNEY = "power_of_attorney", _("By a power of attorney")
    NONE = "none", _("Without authority (a chief accountant, for example)")
    DEEMED = "deemed", _("Deemed agreed by the contract")


AUTHORISED = (SignatoryAuthority.DIRECTOR, SignatoryAuthority.POWER_OF_ATTORNEY)


@track()
class ReconciliationAct(models.Model):
    """Our side of the mutual settlements over a period, roubles with VAT.

    `closing = opening + debit − credit`; positive is owed to us, negative is the client's advance.
    The lines are kept as they were when the act was made: documents that come later make a new
    revision, and never change what was sent.
    """

    item = models.OneToOneField(ReconciliationItem, models.PROTECT, related_name="act")
    number = models.CharField(_("number"), max_length=20, unique=True)
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="reconciliation_acts", verbose_name=_("client")
    )
    # Whose requisites stand in the act; null where the client has none yet.
    counterparty = models.ForeignKey(
        Counterparty, models.PROTECT, null=True, blank=True, related_name="+"
    )
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="acts",
        verbose_name=_("contract"),
    )
    date_from = models.DateField(_("from"))
    date_to = models.DateField(_("to, included"))
    opening = models.DecimalField(_("opening balance"), max_digits=15, decimal_places=2)
    debit = models.DecimalField(_("debit"), max_digits=15, decimal_places=2)
    credit = models.DecimalField(_("credit"), max_digits=15, decimal_places=2)
    closing = models.DecimalField(_("closing balance"), max_digits=15, decimal_places=2)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))
    # Who signs for us, and by what where the office does not reach.
    our_signatory = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    our_authority = models.ForeignKey(
        PowerOfAttorney, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # When this text went out; the item keeps the day of the first one.
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    channel = models.CharField(_("sent"), max_length=5, choices=ActChannel.choices, blank=True)
    sent_to = models.CharField(_("sent to"), max_length=300, blank=True)
    # The signed copy, or an answer with objections, is back with us.
    returned_on = models.DateField(_("returned on"), null=True, blank=True)
    signatory = models.CharField(_("signed for the client by"), max_length=200, blank=True)
    signatory_position = models.CharField(_("position"), max_length=200, blank=True)
    signatory_authority = models.CharField(
        _("acting by"), max_length=17, choices=SignatoryAuthority.choices, blank=True
    )
    # Number and day of the power of attorney.
    authority_details = models.CharField(_("power of attorney"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReconciliationActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act of reconciliation")
        verbose_name_plural = _("acts of reconciliation")
        ordering = ("-date_to", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closing=F("opening") + F("debit") - F("credit")),
                name="act_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(debit__gte=0, credit__gte=0), name="act_turnovers_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(date_to__gte=F("date_from")), name="act_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(channel="", sent_on=None) | (~Q(channel="") & Q(sent_on__isnull=False)),
                name="act_sent_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(signatory="") | ~Q(signatory_authority=""),
                name="act_signatory_has_authority",
            ),
            models.CheckConstraint(
                condition=~Q(signatory_authority="power_of_attorney") | ~Q(authority_details=""),
                name="act_power_of_attorney_is_named",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page of its reconciliation."""
        return reverse("deals:reconciliation_detail", args=[self.item_id])

    @property
    def restarts_limitation(self) -> bool:
        """Signed by an authorised person it acknowledges the debt (D.18, ГК 203)."""
        return self.signatory_authority in AUTHORISED


class ActLine(models.Model):
    """A document of the act; of debit and credit exactly one is not nothing."""

    act = models.ForeignKey(ReconciliationAct, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    day = models.DateField(_("date"))
    text = models.CharField(_("document"), max_length=300)
    number = models.CharField(_("number"), max_length=100, blank=True)
    debit = models.DecimalField(_("debit"), max_digits=15, decimal_places=2, default=0)
    credit = models.DecimalField(_("credit"), max_digits=15, decimal_places=2, default=0)
    shipment = models.ForeignKey(Shipment, models.PROTECT, null=True, related_name="+")
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="+")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="+")

    objects = ActLineQuerySet.as_manager()

    class Meta:
        ordering = ("act_id", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["act", "position"], name="act_line_position_once"),
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
                name="act_line_on_one_side",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ActLinkAnswer(models.TextChoices):
    """What a client said by its link; agreeing is no signature with authority."""

    AGREED = "agreed", _("Agreed via the link")
    OBJECTED = "objected", _("Objected via the link")


@track(exclude=("opened_at",))
class ActLink(models.Model):
    """A personal link on which a client sees its act and answers, without an account.

    Only the digest of the token is kept; the link serves one act, until its last moment, until it
    is revoked, and for one answer.
    """

    act = models.ForeignKey(ReconciliationAct, models.PROTECT, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    # The revision that was sent: a newer one is not agreed by an old link.
    revision = models.PositiveSmallIntegerField()
    sent_to = models.EmailField(_("sent to"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("first opened at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=8, choices=ActLinkAnswer.choices, blank=True)
    # As the person who answered has typed it: nobody has proved it.
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)
    answered_position = models.CharField(_("position"), max_length=200, blank=True)

    objects = ActLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["act"],
                condition=Q(revoked_at=None, answered_at=None),
                name="act_link_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="", answered_by="")
                | (Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(answered_by="")),
                name="act_link_answer_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.sent_to


class ActLinkVisit(models.Model):
    """What was done by a link, or tried with one that does not exist; only added to."""

    class What(models.TextChoices):
        OPENED = "opened", _("Opened")
        DOWNLOADED = "downloaded", _("Downloaded")
        UPLOADED = "uploaded", _("Uploaded a file")
        AGREED = "agreed", _("Agreed")
        OBJECTED = "objected", _("Objected")
        REFUSED = "refused", _("Rejected")

    link = models.ForeignKey(ActLink, models.PROTECT, null=True, related_name="visits")
    what = models.CharField(max_length=10, choices=What.choices)
    at = models.DateTimeField(auto_now_add=True)
    ip = models.GenericIPAddressField(null=True)
    details = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return self.get_what_display()
