"""Proposals to clients: goods at a price up to a day, sent in versions, accepted or not (DL-04)."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.history import track
from deals.models.prices import PriceKind
from deals.models.products import Product
from deals.querysets.proposals import ProposalQuerySet


class ProposalState(models.TextChoices):
    """C.5 no. 9; a newer version that is sent supersedes the one before."""

    DRAFT = "draft", _("Draft")
    ON_APPROVAL = "on_approval", _("Being approved")
    APPROVED = "approved", pgettext_lazy("of a proposal", "Approved")
    SENT = "sent", pgettext_lazy("of a proposal", "Sent")
    ACCEPTED = "accepted", pgettext_lazy("of a proposal", "Accepted")
    DECLINED = "declined", pgettext_lazy("of a proposal", "Declined")
    EXPIRED = "expired", pgettext_lazy("of a proposal", "Expired")
    SUPERSEDED = "superseded", _("Superseded by a version")
    DISCARDED = "discarded", _("Thrown away")


# What is approved may be taken back to the draft; what is returned is a draft again.
PROPOSAL_MOVES: dict[str, set[str]] = {
    ProposalState.DRAFT: {
        ProposalState.ON_APPROVAL,
        ProposalState.SENT,
        ProposalState.DISCARDED,
    },
    ProposalState.ON_APPROVAL: {ProposalState.APPROVED, ProposalState.DRAFT},
    ProposalState.APPROVED: {ProposalState.SENT, ProposalState.DRAFT},
    ProposalState.SENT: {
        ProposalState.ACCEPTED,
        ProposalState.DECLINED,
        ProposalState.EXPIRED,
        ProposalState.SUPERSEDED,
    },
    ProposalState.ACCEPTED: set(),
    ProposalState.DECLINED: set(),
    ProposalState.EXPIRED: set(),
    ProposalState.SUPERSEDED: set(),
    ProposalState.DISCARDED: set(),
}
WITH_US = ("draft", "on_approval", "approved")
WAS_SENT = ("sent", "accepted", "declined", "expired", "superseded")


class ProposalChannel(models.TextChoices):
    """How it went to the client."""

    EMAIL = "email", _("E-mail")
    MESSENGER = "messenger", _("Messenger")
    MEETING = "meeting", _("Handed over in person")
    POST = "post", pgettext_lazy("way of sending", "Post")


@track(exclude=("idempotency_key",), in_bulk=True)
class Proposal(models.Model):
    """What we offer a client; amounts are roubles with VAT.

    `deviation` is the greatest percent below the lowest price among the lines, as of the day on
    which it was written, sent for approval or approved. A version has the first one as `root`.
    """

    number = models.CharField(_("number"), max_length=100)
    root = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
        verbose_name=_("first version"),
    )
    number_of_version = models.PositiveSmallIntegerField(_("version"), default=1)
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="proposals", verbose_name=_("client")
    )
    is_individual = models.BooleanField(_("individual"), default=False)
    price_kind = models.CharField(
        _("price type"), max_length=10, choices=PriceKind.choices, default=PriceKind.BASE
    )
    dated_on = models.DateField(_("date"))
    # The last day; null for what came in a file.
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    terms = models.TextField(_("terms"), blank=True)
    retro_terms = models.TextField(_("terms of the retro bonus"), blank=True)
    # What the client is given afterwards: it lowers what the offer really costs (S3.3.1.15).
    retro_pct = models.DecimalField(
        _("retro bonus, %"), max_digits=5, decimal_places=2, default=0, db_default=0
    )
    total = models.DecimalField(_("total"), max_digits=15, decimal_places=2, default=0)
    vat_amount = models.DecimalField(_("VAT in it"), max_digits=15, decimal_places=2, default=0)
    deviation = models.DecimalField(
        _("below the lowest price, %"), max_digits=5, decimal_places=2, default=0
    )
    state = models.CharField(
        _("state"), max_length=11, choices=ProposalState.choices, default=ProposalState.DRAFT
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_by_channel = models.CharField(
        _("sent by"), max_length=9, choices=ProposalChannel.choices, blank=True
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    decline_reason = models.CharField(_("why declined"), max_length=300, blank=True)
    is_imported = models.BooleanField(_("from a file"), default=False)
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("author"),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ("-dated_on", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                "number", condition=Q(is_imported=False), name="proposal_number_once"
            ),
            models.UniqueConstraint(
                "external_id", condition=~Q(external_id=""), name="proposal_external_id_once"
            ),
            models.UniqueConstraint(
                fields=["root", "number_of_version"], name="proposal_version_once"
            ),
            models.UniqueConstraint(
                Coalesce("root", "id"),
                condition=Q(state__in=WITH_US),
                name="proposal_one_version_being_written",
            ),
            models.CheckConstraint(
                condition=Q(root=None, number_of_version=1)
                | Q(root__isnull=False, number_of_version__gt=1),
                name="proposal_version_has_its_first",
            ),
            models.CheckConstraint(
                condition=Q(is_imported=True)
                | Q(valid_to__isnull=False, valid_to__gte=F("dated_on")),
                name="proposal_holds_to_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WAS_SENT) | Q(sent_on__isnull=False),
                name="proposal_sent_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "declined"], answered_on__isnull=False)
                | (~Q(state__in=["accepted", "declined"]) & Q(answered_on=None)),
                name="proposal_answer_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | Q(is_imported=True) | ~Q(decline_reason=""),
                name="proposal_declined_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, deviation__gte=0, deviation__lte=100),
                name="proposal_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(retro_pct__gte=0, retro_pct__lt=100),
                name="proposal_retro_is_a_percentage",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated_on", "-id"], name="proposal_by_day"),
            models.Index(fields=["client", "-dated_on"], name="proposal_of_client"),
            models.Index(
                fields=["valid_to"], condition=Q(state="sent"), name="proposal_sent_by_end"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("deals:proposal_detail", args=[self.pk])

    @property
    def first_id(self) -> int:
        """The key of the first version."""
        return self.root_id or self.pk


@track(exclude=("position",), in_bulk=True, part_of="proposal")
class ProposalLine(models.Model):
    """Goods of a proposal.

    `price` is that of the list, with VAT; `net_price` what is left after the discount;
    `lowest_price` that of the list on the day of writing or of an agreement with a producer, the
    higher one; null where neither has such a product.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("no."))
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="proposal_lines", verbose_name=_("product")
    )
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=15, decimal_places=2)
    discount_pct = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2, default=0)
    net_price = models.DecimalField(_("price with discount"), max_digits=15, decimal_places=2)
    lowest_price = models.DecimalField(
        _("lowest price"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    # Whose bound the lowest price is, where it is above that of the list.
    agreement = models.ForeignKey(
        "deals.ProducerPriceAgreement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("price agreement with a producer"),
    )
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2)
    # Null: without VAT.
    vat_percent = models.DecimalField(
        _("VAT, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    vat_amount = models.DecimalField(_("VAT in it"), max_digits=15, decimal_places=2, default=0)

    history_named: ClassVar = ("product",)
    history_shown: ClassVar = ("quantity", "price", "discount_pct", "amount")

    class Meta:
        verbose_name = _("line of a proposal")
        verbose_name_plural = _("lines of proposals")
        ordering = ("proposal", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "position"], name="proposal_line_position_once"
            ),
            models.UniqueConstraint(fields=["proposal", "product"], name="proposal_product_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, price__gte=0), name="proposal_line_quantity_and_price"
            ),
            models.CheckConstraint(
                condition=Q(discount_pct__gte=0, discount_pct__lte=100),
                name="proposal_line_discount_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.product_id}"

    @property
    def deviates(self) -> bool:
        """Below the lowest price of the day of writing."""
        return self.lowest_price is not None and self.net_price < self.lowest_price

    @property
    def below_by(self) -> Decimal:
        """Roubles below the lowest price of one unit."""
        return max((self.lowest_price or Decimal(0)) - self.net_price, Decimal(0))
