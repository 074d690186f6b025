"""In what a value of a history is measured: roubles, per cent, days (D.15).

By the conventions of the models: money is a decimal of fifteen digits with kopecks, a percentage
is called by its sign or ends in `pct`, a number of days has them in its name. A model whose column
is measured by the row itself says so: `history_unit(name, event)` gives MONEY, PERCENT, DAYS, words
of its own, or None where the conventions hold.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import ngettext

from crm.money import NBSP, format_money, format_number

MONEY, PERCENT, DAYS, WORKING_DAYS = "₽", "%", "days", "working days"
MONEY_DIGITS, KOPECKS = 15, 2


def measured(event: Any, column: Any, value: Decimal | int) -> str:
    """The number with its unit; without one where it has none."""
    model = event.pgh_tracked_model
    own = getattr(model, "history_unit", None)
    unit = own(column.name, event) if own else None
    if unit is None:
        unit = _by_convention(model._meta.get_field(column.name))
    if unit == MONEY:
        return format_money(value)
    if unit == DAYS and value == int(value):
        return _days(ngettext("%(days)s day", "%(days)s days", int(value)), value)
    if unit == WORKING_DAYS:
        return _days(ngettext("%(days)s working day", "%(days)s working days", int(value)), value)
    if not unit and isinstance(value, int):
        return str(value)  # a year, a number in a row
    return f"{number(value)}{NBSP}{unit}" if unit else number(value)


def number(value: Decimal | int) -> str:
    """Thousands apart, as many decimals as there are."""
    places = max(0, -int(Decimal(value).normalize().as_tuple().exponent))
    return format_number(value, places)


def _by_convention(field: Any) -> str:
    name = field.name
    if isinstance(field, models.GeneratedField):
        field = field.output_field
    if isinstance(field, models.DecimalField):
        if PERCENT in str(field.verbose_name) or name.endswith(("pct", "percent")):
            return PERCENT
        is_money = field.max_digits >= MONEY_DIGITS and field.decimal_places == KOPECKS
        return MONEY if is_money else ""
    if "working_days" in name:
        return WORKING_DAYS
    return DAYS if "days" in name.split("_") else ""


def _days(text: str, days: Decimal | int) -> str:
    return text % {"days": format_number(days)}
