"""Who answers for a client: one owner on each day, hand-overs, their effect on its day (C.9)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import hooks, permissions
from clients.actions.campaigns import follow_owners
from clients.models import (
    Client,
    ClientAssignment,
    ClientTransfer,
    ClientTransferReason,
)
from clients.querysets import ClientQuerySet
from crm.accounts.models import SALES, Role, User
from crm.accounts.scope import scope_of
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify
from crm.refusals import Sentence, politely
from crm.work.registry import setting

MAX_AHEAD = timedelta(days=366)
BATCH = 2000
CONSTRAINTS: dict[str, Sentence] = {
    "assignment_one_owner_per_day": (
        gettext_lazy(
            "Another manager is responsible for one of the clients on these days. Try again."
        ),
        None,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Handover:
    """To whom, from what day and why clients are handed over."""

    to_manager_id: int
    on: date
    kind: str = ClientTransferReason.OTHER
    note: str = ""
    from_manager_id: int | None = None


def candidates(by: User) -> list[User]:
    """People to whom this person may give clients: the own subtree, everybody for the director."""
    rows = User.objects.working().filter(role__in=SALES).select_related("org_unit")
    if by.role != Role.DIRECTOR:
        scope = scope_of(by)
        rows = rows.filter(Q(org_unit__in=scope.unit_ids) | Q(pk__in=scope.manager_ids))
    return list(rows.order_by("sort_key", "pk"))


def first_owner(by: User, manager_id: int | None) -> User:
    """The owner of a new client: managers take it themselves, heads choose in their subtree."""
    if by.role == Role.MANAGER or manager_id is None:
        if manager_id not in {None, by.pk, *scope_of(by).substituted_ids}:
            raise RuleViolation(_("Choose a manager of your unit."), field="manager")
        return User.objects.select_related("org_unit").get(pk=manager_id or by.pk)
    return _candidate(by, manager_id)


def open_assignment(client: Client, manager: User, *, on: date, by: User) -> ClientAssignment:
    """The first row of a new client's ownership; the caller names the verb."""
    return ClientAssignment.objects.create(
        client=client, manager=manager, valid_from=on, created_by=by
    )


def assign_client(
    client_id: int, *, by: User, handover: Handover, today: date, key: UUID | None = None
) -> ClientTransfer:
    """Hand one client over; see `transfer_clients`."""
    return transfer_clients(by=by, handover=handover, today=today, client_ids=[client_id], key=key)


def transfer_clients(
    *,
    by: User,
    handover: Handover,
    today: date,
    client_ids: Collection[int] | None = None,
    expected: int | None = None,
    key: UUID | None = None,
) -> ClientTransfer:
    """Hand over the given clients, or all open ones of `from_manager_id`, once per `key`.

    From its day on the new manager answers; until then the old one does. Clients that the new
    manager has already are left alone; `expected` is how many clients were shown. Raises
    PermissionDenied and RuleViolation (a client or a person outside the subtree, a day that is
    past or more than a year ahead, nothing to do).
    """
    if not permissions.can_distribute(by):
        raise PermissionDenied
    try:
        return _transfer(by, handover, today, client_ids, expected, key)
    except IntegrityError as clash:
        if "idempotency_key" not in str(clash):
            raise
        made: ClientTransfer | None = ClientTransfer.objects.filter(
            idempotency_key=key, created_by=by
        ).first()
        if made is None:
            raise RuleViolation(_("This form has been used already. Reload the page.")) from clash
        return made


@transaction.atomic
def _transfer(
    by: User,
    handover: Handover,
    today: date,
    client_ids: Collection[int] | None,
    expected: int | None,
    key: UUID | None,
) -> ClientTransfer:
    receiver = _candidate(by, handover.to_manager_id)
    _check(handover, today)
    transfer = ClientTransfer(
        kind=handover.kind,
        note=handover.note,
        from_manager_id=handover.from_manager_id,
        to_manager=receiver,
        takes_effect_on=handover.on,
        idempotency_key=key,
        created_by=by,
    )
    with verb("client.transferred", by=by):
        transfer.save(force_insert=True)
        clients = _locked(by, handover, client_ids)
        if expected not in {None, len(clients)}:
            raise StaleVersion(_("The set of clients has changed. Look at it again."))
        moved = _rewrite(clients, receiver, handover.on, by, transfer)
        if not moved:
            raise RuleViolation(_("These clients are already with this manager."))
        transfer.clients_count = len(moved)
        transfer.save(update_fields=["clients_count"])
        hooks.taken_over(_put_in_force(moved, today).taken, today)
    _tell(transfer, {client.manager_id for client in moved})
    return transfer


