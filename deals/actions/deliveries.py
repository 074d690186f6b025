"""Delivery schedules: proposed, confirmed by three sides, refused (C.3 ScheduleChange)."""

from __future__ import annotations

from datetime import date, datetime, time

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clients.models import Client, Outlet
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.states import move
from deals import permissions
from deals.models import DELIVERY_MOVES, DeliverySchedule, DeliveryState
from deals.permissions.deliveries import SELLERS


@transaction.atomic
def propose_delivery(
    client_id: int,
    *,
    by: User,
    outlet: Outlet | None,
    weekdays: list[int],
    time_from: time,
    time_to: time,
    starts_on: date,
    reason: str,
    today: date,
    now: datetime,
) -> DeliverySchedule:
    """Propose days and hours of a place; a seller's proposal is the seller's confirmation.

    Raises RuleViolation for hours backwards, a day gone by, a foreign outlet or while another
    proposal for the place is open.
    """
    client: Client = Client.objects.visible_to(by).select_for_update(of=("self",)).get(pk=client_id)
    if not permissions.can_propose_delivery(by) or client.archived_at:
        raise PermissionDenied
    _check(client, outlet, time_from, time_to, starts_on, today)
    seller = by if by.role in SELLERS else None
    schedule = DeliverySchedule(
        client=client,
        outlet=outlet,
        weekdays=sorted(set(weekdays)),
        time_from=time_from,
        time_to=time_to,
        starts_on=starts_on,
        reason=reason,
        asked_by=by,
        seller=seller,
        seller_at=now if seller else None,
    )
    with verb("delivery.proposed", by=by):
        return _saved(schedule)


def _saved(schedule: DeliverySchedule) -> DeliverySchedule:
    try:
        with transaction.atomic():
            schedule.save()
    except IntegrityError as clash:
        if "delivery_one_proposed" not in str(clash):
            raise
        raise RuleViolation(_("A change for this place waits for confirmation.")) from clash
    return schedule


def _check(
    client: Client, outlet: Outlet | None, opens: time, closes: time, starts_on: date, today: date
) -> None:
    if outlet is not None and outlet.client_id != client.pk:
        raise RuleViolation(_("This outlet belongs to another client."), field="outlet")
    if closes <= opens:
        raise RuleViolation(_("The end lies before the beginning."), field="time_to")
    if starts_on < today:
        raise RuleViolation(_("From today on."), field="starts_on")


@transaction.atomic
def confirm_delivery(
    schedule_id: int, *, by: User, version: int, side: str, person: str = "", now: datetime
) -> DeliverySchedule:
    """One side says yes; with the third the schedule is in force and replaces the former one."""
    schedule = _locked(schedule_id, by, version)
    if not permissions.can_confirm(by, schedule, side):
        raise PermissionDenied
    if side == "client" and not person.strip():
        raise RuleViolation(_("Say who agreed for the client."), field="person")
    with verb("delivery.confirmed", by=by):
        _note(schedule, by, side, person.strip(), now)
        schedule.version += 1
        schedule.save()
        if not schedule.waits_for:
            _enforce(schedule)
    return schedule


def _note(schedule: DeliverySchedule, by: User, side: str, person: str, now: datetime) -> None:
    if side == "client":
        schedule.client_person, schedule.client_noted_by, schedule.client_at = person, by, now
    elif side == "seller":
        schedule.seller, schedule.seller_at = by, now
    else:
        schedule.department, schedule.department_at = by, now


def _enforce(schedule: DeliverySchedule) -> None:
    former = DeliverySchedule.objects.select_for_update().filter(
        client=schedule.client_id, outlet=schedule.outlet_id, state=DeliveryState.EFFECTIVE
    )
    for old in former:
        move(old, DELIVERY_MOVES, DeliveryState.SUPERSEDED)
    move(schedule, DELIVERY_MOVES, DeliveryState.EFFECTIVE)


@transaction.atomic
def refuse_delivery(schedule_id: int, *, by: User, version: int, reason: str) -> DeliverySchedule:
    """A side says no, and why; the schedule in force stays."""
    schedule = _locked(schedule_id, by, version)
    if not permissions.can_refuse(by, schedule):
        raise PermissionDenied
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    with verb("delivery.refused", by=by):
        move(schedule, DELIVERY_MOVES, DeliveryState.REFUSED, refuse_reason=reason.strip())
    return schedule


def _locked(schedule_id: int, by: User, version: int) -> DeliverySchedule:
    rows = DeliverySchedule.objects.visible_to(by).select_for_update(of=("self",))
    schedule: DeliverySchedule = rows.select_related("client").get(pk=schedule_id)
    if schedule.version != version:
        raise StaleVersion(of=schedule)
    return schedule
