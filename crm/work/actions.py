"""Writes of settings, the production calendar and heartbeats."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import Value
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import calendar
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.work import permissions, registry
from crm.work.models import ORDINARY, CalendarDay, CalendarDayKind, Heartbeat, Setting
from crm.work.registry import Declaration


@transaction.atomic
def change_setting(
    key: str, *, value: Any, by: User, org_unit_id: int | None = None, version: int = 0
) -> Setting:
    """Set a policy number; raises RuleViolation on a wrong value, StaleVersion when changed."""
    declared = registry.declaration(key)
    row = _locked_setting(declared, by, org_unit_id, version)
    with verb("setting.changed", by=by):
        return _write_setting(row, registry.clean(declared, value), by)


@transaction.atomic
def reset_setting(
    key: str, *, by: User, org_unit_id: int | None = None, version: int = 0
) -> Setting:
    """Let the declared default hold again; raises StaleVersion when changed meanwhile."""
    row = _locked_setting(registry.declaration(key), by, org_unit_id, version)
    with verb("setting.reset", by=by):
        return _write_setting(row, Value(None, models.JSONField()), by)


def _locked_setting(
    declared: Declaration, by: User, org_unit_id: int | None, version: int
) -> Setting:
    """The row of the scope under a lock, a new one where the default has held so far."""
    if not permissions.can_change_setting(by, declared):
        raise PermissionDenied
    rows = Setting.objects.select_for_update(of=("self",))
    row = rows.filter(key=declared.key, org_unit_id=org_unit_id).first()
    if (row.version if row else 0) != version:
        raise StaleVersion
    return row or Setting(key=declared.key, org_unit_id=org_unit_id, version=0)


def _write_setting(row: Setting, value: Any, by: User) -> Setting:
    row.value, row.updated_by, row.version = value, by, row.version + 1
    if row.pk is None:
        _insert_setting(row)
    else:
        row.save(update_fields=["value", "updated_by", "updated_at", "version"])
    registry.forget()
    transaction.on_commit(registry.forget)
    return row


def _insert_setting(row: Setting) -> None:
    """Two people may set it for the first time at once: the second sees a changed record."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise StaleVersion from None


@transaction.atomic
def change_calendar_day(
    day: date, *, kind: str, note: str = "", by: User, version: int | None = None
) -> None:
    """Mark a day as working, short or off; the weekday's ordinary kind removes the row.

    Raises StaleVersion where another person has changed the day since it was shown.
    """
    if not permissions.can_edit_calendar(by):
        raise PermissionDenied
    if kind not in CalendarDayKind.values:
        raise RuleViolation(_("Choose the day type."), field="kind")
    row = CalendarDay.objects.select_for_update(of=("self",)).filter(pk=day).first()
    if version is not None and version != (row.version if row else ORDINARY):
        raise StaleVersion(_day_changed(row))
    ordinary = CalendarDayKind.OFF if day.weekday() >= 5 else CalendarDayKind.WORKING
    with verb("calendar.changed", by=by):
        if kind == ordinary and not note:
            CalendarDay.objects.filter(pk=day).delete()
        else:
            CalendarDay.objects.update_or_create(
                day=day, defaults={"kind": kind, "note": note, "updated_by": by}
            )
    calendar.forget()
    transaction.on_commit(calendar.forget)


def _day_changed(row: CalendarDay | None) -> str:
    if row is None or row.updated_by is None:
        return _("The day was made an ordinary one meanwhile. Compare and save again.")
    return _("%(who)s changed this day on %(at)s. Compare and save again.") % {
        "who": row.updated_by.short_name,
        "at": f"{timezone.localtime(row.updated_at):%d.%m.%Y %H:%M}",
    }


def beat(name: str) -> None:
    """Note that a background process is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})
