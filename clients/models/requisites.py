"""Legal side of a client: counterparties, accounts and the directory of banks (D.1, D.2)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models.search_text import part_is_searched
from clients.querysets import PartOfCounterpartyQuerySet, WholeCardQuerySet
from crm.history import track


@track(exclude=("search_key", "idempotency_key"), in_bulk=True)
class Counterparty(models.Model):
    """A legal entity or entrepreneur of the client; INN + KPP exist once."""

    client = models.ForeignKey(
        "clients.Client",
        models.PROTECT,
        related_name="counterparties",
        verbose_name=_("client"),
    )
    full_name = models.CharField(_("full name"), max_length=500)
    short_name = models.CharField(_("short name"), max_length=255, blank=True)
    search_key = models.CharField(max_length=600, editable=False, default="")
    inn = models.CharField(_("INN"), max_length=12, blank=True)
    kpp = models.CharField(_("KPP"), max_length=9, blank=True)
    ogrn = models.CharField(_("OGRN"), max_length=15, blank=True)
    legal_address = models.CharField(_("legal address"), max_length=500, blank=True)
    is_main = models.BooleanField(_("main"), default=True)
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = WholeCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("counterparty")
        verbose_name_plural = _("counterparties")
        ordering = ("-is_main", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inn", "kpp"],
                condition=~Q(inn=""),
                name="counterparty_inn_kpp_once",
                violation_error_message=_("A counterparty with this INN and KPP exists already."),
            ),
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(is_main=True, archived_at=None),
                name="counterparty_one_main_per_client",
            ),
            models.CheckConstraint(
                condition=Q(inn="") | Q(inn__regex=r"^([0-9]{10}|[0-9]{12})$"),
                name="counterparty_inn_digits",
            ),
            models.CheckConstraint(
                condition=Q(kpp="") | Q(inn__regex=r"^[0-9]{10}$"),
                name="counterparty_kpp_of_legal_entity",
            ),
        ]
        triggers: ClassVar = part_is_searched()

    def __str__(self) -> str:
        return self.short_name or self.full_name


@track(exclude=("idempotency_key",), in_bulk=True)
class BankAccount(models.Model):
    """A settlement account of a counterparty, checked with the key of its bank."""

    counterparty = models.ForeignKey(
        Counterparty, models.PROTECT, related_name="accounts", verbose_name=_("counterparty")
    )
    bic = models.CharField(_("BIC"), max_length=9)
    bank_name = models.CharField(_("bank"), max_length=255, blank=True)
    corr_account = models.CharField(_("correspondent account"), max_length=20, blank=True)
    account = models.CharField(_("account"), max_length=20)
    is_main = models.BooleanField(_("main"), default=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = PartOfCounterpartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ("-is_main", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["counterparty", "bic", "account"],
                name="bank_account_once",
                violation_error_message=_("The counterparty has this account already."),
            ),
            models.UniqueConstraint(
                fields=["counterparty"],
                condition=Q(is_main=True, closed_on=None),
                name="bank_account_one_main",
            ),
            models.CheckConstraint(
                condition=Q(account__regex=r"^[0-9]{20}$") & Q(bic__regex=r"^[0-9]{9}$"),
                name="bank_account_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.account


class Bank(models.Model):
    """A row of the Bank of Russia's directory of participants (ED807)."""

    bic = models.CharField(_("BIC"), max_length=9, primary_key=True)
    name = models.CharField(_("name"), max_length=255)
    city = models.CharField(_("city"), max_length=100, blank=True)
    corr_account = models.CharField(_("correspondent account"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("bank")
        verbose_name_plural = _("banks")
        ordering = ("bic",)

    def __str__(self) -> str:
        return f"{self.bic} {self.name}"
