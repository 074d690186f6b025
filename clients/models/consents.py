"""Consent of a contact person to be written to beyond the business (D.13)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models.people import ContactPerson
from clients.querysets.surveys import ConsentQuerySet
from crm.history import track


class ConsentPurpose(models.TextChoices):
    MAILING = "mailing", _("Mailings and surveys")


class ConsentChannel(models.TextChoices):
    PAPER = "paper", _("Signed on paper")
    EMAIL = "email", _("By e-mail")
    SITE = "site", _("On the site")


@track()
class PersonalDataConsent(models.Model):
    """Given for one purpose, by which way and to which text; withdrawn at any time."""

    person = models.ForeignKey(
        ContactPerson, models.PROTECT, related_name="consents", verbose_name=_("contact person")
    )
    purpose = models.CharField(
        _("purpose"), max_length=7, choices=ConsentPurpose.choices, default=ConsentPurpose.MAILING
    )
    given_on = models.DateField(_("given on"))
    channel = models.CharField(_("how"), max_length=5, choices=ConsentChannel.choices)
    text_version = models.CharField(_("text of the consent"), max_length=100, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    # Null with a moment: the person did it by the link of a letter.
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent of a person")
        verbose_name_plural = _("consents of persons")
        ordering = ("-given_on", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_at=None),
                name="consent_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by=None) | Q(withdrawn_at__isnull=False),
                name="consent_withdrawn_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.given_on:%d.%m.%Y}"
