"""Visits to outlets: put in, begun, finished, moved with a reason, called off, missed (DL-16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients import hooks, permissions
from clients.models import VISIT_MOVES, MerchandiserVisit, Outlet, VisitCheck, VisitState
from crm.accounts.models import Role, User
from crm.errors import RuleViolation, StaleVersion
from crm.files.models import Attachment
from crm.history import verb
from crm.numbering import one_at_a_time
from crm.refusals import politely
from crm.states import move
from crm.work.registry import setting

FILES = "visit"  # as registered with crm.files.registry
PICTURES = ("jpg", "png")
_ONCE_A_DAY = {
    "visit_once_a_day": (
        gettext_lazy("This outlet has a visit on that day already."),
        "planned_on",
    )
}
MARK_IT = gettext_lazy("Mark this point.")
_OVER = gettext_lazy("The visit is closed: %(state)s.")
OUTLET_CLOSED = gettext_lazy("The outlet is not served any more.")


@dataclass(frozen=True)
class Findings:
    """What the merchandiser saw: marks by key (None is not looked at yet), counts, words."""

    checks: Mapping[str, bool | None] = field(default_factory=dict)
    goods: Mapping[str, bool | None] = field(default_factory=dict)
    oos_count: int | None = None
    shelf_share: Decimal | None = None
    comment: str = ""


@transaction.atomic
def create_visit(
    outlet_id: int, *, merchandiser: User, planned_on: date, by: User, key: UUID, today: date
) -> MerchandiserVisit:
    """Put in a visit beside the plan, once per `key`; the merchandiser goes by it at once."""
    one_at_a_time(key)
    known = MerchandiserVisit.objects.filter(idempotency_key=key, author=by).first()
    if known is not None:
        return known  # type: ignore[no-any-return]
    outlet: Outlet = Outlet.objects.visible_to(by).select_related("client").get(pk=outlet_id)
    if not permissions.steers_visits(by):
        raise PermissionDenied
    if outlet.archived_at is not None or outlet.client.archived_at is not None:
        raise RuleViolation(str(OUTLET_CLOSED), field="outlet")
    if not (merchandiser.is_active and merchandiser.role == Role.MERCHANDISER):
        raise RuleViolation(_("Choose a merchandiser who works here."), field="merchandiser")
    _check_day(planned_on, today)
    visit = MerchandiserVisit(
        outlet=outlet,
        merchandiser=merchandiser,
        planned_on=planned_on,
        author=by,
        idempotency_key=key,
    )
    with politely(_ONCE_A_DAY), verb("visit.put_in", by=by):
        visit.save(force_insert=True)
    return visit


@transaction.atomic
def start_visit(visit_id: int, *, by: User, version: int, now: datetime) -> MerchandiserVisit:
    """The merchandiser is in the outlet: the hour, and what is to be looked at, as it is today."""
    visit = _locked(visit_id, by)
    if visit.merchandiser_id != by.pk or not permissions.makes_visits(by):
        raise PermissionDenied
    _check_open(visit, version)
    if visit.started_at is not None:
        raise RuleViolation(_("The visit has already started."))
    today = timezone.localtime(now).date()
    if visit.planned_on != today:
        text = _("The visit is planned for %(day)s: move it to today first.")
        raise RuleViolation(text % {"day": f"{visit.planned_on:%d.%m.%Y}"})
    visit.started_at = now
    visit.checklist = [
        {"key": check.code, "ru": check.name_ru, "en": check.name_en, "ok": None}
        for check in VisitCheck.objects.filter(archived_at=None)
    ]
    visit.goods = [
        {"key": goods.key, "title": goods.title, "ok": None}
        for goods in hooks.shelf_goods(visit.outlet.client)
    ]
    _save(visit, "visit.started", by, ["started_at", "checklist", "goods"])
    return visit


@transaction.atomic
def note_findings(
    visit_id: int, found: Findings, *, by: User, version: int, now: datetime, finish: bool
) -> MerchandiserVisit:
    """Keep what was seen; with `finish` the visit is done.

    A done visit has every mark, how many goods were out of stock and the photos of the setting;
    raises RuleViolation at the field of what is missing.
    """
    visit = _locked(visit_id, by)
    if visit.merchandiser_id != by.pk or not permissions.makes_visits(by):
        raise PermissionDenied
    _check_open(visit, version)
    if visit.started_at is None:
        raise RuleViolation(_("Start the visit first."))
    visit.checklist = _marked(visit.checklist, found.checks)
    visit.goods = _marked(visit.goods, found.goods)
    visit.oos_count, visit.shelf_share = found.oos_count, found.shelf_share
    visit.comment = found.comment
    fields = ["checklist", "goods", "oos_count", "shelf_share", "comment"]
    if not finish:
        _save(visit, "visit.noted", by, fields)
        return visit
    _check_whole(visit)
    with verb("visit.done", by=by):
        changes = {name: getattr(visit, name) for name in fields}
        move(visit, VISIT_MOVES, VisitState.DONE, _OVER, finished_at=now, **changes)
    return visit


@transaction.atomic
def move_visit(
    visit_id: int, *, by: User, version: int, planned_on: date, reason: str, today: date
) -> MerchandiserVisit:
    """Another day, with the reason; the first day stays known. Not once it has begun."""
    visit = _locked(visit_id, by)
    if not permissions.can_move_visit(by, visit) and visit.is_open:
        raise PermissionDenied
    _check_open(visit, version)
    if visit.started_at is not None:
        raise RuleViolation(_("The visit has already started."))
    if not reason.strip():
        raise RuleViolation(_("Say why the visit is moved."), field="reason")
    if planned_on == visit.planned_on:
        raise RuleViolation(_("It is planned for this day already."), field="planned_on")
    _check_day(planned_on, today)
    visit.moved_from = visit.moved_from or visit.planned_on
    visit.planned_on, visit.move_reason = planned_on, reason.strip()
    with politely(_ONCE_A_DAY):
        _save(visit, "visit.moved", by, ["planned_on", "moved_from", "move_reason"])
    return visit


@transaction.atomic
def cancel_visit(visit_id: int, *, by: User, version: int, reason: str) -> MerchandiserVisit:
    """Call it off with a reason: it counts neither as planned nor as missed."""
    visit = _locked(visit_id, by)
    if not permissions.steers_visits(by):
        raise PermissionDenied
    _check_open(visit, version)
    if visit.started_at is not None:
        raise RuleViolation(_("The visit has already started."))
    if not reason.strip():
        raise RuleViolation(_("Say why the visit is cancelled."), field="reason")
    with verb("visit.called_off", by=by):
        move(visit, VISIT_MOVES, VisitState.CANCELLED, _OVER, cancel_reason=reason.strip())
    return visit


@transaction.atomic
def mark_missed_visits(*, today: date) -> int:
    """After the end of the day: agreed visits that are not finished are missed; how many."""
    rows = MerchandiserVisit.objects.overdue(today).select_for_update(of=("self",))
    missed = list(rows.order_by("pk"))
    with verb("visit.missed", by=None):
        for visit in missed:
            move(visit, VISIT_MOVES, VisitState.MISSED)
    return len(missed)


def follow_outlet(outlet: Outlet, *, by: User) -> None:
    """Open visits go to the outlet's new merchandiser; those of a closed outlet are called off.

    Runs in the transaction that has changed the locked outlet. What has begun stays as it is.
    """
    rows = MerchandiserVisit.objects.filter(
        outlet=outlet, state=VisitState.PLANNED, started_at=None
    ).select_for_update(of=("self",))
    closed, person_id = outlet.archived_at is not None, outlet.merchandiser_id
    for visit in rows.order_by("pk"):
        if closed:
            with verb("visit.called_off", by=by):
                reason = str(OUTLET_CLOSED)
                move(visit, VISIT_MOVES, VisitState.CANCELLED, cancel_reason=reason)
        elif person_id is not None and visit.merchandiser_id != person_id:
            visit.merchandiser_id = person_id
            _save(visit, "visit.handed_over", by, ["merchandiser"])


def photos_of(visit: MerchandiserVisit) -> int:
    """How many pictures the visit has."""
    count: int = Attachment.objects.of(FILES, visit.pk).open().filter(format__in=PICTURES).count()
    return count


def _locked(visit_id: int, by: User) -> MerchandiserVisit:
    rows = MerchandiserVisit.objects.visible_to(by).select_for_update(of=("self",))
    visit: MerchandiserVisit = rows.select_related("outlet__client").get(pk=visit_id)
    return visit


def _check_open(visit: MerchandiserVisit, version: int) -> None:
    if not visit.is_open:
        raise RuleViolation(str(_OVER) % {"state": visit.get_state_display()})
    if visit.version != version:
        raise StaleVersion(of=visit)


def _check_day(day: date, today: date) -> None:
    if day < today:
        raise RuleViolation(_("This day has passed."), field="planned_on")
    if day > today + timedelta(days=setting("visits.move_days")):
        most = setting("visits.move_days")
        text = ngettext(
            "At most %(days)s day ahead.", "At most %(days)s days ahead.", most
        )  # fmt: skip
        raise RuleViolation(text % {"days": most}, field="planned_on")


def _marked(points: list[dict[str, Any]], marks: Mapping[str, bool | None]) -> list[dict[str, Any]]:
    """The points with their new marks; what is not spoken of stays."""
    return [point | {"ok": marks.get(point["key"], point["ok"])} for point in points]


def _check_whole(visit: MerchandiserVisit) -> None:
    for prefix, points in (("check", visit.checklist), ("goods", visit.goods)):
        for point in points:
            if point["ok"] is None:
                raise RuleViolation(str(MARK_IT), field=f"{prefix}_{point['key']}")
    absent = sum(point["ok"] is False for point in visit.goods)
    if visit.oos_count is None:
        raise RuleViolation(_("Enter how many goods are out of stock."), field="oos_count")
    if visit.oos_count < absent:
        text = _("At least %(count)s: so many of the goods above are out of stock.")
        raise RuleViolation(text % {"count": absent}, field="oos_count")
    least, have = setting("visits.least_photos"), photos_of(visit)
    if have < least:
        text = _("Add photos: %(have)s of at least %(least)s.")
        raise RuleViolation(text % {"have": have, "least": least})


def _save(visit: MerchandiserVisit, name: str, by: User, fields: list[str]) -> None:
    visit.version += 1
    with verb(name, by=by):
        visit.save(update_fields=[*fields, "version"])
