"""Rights in the library (CR-08): administrators, directors and heads of departments publish."""

from __future__ import annotations

from django.db.models import QuerySet

from crm.accounts.models import OrgUnit, Role, User
from crm.accounts.scope import scope_of
from crm.library.models import DocumentVersion, PolicyDocument
from crm.library.querysets import KEEP_ALL


def can_write(user: User) -> bool:
    """Enter documents and job descriptions."""
    if not user.is_active:
        return False
    return user.role in KEEP_ALL or (user.role == Role.DEPARTMENT_HEAD and bool(_units(user)))


def can_keep(user: User, document: PolicyDocument) -> bool:
    """Write, publish and withdraw this one: heads of departments those of their own units."""
    if not can_write(user):
        return False
    return user.role in KEEP_ALL or document.unit_id in _units(user)


def units_for(user: User) -> QuerySet[OrgUnit]:
    """Units for which the person keeps documents."""
    rows: QuerySet[OrgUnit] = OrgUnit.objects.visible_to(user).open()
    if not can_write(user):
        return rows.none()
    return rows if user.role in KEEP_ALL else rows.filter(pk__in=_units(user))


def can_add_file(user: User, version: DocumentVersion) -> bool:
    """Files of a version belong to what people acknowledge: only a draft takes them."""
    return version.is_draft and can_keep(user, version.document)


def can_see_sheet(user: User, document: PolicyDocument) -> bool:
    """Who has acknowledged: whoever keeps the document, and heads for their own people."""
    return can_keep(user, document) or bool(user.is_active and _units(user))


def can_map(user: User) -> bool:
    """Say which screens serve which duties."""
    return user.is_active and user.role == Role.ADMIN


def can_review_duties(user: User) -> bool:
    """Read which duties have no screen."""
    return can_write(user)


def _units(user: User) -> frozenset[int]:
    scope = scope_of(user)
    return frozenset() if scope.own is None else scope.own.unit_ids
