"""Which goods are sold to whom: the assortment matrix, and changes that are asked for (DL-01)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Lower, Trim
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.clients import ClientCategory
from crm.history import track
from deals.models.products import Product
from deals.querysets.assortment import AssortmentMatrixQuerySet, AssortmentProposalQuerySet

LEAST_REASON = 10


@track(exclude=("idempotency_key",))
class AssortmentMatrix(models.Model):
    """Goods for clients of a channel, of a category, of both, or for all whom no other is for."""

    channel = models.CharField(_("channel"), max_length=100, blank=True)  # empty: any
    category = models.CharField(  # empty: any
        _("category"), max_length=1, choices=ClientCategory.choices, blank=True
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = AssortmentMatrixQuerySet.as_manager()

    class Meta:
        verbose_name = _("assortment matrix")
        verbose_name_plural = _("assortment matrices")
        ordering = ("channel", "category", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("channel"),
                "category",
                condition=Q(archived_at=None),
                name="assortment_matrix_once",
            ),
        ]

    def __str__(self) -> str:
        category = _now("category %(letter)s") % {"letter": self.category} if self.category else ""
        return ", ".join(filter(None, (self.channel, category))) or _now("All other clients")

    def get_absolute_url(self) -> str:
        return reverse("deals:assortment_detail", args=[self.pk])


@track(part_of="matrix", exclude=("position",))
class AssortmentLine(models.Model):
    """A product of the matrix: allowed, or to be had by every client of it."""

    matrix = models.ForeignKey(AssortmentMatrix, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("no."))
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="assortment_lines", verbose_name=_("product")
    )
    obligatory = models.BooleanField(_("required"), default=False)

    history_named: ClassVar = ("product",)
    history_shown: ClassVar = ("obligatory",)

    class Meta:
        verbose_name = _("line of the assortment matrix")
        verbose_name_plural = _("lines of the assortment matrix")
        ordering = ("matrix", "position", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matrix", "product"], name="assortment_product_once"),
            models.UniqueConstraint(
                fields=["matrix", "position"], name="assortment_line_has_its_place"
            ),
        ]

    def __str__(self) -> str:
        return str(self.product)


class AssortmentChange(models.TextChoices):
    """What becomes of the product in the matrix."""

    OBLIGATORY = "obligatory", pgettext_lazy("assortment", "Make required")
    ALLOWED = "allowed", pgettext_lazy("assortment", "Allow")
    OUT = "out", pgettext_lazy("assortment", "Take out")


class AssortmentProposalState(models.TextChoices):
    """A head proposes, marketing decides (S3.2.2b)."""

    PROPOSED = "proposed", pgettext_lazy("assortment", "Proposed")
    RETURNED = "returned", _("Returned for rework")
    ACCEPTED = "accepted", pgettext_lazy("assortment", "Accepted")
    REJECTED = "rejected", pgettext_lazy("assortment", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("assortment", "Withdrawn")


ASSORTMENT_PROPOSAL_MOVES: dict[str, set[str]] = {
    AssortmentProposalState.PROPOSED: {
        AssortmentProposalState.RETURNED,
        AssortmentProposalState.ACCEPTED,
        AssortmentProposalState.REJECTED,
        AssortmentProposalState.WITHDRAWN,
    },
    AssortmentProposalState.RETURNED: {
        AssortmentProposalState.PROPOSED,
        AssortmentProposalState.WITHDRAWN,
    },
    AssortmentProposalState.ACCEPTED: set(),
    AssortmentProposalState.REJECTED: set(),
    AssortmentProposalState.WITHDRAWN: set(),
}
OPEN_PROPOSAL = (AssortmentProposalState.PROPOSED, AssortmentProposalState.RETURNED)


@track()
class AssortmentProposal(models.Model):
    """A change of a matrix that a head asks for, with its reason."""

    matrix = models.ForeignKey(
        AssortmentMatrix,
        models.PROTECT,
        related_name="proposals",
        verbose_name=_("assortment matrix"),
    )
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="+", verbose_name=_("product")
    )
    change = models.CharField(_("change"), max_length=10, choices=AssortmentChange.choices)
    reason = models.TextField(_("reason"))
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=AssortmentProposalState.choices,
        default=AssortmentProposalState.PROPOSED,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = AssortmentProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal to change the assortment")
        verbose_name_plural = _("proposals to change the assortment")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matrix", "product"],
                condition=Q(state__in=["proposed", "returned"]),
                name="assortment_proposal_one_open",
            ),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length(Trim("reason")), LEAST_REASON),
                name="assortment_proposal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_change_display()}: {self.product} ({self.matrix})"

    def get_absolute_url(self) -> str:
        return self.matrix.get_absolute_url()
