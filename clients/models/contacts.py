"""Contact log, its dictionaries and the monthly contact plan (CL-10, CL-11)."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clients.models.clients import Client
from clients.models.people import ContactPerson
from clients.querysets import ContactLogQuerySet, ContactPlanLineQuerySet
from crm.history import track


class ContactKind(models.TextChoices):
    CALL = "call", _("Call")
    VISIT = "visit", _("Visit")
    MEETING = "meeting", _("Meeting")
    EMAIL = "email", pgettext_lazy("kind of contact", "E-mail")
    MESSENGER = "messenger", _("Messenger")
    LETTER = "letter", _("Official letter")
    PRESENTATION = "presentation", _("Presentation")
    EVENT = "event", pgettext_lazy("kind of contact", "Event")


class ContactDirection(models.TextChoices):
    OUT = "out", _("Outgoing")
    IN = "in", _("Incoming")


class ContactState(models.TextChoices):
    """C.5 no. 5."""

    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")
    MISSED = "missed", _("Missed")
    RESCHEDULED = "rescheduled", _("Rescheduled")
    CANCELLED = "cancelled", _("Cancelled")
    UNDONE = "undone", _("Undone")


# The second line of moves is the author's Undo within minutes (undo_contact) and nothing else.
CONTACT_MOVES: dict[str, set[str]] = {
    ContactState.PLANNED: {
        ContactState.DONE,
        ContactState.MISSED,
        ContactState.RESCHEDULED,
        ContactState.CANCELLED,
        ContactState.UNDONE,
    },
    ContactState.DONE: {ContactState.UNDONE, ContactState.PLANNED},
    ContactState.MISSED: set(),
    ContactState.RESCHEDULED: set(),
    ContactState.CANCELLED: set(),
    ContactState.UNDONE: set(),
}


class Dictionary(models.Model):
    """A word of a dictionary in both languages."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.name_en if (get_language() or "ru").startswith("en") else self.name_ru


@track()
class ContactResult(Dictionary):
    """What the contact led to (C.8); the customer may add words."""

    # A contact without an answer is not credited to the contact plan.
    reached = models.BooleanField(_("the client was reached"), default=True)

    class Meta(Dictionary.Meta):
        verbose_name = _("contact result")
        verbose_name_plural = _("contact results")


@track()
class ContactTopic(Dictionary):
    """What the contact was about."""

    class Meta(Dictionary.Meta):
        verbose_name = _("contact topic")
        verbose_name_plural = _("contact topics")


