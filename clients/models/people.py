"""What belongs to a client: people, outlets and needs (CL-01, CL-02, CL-03)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models.clients import Client
from clients.models.search_text import part_is_searched
from clients.querysets import ContactPersonQuerySet, PartOfClientQuerySet, WholeCardQuerySet
from crm.history import track


@track(exclude=("idempotency_key",))
class Outlet(models.Model):
    """A shop or delivery point of the client."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="outlets", verbose_name=_("client")
    )
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=500, blank=True)
    gln = models.CharField("GLN", max_length=13, blank=True)
    format = models.CharField(_("format"), max_length=100, blank=True)
    delivery_window = models.CharField(_("delivery window"), max_length=100, blank=True)
    merchandiser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outlets",
        verbose_name=_("merchandiser"),
    )
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = PartOfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


@track(exclude=("sort_key", "search_key", "idempotency_key"), in_bulk=True)
class ContactPerson(models.Model):
    """A person at the client; the decision maker is marked (L158)."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="people", verbose_name=_("client")
    )
    full_name = models.CharField(_("full name"), max_length=200)
    sort_key = models.CharField(max_length=250, editable=False, default="")
    search_key = models.CharField(max_length=300, editable=False, default="")
    position = models.CharField(_("position"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_decision_maker = models.BooleanField(_("decision maker"), default=False)
    influence = models.PositiveSmallIntegerField(_("influence, 1 to 5"), default=3)
    specifics = models.TextField(_("specifics"), blank=True)
    birthday = models.CharField(_("birthday, dd.mm"), max_length=5, blank=True)
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    # The personal data was destroyed by an act (D.13); nothing of it comes back.
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = ContactPersonQuerySet.as_manager()

    class Meta:
        triggers: ClassVar = part_is_searched()
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ("-is_decision_maker", "sort_key", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(influence__gte=1, influence__lte=5),
                name="person_influence_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None)
                | Q(archived_at__isnull=False, phone="", email="", birthday="", specifics=""),
                name="person_anonymised_has_nothing",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(
                fields=["search_key", "phone", "email"],
                opclasses=["gin_trgm_ops", "gin_trgm_ops", "gin_trgm_ops"],
                name="person_search",
            ),
            models.Index(fields=["phone"], name="person_phone", condition=~Q(phone="")),
            models.Index(fields=["sort_key", "id"], name="person_by_name"),
            models.Index(
                fields=["client"],
                condition=Q(is_decision_maker=True, archived_at=None),
                name="person_decision_maker",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


@track(exclude=("idempotency_key",))
class ClientNeed(models.Model):
    """What the client needs, how strongly and to what end (L17, L134)."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="needs", verbose_name=_("client")
    )
    subject = models.CharField(_("what is needed"), max_length=200)
    level = models.PositiveSmallIntegerField(_("level, 1 to 5"), default=3)
    direction = models.TextField(_("what it is for"), blank=True)
    volume_month = models.CharField(_("volume per month"), max_length=100, blank=True)
    quality_requirements = models.TextField(_("quality requirements"), blank=True)
    noted_on = models.DateField(_("recorded on"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who noted it")
    )
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = WholeCardQuerySet.as_manager()

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
