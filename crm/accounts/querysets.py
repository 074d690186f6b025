"""Reads of people, units, substitutions and the access journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Concat

if TYPE_CHECKING:
    from crm.accounts.models import OrgUnit, User

# Roles by value: the models import this module.
SALES = ("manager", "sector_head", "department_head")
UNIT_HEADS = ("sector_head", "department_head", "director", "general_director")
OVERSEERS = ("admin", "director", "general_director")
NAME_PARTS = ("id", "last_name", "first_name", "middle_name", "username")


def names_of(*paths: str) -> tuple[str, ...]:
    """For `only()`: what the short names of the people at these paths are made of.

    Each column of a joined person costs the query builder more than the database.
    """
    return tuple(f"{path}__{part}" for path in paths for part in NAME_PARTS)


def own_columns(model: type[models.Model]) -> tuple[str, ...]:
    """For `only()`: every column of the model itself."""
    return tuple(field.name for field in model._meta.concrete_fields)


class OrgUnitQuerySet(models.QuerySet[Any]):
    """Reads of the tree."""

    def open(self) -> OrgUnitQuerySet:
        """Units not archived."""
        return self.filter(archived_at=None)

    def subtree_of(self, unit_ids: Iterable[int]) -> OrgUnitQuerySet:
        """The units and everything below them."""
        condition = Q(pk__in=list(unit_ids))
        for unit_id in unit_ids:
            condition |= Q(path__contains=f"/{unit_id}/")
        return self.filter(condition)

    def above(self, unit: OrgUnit) -> OrgUnitQuerySet:
        """The unit and everything above it, from the root down."""
        return self.filter(pk__in=unit.path_ids)

    def headed_by(self, user: User) -> OrgUnitQuerySet:
        """Open units that the person heads, with everything below them."""
        headed = self.open().filter(head=user).values_list("pk", flat=True)
        return self.subtree_of(list(headed))

    def visible_to(self, user: User) -> OrgUnitQuerySet:
        """The tree is known to everybody who works here."""
        return self.all() if user.is_active else self.none()

    def in_tree_order(self) -> OrgUnitQuerySet:
        """Parents before children, brothers in Russian order (see `tree`)."""
        return self.order_by("sort_key", "pk")


class UserQuerySet(models.QuerySet[Any]):
    """Reads of people."""

    def working(self) -> UserQuerySet:
        """People who may sign in."""
        return self.filter(is_active=True)

    def visible_to(self, user: User) -> UserQuerySet:
        """Colleagues are known to everybody who works here."""
        return self.all() if user.is_active else self.none()

    def overseen_by(self, user: User) -> UserQuerySet:
        """People whose card and history the person reads: all for the administrator and the
        directors, their subtree for heads, nobody else's (C.9)."""
        from crm.accounts.models import OrgUnit

        if not user.is_active:
            return self.none()
        if user.role in OVERSEERS:
            return self.all()
        if user.role not in UNIT_HEADS:
            return self.none()
        return self.filter(org_unit__in=OrgUnit.objects.headed_by(user).values("pk"))

    def may_be_away(self, user: User) -> UserQuerySet:
        """Working people for whom the person may enter a substitution (CR-02)."""
        from crm.accounts.models import OrgUnit

        if user.role in ("admin", "director"):
            return self.working()
        allowed = Q(pk=user.pk)
        if user.role in SALES:
            allowed |= Q(org_unit__in=OrgUnit.objects.headed_by(user).values("pk"))
        return self.working().filter(allowed)

    def can_head(self, kind: str) -> UserQuerySet:
        """Working people whose role fits the head of a unit of the kind."""
        from crm.accounts.models import HEAD_ROLES

        return self.working().filter(role__in=HEAD_ROLES.get(kind, ()))

    def possible_substitutes(self, owner: User, *, chosen_by: User) -> UserQuerySet:
        """Working people who may stand in for `owner`: of the same unit, subordinates, heads above,
        heads of neighbouring units; for people outside sales also colleagues of the same role.

        The director and the administrator choose among all people of sales and directors. An
        administrator is never a substitute: rights and decisions stay apart (four eyes).
        """
        from crm.accounts.models import OrgUnit

        headed = OrgUnit.objects.headed_by(owner).values("pk")
        beside = OrgUnit.objects.open().filter(head=owner).values("parent")
        near = Q(org_unit__in=headed) | Q(headed_units__in=headed)
        near |= Q(headed_units__parent__in=beside)
        if owner.org_unit is not None:
            above = owner.org_unit.path_ids
            near |= Q(org_unit=owner.org_unit_id) | Q(headed_units__in=above)
        if owner.role not in SALES:
            near |= Q(role=owner.role) | Q(role__in=("director", "general_director"))
        if chosen_by.role in OVERSEERS:
            near |= Q(role__in=(*SALES, "director", "general_director"))
        found = self.working().exclude(pk=owner.pk).exclude(role="admin").filter(near)
        return self.working().filter(pk__in=found.values("pk"))

    def search(self, text: str) -> UserQuerySet:
        """Every word is found in the name, login, e-mail, position or phone."""
        digits = "".join(char for char in text if char.isdigit())
        found = self.annotate(
            _text=Concat(
                "last_name", models.Value(" "), "first_name", models.Value(" "), "middle_name",
                models.Value(" "), "username", models.Value(" "), "email",
                models.Value(" "), "position",
                output_field=models.TextField(),
            )
        )  # fmt: skip
        condition = Q()
        for word in text.split():
            condition &= Q(_text__icontains=word)
        if len(digits) >= 4:
            condition |= Q(phone__contains=digits[1:] if len(digits) == 11 else digits)
        return found.filter(condition)


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """People; creation goes through crm.accounts.actions."""


