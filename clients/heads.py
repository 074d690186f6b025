"""Who is told about a client besides its manager: the heads of its unit and above it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from clients.models import Client
from crm.accounts.models import OrgUnit


def heads_by_unit() -> dict[int, set[int]]:
    """Working heads of each unit and of those above it, not the company's."""
    return {unit: set(heads) for unit, heads in chains_of_units().items()}


def chains_of_units() -> dict[int, list[int]]:
    """The same from the nearest head up, each person once."""
    units = {unit.pk: unit for unit in OrgUnit.objects.select_related("head")}
    return {
        unit.pk: list(
            dict.fromkeys(
                above.head.pk
                for above in (units[int(part)] for part in reversed(unit.path.split("/")) if part)
                if above.parent_id and above.head is not None and above.head.is_active
            )
        )
        for unit in units.values()
    }


def heads_by_client(client_ids: Collection[int]) -> dict[int, set[int]]:
    """Clients by the key of each working head of their sector and department, not the company's."""
    heads = heads_by_unit()
    found: dict[int, set[int]] = defaultdict(set)
    rows = Client.objects.filter(pk__in=client_ids, org_unit__isnull=False)
    for client_id, unit_id in rows.values_list("pk", "org_unit_id"):
        for head in heads[unit_id]:
            found[head].add(client_id)
    return dict(found)


def heads_of_clients(client_ids: Collection[int]) -> dict[int, set[int]]:
    """The same the other way round: the heads of each client."""
    found: dict[int, set[int]] = defaultdict(set)
    for head_id, clients in heads_by_client(client_ids).items():
        for client_id in clients:
            found[client_id].add(head_id)
    return dict(found)
