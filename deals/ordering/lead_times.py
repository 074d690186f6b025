"""By when an order goes: as usual, or sooner by the client's relationship scheme (CL-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clients.models import Client
from crm.calendar import add_working_days
from crm.work.registry import setting
from deals.models import RelationshipScheme


@dataclass(frozen=True)
class SchemeOffer:
    """What the scheme in force on the day gives an order of this day."""

    scheme: RelationshipScheme
    ship_by: date


def offer_of(client: Client, day: date) -> SchemeOffer | None:
    """The scheme in force with the last day on which an order of the day is to be shipped."""
    rows = RelationshipScheme.objects.filter(client=client).holding(day)
    scheme: RelationshipScheme | None = rows.first()
    if scheme is None:
        return None
    usual = setting("order.usual_days", unit=client.org_unit)
    return SchemeOffer(scheme, add_working_days(day, max(0, usual - scheme.accelerated_days)))
