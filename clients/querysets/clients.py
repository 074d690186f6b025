"""Reads of clients and of the rows that belong to one client."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from crm.accounts.querysets import names_of
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User

LIST_FIELDS = (
    "id",
    "code",
    "name",
    "sort_key",
    "category",
    "category_since",
    "status",
    "kind",
    "channel",
    "territory",
    "potential_monthly",
    "tags",
    "last_contact_at",
    "next_contact_at",
    "actualised_on",
    "created_at",
    *names_of("manager"),
    "org_unit__id",
    "org_unit__name",
)


def scope_condition(user: User, prefix: str = "") -> Q | None:
    """Condition on the client under `prefix`; None = everything, a false Q = nothing."""
    scope = scope_of(user)
    if scope.everything:
        return None
    condition = Q(pk__in=[])
    if scope.unit_ids:
        condition |= Q(**{f"{prefix}org_unit__in": sorted(scope.unit_ids)})
    if scope.manager_ids:
        condition |= Q(**{f"{prefix}manager__in": sorted(scope.manager_ids)})
    return condition


def scope_of_many(user: User, clients: QuerySet[Any], field: str = "client") -> Q | None:
    """`scope_condition` for counts and sums over many rows of clients, `clients` being all of them.

    A head sees by unit or by manager. Joined, the two are one condition for which the clients
    themselves are read; as two sets of ids each is read from its own index. Mostly the units say it
    all, which is the quickest to join.
    """
    scope = scope_of(user)
    if not (scope.unit_ids and scope.manager_ids) or scope.everything:
        return scope_condition(user, f"{field}__")
    if units := units_alone(user, clients):
        return Q(**{f"{field}__org_unit__in": units})
    of_units = clients.filter(org_unit__in=sorted(scope.unit_ids)).order_by().values("pk")
    of_managers = clients.filter(manager__in=sorted(scope.manager_ids)).order_by().values("pk")
    return Q(**{f"{field}__in": of_units}) | Q(**{f"{field}__in": of_managers})


def units_alone(user: User, clients: QuerySet[Any]) -> list[int]:
    """The units of a head, if their clients are all that the head sees; else none.

    Clients of other units may be own ones, or those of an absent person. Asked once for a person.
    """
    scope = scope_of(user)
    if scope.everything or not scope.unit_ids:
        return []
    units = sorted(scope.unit_ids)
    known: tuple[Any, bool] | None = getattr(user, "_outside", None)
    if known is None or known[0] != scope.key:
        others = clients.filter(manager__in=sorted(scope.manager_ids)).exclude(org_unit__in=units)
        known = (scope.key, others.order_by().exists())
        user._outside = known  # type: ignore[attr-defined]
    return [] if known[1] else units


def ids_of_as_seen_by(user: User, viewer: User) -> list[int] | None:
    """The managers whose clients are `visible_to(viewer).of(user)`, where that says it all.

    Of two conditions on the manager the database takes the second for a further narrowing and
    expects a hundred times fewer clients than there are. None: heads see by unit too.
    """
    scope = scope_of(viewer)
    ids = {user.pk, *scope_of(user).substituted_ids}
    if scope.everything or ids <= scope.manager_ids:
        return sorted(ids)
    return None if scope.unit_ids else sorted(ids & scope.manager_ids)


def start_of(day: date) -> datetime:
    """The first moment of the day in the company's time zone."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


