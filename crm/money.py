"""Money: half-up rounding, display, reading typed amounts, amounts in words.

Sources: D.15 and FMT-1 (display), WORDS-1 (words), PLAN-1 (percentages: half up, None for a zero
whole, never averaged). Decimal only; a binary float is refused. Amounts are roubles.
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from num2words import num2words

from crm import russian

NBSP = "\u00a0"
MINUS = "\u2212"
ROUBLE = "₽"
MAX_DIGITS = 13  # before the comma: DecimalField(max_digits=15, decimal_places=2)

# Fifty digits hold any quotient of two 15-digit amounts exactly enough never to round twice.
_EXACT = Context(prec=50)
_TYPED_LIMIT = 60
_GAPS = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007\u2009\t", " "))
_SIGNS = re.compile(
    r"\s*(?:" + "|".join(re.escape(sign) for sign in russian.ROUBLE_SIGNS) + r")\s*$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(-?)\s*([0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,]([0-9]+))?", re.ASCII)


def round_half_up(value: Decimal | int, places: int = 2) -> Decimal:
    """Round half away from zero to so many decimal places (Python's round() is banker's)."""
    if not isinstance(value, Decimal | int):
        msg = f"money is Decimal, not {type(value).__name__}"
        raise TypeError(msg)
    unit = Decimal(1).scaleb(-places)
    rounded = Decimal(value).quantize(unit, rounding=ROUND_HALF_UP, context=_EXACT)
    return abs(rounded) if rounded.is_zero() else rounded


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Return part / whole × 100 with two decimals, half up; None when the whole is zero."""
    if not whole:
        return None
    share = _EXACT.divide(_EXACT.multiply(Decimal(part), Decimal(100)), Decimal(whole))
    return round_half_up(share)


def format_number(value: Decimal | int, places: int = 0) -> str:
    """Show a number: no-break spaces between thousands, decimal comma, minus U+2212."""
    rounded = round_half_up(value, places)
    text = f"{abs(rounded):,.{places}f}".replace(",", NBSP).replace(".", ",")
    return MINUS + text if rounded < 0 else text


def format_money(value: Decimal | int, symbol: bool = True) -> str:
    """Show an amount in roubles with kopecks, FMT-1: 1 234 567,89 ₽."""
    amount = format_number(value, places=2)
    return f"{amount}{NBSP}{ROUBLE}" if symbol else amount


def format_percent(value: Decimal | int, places: int = 2) -> str:
    """Show a percentage, D.15: 95,23 %."""
    return f"{format_number(value, places)}{NBSP}%"


def parse_money(text: str, *, asks: str = "") -> Decimal:
    """Read a typed amount: comma or dot, gaps between thousands, ₽ or its words after it.

    Raises ValidationError for anything else: exponents, NaN, digits of other scripts, a third
    decimal, more than 13 digits before the comma. `asks` is the sentence for what is no number,
    when the number is not money.
    """
    found = _AMOUNT.fullmatch(_without_sign(text))
    if found is None:
        raise ValidationError(
            asks or _("Enter an amount, for example %(example)s."),
            code="money",
            params={"example": format_money(Decimal("1234.50"), symbol=False)},
        )
    minus, whole, fraction = (
        found.group(1),
        found.group(2).replace(" ", ""),
        found.group(3) or "0",
    )
    if len(fraction) > 2:
        raise ValidationError(_("Enter at most two digits after the comma."), code="money_decimals")
    if len(whole.lstrip("0")) > MAX_DIGITS:
        raise ValidationError(
            _("Enter at most %(digits)s digits before the comma."),
            code="money_digits",
            params={"digits": MAX_DIGITS},
        )
    return round_half_up(Decimal(f"{minus}{whole}.{fraction}"))


def _without_sign(text: str) -> str:
    """Drop the currency, make gaps and the minus plain; refuse what is too long to be money."""
    if len(text) > _TYPED_LIMIT:
        return ""
    plain = text.translate(_GAPS).strip().replace(MINUS, "-")
    return _SIGNS.sub("", plain)


def amount_in_words(value: Decimal | int) -> str:
    """Write an amount in Russian words with kopecks in digits, WORDS-1; for documents."""
    words: str = num2words(
        round_half_up(value),
        lang="ru",
        to="currency",
        currency="RUB",
        cents=False,
        separator="",
    )
    return words[:1].upper() + words[1:]
