"""Phone numbers: typed in any habit, stored as E.164, shown the Russian way.

Source: D.15 (shown as +7 (495) 123-45-67, stored as E.164). An extension, where one is allowed,
is stored after the number as RFC 3966 writes it: +74951234567;ext=123.
"""

import re

import phonenumbers
from django.core.exceptions import ValidationError

from crm import russian
from crm.said import gettext as _

LONGEST = 32  # characters of a stored number with its extension
_TYPED_LIMIT = 60
_EXTENSION_MARK = ";ext="
_EXTENSION = re.compile(
    r"[\s,;]*(?:ext|x|#|,|;|" + "|".join(russian.EXTENSION_WORDS) + r")[\s.:=#№]*([0-9]{1,7})\s*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\s*(?:(?:" + "|".join(russian.PHONE_WORDS) + r")[\s.:]*)+(?=[+(0-9])",
    re.IGNORECASE,
)
_ALLOWED = re.compile(r"\+?[0-9()\s.\-/]+", re.ASCII)
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007\u2009", " "))
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_OWN_CODE = 7
_SEARCH_PREFIX = 4


def parse_phone(text: str, *, extension: bool = False) -> str:
    """Return the number in E.164; with `extension` also its extension.

    Accepts 8…, +7…, 810…, ten digits, spaces, brackets and dashes. Raises ValidationError when
    this is not one phone number, or when it has an extension and none is allowed.
    """
    number, inner = split_extension(text)
    if inner and not extension:
        raise ValidationError(
            _("Enter the number without an extension."),
            code="phone_extension_not_allowed",
        )
    stored = _to_e164(number)
    return f"{stored}{_EXTENSION_MARK}{inner}" if inner else stored


def split_extension(text: str) -> tuple[str, str]:
    """Split typed text into the number and the digits of the extension, if any."""
    plain = _LABEL.sub("", text[:_TYPED_LIMIT].translate(_SPACES).translate(_DASHES)).strip()
    found = _EXTENSION.search(plain)
    return (plain[: found.start()].strip(), found.group(1)) if found else (plain, "")


def _to_e164(number: str) -> str:
    """Return E.164 of a bare number or raise ValidationError."""
    if not _ALLOWED.fullmatch(number):
        raise _not_a_phone()
    try:
        parsed = phonenumbers.parse(number, "RU")
    except phonenumbers.NumberParseException:
        raise _not_a_phone() from None
    # Foreign numbering plans change faster than the library: for them the length decides.
    known = phonenumbers.is_valid_number(parsed)
    if parsed.country_code != _OWN_CODE:
        known = known or phonenumbers.is_possible_number(parsed)
    if not known:
        raise _not_a_phone()
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _not_a_phone() -> ValidationError:
    """Return the refusal that shows a number written properly."""
    return ValidationError(
        _("Enter one phone number with its code, for example +7 (912) 345-67-89."),
        code="phone",
    )


def format_phone(stored: str) -> str:
    """Show a stored number: +7 (912) 345-67-89, foreign ones in their international form.

    Anything that is not E.164 comes back unchanged: a list must show what is in the table.
    """
    number, mark, inner = stored.partition(_EXTENSION_MARK)
    shown = _shown(number)
    return (
        _("%(phone)s ext. %(extension)s") % {"phone": shown, "extension": inner} if mark else shown
    )


def _shown(number: str) -> str:
    """Format one E.164 number without an extension."""
    digits = number[1:]
    if not number.startswith("+") or not (digits.isascii() and digits.isdigit()):
        return number
    if digits[0] == str(_OWN_CODE) and len(digits) == 11:
        return f"+7 ({digits[1:4]}) {digits[4:7]}-{digits[7:9]}-{digits[9:]}"
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def phone_digits(text: str) -> str:
    """Return the digits to look for inside stored numbers, empty when there are none.

    A leading 8 is the Russian trunk prefix and is not stored, so it is dropped; where it was a
    part of the number, the search only becomes wider.
    """
    digits = "".join(char for char in text if char in "0123456789")
    if digits.startswith("8") and len(digits) > _SEARCH_PREFIX:
        return digits[1:]
    return digits
