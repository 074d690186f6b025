"""What belongs to a contract: disagreements, obligations, hand-ups; and who may sign for us."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.history import track
from deals.models.contracts import Contract, ContractKind
from deals.querysets.contracts import (
    ContractTemplateQuerySet,
    ObligationQuerySet,
    OfContractQuerySet,
    PowerOfAttorneyQuerySet,
)


@track()
class PowerOfAttorney(models.Model):
    """One of us may sign contracts up to a sum and a day (L466)."""

    number = models.CharField(_("number"), max_length=50)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="powers_of_attorney",
        verbose_name=_("who may sign"),
    )
    issued_on = models.DateField(_("issued on"))
    valid_to = models.DateField(_("valid to"))
    # Roubles with VAT for one contract; null: as far as the office goes.
    limit = models.DecimalField(_("up to"), max_digits=15, decimal_places=2, null=True, blank=True)
    issued_by = models.CharField(_("issued by"), max_length=200)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoke_reason = models.CharField(_("why revoked"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = PowerOfAttorneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("power of attorney")
        verbose_name_plural = _("powers of attorney")
        ordering = ("-valid_to", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], name="power_number_once"),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("issued_on")), name="power_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(limit=None) | Q(limit__gt=0), name="power_limit_positive"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoke_reason=""), name="power_revoked_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.number


# An act of reconciliation is written by a template as well.
TEMPLATE_KINDS = [
    *ContractKind.choices,
    ("act", _("Act of reconciliation")),
    ("claim_reply", _("Answer to a claim")),
    ("outgoing", _("Claim against a client")),
    ("letter", _("Letter to a client")),
]


@track()
class ContractTemplate(models.Model):
    """A text that contracts of a kind are made from; its DOCX stands among its files."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=TEMPLATE_KINDS)
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ContractTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract template")
        verbose_name_plural = _("contract templates")
        ordering = ("kind", "name")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "name"], name="template_named_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deals:template_detail", args=[self.pk])


class DisagreementState(models.TextChoices):
    OPEN = "open", _("Not settled")
    AGREED = "agreed", _("Agreed")
    DROPPED = "dropped", _("Dropped")


@track()
class Disagreement(models.Model):
    """A clause on which the sides differ: the protocol of disagreements (DL-05, L29)."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="disagreements")
    clause = models.CharField(_("clause"), max_length=50)
    ours = models.TextField(_("our wording"))
    theirs = models.TextField(_("the client's wording"))
    proposed = models.TextField(_("proposed solution"), blank=True)
    agreed = models.TextField(_("agreed wording"), blank=True)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=DisagreementState.choices,
        default=DisagreementState.OPEN,
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("disagreement")
        verbose_name_plural = _("disagreements")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="agreed") | ~Q(agreed=""), name="disagreement_agreed_says_what"
            ),
        ]

    def __str__(self) -> str:
        return self.clause


class ObligationKind(models.TextChoices):
    DELIVERY = "delivery", _("Delivery")
    SERVICE = "service", _("Service")
    INSTALLATION = "installation", _("Installation")
    TRAINING = "training", _("Training")
    DOCS = "docs", _("Documents")
    PAYMENT = "payment", _("Payment")


@track()
class ContractObligation(models.Model):
    """Something that a department of ours has to do by a day (DL-18, L37)."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="obligations")
    kind = models.CharField(_("kind"), max_length=12, choices=ObligationKind.choices)
    text = models.CharField(_("what has to be done"), max_length=500)
    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("department")
    )
    due_on = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    evidence = models.CharField(_("what shows it"), max_length=500, blank=True)
    dropped_at = models.DateTimeField(_("not needed since"), null=True, blank=True)
    drop_reason = models.CharField(_("why not needed"), max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = ("due_on", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None, evidence="")
                | (Q(done_on__isnull=False, done_by__isnull=False) & ~Q(evidence="")),
                name="obligation_done_is_shown",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | (Q(done_on=None) & ~Q(drop_reason="")),
                name="obligation_dropped_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on", "id"],
                condition=Q(done_on=None, dropped_at=None),
                name="obligation_open_by_day",
            ),
        ]

    def __str__(self) -> str:
        return self.text
