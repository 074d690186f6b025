"""Whom the library tells what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import OrgUnit, User
from crm.calendar import add_working_days
from crm.library.models import Acknowledgement, DocumentVersion
from crm.notices.actions import Told, notify_each
from crm.work.registry import setting

TITLES = {
    "library.waiting": _("Read and acknowledge “%(what)s” by %(due)s"),
    "library.reminder": _("Not acknowledged yet: “%(what)s”, due %(due)s"),
}


def audience_of(version: DocumentVersion) -> QuerySet[User]:
    """Working people who have to acknowledge the version, today's staff."""
    rows: QuerySet[User] = User.objects.working()
    if not version.must_acknowledge:
        return rows.none()
    if version.roles:
        rows = rows.filter(role__in=version.roles)
    units = list(version.audience_units.values_list("unit", flat=True))
    if units:
        below = OrgUnit.objects.subtree_of(units).values("pk")
        rows = rows.filter(org_unit__in=below)
    return rows


def waiting_people(version: DocumentVersion) -> QuerySet[User]:
    """Those of them who have not."""
    read = Acknowledgement.objects.filter(version=version, person=OuterRef("pk"))
    return audience_of(version).filter(~Exists(read))


def due_on(version: DocumentVersion, person: User) -> date:
    """By when: so many working days after it came into force, was published or one was hired."""
    published = timezone.localtime(version.published_at).date() if version.published_at else None
    days = (version.effective_from, published, person.hired_on)
    return add_working_days(max(filter(None, days)), setting("library.acknowledge_days"))


def tell_of_waiting(versions: Iterable[DocumentVersion], today: date) -> int:
    """Everybody once of what waits for the own acknowledgement and holds already."""
    told = []
    for version in versions:
        if version.effective_from <= today:
            told += [_told("library.waiting", version, one) for one in waiting_people(version)]
    return notify_each(told)


def remind_of_waiting(*, today: date) -> int:
    """Daily 08:20: newcomers and new documents once, then again every so many days.

    A day gone by reminds nobody.
    """
    if today < timezone.localdate():
        return 0
    rows = DocumentVersion.objects.in_force(today).filter(must_acknowledge=True)
    versions = list(rows.select_related("document"))
    count = tell_of_waiting(versions, today)
    every, told = setting("library.remind_days"), []
    for version in versions:
        for person in waiting_people(version):
            days = (today - due_on(version, person)).days
            if days >= 0:
                told.append(_told("library.reminder", version, person, f":{days // every}"))
    return count + notify_each(told)


def _told(kind: str, version: DocumentVersion, person: User, more: str = "") -> Told:
    params = {"what": version.document.title, "due": f"{due_on(version, person):%d.%m.%Y}"}
    key = f"{kind}:{version.pk}{more}"
    return Told(person.pk, kind, params, version.document.get_absolute_url(), key)


def people_below(user: User) -> Q:
    """People of the units that the person heads."""
    return Q(org_unit__in=OrgUnit.objects.headed_by(user).values("pk"))
