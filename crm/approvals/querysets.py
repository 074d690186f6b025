"""Reads of approvals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from crm.accounts.models import Delegation, Role

if TYPE_CHECKING:
    from datetime import date

    from crm.accounts.models import User


class ApprovalQuerySet(models.QuerySet[Any]):
    """Reads of approvals."""

    def visible_to(self, user: User) -> ApprovalQuerySet:
        """Own requests, requests one signs or signed, and all for the directors."""
        if not user.is_active:
            return self.none()
        if user.role in {Role.DIRECTOR, Role.GENERAL_DIRECTOR}:
            return self.all()
        mine = Q(author=user) | Q(steps__signer=user) | Q(steps__decided_by=user)
        return self.filter(mine | Q(steps__role=user.role)).distinct()

    def waiting_for(self, user: User, *, today: date) -> ApprovalQuerySet:
        """Requests whose current step this person may decide today, also as a substitute."""
        if not user.is_active:
            return self.none()
        owners = list(
            Delegation.objects.on(today)
            .filter(delegate=user, covers_decisions=True)
            .values_list("owner_id", "owner__role")
        )
        people = [user.pk, *(pk for pk, _role in owners)]
        roles = [user.role, *(role for _pk, role in owners)]
        step = Q(steps__state="waiting") & (
            Q(steps__signer__in=people) | Q(steps__signer=None, steps__role__in=roles)
        )
        return self.filter(step, state="running").exclude(author=user)
