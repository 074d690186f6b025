"""How late food may be paid for by the law on trade (381-FZ, article 9; D.10): warnings, no blocks.

The longest lawful deferral depends on how long the goods keep; which goods go under a contract is
not known to it, so the warning names for which goods its deferral is still lawful.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clients.models import Client
from crm.work.registry import setting
from deals.conditions.client_terms import terms_of
from deals.models import Contract, DayType

WEEK, WORKING = 7, 5


@dataclass(frozen=True)
class FoodTerm:
    """A deferral of a contract in calendar days, and what the law says to it."""

    days: int
    short: int  # working days, goods that keep less than ten days
    middle: int  # calendar days, up to thirty
    long: int  # calendar days, longer

    @property
    def is_unlawful(self) -> bool:
        """For no food at all."""
        return self.days > self.long

    @property
    def warning(self) -> str:
        """For which goods it is too late; empty where it is lawful for all."""
        limits = {"days": self.days, "long": self.long, "middle": self.middle, "short": self.short}
        if self.is_unlawful:
            text = _(
                "Deferral of %(days)s days: the law on trade allows %(long)s days at most for food."
            )
        elif self.days > self.middle:
            text = _(
                "Deferral of %(days)s days is lawful only for food that keeps longer than 30 days;"
                " otherwise %(middle)s days, under 10 days %(short)s working days."
            )
        elif self.days > calendar_days(self.short, DayType.WORKING):
            text = _(
                "Deferral of %(days)s days is lawful only for food that keeps 10 days or longer;"
                " otherwise %(short)s working days."
            )
        else:
            return ""
        return text % limits


def calendar_days(days: int, kind: str) -> int:
    """About so many calendar days: five working ones are a week."""
    return days * WEEK // WORKING if kind == DayType.WORKING else days


def food_term(client: Client, contract: Contract, today: date) -> FoodTerm:
    """What holds for a shipment of today under the contract."""
    terms = terms_of(client, contract, today)
    bounds = (setting(f"food.term_{name}") for name in ("short", "middle", "long"))
    return FoodTerm(calendar_days(terms.days, terms.day_type), *bounds)
