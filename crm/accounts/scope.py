"""Who sees what: the one function that every `visible_to` is built on (C.0, C.9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from crm.accounts.models import Delegation, OrgUnit, Role, User

if TYPE_CHECKING:
    from collections.abc import Iterable

SEES_ALL = {Role.DIRECTOR, Role.GENERAL_DIRECTOR, Role.ACCOUNTANT, Role.LAWYER}
SEES_ALL_LIMITED = {Role.MARKETER, Role.LOGISTICS}
HEADS = {Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD}


@dataclass(frozen=True)
class Scope:
    """What a person sees on a day: everything, or units (with subtrees) and own clients."""

    everything: bool = False
    limited_fields: bool = False
    unit_ids: frozenset[int] = field(default_factory=frozenset)
    manager_ids: frozenset[int] = field(default_factory=frozenset)
    substituted_ids: frozenset[int] = field(default_factory=frozenset)


def scope_of(user: User, today: date | None = None) -> Scope:
    """The scope of the person and of those the person substitutes; closed by default.

    An unknown role, an inactive user and a head without a unit see nothing.
    """
    day = today or timezone.localdate()
    cached: tuple[date, Scope] | None = getattr(user, "_scope", None)
    if cached is not None and cached[0] == day:
        return cached[1]
    scope = _compute(user, day)
    user._scope = (day, scope)  # type: ignore[attr-defined]
    return scope


def _compute(user: User, day: date) -> Scope:
    if not user.is_active or user.pk is None:
        return Scope()
    owners = list(
        User.objects.filter(
            pk__in=Delegation.objects.on(day)
            .filter(delegate=user, covers_clients=True)
            .values("owner"),
            role__in=[Role.MANAGER, *HEADS, Role.DIRECTOR],
        )
    )
    people = [user, *owners]
    return Scope(
        everything=any(p.role in SEES_ALL | SEES_ALL_LIMITED for p in people),
        limited_fields=all(p.role in SEES_ALL_LIMITED for p in people),
        unit_ids=frozenset(_subtree(p for p in people if p.role in HEADS)),
        manager_ids=frozenset(p.pk for p in people if p.role in {Role.MANAGER, *HEADS}),
        substituted_ids=frozenset(p.pk for p in owners),
    )


def _subtree(heads: Iterable[User]) -> set[int]:
    """Units headed by these people or holding a head of them, with all below."""
    ids = [head.pk for head in heads]
    if not ids:
        return set()
    headed = set(
        OrgUnit.objects.open().filter(head__in=ids).values_list("pk", flat=True)
    )
    if not headed:
        return set()
    return set(OrgUnit.objects.subtree_of(headed).values_list("pk", flat=True))
