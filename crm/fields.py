"""Form fields that read what people here type and refuse what the database would choke on.

Sources: D.15 (comma or dot, dd.mm.yyyy, phones), D.1–D.2 (codes), M17 and G-IN1 (NUL, digits of
other scripts, exponents, years out of range must be a message beside the field, never a fault).
Every text field has a limit; a form that needs more says so.
"""

import re
import unicodedata
from datetime import date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.utils import from_current_timezone
from django.utils.translation import gettext_lazy

from crm import phones
from crm import requisites as codes
from crm.money import format_money, format_number, parse_money
from crm.said import gettext as _

LINE_LIMIT, TEXT_LIMIT = 255, 4000
FIRST_YEAR, LAST_YEAR = 1900, 2100
_LARGEST_INTEGER = 2_147_483_647  # of a PostgreSQL integer
_TYPED_LIMIT = 40
_JUNK = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0xAD]
)
_JUNK.pop(0x200D)  # joins the parts of one emoji
_LINE_ENDS = re.compile(r"\r\n?|\x85|\u2028|\u2029")
_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})|([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?")
_QUANTITY = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,3})?", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,12}")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?: [0-9]{3})+")


def clean_text(text: str, *, lines: bool = False) -> str:
    """Return text fit to be stored: composed, without invisible characters.

    With `lines` line ends stay as \\n, otherwise any gap is one space. Raises ValidationError on
    NUL and other control characters, which PostgreSQL or other programs would refuse.
    """
    plain = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text).translate(_JUNK))
    if not plain.isprintable() and any(_is_forbidden(char) for char in plain):
        raise ValidationError(
            _("Remove the control characters: this text cannot be stored with them."),
            code="control_characters",
        )
    return plain.strip() if lines else " ".join(plain.split())


def _is_forbidden(char: str) -> bool:
    """Tell a control character, a lone surrogate or a code point that is no character."""
    if char in "\n\t" or char.isprintable():
        return False
    return unicodedata.category(char) in {"Cc", "Cs"} or ord(char) & 0xFFFE == 0xFFFE