class DelegationQuerySet(models.QuerySet[Any]):
    """Reads of substitutions."""

    def on(self, day: date) -> DelegationQuerySet:
        """Substitutions in force on the day, both ends inclusive, revoked ones left out."""
        return self.filter(valid_from__lte=day, valid_to__gte=day).exclude(state="revoked")

    def standing(self) -> DelegationQuerySet:
        """Neither over nor revoked."""
        return self.filter(state__in=("planned", "active"))

    def overlapping(self, first: date, last: date) -> DelegationQuerySet:
        """Not revoked and with a day in common."""
        return self.filter(valid_from__lte=last, valid_to__gte=first).exclude(state="revoked")

    def visible_to(self, user: User) -> DelegationQuerySet:
        """One's own on either side; heads see those of their people; the overseers all."""
        from crm.accounts.models import User as Person

        if not user.is_active:
            return self.none()
        if user.role in OVERSEERS:
            return self.all()
        own = Q(owner=user) | Q(delegate=user)
        return self.filter(own | Q(owner__in=Person.objects.overseen_by(user).values("pk")))

    def of(self, person: User) -> DelegationQuerySet:
        """On either side, latest first."""
        return self.filter(Q(owner=person) | Q(delegate=person)).order_by("-valid_from", "-pk")

    def for_list(self) -> DelegationQuerySet:
        """With the people and their units."""
        return self.select_related("owner__org_unit", "delegate", "created_by", "revoked_by")


class AccessEventQuerySet(models.QuerySet[Any]):
    """Reads of the access journal."""

    def visible_to(self, user: User) -> AccessEventQuerySet:
        """The administrator and the directors read the journal, nobody else (CR-06)."""
        return self.all() if user.is_active and user.role in OVERSEERS else self.none()

    def search(self, text: str) -> AccessEventQuerySet:
        """Every word is found in the login, the target or the address."""
        condition = Q()
        for word in text.split():
            found = Q(username__icontains=word) | Q(target__icontains=word)
            condition &= found | Q(ip__startswith=word)
        return self.filter(condition)
