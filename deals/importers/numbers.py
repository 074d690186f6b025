"""Numbers in a file: any precision, comma or point, gaps between thousands, a sign."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.imports import synonyms
from crm.imports.reading import header_key
from crm.money import MINUS, round_half_up

MOST_DIGITS = 13
_PLAIN = re.compile(r"-?[0-9]{1,13}(?:\.[0-9]{1,12})?", re.ASCII)
_ENGLISH = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{1,4}", re.ASCII)
_GROUPED = re.compile(r"-?[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]{1,12})?", re.ASCII)
_COMMA = re.compile(r"-?[0-9]{1,13}(?:[.,][0-9]{1,12})?", re.ASCII)
_CURRENCY = re.compile(r"\s*(?:₽|руб\.?|р\.?|rub)\s*$", re.IGNORECASE)
_PERCENT = re.compile(r"([0-9]{1,2})(?:[.,]0+)?\s*%?|([0-9]{1,2})\s*/\s*1[0-9]{2}", re.ASCII)


@lru_cache(maxsize=32_768)
def number(cell: str) -> Decimal:
    """A number as exactly as it is written; raises ValidationError."""
    if _PLAIN.fullmatch(cell):
        return Decimal(cell)
    text = _CURRENCY.sub("", cell.replace(MINUS, "-").replace("'", ""))
    if text.startswith("(") and text.endswith(")"):  # negative, as accountants write it
        text = f"-{text[1:-1]}"
    text = text.strip()
    if _ENGLISH.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _GROUPED.fullmatch(text) or _COMMA.fullmatch(text):
        return Decimal(text.replace(" ", "").replace(",", "."))
    raise ValidationError(_("“%(text)s” is not a number.") % {"text": cell[:30]})


def money(cell: str) -> Decimal:
    """Roubles with kopecks, half up."""
    value = number(cell)
    return value if value.as_tuple().exponent == -2 else round_half_up(value)


def vat_percent(cell: str) -> Decimal | None:
    """A rate of VAT: «22%», «22», «22/122»; None for «without VAT»."""
    if header_key(cell) in synonyms.WITHOUT_VAT or cell in synonyms.WITHOUT_VAT:
        return None
    found = _PERCENT.fullmatch(cell.strip())
    if found is None:
        raise ValidationError(_("“%(text)s” is not a VAT rate.") % {"text": cell[:30]})
    return Decimal(found[1] or found[2])
