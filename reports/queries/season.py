"""The season of the company's money, of which forecasts are made (FCST-1)."""

from __future__ import annotations

from datetime import date

from reports.formulas.forecasts import YEARS, Season, season_of
from reports.models import KpiSnapshot


def company_season(name: str, month: date) -> Season:
    """Indexes of the months for forecasting `month`, over the full years before it: one query.

    `name` is the column of the fact. All ones where no full year is known.
    """
    whole = KpiSnapshot.objects.company().filter(
        month__year__lt=month.year, month__year__gte=month.year - YEARS
    )
    known = whole.exclude(**{name: 0})  # of a month without documents there is nothing to say
    return season_of(dict(known.values_list("month", name)))
