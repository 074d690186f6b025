"""The client of the department (CL-01) and putting one off in My day."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.models.search_text import client_is_searched
from clients.querysets import ClientQuerySet
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
        "idempotency_key",
        "updated_at",
    ),
    in_bulk=True,
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
    category = models.CharField(  # noqa: DJ001  (null: not decided yet)
        _("category"),
        max_length=1,
        choices=ClientCategory.choices,
        null=True,
        blank=True,
    )
    category_since = models.DateField(_("category since"), null=True, blank=True)
    potential_monthly = models.DecimalField(
        _("potential per month"), max_digits=15, decimal_places=2, default=0
    )
    phone = models.CharField(_("phone"), max_length=32, blank=True)
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
    # One render of the form = one key: a doubled click stores one client.
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    # The open primary assignment, repeated for speed; written by clients.actions.assignments.
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clients",
        verbose_name=_("manager"),
        db_index=False,  # client_of_manager begins with it
    )
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clients",
        verbose_name=_("unit"),
        db_index=False,  # client_of_unit begins with it
    )
    # Written by contact actions.
    last_contact_at = models.DateTimeField(_("last contact"), null=True, blank=True)
    next_contact_at = models.DateTimeField(_("next contact"), null=True, blank=True)
    actualised_on = models.DateField(_("checked on"), null=True, blank=True)
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    archive_reason = models.CharField(
        _("why in the archive"), max_length=300, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
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
        triggers: ClassVar = client_is_searched()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind=ClientKind.CHAIN) | Q(parent=None),
                name="client_chain_has_no_parent",
            ),
            models.CheckConstraint(condition=~Q(pk=F("parent")), name="client_not_own_parent"),
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
            models.Index(fields=["manager", "sort_key", "id"], name="client_of_manager"),
            # With what counts of a unit's documents ask of their clients.
            models.Index(
                fields=["org_unit", "sort_key", "id"],
                include=["archived_at", "manager", "status"],
                name="client_of_unit",
            ),
            # My day reads all it asks of a manager's clients here.
            models.Index(
                fields=["manager", "last_contact_at"],
                include=[
                    *("id", "category", "status", "next_contact_at", "created_at"),
                    "archived_at",
                ],
                name="client_silence",
            ),
            models.Index(fields=["last_contact_at", "id"], name="client_last_contact"),
            models.Index(
                F("last_contact_at").desc(nulls_last=True),
                F("id").desc(),
                name="client_latest_contact",
            ),
            models.Index(fields=["next_contact_at", "id"], name="client_next_contact"),
            models.Index(fields=["created_at", "id"], name="client_by_created"),
            models.Index(fields=["potential_monthly", "id"], name="client_potential"),
            models.Index(fields=["phone"], name="client_phone", condition=~Q(phone="")),
            # Sums over documents of the clients of a category.
            models.Index(fields=["category", "id"], name="client_by_category"),
            # Counts of a filtered list read this instead of the rows.
            models.Index(
                fields=["category", "status", "org_unit", "manager"],
                name="client_facts",
                condition=Q(archived_at=None),
            ),
            # What a search has found is looked up here by thousands.
            models.Index(
                fields=["id"],
                name="client_seen",
                include=["manager", "org_unit"],
                condition=Q(archived_at=None),
            ),
            GinIndex(fields=["tags"], name="client_tags"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clients:detail", args=[self.pk])


@track()
class ClientSnooze(models.Model):
    """A person puts the client off in My day until a date, with a reason."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="snoozes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="snoozes")
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=300)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("snooze")
        verbose_name_plural = _("snoozes")
        indexes: ClassVar = [models.Index(fields=["user", "until"])]

    def __str__(self) -> str:
        return f"{self.client_id} → {self.until:%d.%m.%Y}"
