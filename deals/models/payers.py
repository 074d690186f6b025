"""Accounts of payers that the accounting has recognised once."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from crm.history import track
from deals.querysets import OfClientQuerySet


@track()
class PayerAccount(models.Model):
    """Money from this account is the client's, whoever's name and INN stand beside it."""

    account = models.CharField(_("account"), max_length=34, unique=True)
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="payer_accounts", verbose_name=_("client")
    )
    payer_name = models.CharField(_("payer"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("account of a payer")
        verbose_name_plural = _("accounts of payers")
        ordering = ("account",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(account=""), name="payer_account_is_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.account
