"""What a payer names in the purpose of a payment: invoices and contracts by number (D.12.1).

Only whole tokens count: «сч. 12» never means 112 or 12/3. A date beside a number is kept, because
numbers begin anew every year. Numbers of bank accounts, sums and rates are no numbers of documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

LONGEST = 2_000  # characters that are read; a bank allows 210
MOST = 30  # documents of one purpose
YEARS_AGO = 2000

_MONTHS = {
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "мая": 5, "май": 5, "июн": 6, "июл": 7,
    "авг": 8, "сен": 9, "окт": 10, "ноя": 11, "дек": 12,
}  # fmt: skip
# Latin letters that look like Russian ones: payers mix them.
_ALIKE = str.maketrans("abcehkmoptxy", "авсенкмортху")
_TO_LATIN = str.maketrans("АВСЕНКМОРТХУ", "ABCEHKMOPTXY")
_TO_CYRILLIC = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
_DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", "‑": "-", "\\": "/"})
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")

_INVOICE_WORDS = (
    r"сч[её]т(?:а|у|ом|е|ов|ам|ами|ах)?(?:\s?-?\s?фактур[а-я]*)?"
    r"|сч(?:\.?\s?[/-]\s?ф(?:акт[а-я]*)?\.?|\.)?"
    r"|с\s?[/-]\s?ф\.?|с\.\s?ф\.|сф"
    r"|упд|универсальн[а-я]+ передаточн[а-я]+ документ[а-я]*"
    r"|(?:товарн[а-я]+\s|товарно-транспортн[а-я]+\s|тов\.?\s?)?накл(?:адн[а-я]*|\.)?"
    r"|торг-?12|тн|ттн|реализаци[а-я]*|инвойс[а-я]*|invoice"
)
_CONTRACT_WORDS = r"договор[а-я]*|дог(?:-?р[а-я]?\.?|\.)?|контракт[а-я]*|соглашени[а-я]*|contract"
_WORD = re.compile(
    rf"(?<![\w/-])(?:(?P<invoice>{_INVOICE_WORDS})|(?P<contract>{_CONTRACT_WORDS}))(?![а-яёa-z])",
    re.IGNORECASE,
)
_OF_BANK = re.compile(
    r"(?:\b(?:расч|р|лиц|л|корр?|к|банк|карт|тек|спец)[а-яё]*[./]?\s?)$", re.IGNORECASE
)
_AT_COST_OF = re.compile(r"\bза\s+$", re.IGNORECASE)  # «за счёт средств …» names no invoice
_SIGN = r"(?:№+|\bn[oо°º]?\.?(?=[\s\d№])|#|\bном(?:ер[а-я]*|\.))"
_NEAR = re.compile(rf"[\s:.()«»\"]*(?:на\s+(?:пред)?оплату\s*)?(?:{_SIGN}[\s:.№]*)?", re.IGNORECASE)
_FAR = re.compile(rf"[^№#;,\d]{{0,60}}?{_SIGN}[\s:.№]*", re.IGNORECASE)
_NEXT = re.compile(rf"\s*(?:(?:[,;&+]|\bи\b)\s*(?:{_SIGN}\s*)?|{_SIGN}\s*)", re.IGNORECASE)
_TOKEN = re.compile(r"(?:[A-ZА-ЯЁ]{1,3}\s)?(?=[^\s\d]{0,20}\d)\w+(?:[/\\.\-–—−‑]\w+)*")
_DATE = re.compile(
    r"\s*\(?(?:\bот|\bдт\b)?\s*[«\"]?(\d{1,2})(?:[./](\d{1,2})[./]|[»\"]?\s+([а-я]{3})[а-я]*\.?\s+)"
    r"(\d{4}|\d{2})(?!\d)\s?(?:г(?:ода|\.)?(?![а-яё]))?\)?",
    re.IGNORECASE,
)
_DAY_ONLY = re.compile(r"\s*\bот\s+\d{1,2}[./]\d{1,2}(?![\d./])")
_DATE_LIKE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})")
_NOT_A_NUMBER = re.compile(r"\d+[.,]\d{2}|\d{16,}|\d{4}г|20\d\d-\d\d-\d\d")
_UNIT = re.compile(r"\s?(?:%|(?:,\d+\s?)?(?:руб|коп|р\.|₽|шт|кг|дн[еяй]|тонн|мес))", re.IGNORECASE)
_FRONT = re.compile(r"^\s*(?:ИНН\s*)?[0-9]{10,12}(?:\s*КПП\s*[0-9]{9})?\s*", re.IGNORECASE)
_BANK_TAIL = re.compile(r"\s*(?:р/с|л/с|//|\bв\s+банке).*$", re.IGNORECASE)


class Named(StrEnum):
    """What kind of document the number is of."""

    INVOICE = "invoice"
    CONTRACT = "contract"


@dataclass(frozen=True)
class Reference:
    """A document named in a purpose, as it was typed."""

    kind: Named
    number: str
    on: date | None = None

    @property
    def key(self) -> str:
        """The number without habits of typing, see `number_key`."""
        return number_key(self.number)


@lru_cache(maxsize=20_000)
def number_key(number: str) -> str:
    """A number to compare by: no case, gaps, leading zeros or Latin twins of Russian letters."""
    plain = "".join(number.casefold().translate(_DASHES).split()).translate(_ALIKE)
    return _ZEROS.sub("", plain.replace("ё", "е"))


def spellings(number: str) -> set[str]:
    """How the same number may stand in a table: as typed, in capitals, in either alphabet."""
    upper = number.upper().translate(_DASHES)
    found = {number, upper, upper.translate(_TO_CYRILLIC), upper.translate(_TO_LATIN)}
    return found | {"".join(one.split()) for one in found}


def references(purpose: str) -> list[Reference]:
    """Documents that the purpose names, in its order, each once."""
    text, read_to = purpose[:LONGEST], 0
    found: dict[tuple[Named, str], Reference] = {}
    for word in _WORD.finditer(text):
        if word.start() < read_to:  # «ТН-14» in a list of numbers is a number
            continue
        before = text[max(0, word.start() - 16) : word.start()]
        if _OF_BANK.search(before):
            continue
        kind = Named.INVOICE if word.group("invoice") else Named.CONTRACT
        far = not _AT_COST_OF.search(before)
        for number, on, end in _numbers_after(text, word.end(), far=far):
            read_to = end
            found.setdefault((kind, number_key(number)), Reference(kind, number, on))
            if len(found) == MOST:
                return list(found.values())
    return list(found.values())


def _numbers_after(text: str, place: int, *, far: bool) -> Iterator[tuple[str, date | None, int]]:
    """Numbers of one word, their dates, where each ends: «№ 12 от 01.02.2026, 13 и 14»."""
    start, first_date = _start(text, place, far=far)
    while start is not None:
        token = _token(text, start)
        if token is None:
            return
        after, on = _date_at(text, token.end())
        yield token.group(), on or first_date, after
        follows = _NEXT.match(text, after)
        start, first_date = (follows.end() if follows else None), None


def _start(text: str, place: int, *, far: bool) -> tuple[int | None, date | None]:
    """Where the first number begins: right here, after its date, or after a few words and №."""
    near = _NEAR.match(text, place)
    assert near is not None  # every part of it may be missing
    if _token(text, near.end()) is not None:
        return near.end(), None
    after, on = _date_at(text, place)
    if on is not None:
        near = _NEAR.match(text, after)
        assert near is not None
        return (near.end(), on) if near.group().strip() else (None, None)
    gap = _FAR.match(text, place) if far else None
    if gap is None or _WORD.search(gap.group()):
        return None, None
    return gap.end(), None


def _token(text: str, place: int) -> re.Match[str] | None:
    """A whole token with a digit that may be the number of a document."""
    found = _TOKEN.match(text, place)
    if found is None:
        return None
    word = found.group()
    if not any(char.isdigit() for char in word) or _DATE_LIKE.fullmatch(word):
        return None
    refused = _NOT_A_NUMBER.fullmatch(word) or _UNIT.match(text, found.end())
    return None if refused else found


def _date_at(text: str, place: int) -> tuple[int, date | None]:
    """The date that stands here and the place after it."""
    found = _DATE.match(text, place)
    if found is None:
        short = _DAY_ONLY.match(text, place)
        return (short.end() if short else place), None
    day, month, name, year = found.groups()
    number = int(month) if month else _MONTHS.get(name.lower(), 0)
    try:
        whole = int(year) + (YEARS_AGO if len(year) == 2 else 0)
        return found.end(), date(whole, number, int(day))
    except ValueError:
        return place, None


def payer_name(text: str) -> str:
    """The name of a payer without what banks put around it: «ИНН 77… ООО Ромашка р/с …»."""
    return _BANK_TAIL.sub("", _FRONT.sub("", text)).strip()
