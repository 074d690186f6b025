"""Reads of competitors and of the notes on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, ExpressionWrapper, Max, Q

from clients.querysets.clients import scope_condition
from crm.accounts.models.roles import DIRECTORS, HEADS, SALES, Role

if TYPE_CHECKING:
    from crm.accounts.models import User

READERS = SALES | DIRECTORS | {Role.MARKETER, Role.PURCHASING}


class CompetitorQuerySet(models.QuerySet[Any]):
    """Reads of competitors."""

    def visible_to(self, user: User) -> Self:
        """Known to sales, directors, marketing and purchasing."""
        return self.all() if user.is_active and user.role in READERS else self.none()

    def open(self) -> Self:
        """Not in the archive."""
        return self.filter(archived_at=None)

    def for_list(self, user: User) -> Self:
        """With how many notes the person reads, of how many clients, and the day of the last."""
        seen = Q(notes__isnull=False) & notes_seen(user, "notes__")
        return self.annotate(
            note_count=Count("notes", filter=seen),
            client_count=Count("notes__client", filter=seen, distinct=True),
            last_on=Max("notes__noted_on", filter=seen),
        )


class CompetitorNoteQuerySet(models.QuerySet[Any]):
    """Reads of notes."""

    def visible_to(self, user: User) -> Self:
        """To readers of competitors: what is general, and what was learnt of visible clients."""
        if not user.is_active or user.role not in READERS:
            return self.none()
        return self.filter(notes_seen(user))

    def for_list(self, user: User) -> Self:
        """With the client and who noted it; `may_edit` of one's own, heads of all they see."""
        own = Q(author=user.pk) if user.role not in HEADS else Q(pk__isnull=False)
        rows = self.select_related("competitor", "client__manager", "author")
        return rows.annotate(
            may_edit=ExpressionWrapper(
                own & Q(competitor__archived_at=None), output_field=models.BooleanField()
            )
        )


def notes_seen(user: User, prefix: str = "") -> Q:
    """Condition on the note under `prefix`: general, or of a client that the person sees."""
    of_client = scope_condition(user, f"{prefix}client__")
    return Q() if of_client is None else Q(**{f"{prefix}client": None}) | of_client
