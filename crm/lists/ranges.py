"""Filters by a range of amounts, typed as amounts are typed everywhere."""

from typing import Any

import django_filters as filters
from django_filters.fields import RangeField

from crm.fields import MoneyField


class AmountRangeField(RangeField):
    """From and to: comma or dot, gaps between thousands, ₽."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__((MoneyField(), MoneyField()), *args, **options)


class AmountFilter(filters.RangeFilter):
    """Rows with an amount from and to; either may be missing."""

    field_class = AmountRangeField
