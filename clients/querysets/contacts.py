"""Reads of contacts and of the contact plan."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Least

from clients.querysets.clients import PartOfClientQuerySet, scope_condition, start_of
from crm.accounts.querysets import names_of, own_columns
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """First moments of the month and of the next one, by the company's clock."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return start_of(month.replace(day=1)), start_of(following)


class ContactLogQuerySet(models.QuerySet[Any]):
    """Reads of contacts; what the author took back (`undone`) is in the history only."""

    def visible_to(self, user: User) -> ContactLogQuerySet:
        """Contacts of visible clients; those without a client by the people who made them."""
        scope = scope_of(user)
        if scope.limited_fields:
            return self.none()
        condition = scope_condition(user, "client__")
        if condition is None:
            return self
        return self.filter(condition | (Q(client=None) & made_within(user)))

    def of_clients_visible_to(self, user: User) -> ContactLogQuerySet:
        """Those visible contacts that have a client; the database plans this better."""
        if scope_of(user).limited_fields:
            return self.none()
        condition = scope_condition(user, "client__")
        rows = self.filter(client__isnull=False)
        return rows if condition is None else rows.filter(condition)

    def without_client_visible_to(self, user: User) -> ContactLogQuerySet:
        """Imported contacts whose file named no client (CL-10)."""
        scope = scope_of(user)
        if scope.limited_fields:
            return self.none()
        rows = self.filter(client=None)
        return rows if scope.everything else rows.filter(made_within(user))

    def live(self) -> ContactLogQuerySet:
        """All but those that their author took back."""
        return self.exclude(state="undone")

    def done(self) -> ContactLogQuerySet:
        """Contacts that took place."""
        return self.filter(state="done")

    def planned(self) -> ContactLogQuerySet:
        """Contacts still ahead or not yet marked."""
        return self.filter(state="planned")

    def past(self) -> ContactLogQuerySet:
        """Done, missed, put off and cancelled ones: the lower part of a timeline."""
        return self.exclude(state__in=["planned", "undone"])

    def credited(self) -> ContactLogQuerySet:
        """Contacts that count for the plan: the client was reached (CONT-1)."""
        return self.filter(state="done", result__reached=True)

    def in_month(self, month: date) -> ContactLogQuerySet:
        """Contacts of the month by the company's clock."""
        first, following = month_bounds(month)
        return self.filter(at__gte=first, at__lt=following)

    def on_days(self, first: date, last: date) -> ContactLogQuerySet:
        """Contacts from the first to the last day, both included."""
        after = start_of(last + timedelta(days=1))
        return self.filter(at__gte=start_of(first), at__lt=after)

    def for_timeline(self) -> ContactLogQuerySet:
        """With what every item of a timeline shows; `with_rare_links` reads the rest."""
        rows = self.select_related("person", "manager", "result", "topic")
        return rows.only(*own_columns(self.model), *names_of("manager"), "person__full_name")

    def for_list(self) -> ContactLogQuerySet:
        """With the names that the register shows."""
        return self.select_related("client", "manager", "result", "topic", "person")

    def with_promise(self) -> ContactLogQuerySet:
        """Contacts in which the client promised to pay."""
        return self.filter(state="done", promise_on__isnull=False)


def made_within(user: User) -> Q:
    """Contacts made by the person, the people substituted or people of the subtree."""
    scope = scope_of(user)
    return Q(manager__in=sorted(scope.manager_ids)) | Q(
        manager__org_unit__in=sorted(scope.unit_ids)
    )


class ContactPlanLineQuerySet(PartOfClientQuerySet):
    """Reads of the contact plan."""

    def visible_to(self, user: User) -> ContactPlanLineQuerySet:
        """Lines of visible clients, closed to the limited roles (C.9)."""
        if scope_of(user).limited_fields:
            return self.none()
        condition = scope_condition(user, "client__")
        return self if condition is None else self.filter(condition)

    def of_month(self, month: date) -> ContactPlanLineQuerySet:
        """Lines of the month."""
        return self.filter(month=month.replace(day=1))

    def with_done(self, month: date) -> ContactPlanLineQuerySet:
        """Adds done, done_visits and credited = min(done, planned) of each line (CONT-1)."""
        done = (
            apps.get_model("clients", "ContactLog")
            .objects.credited()
            .in_month(month)
            .filter(client=OuterRef("client"))
        )
        counted = self.annotate(done=_count(done), done_visits=_count(done.filter(kind="visit")))
        smaller = Least("done", "planned_count", output_field=IntegerField())
        return counted.annotate(credited=smaller)


def _count(rows: models.QuerySet[Any]) -> Any:
    counted = rows.order_by().values("client").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
