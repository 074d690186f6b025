"""Cells as values: days, moments, durations, amounts and words, written in any usual way.

Each function raises ValidationError with a sentence that stands alone in a list of refusals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from crm import fields, money, phones
from crm.imports import synonyms
from crm.imports.reading.headers import header_key
from crm.said import gettext as _
from crm.said import said

_CLOCK = re.compile(r"([0-9]{1,4}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?")
_SECONDS = re.compile(r"([0-9]{1,7})(?:[.,]0+)?")
_LIST = re.compile(r"[;,/\n]+|\s{2,}")
LONGEST_TALK = 7 * 24 * 3600


def text(cell: str, longest: int, *, lines: bool = False) -> str:
    """Text fit to be stored, not longer than the column."""
    if cell.isascii() and cell.isprintable():
        clean = cell if lines else " ".join(cell.split())
    elif cell.isprintable() and unicodedata.is_normalized("NFC", cell):
        clean = cell
    else:
        clean = fields.clean_text(cell, lines=lines)
    if len(clean) > longest:
        raise ValidationError(
            _("“%(start)s…” is longer than %(longest)s characters.")
            % {"start": clean[:30], "longest": longest}
        )
    return clean


@lru_cache(maxsize=4096)
def day(cell: str) -> date:
    """dd.mm.yyyy or ISO; a time of day after it is dropped."""
    return fields.parse_date(re.split(r"[ T]", cell, maxsplit=1)[0])


@lru_cache(maxsize=4096)
def clock(cell: str) -> time:
    """Hours, minutes and, if there are any, seconds."""
    found = _CLOCK.fullmatch(cell)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        raise ValidationError(_("“%(text)s” is not a time of day.") % {"text": cell[:30]})
    return time(int(found[1]), int(found[2]), int(found[3] or 0))


def moment(cell: str) -> datetime:
    """A day with a time after a gap or the ISO letter; midnight where there is no time."""
    first, _gap, rest = cell.replace("T", " ", 1).partition(" ")
    return (
        datetime.combine(day(first), clock(rest.strip().split("+")[0].removesuffix("Z")))
        if (rest.strip())
        else datetime.combine(day(first), time.min)
    )


def seconds(cell: str) -> int:
    """A duration as seconds or as h:mm:ss, mm:ss."""
    if found := _SECONDS.fullmatch(cell):
        total = int(found[1])
    elif found := _CLOCK.fullmatch(cell):
        first, second, third = int(found[1]), int(found[2]), found[3]
        total = first * 3600 + second * 60 + int(third) if third else first * 60 + second
    else:
        raise ValidationError(_("“%(text)s” is not a duration.") % {"text": cell[:30]})
    if total > LONGEST_TALK:
        raise ValidationError(_("“%(text)s” is not a duration.") % {"text": cell[:30]})
    return total


def amount(cell: str) -> Decimal:
    """An amount in roubles, not negative."""
    value = money.parse_money(cell)
    if value < 0:
        raise ValidationError(_("“%(text)s” is less than zero.") % {"text": cell[:30]})
    return value


def whole(cell: str, least: int, most: int) -> int:
    """A whole number within bounds; a spreadsheet may have given it a fraction of zero."""
    found = _SECONDS.fullmatch(cell)
    if found is None or not least <= int(found[1]) <= most:
        raise ValidationError(
            _("“%(text)s” is not a whole number from %(least)s to %(most)s.")
            % {"text": cell[:30], "least": least, "most": most}
        )
    return int(found[1])


def yes_no(cell: str) -> bool:
    """Yes or no in either language."""
    word = cell.casefold()
    if word in synonyms.YES:
        return True
    if word in synonyms.NO:
        return False
    raise ValidationError(_("“%(text)s” is neither yes nor no.") % {"text": cell[:30]})


def choice(cell: str, words: Mapping[str, tuple[str, ...]], labels: Mapping[str, str]) -> str:
    """The value that the word means: itself, its label or a synonym."""
    key = header_key(cell)
    for value, others in words.items():
        if key == value or key in others:
            return value
    for value, label in labels.items():
        if key in {header_key(value), header_key(str(label))}:
            return value
    raise ValidationError(_("“%(text)s” is not known here.") % {"text": cell[:60]})


def phone_numbers(cell: str) -> tuple[str, list[str]]:
    """The first right number as E.164 and the parts that were left out."""
    found, left = "", []
    for part in [cell] if _is_phone(cell) else [p.strip() for p in _LIST.split(cell) if p.strip()]:
        if not found and _is_phone(part):
            found = phones.parse_phone(part)
        else:
            left.append(part)
    return found, left


def _is_phone(text: str) -> bool:
    try:
        phones.parse_phone(text)
    except ValidationError:
        return False
    return True


def emails(cell: str) -> tuple[str, list[str]]:
    """The first right address and the parts that were left out."""
    found, left = "", []
    for part in [part for part in re.split(r"[;,\s]+", cell) if part]:
        try:
            validate_email(part)
        except ValidationError:
            left.append(part)
        else:
            if found:
                left.append(part)
            else:
                found = part
    return found, left


def reason(error: ValidationError) -> str:
    """The sentence of a refusal."""
    return said(lambda: " ".join(error.messages))
