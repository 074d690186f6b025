"""Stop-shipping flags: switched by the rules, set, released and lifted by people (C.5 no. 17)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.heads import heads_by_client
from clients.models import Client
from crm.accounts.models import User
from crm.calendar import add_working_days
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify
from crm.work.registry import setting
from deals import permissions
from deals.actions.exceptions import note_release
from deals.models import StopReason, StopShipping
from deals.receivables.debts import over_limit, overdue_beyond_grace

BY_RULE = (StopReason.LIMIT, StopReason.OVERDUE)
BY_HAND = (StopReason.MANUAL, StopReason.DOCUMENTS)


@transaction.atomic
def check_stops(*, today: date, now: datetime, client_ids: Collection[int] | None = None) -> int:
    """Put up the flags whose reason holds and take down those whose reason is gone.

    Returns how many flags changed; what has not changed is not touched, so twice is once.
    """
    wanted = {
        StopReason.LIMIT: over_limit(today, client_ids),
        StopReason.OVERDUE: overdue_beyond_grace(today, client_ids),
    }
    count = 0
    for reason in BY_RULE:
        standing = StopShipping.objects.standing().filter(reason=reason)
        if client_ids is not None:
            standing = standing.filter(client__in=client_ids)
        known = set(standing.values_list("client_id", flat=True))
        with verb("stop.lifted_by_rule", by=None):
            gone = standing.filter(client__in=known - wanted[reason])
            count += gone.update(off_at=now, version=F("version") + 1)
        count += _put_up(reason, wanted[reason] - known, now)
    return count


def _put_up(reason: StopReason, client_ids: set[int], now: datetime) -> int:
    if not client_ids:
        return 0
    rows = [StopShipping(client_id=pk, reason=reason, on_at=now) for pk in sorted(client_ids)]
    with verb("stop.set_by_rule", by=None):
        StopShipping.objects.bulk_create(rows, ignore_conflicts=True)
    _tell(reason, client_ids, now)
    return len(rows)


def _tell(reason: StopReason, client_ids: set[int], now: datetime) -> None:
    """One notice to each manager, and to the heads about the limit: how many clients stopped."""
    told: dict[int, int] = defaultdict(int)
    managers = Client.objects.filter(pk__in=client_ids, manager__is_active=True)
    for manager_id in managers.values_list("manager_id", flat=True):
        told[manager_id] += 1
    if reason == StopReason.LIMIT:
        for head_id, ids in heads_by_client(client_ids).items():
            told[head_id] += len(ids)
    for user_id, count in told.items():
        notify(
            user_id,
            kind=f"stop.{reason}",
            params={"count": count},
            url=f"{reverse('deals:stop_list')}?reason={reason}",
            dedupe_key=f"stop.{reason}:{now.isoformat()}",
            email=False,
        )


@transaction.atomic
def stop_client(client_id: int, *, by: User, reason: str, note: str, now: datetime) -> StopShipping:
    """Stop shipping to a client by decision or for want of documents, with a note.

    Raises Client.DoesNotExist, PermissionDenied, RuleViolation.
    """
    client = Client.objects.visible_to(by).select_for_update(of=("self",)).get(pk=client_id)
    if not permissions.can_stop_shipping(by, client):
        raise PermissionDenied
    if reason not in BY_HAND:
        raise RuleViolation(_("This flag is put up by the rule itself."), field="reason")
    if not note.strip():
        raise RuleViolation(_("Say why."), field="note")
    try:
        with transaction.atomic(), verb("stop.set", by=by):
            return StopShipping.objects.create(
                client=client, reason=reason, note=note.strip(), set_by=by, on_at=now
            )
    except IntegrityError:
        raise RuleViolation(_("Shipping to the client is stopped for this already.")) from None


@transaction.atomic
def release_stop(
    stop_id: int, *, by: User, version: int, until: date, reason: str, today: date
) -> StopShipping:
    """Let goods through in spite of the flag up to a day, included.

    The department head for at most `stop.head_days` working days, the director for any time.
    """
    stop = _locked(stop_id, by=by, version=version)
    if not permissions.can_release_stop(by, stop.client):
        raise PermissionDenied
    if until < today:
        raise RuleViolation(_("Choose a day from today on."), field="until")
    if not permissions.releases_without_limit(by):
        latest = add_working_days(today, setting("stop.head_days"))
        if until > latest:
            text = _("You release shipping up to %(day)s; longer does the director.")
            raise RuleViolation(text % {"day": f"{latest:%d.%m.%Y}"}, field="until")
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    with verb("stop.released", by=by):
        stop.released_to, stop.released_by = until, by
        stop.release_reason = reason.strip()
        stop.version += 1
        stop.save(update_fields=["released_to", "released_by", "release_reason", "version"])
        note_release(stop, by=by, today=today)
    return stop


@transaction.atomic
def lift_stop(stop_id: int, *, by: User, version: int, now: datetime) -> StopShipping:
    """Take down a flag that a person put up; those of the rules go by themselves."""
    stop = _locked(stop_id, by=by, version=version)
    if stop.reason not in BY_HAND:
        raise RuleViolation(_("This flag goes off automatically when its reason is gone."))
    if not permissions.can_lift_stop(by, stop):
        raise PermissionDenied
    with verb("stop.lifted", by=by):
        stop.off_at = now
        stop.version += 1
        stop.save(update_fields=["off_at", "version"])
    return stop


def _locked(stop_id: int, *, by: User, version: int) -> StopShipping:
    rows = StopShipping.objects.visible_to(by).select_related("client", "set_by")
    stop: StopShipping = rows.select_for_update(of=("self",)).get(pk=stop_id)
    if stop.off_at is not None:
        raise RuleViolation(_("The flag is down already."))
    if stop.version != version:
        raise StaleVersion(of=stop)
    return stop
