"""Reads of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Sum

from crm.files import registry

if TYPE_CHECKING:
    from datetime import datetime

    from crm.accounts.models import User


class AttachmentQuerySet(models.QuerySet[Any]):
    """Reads of files."""

    def visible_to(self, user: User, *kinds: str) -> AttachmentQuerySet:
        """Files of the records that the person sees: of every declared kind, or of those named."""
        seen = Q()
        for owner in registry.owners():
            if kinds and owner.key not in kinds:
                continue
            rows = owner.rows(user).order_by()
            if not rows.query.is_empty():
                seen |= Q(Exists(rows.filter(pk=OuterRef("owner_id"))), owner_kind=owner.key)
        return self.filter(seen) if seen else self.none()

    def one_visible_to(self, user: User, pk: int) -> AttachmentQuerySet:
        """That file alone, if it is seen: other kinds of records than its own are not asked."""
        kinds = self.filter(pk=pk).values_list("owner_kind", flat=True)
        return self.visible_to(user, *kinds).filter(pk=pk) if kinds else self.none()

    def of(self, owner_kind: str, owner_id: int) -> AttachmentQuerySet:
        """Files of one record."""
        return self.filter(owner_kind=owner_kind, owner_id=owner_id)

    def of_record(self, record: models.Model) -> AttachmentQuerySet:
        """The same by the record itself."""
        return self.of(registry.owner_of(record).key, record.pk)

    def newest(self) -> AttachmentQuerySet:
        """Of each file its newest version."""
        return self.filter(is_latest=True)

    def open(self) -> AttachmentQuerySet:
        """Newest versions of files that are not put aside."""
        return self.newest().filter(put_aside_at=None)

    def with_people(self) -> AttachmentQuerySet:
        """With the names that pages show."""
        return self.select_related("author", "put_aside_by")

    def bytes(self) -> int:
        """How much they take, all versions, in bytes."""
        return int(self.aggregate(sum=Sum("size"))["sum"] or 0)

    def since(self, author: User, moment: datetime) -> AttachmentQuerySet:
        """What the person uploaded since the moment."""
        return self.filter(author=author, created_at__gte=moment)
