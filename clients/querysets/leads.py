"""Reads of leads, their scores, and of the channels and campaigns that find them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from clients.querysets.clients import scope_condition
from crm.accounts.models import DIRECTORS, Role
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User

OPEN = ("new", "qualified", "negotiating", "offer_accepted")
SEE_ALL = DIRECTORS | {Role.ADMIN}


def lead_scope(user: User, prefix: str = "") -> Q | None:
    """Condition on the lead under `prefix`; None = everything, a false Q = nothing.

    Accountants and lawyers see all clients, but no leads: nothing of theirs begins there.
    """
    if not user.is_active:
        return Q(pk__in=[])
    if user.role in SEE_ALL:
        return None
    scope = scope_of(user)
    if scope.limited_fields:
        return Q(pk__in=[])
    condition = Q(pk__in=[])
    if any(part.everything and part.person_id != user.pk for part in scope.substituted):
        return None
    if scope.unit_ids:
        condition |= Q(**{f"{prefix}org_unit__in": sorted(scope.unit_ids)})
    if scope.manager_ids:
        condition |= Q(**{f"{prefix}manager__in": sorted(scope.manager_ids)})
    return condition


class LeadQuerySet(models.QuerySet[Any]):
    """Reads of leads."""

    def visible_to(self, user: User) -> Self:
        """Own ones; the subtree for heads; all for directors and the administrator."""
        condition = lead_scope(user)
        return self if condition is None else self.filter(condition)

    def open(self) -> Self:
        """Somebody works on them."""
        return self.filter(state__in=OPEN)

    def due(self, today: date) -> Self:
        """Open, and the next step is due by today or not planned."""
        return self.open().filter(Q(next_on=None) | Q(next_on__lte=today))

    def of(self, user: User) -> Self:
        """Those the person answers for, with those of the people it substitutes."""
        return self.filter(manager__in={user.pk, *scope_of(user).substituted_ids})

    def for_list(self) -> Self:
        """With what a register shows, the score in force among it."""
        from clients.models.reliability import ReliabilityScore  # it knows this module

        current = ReliabilityScore.objects.filter(lead=OuterRef("pk"), replaced_at=None)
        rows = self.select_related("channel", "campaign", "manager", "org_unit", "client")
        return rows.annotate(
            grade=Subquery(current.values("grade")[:1]), score=Subquery(current.values("score")[:1])
        )


class LeadNoteQuerySet(models.QuerySet[Any]):
    """Reads of notes."""

    def visible_to(self, user: User) -> Self:
        """Of visible leads."""
        condition = lead_scope(user, "lead__")
        return self if condition is None else self.filter(condition)


class ReliabilityScoreQuerySet(models.QuerySet[Any]):
    """Reads of scores."""

    def visible_to(self, user: User) -> Self:
        """Of visible leads, and of visible clients for those who see them whole."""
        leads, clients = lead_scope(user, "lead__"), Q(client__isnull=False)
        scope = scope_of(user)
        if scope.limited_fields:
            return self.none()
        of_client = scope_condition(user, "client__")
        if of_client is not None:
            clients &= of_client
        if user.role in SEE_ALL and user.is_active:
            return self
        of_lead = Q(client=None) if leads is None else Q(client=None) & leads
        return self.filter(clients | of_lead)

    def current(self) -> Self:
        """Those in force: the last of each lead and client."""
        return self.filter(replaced_at=None)

    def past(self, today: date) -> Self:
        """In force, and their last day has gone by; of leads and clients that still matter."""
        rows = self.current().filter(valid_to__lt=today)
        of_client = Q(client__isnull=False, client__archived_at=None)
        return rows.filter(of_client | Q(client=None, lead__state__in=OPEN))

    def for_list(self) -> Self:
        """With whom they are about."""
        people = ("lead__manager", "client__manager", "author")
        return self.select_related("lead", "client", *people)


class SearchChannelQuerySet(models.QuerySet[Any]):
    """Reads of channels: a dictionary of the company."""

    def in_use(self) -> Self:
        """Offered for new leads."""
        return self.filter(archived_at=None)

    def for_list(self) -> Self:
        """With how many leads of the whole company came by them."""
        from clients.models.leads import Lead  # it knows this module

        leads = Lead.objects.filter(channel=OuterRef("pk")).order_by()
        found = leads.values("channel").annotate(
            all=Count("pk"), won=Count("pk", filter=Q(state="converted"))
        )
        return self.annotate(
            leads_count=Coalesce(Subquery(found.values("all")[:1]), 0),
            converted_count=Coalesce(Subquery(found.values("won")[:1]), 0),
        )


class SearchCampaignQuerySet(models.QuerySet[Any]):
    """Reads of campaigns: of the whole company, as their targets are."""

    def for_list(self) -> Self:
        """With what they brought, whoever works on it."""
        from clients.models.leads import Lead  # it knows this module

        leads = Lead.objects.filter(campaign=OuterRef("pk")).order_by()
        found = leads.values("campaign").annotate(
            all=Count("pk"), won=Count("pk", filter=Q(state="converted"))
        )
        return self.select_related("channel", "author").annotate(
            leads_count=Coalesce(Subquery(found.values("all")[:1]), 0),
            converted_count=Coalesce(Subquery(found.values("won")[:1]), 0),
        )
