"""Routes: the ordered steps of a kind of request, and the limits that pick who decides."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import OrgUnitKind, Role
from crm.history import track

# These sign as heads of their unit, so that nobody decides about a foreign department.
ROLES_OF_A_UNIT = (Role.MANAGER, Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD)

# From the lowest to the highest: who decides by a limit. Higher limits belong to higher roles.
SIGNING_LADDER = (
    Role.MANAGER,
    Role.SECTOR_HEAD,
    Role.DEPARTMENT_HEAD,
    Role.DIRECTOR,
    Role.GENERAL_DIRECTOR,
)


class StepKind(models.TextChoices):
    """A visa says yes or returns; an approval and a signature may also refuse."""

    VISA = "visa", _("Endorsement")
    APPROVE = "approve", _("Approval")
    SIGN = "sign", _("Signature")


@track()
class ApprovalRoute(models.Model):
    """One version of the ordered steps that requests of a kind pass; never edited in place."""

    kind = models.CharField(_("request type"), max_length=60)
    version = models.PositiveIntegerField(default=1)
    active = models.BooleanField(_("in use"), default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("approval route")
        verbose_name_plural = _("approval routes")
        ordering = ("kind", "-version")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "version"], name="route_version_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(active=True), name="route_one_active_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


@track()
class ApprovalRouteStep(models.Model):
    """One step of a route: who signs and in how many working days."""

    route = models.ForeignKey(ApprovalRoute, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=8, choices=StepKind.choices)
    # Either anyone of the role, or the head of the nearest unit of this kind above.
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    unit_kind = models.CharField(
        _("head of"), max_length=12, choices=OrgUnitKind.choices, blank=True
    )
    due_working_days = models.PositiveSmallIntegerField(_("working days to decide"), default=2)

    class Meta:
        verbose_name = _("route step")
        verbose_name_plural = _("route steps")
        ordering = ("order",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["route", "order"], name="route_step_order_once"),
            models.CheckConstraint(
                condition=(~Q(role="") & Q(unit_kind="")) | (Q(role="") & ~Q(unit_kind="")),
                name="route_step_has_one_signer",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=ROLES_OF_A_UNIT), name="route_step_heads_sign_for_units"
            ),
            models.CheckConstraint(
                condition=Q(due_working_days__gte=1, due_working_days__lte=60),
                name="route_step_has_term",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.get_kind_display()}"


def _never_falls() -> str:
    """SQL: no role of a ladder decides less than a lower one; null is without limit."""
    roles = ", ".join(f"'{role.value}'" for role in SIGNING_LADDER)
    columns = ("max_amount", "max_percent", "max_days::numeric")
    falls = " OR ".join(
        f"coalesce(higher.{name}, 'Infinity') < coalesce(lower.{name}, 'Infinity')"
        for name in columns
    )
    place = f"array_position(ARRAY[{roles}], %s.role::text)"
    return f"""
        IF EXISTS (
            SELECT 1 FROM approvals_limitlevel lower
            JOIN approvals_limitlevel higher USING (route_id, category)
            WHERE route_id = NEW.route_id AND category = NEW.category
              AND {place % "lower"} < {place % "higher"} AND ({falls})
        ) THEN
            RAISE check_violation USING
                CONSTRAINT = 'limit_level_never_falls',
                MESSAGE = 'violates limit_level_never_falls';
        END IF;
        RETURN NULL;
    """  # noqa: S608 - made of constants


@track()
class LimitLevel(models.Model):
    """How far a role decides by itself: a row of the limit matrix; null means without limit.

    Rows of one category (none: all others) make a ladder. The smallest role whose limits cover
    the facts decides, so that there is neither gap nor overlap, and higher facts never lead lower.
    """

    route = models.ForeignKey(ApprovalRoute, models.CASCADE, related_name="levels")
    category = models.CharField(_("category"), max_length=20, blank=True)
    role = models.CharField(
        _("who decides"), max_length=20, choices=[(r.value, r.label) for r in SIGNING_LADDER]
    )
    max_amount = models.DecimalField(
        _("amount, up to"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    max_percent = models.DecimalField(
        _("percent, up to"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    max_days = models.PositiveSmallIntegerField(_("days, up to"), null=True, blank=True)
    due_working_days = models.PositiveSmallIntegerField(_("working days to decide"), default=2)

    class Meta:
        verbose_name = _("signature limit")
        verbose_name_plural = _("signature limits")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["route", "category", "role"], name="limit_level_once_per_role"
            ),
            models.CheckConstraint(
                condition=Q(role__in=SIGNING_LADDER), name="limit_level_of_the_ladder"
            ),
            models.CheckConstraint(
                condition=(Q(max_amount=None) | Q(max_amount__gte=0))
                & (Q(max_percent=None) | Q(max_percent__gte=0)),
                name="limit_level_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(due_working_days__gte=1, due_working_days__lte=60),
                name="limit_level_has_term",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="limits_never_fall",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_never_falls(),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.category}".strip()