def _candidate(by: User, manager_id: int) -> User:
    """A person of the subtree who may own clients; RuleViolation for anybody else."""
    found = next((person for person in candidates(by) if person.pk == manager_id), None)
    if found is None:
        raise RuleViolation(_("Choose a manager of your unit."), field="manager")
    return found


def _check(handover: Handover, today: date) -> None:
    if handover.on < today:
        raise RuleViolation(_("The day is in the past."), field="on")
    if handover.on > today + MAX_AHEAD:
        raise RuleViolation(_("Not more than a year ahead."), field="on")
    if handover.from_manager_id == handover.to_manager_id:
        raise RuleViolation(_("Choose another person."), field="manager")


def _locked(by: User, handover: Handover, client_ids: Collection[int] | None) -> list[Client]:
    """The clients under a lock in the order of their ids; all of them must be in the scope."""
    rows: ClientQuerySet = Client.objects.visible_to(by)
    if client_ids is not None:
        rows = rows.filter(pk__in=client_ids)
    elif handover.from_manager_id is not None:
        rows = rows.open().filter(manager=handover.from_manager_id)
    else:
        raise RuleViolation(_("Choose the clients."))
    found = list(
        rows.select_for_update(of=("self",)).order_by("pk").only("manager_id", "org_unit_id")
    )
    if client_ids is not None and len(found) != len(set(client_ids)):
        raise RuleViolation(_("Some of the clients are not there any more, or not yours."))
    if not all(permissions.can_transfer(by, client) for client in found):
        raise RuleViolation(_("Some of the clients are outside your unit."))
    return found


def _rewrite(
    clients: list[Client], receiver: User, on: date, by: User, transfer: ClientTransfer | None
) -> list[Client]:
    """Close what holds on the day or later and open the new rows; returns the clients moved."""
    primary = ClientAssignment.objects.primary().select_for_update(of=("self",))
    later = primary.filter(client__in=clients).filter(Q(valid_to=None) | Q(valid_to__gt=on))
    held: dict[int, list[ClientAssignment]] = {}
    for row in later.order_by("pk"):
        held.setdefault(row.client_id, []).append(row)
    moved = [c for c in clients if not _is_with(held.get(c.pk, []), receiver, on)]
    ending = [row for client in moved for row in held.get(client.pk, [])]
    for row in ending:
        row.valid_to = max(row.valid_from, on)
    ClientAssignment.objects.bulk_update(ending, ["valid_to"], batch_size=BATCH)
    fresh = [
        ClientAssignment(
            client=client, manager=receiver, valid_from=on, created_by=by, transfer=transfer
        )
        for client in moved
    ]
    with politely(CONSTRAINTS):
        ClientAssignment.objects.bulk_create(fresh, batch_size=BATCH)
    return moved


def _is_with(held: list[ClientAssignment], receiver: User, on: date) -> bool:
    """Whether the receiver answers for the client on the day and ever after already."""
    return (
        len(held) == 1
        and held[0].manager_id == receiver.pk
        and held[0].valid_from <= on
        and held[0].valid_to is None
    )


@dataclass(frozen=True)
class _Changed:
    """How many clients changed, and those of them that another manager has now."""

    count: int
    taken: list[hooks.Taken]


def _put_in_force(clients: Collection[Client], today: date) -> _Changed:
    """Bring `Client.manager` and `Client.org_unit` in line with the row in force today."""
    rows = ClientAssignment.objects.primary().on(today).filter(client__in=clients)
    changed, taken = 0, []
    by_owner: dict[tuple[int, int | None], list[int]] = {}
    wrong = ~Q(client__manager=F("manager")) | Q(client__manager=None) | _unit_differs()
    for row in rows.filter(wrong).select_related("client", "manager").order_by("client"):
        owner, former = row.manager_id, row.client.manager_id
        by_owner.setdefault((owner, row.manager.org_unit_id), []).append(row.client_id)
        if former is not None and former != owner:
            taken.append(
                hooks.Taken(row.client_id, former, owner, row.valid_from, row.created_by_id)
            )
    for (manager_id, unit_id), ids in by_owner.items():
        changed += Client.objects.filter(pk__in=ids).update(
            manager=manager_id,
            org_unit=unit_id,
            version=F("version") + 1,
            updated_at=timezone.now(),
        )
        follow_owners(ids, manager_id)
    return _Changed(changed, taken)


def _unit_differs() -> Q:
    unit = Q(client__org_unit=F("manager__org_unit"))
    return Q(manager__org_unit__isnull=False) & (Q(client__org_unit=None) | ~unit)


