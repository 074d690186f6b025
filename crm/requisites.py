"""Tax and bank codes of Russian counterparties: exact checks and repair of lost zeros.

Sources: D.1 (INN, KPP, OGRN, OGRNIP), D.2 (BIC, settlement and correspondent accounts),
REQ-1 … REQ-5. `clean_x` returns the code without outer spaces or raises ValidationError;
`validate_x` is the same check as a validator of a model or form field. Only ASCII digits count,
and nothing inside a code is forgiven: a space there means that something was cut off.
"""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from stdnum.ru import inn as inn_sums

from crm.said import gettext as _

INN_COMPANY, INN_PERSON = 10, 12
_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", re.ASCII)
_OGRN_SIGNS, _OGRNIP_SIGNS = "15", "3"
_ACCOUNT_WEIGHTS = (7, 1, 3)
_TREASURY_BICS = ("00", "01", "02")
_TREASURY_SINGLE_ACCOUNT = "40102"
_CORRESPONDENT = "301"


def clean_inn(text: str) -> str:
    """Return an INN of a company (10 digits) or a person (12), its check digits verified (D.1)."""
    code = text.strip()
    if not _is_digits(code, (INN_COMPANY, INN_PERSON)):
        raise ValidationError(
            _("INN must have 10 digits for a company or 12 for an entrepreneur."),
            code="inn_format",
        )
    if not _inn_key_is_right(code):
        raise ValidationError(
            _("INN is wrong: its check digit does not match. Look for a typing error."),
            code="inn_key",
        )
    return code


def validate_inn(text: str) -> None:
    """Refuse anything but a right INN."""
    clean_inn(text)


def is_person_inn(inn: str) -> bool:
    """Tell whether this INN belongs to a person: an entrepreneur has no KPP (REQ-4)."""
    return len(inn) == INN_PERSON


def clean_kpp(text: str) -> str:
    """Return a KPP: nine characters, the fifth and sixth may be Latin capitals (REQ-4)."""
    code = text.strip()
    if not _KPP.fullmatch(code):
        raise ValidationError(
            _("KPP must have 9 digits; only the 5th and the 6th may be capital Latin letters."),
            code="kpp_format",
        )
    return code


def validate_kpp(text: str) -> None:
    """Refuse anything but a KPP."""
    clean_kpp(text)


def validate_inn_with_kpp(inn: str, kpp: str) -> None:
    """Refuse a KPP beside the INN of an entrepreneur (D.1)."""
    if is_person_inn(inn) and kpp:
        raise ValidationError(
            _("An entrepreneur (INN of 12 digits) has no KPP: leave it empty."),
            code="kpp_of_person",
        )


def clean_ogrn(text: str) -> str:
    """Return an OGRN of a company: 13 digits, sign 1 or 5, remainder of 11 (D.1, REQ-2)."""
    code = text.strip()
    if not _is_digits(code, (13,)) or code[0] not in _OGRN_SIGNS:
        raise ValidationError(
            _("OGRN must have 13 digits and begin with 1 or 5."), code="ogrn_format"
        )
    if not ogrn_key_is_right(code):
        raise ValidationError(
            _("OGRN is wrong: its check digit does not match. Look for a typing error."),
            code="ogrn_key",
        )
    return code


def clean_ogrnip(text: str) -> str:
    """Return an OGRNIP of an entrepreneur: 15 digits, sign 3, remainder of 13 (D.1, REQ-2)."""
    code = text.strip()
    if not _is_digits(code, (15,)) or code[0] not in _OGRNIP_SIGNS:
        raise ValidationError(
            _("OGRNIP must have 15 digits and begin with 3."), code="ogrnip_format"
        )
    if not ogrn_key_is_right(code):
        raise ValidationError(
            _("OGRNIP is wrong: its check digit does not match. Look for a typing error."),
            code="ogrnip_key",
        )
    return code


def clean_any_ogrn(text: str) -> str:
    """Return an OGRN or an OGRNIP, told apart by their length."""
    return clean_ogrnip(text) if len(text.strip()) == 15 else clean_ogrn(text)


def validate_any_ogrn(text: str) -> None:
    """Refuse anything but a right OGRN or OGRNIP."""
    clean_any_ogrn(text)


def ogrn_key_is_right(code: str) -> bool:
    """Check the last digit of 13 or 15 digits, whatever the first one says.

    python-stdnum forgets the final `mod 10` for 15 digits and refuses right numbers whose
    remainder is 10, 11 or 12, so the rule stands here.
    """
    divisor = {13: 11, 15: 13}.get(len(code))
    if divisor is None or not _is_digits(code, (13, 15)):
        return False
    return int(code[:-1]) % divisor % 10 == int(code[-1])


def clean_bic(text: str) -> str:
    """Return a BIC: nine digits; the prefix is not checked, Treasury bodies have their own."""
    code = text.strip()
    if not _is_digits(code, (9,)):
        raise ValidationError(_("BIC must have 9 digits."), code="bic_format")
    return code


