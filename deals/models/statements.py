"""Our accounts and the statements that the bank gives of them (DL-10)."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.history import track
from deals.querysets import OwnAccountQuerySet, StatementQuerySet


@track()
class OwnAccount(models.Model):
    """A settlement account of our own company: the direction of a payment follows from it."""

    account = models.CharField(_("account"), max_length=20, unique=True)
    bic = models.CharField(_("BIC"), max_length=9, blank=True)
    bank_name = models.CharField(_("bank"), max_length=255, blank=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = OwnAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("own account")
        verbose_name_plural = _("own accounts")
        ordering = ("account",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(account__regex=r"^[0-9]{20}$"), name="own_account_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.account


@track()
class BankStatement(models.Model):
    """What a bank says of one account for a period; sums are roubles, null is what it left out."""

    own_account = models.ForeignKey(
        OwnAccount, models.PROTECT, related_name="statements", verbose_name=_("own account")
    )
    date_from = models.DateField(_("from"))
    date_to = models.DateField(_("to"))
    opening = models.DecimalField(
        _("opening balance"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    closing = models.DecimalField(
        _("closing balance"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    declared_in = models.DecimalField(
        _("received, declared"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    declared_out = models.DecimalField(
        _("spent, declared"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    documents_in = models.DecimalField(_("received, documents"), max_digits=15, decimal_places=2)
    documents_out = models.DecimalField(_("spent, documents"), max_digits=15, decimal_places=2)
    warnings = models.JSONField(_("warnings"), default=list, blank=True)
    import_job = models.ForeignKey(
        "imports.ImportJob", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering = ("-date_to", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["own_account", "date_from", "date_to"], name="statement_period_once"
            ),
            models.CheckConstraint(
                condition=Q(date_to__gte=F("date_from")), name="statement_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        if self.date_from == self.date_to:
            return f"{self.date_to:%d.%m.%Y}"
        return f"{self.date_from:%d.%m.%Y} – {self.date_to:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("deals:statement_detail", args=[self.pk])

    @property
    def missing_in(self) -> Decimal | None:
        """Received by the turnover and in no document of the file."""
        return None if self.declared_in is None else self.declared_in - self.documents_in

    @property
    def missing_out(self) -> Decimal | None:
        """Spent by the turnover and in no document of the file."""
        return None if self.declared_out is None else self.declared_out - self.documents_out

    @property
    def unbalanced(self) -> Decimal | None:
        """Closing balance less opening with the turnover; of documents, where none is declared."""
        if self.opening is None or self.closing is None:
            return None
        received = self.documents_in if self.declared_in is None else self.declared_in
        spent = self.documents_out if self.declared_out is None else self.declared_out
        return self.closing - (self.opening + received - spent)