@transaction.atomic
def apply_assignments(*, today: date) -> int:
    """Let hand-overs that were decided ahead take effect on their day; safe to run twice.

    Also brings the unit of a client in line with the unit of its manager. Returns how many
    clients changed.
    """
    wrong = ~Q(client__manager=F("manager")) | Q(client__manager=None) | _unit_differs()
    due = ClientAssignment.objects.primary().on(today).filter(wrong)
    ids = list(due.order_by("client").values_list("client", flat=True))
    locked = Client.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    with verb("client.owner_took_over", by=None):
        changed = _put_in_force(list(locked.only("pk")), today)
        hooks.taken_over(changed.taken, today)
    return changed.count


@transaction.atomic
def follow_manager(manager_id: int, *, by: User, today: date) -> int:
    """Clients go along when their manager moves to another unit; returns how many."""
    rows = Client.objects.filter(manager=manager_id).select_for_update(of=("self",))
    with verb("client.followed_manager", by=by):
        return _put_in_force(list(rows.order_by("pk").only("pk")), today).count


@transaction.atomic
def undo_transfer(transfer_id: int, *, by: User, today: date) -> ClientTransfer:
    """Give the clients of a hand-over back to those who had them before.

    Within `clients.transfer_undo_hours`; clients handed on since then stay where they are.
    """
    if not permissions.can_distribute(by):
        raise PermissionDenied
    rows = ClientTransfer.objects.visible_to(by).select_for_update(of=("self",))
    transfer: ClientTransfer = rows.get(pk=transfer_id)
    if transfer.undone_at is not None:
        raise RuleViolation(_("This hand-over has been taken back already."))
    if not can_undo_now(transfer):
        raise RuleViolation(_("It is too late to take this hand-over back."))
    with verb("client.transfer_undone", by=by):
        clients = _give_back(transfer, by, today)
        if not clients:
            raise RuleViolation(_("All the clients have been handed on since then."))
        transfer.undone_at, transfer.undone_by = timezone.now(), by
        transfer.version += 1
        transfer.save(update_fields=["undone_at", "undone_by", "version"])
        _put_in_force(clients, today)
    return transfer


def can_undo_now(transfer: ClientTransfer) -> bool:
    """Whether the hand-over is young enough to be taken back."""
    young = timedelta(hours=setting("clients.transfer_undo_hours"))
    return transfer.undone_at is None and timezone.now() - transfer.created_at <= young


def _give_back(transfer: ClientTransfer, by: User, today: date) -> list[Client]:
    """Close the rows of the hand-over and open rows of the former owners from the same day."""
    made = ClientAssignment.objects.filter(transfer=transfer, valid_to=None)
    ids = list(made.order_by("client").values_list("client", flat=True))
    clients = list(
        Client.objects.visible_to(by)
        .filter(pk__in=ids)
        .select_for_update(of=("self",))
        .order_by("pk")
        .only("manager_id", "org_unit_id")
    )
    former = _former_owners(transfer, clients)
    on = max(transfer.takes_effect_on, today)
    back = []
    for owner in User.objects.filter(pk__in=set(former.values()), is_active=True):
        theirs = [client for client in clients if former.get(client.pk) == owner.pk]
        back += _rewrite(theirs, owner, on, by, None)
    return back


def _former_owners(transfer: ClientTransfer, clients: list[Client]) -> dict[int, int]:
    """Who had each client just before the hand-over took effect."""
    ended = ClientAssignment.objects.primary().filter(
        client__in=clients, valid_to=transfer.takes_effect_on, pk__lt=_first_row(transfer)
    )
    return dict(ended.order_by("pk").values_list("client", "manager"))


def _first_row(transfer: ClientTransfer) -> int:
    first: int = transfer.assignments.order_by("pk").values_list("pk", flat=True)[0]
    return first


def _tell(transfer: ClientTransfer, former: Collection[int | None]) -> None:
    """Tell the new manager and those who gave clients away; not the person who did it."""
    params = {
        "count": transfer.clients_count,
        "day": f"{transfer.takes_effect_on:%d.%m.%Y}",
        "to": str(transfer.to_manager),
    }
    url = f"{reverse('clients:list')}?manager={transfer.to_manager_id}"
    told = {transfer.to_manager_id: "clients.received"}
    told |= {pk: "clients.given_away" for pk in former if pk}
    told.pop(transfer.created_by_id, None)
    for pk, kind in told.items():
        key = f"{kind}:{transfer.pk}"
        notify(pk, kind=kind, params=params, url=url, dedupe_key=key)
