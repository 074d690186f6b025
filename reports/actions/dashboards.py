"""Dashboards by e-mail: a person's own choice, and the letters of a working morning."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.calendar import is_working_day
from crm.errors import RuleViolation
from crm.history import verb
from crm.notices.actions import write_to
from crm.work.registry import setting
from reports import permissions
from reports.models import DashboardSubscription
from reports.queries.department import units_for

KIND = "dashboard.letter"


@transaction.atomic
def subscribe(
    unit: OrgUnit, *, period: str, weekdays: Collection[int], hour: int, is_active: bool, by: User
) -> DashboardSubscription:
    """Choose when the dashboard of the unit is sent, or that it is sent no more.

    Raises RuleViolation for an hour outside those of the settings and for no day, PermissionDenied
    for a unit whose dashboard the person may not open.
    """
    if not permissions.can_see_department(by) or unit.pk not in {u.pk for u in units_for(by)}:
        raise PermissionDenied
    first, last = setting("dashboard.mail_from_hour"), setting("dashboard.mail_to_hour")
    if is_active and not first <= hour <= last:
        text = _("Dashboards are sent between %(first)s and %(last)s h.")
        raise RuleViolation(text % {"first": first, "last": last}, field="hour")
    if not weekdays:
        raise RuleViolation(_("Name one day at least."), field="weekdays")
    values = {
        "period": period,
        "weekdays": sorted(set(weekdays)),
        "hour": hour,
        "is_active": is_active,
    }
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    with verb("dashboard.subscribed" if is_active else "dashboard.unsubscribed", by=by):
        found = DashboardSubscription.objects.visible_to(by).filter(org_unit=unit).first()
        if found is None:
            return DashboardSubscription.objects.create(user=by, org_unit=unit, **values)
        for name, value in values.items():
            setattr(found, name, value)
        found.version += 1
        found.save(update_fields=[*values, "version"])
    return found


@transaction.atomic
def send_dashboards(*, today: date, hour: int) -> int:
    """On a working day: put a letter into the outbox for everybody whose hour has come, once.

    The letter itself is written when it goes out, of what its receiver may see then.
    """
    if not is_working_day(today):
        return 0
    rows = DashboardSubscription.objects.due(today, hour).select_related("user").order_by("pk")
    count = 0
    for one in rows.select_for_update(of=("self",), skip_locked=True):
        if one.user.email:
            params = {"subscription": one.pk, "on": today.isoformat()}
            write_to(
                one.user.email, kind=KIND, params=params, dedupe_key=f"{KIND}:{one.pk}:{today}"
            )
            count += 1
        one.last_sent_on = today
        one.save(update_fields=["last_sent_on"])
    return count
