"""Reads of approach schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from clients.querysets.clients import PartOfClientQuerySet
from crm.accounts.models import Role

if TYPE_CHECKING:
    from crm.accounts.models import User

READERS = (
    Role.MANAGER,
    Role.SECTOR_HEAD,
    Role.DEPARTMENT_HEAD,
    Role.DIRECTOR,
    Role.GENERAL_DIRECTOR,
)


class SchemeRunQuerySet(PartOfClientQuerySet):
    """Reads of series under way."""

    def running(self) -> SchemeRunQuerySet:
        """Not stopped and with a contact still ahead."""
        ahead = apps.get_model("clients", "ContactLog").objects.planned()
        return self.filter(Exists(ahead.filter(scheme_run=OuterRef("pk"))), stopped_at=None)


class ApproachSchemeQuerySet(models.QuerySet[Any]):
    """Reads of approach schemes: templates that everybody who talks to clients shares."""

    def visible_to(self, user: User) -> ApproachSchemeQuerySet:
        """All schemes for managers, heads and directors; none for the others."""
        return self.all() if user.is_active and user.role in READERS else self.none()

    def open(self) -> ApproachSchemeQuerySet:
        """Not archived."""
        return self.filter(archived_at=None)