@track(exclude=("at",), in_bulk=True)
class ContactLog(models.Model):
    """A planned or done interaction with a client.

    A plan without a time of day stands at midnight of the company's clock.
    """

    # Null only for imported rows whose file names no client: they stay visible as unassigned.
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("client"),
        db_index=False,
    )
    person = models.ForeignKey(
        ContactPerson,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("contact person"),
        db_index=False,
    )
    # Who does it or did it; the plan credits the client's line whoever did it.
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="contacts",
        verbose_name=_("manager"),
        db_index=False,
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ContactKind.choices)
    direction = models.CharField(
        _("direction"),
        max_length=3,
        choices=ContactDirection.choices,
        default=ContactDirection.OUT,
    )
    state = models.CharField(_("state"), max_length=11, choices=ContactState.choices)
    planned_at = models.DateTimeField(_("planned for"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    # The moment by which contacts are ordered: when it happened, else when it is to happen.
    at = models.GeneratedField(
        expression=Coalesce("done_at", "planned_at"),
        output_field=models.DateTimeField(_("when")),
        db_persist=True,
    )
    # When the result was written down; the author's hours for editing start here.
    logged_at = models.DateTimeField(null=True, blank=True)
    result = models.ForeignKey(
        ContactResult,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("result"),
        db_index=False,
    )
    topic = models.ForeignKey(
        ContactTopic,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("topic"),
        db_index=False,
    )
    purpose = models.CharField(_("what for"), max_length=300, blank=True)
    summary = models.TextField(_("note"), blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    duration_seconds = models.PositiveIntegerField(_("duration"), null=True, blank=True)
    promise_amount = models.DecimalField(
        _("promised amount"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    promise_on = models.DateField(_("promised for"), null=True, blank=True)
    # What became of the promise; null while nobody has said.
    promise_kept = models.BooleanField(_("promise kept"), null=True, blank=True)
    # The contact planned as the next step of this one, or instead of this one.
    successor = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessor"
    )
    scheme_run = models.ForeignKey(
        "clients.SchemeRun",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        db_index=False,
    )
    scheme_step = models.ForeignKey(
        "clients.ApproachStep",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contacts",
        db_index=False,
    )
    resolved = models.BooleanField(_("question resolved"), null=True, blank=True)
    rating = models.PositiveSmallIntegerField(_("rating, 1 to 5"), null=True, blank=True)
    wait_seconds = models.PositiveIntegerField(_("wait for an answer"), null=True, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    # One render of the composer = one key: a doubled click stores one contact.
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ContactLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("-at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False, result__isnull=False),
                name="contact_done_has_result",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "undone"])
                | Q(planned_at__isnull=False, done_at=None),
                name="contact_open_has_plan",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["rescheduled", "cancelled"]) | ~Q(reason=""),
                name="contact_dropped_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(client__isnull=False) | ~Q(external_id=""),
                name="contact_without_client_is_imported",
            ),
            models.CheckConstraint(
                condition=Q(promise_amount=None, promise_on=None)
                | Q(promise_amount__isnull=False, promise_amount__gt=0, promise_on__isnull=False),
                name="contact_promise_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(promise_kept=None) | Q(promise_on__isnull=False),
                name="contact_kept_what_was_promised",
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5),
                name="contact_rating_1_to_5",
            ),
            models.CheckConstraint(condition=Q(at__isnull=False), name="contact_has_a_moment"),
            models.UniqueConstraint(
                "external_id",
                condition=~Q(external_id=""),
                name="contact_external_id_once",
            ),
        ]
        # A million rows: an index for each way the table is read and none for bare keys;
        # what counts need is included, so that they read no rows.
        indexes: ClassVar = [
            models.Index(
                fields=["client", "-done_at"],
                include=["kind", "result"],
                condition=Q(state="done"),
                name="contact_done",
            ),
            models.Index(fields=["client", "-at", "-id"], name="contact_timeline"),
            models.Index(fields=["at", "id"], name="contact_by_moment"),
            models.Index(
                fields=["manager", "at", "id"], include=["state"], name="contact_of_manager"
            ),
            models.Index(
                fields=["manager", "planned_at"],
                condition=Q(state="planned"),
                name="contact_planned",
            ),
            models.Index(
                fields=["client", "planned_at"],
                condition=Q(state="planned"),
                name="contact_planned_of_client",
            ),
            models.Index(
                fields=["client", "planned_at"],
                condition=Q(state="missed"),
                name="contact_missed",
            ),
            models.Index(
                fields=["client", "-promise_on", "-id"],
                include=["promise_amount", "promise_kept"],
                condition=Q(state="done", promise_on__isnull=False),
                name="contact_promise",
            ),
            models.Index(
                fields=["scheme_run"],
                condition=Q(scheme_run__isnull=False),
                name="contact_of_scheme_run",
            ),
            models.Index(
                fields=["at", "id"], condition=Q(client=None), name="contact_without_client"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.local_moment:%d.%m.%Y}"

    @property
    def local_moment(self) -> datetime:
        """When it happened or is to happen, by the company's clock."""
        moment = self.done_at or self.planned_at
        assert moment is not None
        return timezone.localtime(moment)

    @property
    def has_time(self) -> bool:
        """Whether a time of day is meant; a plan at midnight is for the whole day."""
        moment = self.local_moment
        return self.done_at is not None or (moment.hour, moment.minute) != (0, 0)

    @property
    def kind_key(self) -> str:
        """The kind with its direction, as the composer offers it: call_out, call_in, meeting."""
        return f"{self.kind}_{self.direction}" if self.kind == ContactKind.CALL else self.kind

    @property
    def kind_label(self) -> str:
        """The kind in words; calls with their direction."""
        if self.kind != ContactKind.CALL:
            return str(ContactKind(self.kind).label)
        return gettext("Call in") if self.direction == ContactDirection.IN else gettext("Call out")

    @property
    def minutes(self) -> int | None:
        """Duration in whole minutes."""
        if self.duration_seconds is None:
            return None
        return max(1, round(self.duration_seconds / 60))


@track(in_bulk=True)
class ContactPlanLine(models.Model):
    """How many contacts, and visits among them, a client gets in a month (CONT-1)."""

    month = models.DateField(_("month"))
    client = models.ForeignKey(Client, models.PROTECT, related_name="contact_plan")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="contact_plan"
    )
    planned_count = models.PositiveSmallIntegerField(_("contacts"))
    planned_visits = models.PositiveSmallIntegerField(_("visits"), default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContactPlanLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact plan line")
        verbose_name_plural = _("contact plan")
        ordering = ("-month", "client")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "client"], name="contact_plan_line_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="contact_plan_month_starts"),
            models.CheckConstraint(
                condition=Q(planned_visits__lte=models.F("planned_count")),
                name="contact_plan_visits_within",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["manager", "month"],
                include=["client", "planned_count", "planned_visits"],
                name="plan_of_manager",
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%m.%Y} {self.client_id}: {self.planned_count}"
