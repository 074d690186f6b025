"""Checks in any state, made by the actions: `control.started(cast)`."""

from datetime import timedelta

from django.utils import timezone

from reports.actions import control as actions
from reports.actions.control import Finding, NewCheck
from reports.models import ControlPoint, SpotCheck
from reports.seeds.control import seed_control_points
from tests.factories import clients, contacts

NOW = timezone.now()
TODAY = timezone.localdate()


def logged(person, count=12):
    """Contacts of the person in the last days."""
    client = clients.client(person)
    moments = [NOW - timedelta(days=1, minutes=number) for number in range(count)]
    return [contacts.done(client, person, moment) for moment in moments]


def point(source="contacts"):
    """A control point whose rows are of the source."""
    seed_control_points()
    return ControlPoint.objects.filter(source=source).first()


def planned(cast, by=None, checked=None, *, today=TODAY, **more):
    """A check of contacts that nobody knows of yet."""
    values = {
        "point": more.pop("point", None) or point(),
        "checked": checked or cast.manager,
        "planned_on": TODAY,
        "period_from": TODAY - timedelta(days=30),
        "period_to": TODAY,
        "size": 5,
    }
    new = NewCheck(**values | more)
    return actions.plan_check(new, by=by or cast.sector_head, today=today)


def started(cast, by=None, checked=None, **more):
    """The same with its sample."""
    check = planned(cast, by, checked, **more)
    logged(check.checked)
    return begin(check)


def begin(check):
    """Begin it now."""
    return actions.start_check(check.pk, by=check.checker, version=check.version, now=NOW)


def mark(item, result="ok", **more):
    """Say of a row what was found; of a violation everything that belongs to it."""
    values = {"result": result}
    if result == "violation":
        values |= {
            "note": "Итог не записан",
            "severity": "serious",
            "due_on": TODAY + timedelta(days=3),
            "person": item.person,
        }
    found = Finding(**values | more)
    by = item.spot_check.checker
    actions.mark_item(item.pk, by=by, version=item.version, found=found, today=TODAY)


def completed(cast, *, bad=1, **more):
    """A check with so many violations."""
    check = started(cast, **more)
    for item in check.items.order_by("position"):
        mark(item, "violation" if item.position <= bad else "ok")
    fresh = SpotCheck.objects.get(pk=check.pk)
    return actions.complete_check(
        fresh.pk, by=fresh.checker, version=fresh.version, conclusion="Вывод", now=NOW
    )
