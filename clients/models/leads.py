"""Leads (CL-05, C.5 no. 6): companies that may become clients, and the notes about them."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.clients import Client
from clients.models.searching import SearchCampaign, SearchChannel
from clients.querysets.leads import LeadNoteQuerySet, LeadQuerySet
from crm.history import track
from crm.said import SaidField


class LeadState(models.TextChoices):
    NEW = "new", pgettext_lazy("lead", "New")
    QUALIFIED = "qualified", pgettext_lazy("lead", "Qualified")
    NEGOTIATING = "negotiating", pgettext_lazy("lead", "Negotiating")
    OFFER_ACCEPTED = "offer_accepted", pgettext_lazy("lead", "Offer accepted")
    CONVERTED = "converted", pgettext_lazy("lead", "Became a client")
    LOST = "lost", pgettext_lazy("lead", "Lost")
    REJECTED = "rejected", pgettext_lazy("lead", "Rejected")


# A lead that failed its scoring is rejected from wherever it stands; rejected and lost are final.
LEAD_MOVES: dict[str, set[str]] = {
    LeadState.NEW: {LeadState.QUALIFIED, LeadState.LOST, LeadState.REJECTED},
    LeadState.QUALIFIED: {LeadState.NEGOTIATING, LeadState.LOST, LeadState.REJECTED},
    LeadState.NEGOTIATING: {LeadState.OFFER_ACCEPTED, LeadState.LOST, LeadState.REJECTED},
    LeadState.OFFER_ACCEPTED: {LeadState.CONVERTED, LeadState.LOST, LeadState.REJECTED},
    LeadState.CONVERTED: set(),
    LeadState.LOST: set(),
    LeadState.REJECTED: set(),
}
OPEN_LEAD = (
    LeadState.NEW,
    LeadState.QUALIFIED,
    LeadState.NEGOTIATING,
    LeadState.OFFER_ACCEPTED,
)


@track(exclude=("search_key", "idempotency_key"), in_bulk=True)
class Lead(models.Model):
    """A company that may become a client; one open lead for an INN."""

    name = models.CharField(_("name"), max_length=255)
    search_key = models.CharField(max_length=600, editable=False, default="")
    inn = models.CharField(_("INN"), max_length=12, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=200, blank=True)
    contact_position = models.CharField(_("position"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    segment = models.CharField(_("segment"), max_length=100, blank=True)
    territory = models.CharField(_("territory"), max_length=200, blank=True)
    channel = models.ForeignKey(
        SearchChannel, models.PROTECT, related_name="leads", verbose_name=_("search channel")
    )
    campaign = models.ForeignKey(
        SearchCampaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("search campaign"),
    )
    potential_monthly = models.DecimalField(
        _("potential per month"), max_digits=15, decimal_places=2, default=0
    )
    # S1.1, S5.4.1: what is needed, how strongly and to what end.
    need = models.CharField(_("what is needed"), max_length=200, blank=True)
    need_level = models.PositiveSmallIntegerField(_("level, 1 to 5"), default=3)
    need_direction = models.TextField(_("what it is for"), blank=True)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="leads",
        verbose_name=_("manager"),
        db_index=False,  # lead_of_manager begins with it
    )
    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="leads", verbose_name=_("unit")
    )
    state = models.CharField(
        _("state"), max_length=14, choices=LeadState.choices, default=LeadState.NEW
    )
    found_on = models.DateField(_("found on"))
    next_on = models.DateField(_("next step on"), null=True, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    # Why it was lost or rejected.
    ended_reason = SaidField(_("reason"), max_length=500, blank=True)
    client = models.OneToOneField(
        Client,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lead",
        verbose_name=_("client"),
    )
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ("-found_on", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inn"],
                condition=~Q(inn="") & Q(state__in=OPEN_LEAD),
                name="lead_open_inn_once",
            ),
            models.CheckConstraint(
                condition=Q(inn="") | Q(inn__regex=r"^([0-9]{10}|[0-9]{12})$"),
                name="lead_inn_digits",
            ),
            models.CheckConstraint(
                condition=Q(potential_monthly__gte=0), name="lead_potential_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(need_level__gte=1, need_level__lte=5), name="lead_need_level_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_LEAD, ended_on=None)
                | (~Q(state__in=OPEN_LEAD) & Q(ended_on__isnull=False)),
                name="lead_ended_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["lost", "rejected"]) | ~Q(ended_reason=""),
                name="lead_lost_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="converted", client__isnull=False)
                | (~Q(state="converted") & Q(client=None)),
                name="lead_converted_has_client",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["manager", "next_on", "id"], name="lead_of_manager"),
            models.Index(fields=["found_on", "id"], name="lead_by_found"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its card."""
        return reverse("clients:lead_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Somebody works on it."""
        return self.state in OPEN_LEAD

    def is_due(self, today: date) -> bool:
        """The next step is due by today, or none is planned."""
        return self.is_open and (self.next_on is None or self.next_on <= today)


@track(in_bulk=True)
class LeadNote(models.Model):
    """What was said or done with a lead on a day; never changed afterwards."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="notes", verbose_name=_("lead"))
    on = models.DateField(_("day"))
    text = models.CharField(_("what was done"), max_length=2000)
    # Empty: a note; else the state that the lead came to with it.
    state = models.CharField(_("state"), max_length=14, blank=True, choices=LeadState.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LeadNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note about a lead")
        verbose_name_plural = _("notes about leads")
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return self.text[:60]
