"""Numbers of documents in the text of a line, whatever program and person wrote them.

«УПД № 00УТ-000123 от 01.10.2026», «Реализация 00000123» and «123» are one number. The full number
keeps its prefix and says more; the core is what is left without prefix and zeros.
"""

from __future__ import annotations

import re
from functools import lru_cache

from deals.receipts.purposes import number_key

LONGEST = 500  # characters of a text that are read
MOST = 12  # numbers of one line

_DATES = re.compile(
    r"(?:\bот\s*)?[«\"]?(?<![\w./-])\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?![\d./-])"
    r"(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?|(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])"
    r"|(?<!\w)\d{1,2}[»\"]?\s+(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*\.?"
    r"\s+\d{4}(?!\d)",
    re.IGNORECASE,
)
_SUMS = re.compile(
    r"(?<![\w/-])(?:\d{1,3}(?:[ \u00a0]\d{3})+|\d+)[.,]\d{2}(?![\w/.,-])"
    r"|\d+(?:[.,]\d+)?\s*(?:%|руб|коп|₽|шт\b|кг\b)",
    re.IGNORECASE,
)
_CONTRACTS = re.compile(
    r"(?<!\w)(?:договор[а-я]*|дог\.?|контракт[а-я]*|соглашени[а-я]*)(?:\s+[а-я]+){0,2}"
    r"\s*(?:№|n|no)?\s*(?:[а-яё]{1,3}\s)?[\w/.-]*\d[\w/.-]*",
    re.IGNORECASE,
)
_TOKENS = re.compile(r"(?:\w+[-/.\\–—])*\w*\d\w*(?:[-/.\\–—]\w+)*")
_NAMES = re.compile(r"торг-?\d+|м-?15|ндс\d*|инн\d*|кпп\d*|\d{16,}", re.IGNORECASE)
_YEAR = re.compile(r"[/-](?:20)?2\d$")
_TAIL = re.compile(r"(?:.*[a-zа-я][a-zа-я0-9]*[-/.]?|0+[-/])0*(?P<core>[1-9]\d*)")
_HEAD = re.compile(r"0*(?P<core>[1-9]\d*)[-/.]?[a-zа-я]+")


@lru_cache(maxsize=20_000)
def core_of(key: str) -> str:
    """A normalised number without the prefix of an organisation, its zeros and the year behind."""
    plain = key if key.isdigit() else _YEAR.sub("", key)
    found = _TAIL.fullmatch(plain) or _HEAD.fullmatch(plain)
    return found["core"] if found else plain.lstrip("0") or plain


@lru_cache(maxsize=20_000)
def numbers_in(number: str, text: str) -> tuple[str, ...]:
    """Full keys of the numbers of a line: the one given first, then those that its text names."""
    plain = _CONTRACTS.sub(" ", _SUMS.sub(" ", _DATES.sub(" ", text[:LONGEST])))
    if number:
        plain = f"{_DATES.sub(' ', number[:LONGEST]) if ' ' in number else number} {plain}"
    found: dict[str, None] = {}
    for token in _TOKENS.findall(plain):
        if not _NAMES.fullmatch(token):
            found.setdefault(number_key(token))
    return tuple(found)[:MOST]
