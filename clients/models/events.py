"""Events (CL-13): exhibitions, fairs, presentations; who of the clients was invited and came."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.clients import Client
from clients.models.contacts import ContactLog
from clients.models.people import ContactPerson
from clients.querysets.events import EventInvitationQuerySet, EventQuerySet
from crm.history import track


class EventKind(models.TextChoices):
    EXHIBITION = "exhibition", _("Exhibition")
    FAIR = "fair", _("Fair")
    PRESENTATION = "presentation", _("Presentation")
    TASTING = "tasting", _("Tasting")
    SEMINAR = "seminar", _("Seminar")
    OTHER = "other", pgettext_lazy("kind of event", "Other")


class InvitationState(models.TextChoices):
    """C.5 no. 34."""

    INVITED = "invited", pgettext_lazy("invitation", "Invited")
    CONFIRMED = "confirmed", pgettext_lazy("invitation", "Coming")
    DECLINED = "declined", pgettext_lazy("invitation", "Not coming")
    ATTENDED = "attended", pgettext_lazy("invitation", "Came")
    NO_SHOW = "no_show", pgettext_lazy("invitation", "Did not come")


# Who said neither yes nor no may come all the same, and so may who said no.
INVITATION_MOVES: dict[str, set[str]] = {
    InvitationState.INVITED: {
        InvitationState.CONFIRMED,
        InvitationState.DECLINED,
        InvitationState.ATTENDED,
        InvitationState.NO_SHOW,
    },
    InvitationState.CONFIRMED: {
        InvitationState.DECLINED,
        InvitationState.ATTENDED,
        InvitationState.NO_SHOW,
    },
    InvitationState.DECLINED: {InvitationState.CONFIRMED, InvitationState.ATTENDED},
    InvitationState.ATTENDED: set(),
    InvitationState.NO_SHOW: {InvitationState.ATTENDED},
}
ANSWERS = (InvitationState.CONFIRMED, InvitationState.DECLINED)
MARKS = (InvitationState.ATTENDED, InvitationState.NO_SHOW)


@track(exclude=("idempotency_key",))
class Event(models.Model):
    """What clients are invited to; `groups` are the product groups shown, by their names then."""

    kind = models.CharField(_("kind"), max_length=12, choices=EventKind.choices)
    name = models.CharField(_("name"), max_length=200)
    place = models.CharField(_("place"), max_length=300, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    groups = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("product groups presented"),
        default=list,
        blank=True,
    )
    description = models.TextField(_("programme"), blank=True)
    budget = models.DecimalField(
        _("budget"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    cost = models.DecimalField(_("cost"), max_digits=15, decimal_places=2, null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    cancelled_on = models.DateField(_("called off on"), null=True, blank=True)
    cancel_reason = models.CharField(_("why it was called off"), max_length=500, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-starts_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="event_days_in_order"
            ),
            models.CheckConstraint(
                condition=(Q(budget=None) | Q(budget__gte=0)) & (Q(cost=None) | Q(cost__gte=0)),
                name="event_costs_nothing_or_more",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on=None, cancel_reason="")
                | (Q(cancelled_on__isnull=False) & ~Q(cancel_reason="")),
                name="event_called_off_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("clients:event_detail", args=[self.pk])


@track(in_bulk=True)
class EventInvitation(models.Model):
    """A contact person of a client asked to an event; `confirmed_on` is the day of the yes."""

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="invitations", verbose_name=_("event")
    )
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="event_invitations", verbose_name=_("client")
    )
    person = models.ForeignKey(
        ContactPerson,
        models.PROTECT,
        related_name="event_invitations",
        verbose_name=_("contact person"),
    )
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=InvitationState.choices,
        default=InvitationState.INVITED,
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    invited_on = models.DateField(_("invited on"))
    confirmed_on = models.DateField(_("agreed to come on"), null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("attendance noted by"),
    )
    contact = models.ForeignKey(
        ContactLog,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="event_invitations",
        verbose_name=_("contact"),
    )
    version = models.PositiveIntegerField(default=1)

    objects = EventInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to an event")
        verbose_name_plural = _("invitations to events")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "person"], name="event_person_invited_once"),
            models.CheckConstraint(
                condition=Q(state__in=["attended", "no_show"], marked_by__isnull=False)
                | Q(state__in=["invited", "confirmed", "declined"], marked_by=None, contact=None),
                name="event_attendance_marked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["attended", "no_show"])
                | Q(state="confirmed", confirmed_on__isnull=False)
                | Q(state__in=["invited", "declined"], confirmed_on=None),
                name="event_yes_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
