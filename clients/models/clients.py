"""The client, its owner, people, outlets and needs (CL-01, CL-02, CL-03)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.querysets import (
    ClientAssignmentQuerySet,
    ClientQuerySet,
    ContactPersonQuerySet,
    PartOfClientQuerySet,
)
from crm.history import track


class HalfOpenRange(Func):
    """SQL daterange(from, to, '[)'): the last day is outside; null is open."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[)')"


class ClientCategory(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"


class ClientKind(models.TextChoices):
    LEGAL = "legal", _("Legal entity")
    ENTREPRENEUR = "ip", _("Entrepreneur")
    PERSON = "person", _("Private person")
    CHAIN = "chain", _("Chain")


class ClientStatus(models.TextChoices):
    PROSPECT = "prospect", _("Prospect")
    CLIENT = "client", _("Client")
    TRADING_HALL = "trading_hall", _("Trading hall")
    ARCHIVED = "archived", _("Archived")


@track(
    exclude=(
        "sort_key",
        "search_key",
        "last_contact_at",
        "next_contact_at",
        "updated_at",
    )
)
class Client(models.Model):
    """A business party of the department; its legal sides are counterparties."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=255)
    sort_key = models.CharField(max_length=300, editable=False, default="")
    search_key = models.CharField(max_length=600, editable=False, default="")
    kind = models.CharField(
        _("kind"), max_length=10, choices=ClientKind.choices, default=ClientKind.LEGAL
    )
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=ClientStatus.choices,
        default=ClientStatus.PROSPECT,
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("chain"),
    )
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    territory = models.CharField(_("territory"), max_length=200, blank=True)
    # Written by category decisions only (clients.actions.categories).
    category = models.CharField(
        _("category"),
        max_length=1,
        choices=ClientCategory.choices,
        null=True,
        blank=True,
    )
    category_since = models.DateField(null=True, blank=True)
    potential_monthly = models.DecimalField(
        _("potential per month"), max_digits=15, decimal_places=2, default=0
    )
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=100, blank=True)
    tags = ArrayField(
        models.CharField(max_length=50),
        verbose_name=_("tags"),
        default=list,
        blank=True,
    )
    specifics = models.TextField(_("specifics of work"), blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    # The open primary assignment, repeated for speed; written by clients.actions.assignments.
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clients",
        verbose_name=_("manager"),
    )
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clients",
        verbose_name=_("unit"),
    )
    # Written by contact actions.
    last_contact_at = models.DateTimeField(_("last contact"), null=True, blank=True)
    next_contact_at = models.DateTimeField(_("next contact"), null=True, blank=True)
    actualised_on = models.DateField(_("checked on"), null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ("sort_key", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind=ClientKind.CHAIN) | Q(parent=None),
                name="client_chain_has_no_parent",
            ),
            models.CheckConstraint(
                condition=~Q(pk=F("parent")), name="client_not_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(potential_monthly__gte=0),
                name="client_potential_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(category=None, category_since=None)
                | Q(category__isnull=False, category_since__isnull=False),
                name="client_category_has_date",
            ),
            models.CheckConstraint(
                condition=Q(status="archived", archived_at__isnull=False)
                | (~Q(status="archived") & Q(archived_at=None)),
                name="client_archived_has_moment",
            ),
            models.UniqueConstraint(
                "external_id",
                condition=~Q(external_id=""),
                name="client_external_id_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sort_key", "id"], name="client_by_name"),
            models.Index(
                fields=["manager", "sort_key", "id"], name="client_of_manager"
            ),
            models.Index(fields=["org_unit", "sort_key", "id"], name="client_of_unit"),
            models.Index(fields=["manager", "last_contact_at"], name="client_silence"),
            models.Index(fields=["last_contact_at", "id"], name="client_last_contact"),
            models.Index(fields=["next_contact_at", "id"], name="client_next_contact"),
            models.Index(fields=["potential_monthly", "id"], name="client_potential"),
            GinIndex(
                fields=["search_key"], opclasses=["gin_trgm_ops"], name="client_search"
            ),
            GinIndex(fields=["tags"], name="client_tags"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clients:detail", args=[self.pk])


class ClientAssignmentRole(models.TextChoices):
    PRIMARY = "primary", _("Responsible")
    BACKUP = "backup", _("Backup")


@track()
class ClientAssignment(models.Model):
    """Who answers for the client and when; the last day is outside the range."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="assignments")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="client_assignments"
    )
    role = models.CharField(
        max_length=8,
        choices=ClientAssignmentRole.choices,
        default=ClientAssignmentRole.PRIMARY,
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClientAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="assignment_one_owner_per_day",
                expressions=[
                    ("client", RangeOperators.EQUAL),
                    (HalfOpenRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(role="primary"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="assignment_ends_after_start",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["manager", "valid_to"])]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.manager_id}"


@track()
class Outlet(models.Model):
    """A shop or delivery point of the client."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="outlets")
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=500, blank=True)
    gln = models.CharField("GLN", max_length=13, blank=True)
    format = models.CharField(_("format"), max_length=100, blank=True)
    delivery_window = models.CharField(_("delivery window"), max_length=100, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PartOfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


@track(exclude=("search_key",))
class ContactPerson(models.Model):
    """A person at the client; the decision maker is marked (L158)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="people")
    full_name = models.CharField(_("full name"), max_length=200)
    search_key = models.CharField(max_length=300, editable=False, default="")
    position = models.CharField(_("position"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_decision_maker = models.BooleanField(_("decision maker"), default=False)
    influence = models.PositiveSmallIntegerField(_("influence, 1 to 5"), default=3)
    specifics = models.TextField(_("specifics"), blank=True)
    birthday = models.CharField(_("birthday, dd.mm"), max_length=5, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContactPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ("-is_decision_maker", "full_name", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(influence__gte=1, influence__lte=5),
                name="person_influence_1_to_5",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(
                fields=["search_key"], opclasses=["gin_trgm_ops"], name="person_search"
            ),
            models.Index(fields=["phone"], name="person_phone", condition=~Q(phone="")),
        ]

    def __str__(self) -> str:
        return self.full_name


@track()
class ClientNeed(models.Model):
    """What the client needs, how strongly and to what end (L17, L134)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="needs")
    subject = models.CharField(_("what is needed"), max_length=200)
    level = models.PositiveSmallIntegerField(_("level, 1 to 5"), default=3)
    direction = models.TextField(_("what it is for"), blank=True)
    volume_month = models.CharField(_("volume per month"), max_length=100, blank=True)
    quality_requirements = models.TextField(_("quality requirements"), blank=True)
    noted_on = models.DateField(_("noted on"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PartOfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ("-level", "-noted_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=5), name="need_level_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


@track()
class ClientSnooze(models.Model):
    """A person puts the client off in My day until a date, with a reason."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="snoozes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="snoozes"
    )
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=300)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("snooze")
        verbose_name_plural = _("snoozes")
        indexes: ClassVar = [models.Index(fields=["user", "until"])]

    def __str__(self) -> str:
        return f"{self.client_id} → {self.until:%d.%m.%Y}"