def validate_bic(text: str) -> None:
    """Refuse anything but a BIC."""
    clean_bic(text)


def clean_account(text: str, bic: str) -> str:
    """Return a settlement account whose key fits the bank's BIC (D.2, REQ-3).

    An account in a settlement centre (7th and 8th digits of the BIC are 00) takes the
    correspondent prefix. A Treasury account begins with 0 and carries no bank key.
    """
    bic, code = clean_bic(bic), clean_account_digits(text)
    if code[0] == "0" and bic.startswith(_TREASURY_BICS):
        return code
    prefix = _correspondent_prefix(bic) if bic[6:8] == "00" else bic[-3:]
    if not _account_key_is_right(prefix + code):
        raise ValidationError(
            _("The account does not fit the BIC %(bic)s: look for a typing error in either."),
            code="account_key",
            params={"bic": bic},
        )
    return code


def validate_account(text: str, bic: str) -> None:
    """Refuse a settlement account that does not fit the BIC."""
    clean_account(text, bic)


def clean_correspondent_account(text: str, bic: str) -> str:
    """Return a correspondent account of the bank with this BIC (D.2, REQ-3).

    It begins with 301 and ends with the last three digits of the BIC; for a Treasury body it is
    the single Treasury account (40102…), which ends as it likes.
    """
    bic, code = clean_bic(bic), clean_account_digits(text)
    own = code.startswith(_CORRESPONDENT) and code[-3:] == bic[-3:]
    if not own and not code.startswith(_TREASURY_SINGLE_ACCOUNT):
        raise ValidationError(
            _("A correspondent account begins with 301 and ends with %(ending)s, as its BIC does."),
            code="correspondent_format",
            params={"ending": bic[-3:]},
        )
    if not _account_key_is_right(_correspondent_prefix(bic) + code):
        raise ValidationError(
            _("The correspondent account does not fit the BIC %(bic)s."),
            code="correspondent_key",
            params={"bic": bic},
        )
    return code


def validate_correspondent_account(text: str, bic: str) -> None:
    """Refuse a correspondent account that does not belong to the BIC."""
    clean_correspondent_account(text, bic)


def repair_inn(text: str) -> str:
    """Give back the leading zero a spreadsheet dropped (9 → 10, 11 → 12 digits).

    Only where the check digits then match; anything else comes back trimmed and unchanged.
    """
    code = text.strip()
    if _is_digits(code, (INN_COMPANY - 1, INN_PERSON - 1)) and _inn_key_is_right("0" + code):
        return "0" + code
    return code


def repair_bic(text: str) -> str:
    """Give back the leading zero a spreadsheet dropped (8 → 9 digits); a BIC has no key."""
    code = text.strip()
    return "0" + code if _is_digits(code, (8,)) else code


def repair_kpp(text: str) -> str:
    """Give back the leading zero a spreadsheet dropped (8 → 9 digits); a KPP has no key."""
    return repair_bic(text)


def account_key(prefix: str, account: str) -> str:
    """Return the digit for the ninth place that makes the account fit the prefix (D.2)."""
    zeroed = prefix + account[:8] + "0" + account[9:]
    # The key stands under the weight 3, and 3 × 7 = 21 leaves one: the answer is sum × 7 mod 10.
    return str((10 - _weighted(zeroed)) * 7 % 10)


def _inn_key_is_right(code: str) -> bool:
    """Check the last digit of ten or the last two of twelve; zeros pass the sums, so not here."""
    if not code.strip("0"):
        return False
    if len(code) == INN_COMPANY:
        return inn_sums.calc_company_check_digit(code) == code[-1]
    return inn_sums.calc_personal_check_digits(code) == code[-2:]


def clean_account_digits(text: str) -> str:
    """Return an account of twenty digits without outer spaces."""
    code = text.strip()
    if not _is_digits(code, (20,)):
        raise ValidationError(_("An account must have 20 digits."), code="account_format")
    return code


def _correspondent_prefix(bic: str) -> str:
    """Return 0 and the fifth and sixth digits of the BIC."""
    return "0" + bic[4:6]


def _account_key_is_right(string: str) -> bool:
    """Check 23 digits: three of the BIC and twenty of the account."""
    return _weighted(string) == 0


def _weighted(string: str) -> int:
    """Return the sum of digits under the weights 7 1 3, the last digit of each, modulo ten."""
    weights = _ACCOUNT_WEIGHTS * 8
    return sum(int(digit) * weight for digit, weight in zip(string, weights, strict=False)) % 10


def _is_digits(code: str, lengths: Iterable[int]) -> bool:
    """Tell whether the code is ASCII digits of one of the lengths and not all zeros."""
    return code.isascii() and code.isdigit() and len(code) in lengths and bool(code.strip("0"))
