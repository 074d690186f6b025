"""Silence control: who has not been spoken to for longer than the norm (CL-11, S1.8)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse

from clients.contacting.norms import silent
from clients.models import Client, ClientCategory
from crm.accounts.models import OrgUnit, User
from crm.notices.actions import notify


@transaction.atomic
def alert_silence(today: date) -> int:
    """One notice a day to each manager with silent clients, and to heads about those of A.

    Returns how many people were told; twice a day it tells nobody anew.
    """
    rows = silent(Client.objects.open(), today).order_by()
    told = 0
    by_manager = Counter(rows.filter(manager__is_active=True).values_list("manager_id", flat=True))
    for manager_id, count in sorted(by_manager.items()):
        told += _notify(manager_id, count, "client.silent", today, manager=manager_id)
    important = rows.filter(category=ClientCategory.A, org_unit__isnull=False)
    for head_id, count in sorted(_by_head(important.values_list("org_unit_id", flat=True)).items()):
        told += _notify(head_id, count, "client.silent_a", today, category=ClientCategory.A)
    return told


def _by_head(unit_ids: Iterable[int | None]) -> Counter[int]:
    """Counts of the units for the head of the unit and every head above it."""
    by_unit = Counter(pk for pk in unit_ids if pk is not None)
    units = {unit.pk: unit for unit in OrgUnit.objects.select_related("head")}
    counts: Counter[int] = Counter()
    for unit_id, count in by_unit.items():
        for head in _heads(units[unit_id], units):
            counts[head.pk] += count
    return counts


def _heads(unit: OrgUnit, units: dict[int, OrgUnit]) -> set[User]:
    """Working heads of the unit and of the department above it, not of the company."""
    chain = [units[int(part)] for part in unit.path.split("/") if part]
    return {u.head for u in chain if u.parent_id and u.head is not None and u.head.is_active}


def _notify(user_id: int, count: int, kind: str, today: date, **filters: object) -> int:
    url = f"{reverse('clients:list')}?{urlencode({'silent': 'true', **filters})}"
    return min(
        1,
        notify(
            user_id,
            kind=kind,
            params={"count": count},
            url=url,
            dedupe_key=f"{kind}:{today.isoformat()}",
        ),
    )
