"""Where new clients are looked for (CL-05): channels and the campaigns on them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.contacts import Dictionary
from clients.querysets.leads import SearchCampaignQuerySet, SearchChannelQuerySet
from crm.history import track


class LeadSource(models.TextChoices):
    """C.8: where a prospect came from."""

    EXHIBITION = "exhibition", _("Exhibition or fair")
    PRESENTATION = "presentation", pgettext_lazy("source", "Presentation")
    ADVERTISING = "advertising", pgettext_lazy("source", "Advertising")
    EMAIL = "email", _("Mailing")
    MEDIA = "media", _("Press")
    FAX = "fax", _("Fax")
    PHONE = "phone", _("Cold calls")
    REFERRAL = "referral", _("Referral")
    INBOUND = "inbound", _("Inbound enquiry")


@track()
class SearchChannel(Dictionary):
    """A way to find clients; its priority and plan are set by heads (L376, L476)."""

    kind = models.CharField(_("kind"), max_length=12, choices=LeadSource.choices)
    priority = models.PositiveSmallIntegerField(_("priority, 1 is the highest"), default=3)
    plan = models.CharField(_("how it is developed"), max_length=500, blank=True)

    objects = SearchChannelQuerySet.as_manager()

    class Meta(Dictionary.Meta):
        verbose_name = _("search channel")
        verbose_name_plural = _("search channels")
        ordering = ("priority", "order", "pk")  # type: ignore[assignment]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(priority__gte=1, priority__lte=5),
                name="search_channel_priority_1_to_5",
            ),
        ]


@track()
class SearchCampaign(models.Model):
    """A search on one channel in some days, with what it costs and what it shall bring (L99)."""

    name = models.CharField(_("name"), max_length=200)
    channel = models.ForeignKey(
        SearchChannel, models.PROTECT, related_name="campaigns", verbose_name=_("channel")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    planned_cost = models.DecimalField(
        _("cost, planned"), max_digits=15, decimal_places=2, default=0
    )
    cost = models.DecimalField(_("cost, actual"), max_digits=15, decimal_places=2, default=0)
    target_leads = models.PositiveIntegerField(_("leads, planned"))
    target_clients = models.PositiveIntegerField(_("new clients, planned"), default=0)
    note = models.TextField(_("what is done"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = SearchCampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("search campaign")
        verbose_name_plural = _("search campaigns")
        ordering = ("-starts_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="search_campaign_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(planned_cost__gte=0, cost__gte=0),
                name="search_campaign_cost_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its plan and fact."""
        return reverse("clients:search_campaign_detail", args=[self.pk])
