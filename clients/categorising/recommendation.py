"""Which category the figures suggest: by shipments where a later app knows them, or potential."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from clients.categorising.category_terms import category_by_potential
from clients.models import Client
from crm.declaring import declare_also

BY_POTENTIAL = "potential"


@dataclass(frozen=True)
class Recommendation:
    """A category and what it follows from: `potential`, or the key of another source."""

    category: str
    source: str = BY_POTENTIAL
    figures: tuple[tuple[str, str], ...] = ()

    @property
    def by_potential(self) -> bool:
        return self.source == BY_POTENTIAL


Source = Callable[[Client, date], Recommendation | None]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Ask `source(client, today)` before the potential; None where it knows nothing."""
    declare_also(_sources, source)


def recommended(client: Client, *, today: date) -> Recommendation:
    """The category that the figures suggest (D.4); only ever a suggestion."""
    for source in _sources:
        found = source(client, today)
        if found is not None:
            return found
    return Recommendation(category_by_potential(client.potential_monthly))
