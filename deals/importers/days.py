"""Days in a file: which order their parts stand in is found from whole columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.fields import FIRST_YEAR, LAST_YEAR
from crm.imports.registry import ImportOption

_PARTS = re.compile(r"([0-9]{1,4})([./\-])([0-9]{1,2})\2([0-9]{1,4})")


class DateOrder(StrEnum):
    """Where day, month and year stand."""

    DMY = "dmy"
    MDY = "mdy"


ORDERS = {
    "": gettext_lazy("By the column"),
    DateOrder.DMY.value: gettext_lazy("day, month, year"),
    DateOrder.MDY.value: gettext_lazy("month, day, year"),
}


def _field(by: User | None) -> forms.Field:
    return forms.ChoiceField(
        label=gettext_lazy("Order of dates"),
        choices=list(ORDERS.items()),
        required=False,
        help_text=gettext_lazy("Only where the file itself does not show it."),
    )


DATE_ORDER = ImportOption("date_order", _field)


def date_order(cells: Iterable[str], asked: str) -> DateOrder:
    """The order of whole columns; raises RuleViolation when nothing in them shows it.

    A year in front is ISO in any file and says nothing about the others. Days with points are
    Russian unless a day above twelve shows otherwise.
    """
    if asked:
        return DateOrder(asked)
    first, second, pointless = _votes(cells)
    if first and second:
        raise RuleViolation(
            _("The dates stand in different orders: choose the order of dates for the file.")
        )
    if not first and not second and pointless:
        raise RuleViolation(
            _(
                "It is not clear whether “%(date)s” begins with the day or with the month: "
                "choose the order of dates."
            )
            % {"date": pointless}
        )
    return DateOrder.MDY if second else DateOrder.DMY


def _votes(cells: Iterable[str]) -> tuple[bool, bool, str]:
    """Whether some date can only be of each order, and one with slashes that can be of both."""
    first = second = False
    pointless = ""
    for cell in set(cells):
        found = _PARTS.match(cell)
        if found is None or len(found[1]) > 2:
            continue
        one, two = int(found[1]), int(found[3])
        day_first, month_first = _can_be(one, two), _can_be(two, one)
        first |= day_first and not month_first
        second |= month_first and not day_first
        if day_first and month_first and one != two and found[2] != ".":
            pointless = pointless or found[0]
    return first, second, pointless


def _can_be(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12


class DayReader:
    """Reads days of one file in its order; each text once."""

    def __init__(self, order: DateOrder) -> None:
        self.order = order
        self.known: dict[str, date] = {}

    def read(self, cell: str) -> date:
        """The day of a cell, a time after it is dropped; raises ValidationError."""
        text = cell[:10] if cell[10:11] in {" ", "T"} else cell
        found = self.known.get(text)
        if found is None:
            found = self.known[text] = self._read(text)
        return found

    def _read(self, text: str) -> date:
        parts = _PARTS.match(text)
        if parts is None or text[parts.end() : parts.end() + 1] not in {"", " ", "T"}:
            raise ValidationError(_("“%(text)s” is not a date.") % {"text": text[:30]})
        one, two, three = parts[1], parts[3], parts[4]
        if len(one) == 4:
            year, month, day = one, two, three
        elif self.order == DateOrder.MDY:
            year, month, day = three, one, two
        else:
            year, month, day = three, two, one
        full = int(year) + 2000 if len(year) == 2 else int(year)
        try:
            value = date(full, int(month), int(day))
        except ValueError:
            raise ValidationError(_("“%(text)s” is not a date.") % {"text": text[:30]}) from None
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValidationError(_("“%(text)s” is not a date.") % {"text": text[:30]})
        return value
