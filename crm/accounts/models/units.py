"""The tree of units: company, departments, sectors."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models.roles import Role
from crm.accounts.querysets import OrgUnitQuerySet
from crm.history import track


class OrgUnitKind(models.TextChoices):
    COMPANY = "company", _("Company")
    DEPARTMENT = "department", _("Department")
    SECTOR = "sector", _("Sector")


# Who may stand at the head of a unit of each kind.
HEAD_ROLES: dict[str, frozenset[str]] = {
    OrgUnitKind.COMPANY: frozenset({Role.DIRECTOR, Role.GENERAL_DIRECTOR}),
    OrgUnitKind.DEPARTMENT: frozenset({Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.GENERAL_DIRECTOR}),
    OrgUnitKind.SECTOR: frozenset(
        {Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.GENERAL_DIRECTOR}
    ),
}

# What a unit of each kind may be part of.
PARENT_KINDS: dict[str, frozenset[str]] = {
    OrgUnitKind.COMPANY: frozenset(),
    OrgUnitKind.DEPARTMENT: frozenset({OrgUnitKind.COMPANY, OrgUnitKind.DEPARTMENT}),
    OrgUnitKind.SECTOR: frozenset(OrgUnitKind),
}


@track(exclude=("path", "sort_key"))
class OrgUnit(models.Model):
    """A node of the company → department → sector tree with its head."""

    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=250, editable=False, default="")
    kind = models.CharField(_("kind"), max_length=12, choices=OrgUnitKind.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    head = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="headed_units",
        verbose_name=_("head"),
    )
    territory = models.CharField(_("territory"), max_length=200, blank=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    # Ids from the root down, "/1/4/9/": the subtree is a prefix.
    path = models.CharField(max_length=400, editable=False, default="", db_index=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrgUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("path",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=OrgUnitKind.COMPANY, parent=None)
                | (~Q(kind=OrgUnitKind.COMPANY) & Q(parent__isnull=False)),
                name="unit_company_is_the_root",
            ),
            models.CheckConstraint(condition=~Q(pk=F("parent")), name="unit_not_its_own_parent"),
            models.UniqueConstraint(
                "parent",
                Lower("name"),
                condition=Q(archived_at=None),
                nulls_distinct=False,
                name="unit_name_once_per_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:unit_detail", args=[self.pk])

    @property
    def path_ids(self) -> list[int]:
        """Ids from the root down to the unit itself."""
        return [int(part) for part in self.path.split("/") if part]