class ClientQuerySet(models.QuerySet[Any]):
    """Reads of clients."""

    def visible_to(self, user: User) -> ClientQuerySet:
        """Own clients; the subtree for heads; all for directors and the functional roles."""
        condition = scope_condition(user)
        return self if condition is None else self.filter(condition)

    def open(self) -> ClientQuerySet:
        """Not archived."""
        return self.filter(archived_at=None)

    def archived(self) -> ClientQuerySet:
        """Put into the archive."""
        return self.exclude(archived_at=None)

    def for_list(self) -> ClientQuerySet:
        """Only the columns that lists show, with manager and unit in the same query."""
        return self.select_related("manager", "org_unit").only(*LIST_FIELDS)

    def of(self, user: User) -> ClientQuerySet:
        """Clients the person answers for, with those of the people the person substitutes."""
        return self.filter(manager__in={user.pk, *scope_of(user).substituted_ids})

    def without_category(self) -> ClientQuerySet:
        """New clients that wait for the head's decision (L228)."""
        return self.filter(category=None)

    def without_next_contact(self) -> ClientQuerySet:
        """Nothing is planned."""
        return self.filter(next_contact_at=None)

    def silent_for(self, days: int, today: date) -> ClientQuerySet:
        """No contact for more than so many calendar days, or none ever."""
        border = start_of(today - timedelta(days=min(days, 36500)))
        return self.filter(Q(last_contact_at=None) | Q(last_contact_at__lt=border))

    def without_decision_maker(self) -> ClientQuerySet:
        """No open contact person is marked as the one who decides (L158)."""
        person = self.model._meta.get_field("people").related_model
        deciders = person.objects.filter(
            client=OuterRef("pk"), is_decision_maker=True, archived_at=None
        )
        return self.filter(~Exists(deciders))

    def stale(self, days: int, today: date) -> ClientQuerySet:
        """Cards that nobody checked for more than so many calendar days (L41, L639)."""
        border = today - timedelta(days=min(days, 36500))
        return self.filter(Q(actualised_on=None) | Q(actualised_on__lt=border))


class PartOfClientQuerySet(models.QuerySet[Any]):
    """Rows with a `client`: seen by those who see the client."""

    def visible_to(self, user: User) -> PartOfClientQuerySet:
        """Rows of visible clients."""
        condition = scope_condition(user, "client__")
        return self if condition is None else self.filter(condition)

    def open(self) -> PartOfClientQuerySet:
        """Not archived."""
        return self.filter(archived_at=None)


class ClientAssignmentQuerySet(PartOfClientQuerySet):
    """Reads of who answers for whom."""

    def on(self, day: date) -> ClientAssignmentQuerySet:
        """Assignments in force on the day."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day))

    def primary(self) -> ClientAssignmentQuerySet:
        """Of the person who answers, not of the backup."""
        return self.filter(role="primary")


class ClientTransferQuerySet(models.QuerySet[Any]):
    """Reads of hand-overs."""

    def visible_to(self, user: User) -> ClientTransferQuerySet:
        """Hand-overs between people of the subtree, and one's own."""
        scope = scope_of(user)
        if scope.limited_fields:
            return self.none()
        if scope.everything:
            return self
        own = Q(from_manager__in=scope.manager_ids) | Q(to_manager__in=scope.manager_ids)
        units = Q(from_manager__org_unit__in=scope.unit_ids) | Q(
            to_manager__org_unit__in=scope.unit_ids
        )
        return self.filter(own | units)


class WholeCardQuerySet(PartOfClientQuerySet):
    """Rows of the whole card: closed to the limited roles (C.9)."""

    def visible_to(self, user: User) -> WholeCardQuerySet:
        """Rows of visible clients."""
        if scope_of(user).limited_fields:
            return self.none()
        condition = scope_condition(user, "client__")
        return self if condition is None else self.filter(condition)


class ContactPersonQuerySet(WholeCardQuerySet):
    """Reads of people at clients: personal data."""

    def of_seen(self, clients: Any, user: User) -> ContactPersonQuerySet:
        """`visible_to(user)` of clients that are visible already: none for the limited roles."""
        if scope_of(user).limited_fields:
            return self.none()
        return self.filter(client__in=clients)


class PartOfCounterpartyQuerySet(models.QuerySet[Any]):
    """Rows with a `counterparty`: seen by those who see its client."""

    def visible_to(self, user: User) -> PartOfCounterpartyQuerySet:
        """Rows of visible clients, closed to the limited roles (C.9)."""
        if scope_of(user).limited_fields:
            return self.none()
        condition = scope_condition(user, "counterparty__client__")
        return self if condition is None else self.filter(condition)

    def open(self) -> PartOfCounterpartyQuerySet:
        """Accounts that are not closed."""
        return self.filter(closed_on=None)