class CleanCharField(forms.CharField):
    """One line of text without control characters; 255 characters unless told otherwise."""

    lines = False

    def __init__(self, *, max_length: int | None = LINE_LIMIT, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return clean_text(text, lines=self.lines) if text else self.empty_value or ""


class CleanTextField(CleanCharField):
    """Several lines of text without control characters; 4000 characters unless told otherwise."""

    lines = True
    widget = forms.Textarea

    def __init__(self, *, max_length: int | None = TEXT_LIMIT, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)


class _Bound:
    """A bound of a typed number, told the way numbers are written here."""

    def __call__(self, value: Any) -> None:
        try:
            super().__call__(value)  # type: ignore[misc]
        except ValidationError as error:
            params = error.params or {}
            limit = params["limit_value"]
            places = 2 if isinstance(limit, Decimal) else 0
            error.params = params | {"limit_value": format_number(limit, places)}
            raise


class _AtLeast(_Bound, MinValueValidator):
    message = gettext_lazy("At least %(limit_value)s.")


class _AtMost(_Bound, MaxValueValidator):
    message = gettext_lazy("At most %(limit_value)s.")


class _NumberField(forms.Field):
    """A number typed by hand into a text field, within bounds."""

    mode = "numeric"
    asks: Any = ""  # the sentence for what is no number of this kind

    def __init__(
        self, *, min_value: Any = 0, max_value: Any = None, asks: Any = "", **options: Any
    ) -> None:
        super().__init__(**options)
        self.asks = asks or self.asks
        self.min_value, self.max_value = min_value, max_value
        if min_value is not None:
            self.validators.append(_AtLeast(min_value))
        if max_value is not None:
            self.validators.append(_AtMost(max_value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        own = {"inputmode": self.mode, "autocomplete": "off", "maxlength": str(_TYPED_LIMIT)}
        return super().widget_attrs(widget) | own

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        return self.read(value) if isinstance(value, str) else value

    def read(self, text: str) -> Any:
        """Return the number; raises ValidationError with what to type."""
        raise NotImplementedError


class MoneyField(_NumberField):
    """An amount in roubles: comma or dot, gaps between thousands, ₽; not negative by default."""

    mode = "decimal"

    def read(self, text: str) -> Decimal | None:
        return parse_money(text, asks=str(self.asks)) if text.strip() else None

    def prepare_value(self, value: Any) -> Any:
        return format_money(value, symbol=False) if isinstance(value, Decimal | int) else value


class PercentField(MoneyField):
    """A percentage with at most two decimals, 0–100 by default; a typed % is dropped."""

    asks = gettext_lazy("Enter a percentage, for example 12.5.")

    def __init__(self, *, max_value: Any = 100, **options: Any) -> None:
        super().__init__(max_value=max_value, **options)

    def read(self, text: str) -> Decimal | None:
        return super().read(text[: _TYPED_LIMIT + 1].strip().removesuffix("%"))


class QuantityField(_NumberField):
    """A quantity of goods: comma or dot, gaps between thousands, at most three decimals."""

    mode = "decimal"
    asks = gettext_lazy("Enter a quantity, at most three digits after the comma.")

    def read(self, text: str) -> Decimal | None:
        plain = "".join(text[: _TYPED_LIMIT + 1].split()).replace(",", ".")
        if not plain:
            return None
        if not _QUANTITY.fullmatch(plain):
            raise ValidationError(str(self.asks), code="quantity")
        return Decimal(plain)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return f"{value.normalize():f}".replace(".", ",")


class WholeNumberField(_NumberField):
    """A whole number of ASCII digits that fits a database integer; not negative by default."""

    asks = gettext_lazy("Enter a whole number.")

    def __init__(self, *, max_value: Any = _LARGEST_INTEGER, **options: Any) -> None:
        super().__init__(max_value=max_value, **options)

    def read(self, text: str) -> int | None:
        plain = " ".join(text[: _TYPED_LIMIT + 1].split())
        if not plain:
            return None
        if not (_NUMBER.fullmatch(plain) or _GROUPED.fullmatch(plain)):
            raise ValidationError(self.asks, code="whole_number")
        return int(plain.replace(" ", ""))


class DaysField(WholeNumberField):
    """A number of days."""

    asks = gettext_lazy("Enter the number of days in whole digits, for example 14.")


class YearField(WholeNumberField):
    """A year of our time; it is written without a gap, so are its bounds."""

    asks = gettext_lazy("Enter the year in four digits, for example 2026.")
    first, last = 2000, LAST_YEAR

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=None, max_value=None, **options)

    def read(self, text: str) -> int | None:
        year = super().read(text)
        if year is not None and not self.first <= year <= self.last:
            raise _year_between(self.first, self.last)
        return year


class CountField(WholeNumberField):
    """How many of something there are."""

    asks = gettext_lazy("Enter how many in whole digits, for example 3.")


class MinutesField(WholeNumberField):
    """A number of minutes."""

    asks = gettext_lazy("Enter the number of minutes in whole digits, for example 15.")


class FigureField(MoneyField):
    """A planned or reached figure in whatever it is measured, at most two decimals."""

    asks = gettext_lazy("Enter a number, for example 12.5.")


class PhoneField(CleanCharField):
    """A phone in any habit of typing, stored as E.164; with `extension` also its extension."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})

    def __init__(self, *, extension: bool = False, **options: Any) -> None:
        super().__init__(max_length=60, **options)
        self.extension = extension

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return phones.parse_phone(text, extension=self.extension) if text else text

    def prepare_value(self, value: Any) -> Any:
        return phones.format_phone(value) if isinstance(value, str) else value


class CodeField(forms.CharField):
    """A tax or bank code, checked exactly; empty when not required."""

    longest: ClassVar[int]

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=self.longest, **options)

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value))
        return self.check(text) if text else text

    def check(self, text: str) -> str:
        """Return the code; raises ValidationError with what is wrong."""
        raise NotImplementedError


class InnField(CodeField):
    """INN of a company or an entrepreneur."""

    longest = 12

    def check(self, text: str) -> str:
        return codes.clean_inn(text)


class KppField(CodeField):
    """KPP of a company or its branch."""

    longest = 9

    def check(self, text: str) -> str:
        return codes.clean_kpp(text)


class OgrnField(CodeField):
    """OGRN of a company or OGRNIP of an entrepreneur."""

    longest = 15

    def check(self, text: str) -> str:
        return codes.clean_any_ogrn(text)


class BicField(CodeField):
    """BIC of a bank."""

    longest = 9

    def check(self, text: str) -> str:
        return codes.clean_bic(text)


class AccountField(CodeField):
    """Twenty digits; the form compares them with the BIC (`crm.requisites.clean_account`)."""

    longest = 20

    def check(self, text: str) -> str:
        return codes.clean_account_digits(text)


def parse_date(text: str) -> date:
    """Read dd.mm.yyyy or yyyy-mm-dd, years 1900–2100; raises ValidationError."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        raise _wrong_date()
    day, month, year, iso_year, iso_month, iso_day = found.groups()
    try:
        value = date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
    except ValueError:
        raise _wrong_date() from None
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise _year_between(FIRST_YEAR, LAST_YEAR)
    return value


def _year_between(first: int, last: int) -> ValidationError:
    """Return the refusal that names the years which are understood."""
    return ValidationError(
        _("The year must be between %(first)s and %(last)s."),
        code="year",
        params={"first": first, "last": last},
    )


def _wrong_date() -> ValidationError:
    """Return the refusal that shows the order of day, month and year."""
    return ValidationError(
        _("Enter an existing date as day.month.year, for example 23.11.2026."), code="date"
    )


def parse_time(text: str) -> time_of_day:
    """Read hh:mm; raises ValidationError."""
    found = _TIME.fullmatch(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValidationError(
            _("Enter hours and minutes with a colon, for example 9:30."), code="time"
        )
    return time_of_day(int(found[1]), int(found[2]))


class RussianDateField(forms.DateField):
    """A date typed as dd.mm.yyyy or sent as ISO by a date picker."""

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and value.strip():
            return parse_date(value)
        return super().to_python(value if not isinstance(value, str) else None)


class RussianTimeField(forms.TimeField):
    """A time of day typed as 9:30."""

    def to_python(self, value: Any) -> time_of_day | None:
        if isinstance(value, str) and value.strip():
            return parse_time(value)
        return super().to_python(value if not isinstance(value, str) else None)


class RussianDateTimeField(forms.DateTimeField):
    """A moment typed as dd.mm.yyyy hh:mm or sent as ISO; aware, in the current time zone."""

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str):
            return self._read(value) if value.strip() else None
        return super().to_python(value)

    def _read(self, text: str) -> datetime:
        """Split at the gap or the ISO letter and read both halves."""
        day, _gap, moment = text.strip().replace("T", " ", 1).partition(" ")
        naive = datetime.combine(parse_date(day), parse_time(moment))
        return from_current_timezone(naive)
