"""Names of people and companies: sorting, searching, wrong keyboard layout, initials.

Source: D.15 (names), the interface rules on forgiving search (ё/е, legal form, layout).
PostgreSQL sorts by code point on every machine, so the Russian order is computed here once and
stored; nothing depends on the locale of a server.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from crm import russian
from crm.money import NBSP

_QUOTES = "«»„“”‟\"'‘’‚‹›`´"
_DROP_QUOTES = str.maketrans("", "", _QUOTES)
_DIGITS = re.compile(r"[0-9]+")
_NOT_WORD = re.compile(r"[\W_]+")
_PHRASES = re.compile(r"\b(?:" + "|".join(russian.LEGAL_PHRASES) + r")\b")
_TO_CYRILLIC = str.maketrans(russian.LATIN_KEYS, russian.CYRILLIC_KEYS)
_TO_LATIN = str.maketrans(russian.CYRILLIC_KEYS, russian.LATIN_KEYS)
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LONGEST_RUN = 40
SORT_KEY_LENGTH = 250  # the key is longer than the name where it has ё or numbers; columns are not


class PersonName(NamedTuple):
    """The three parts of a Russian name; any but one of them may be empty."""

    last: str
    first: str
    middle: str


def plain_text(text: str) -> str:
    """Compose accents, drop control and invisible characters, make every gap one space."""
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(
        char if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs"} else ""
        for char in composed
    )
    return " ".join(visible.split())


def sort_key(text: str) -> str:
    """Return the key that puts texts into Russian order when compared by code point.

    Case and quotes do not count, ё stands right after е, digits go before Latin and Latin before
    Cyrillic, and numbers inside a name follow their value (2 before 10).
    """
    folded = " ".join(plain_text(text).translate(_DROP_QUOTES).casefold().split())
    return _DIGITS.sub(_number_key, folded.replace(russian.YO, russian.AFTER_YE))[:SORT_KEY_LENGTH]


def _number_key(match: re.Match[str]) -> str:
    """Prefix a number with its length so that longer numbers compare greater."""
    digits = match.group().lstrip("0") or "0"
    return chr(ord("0") + min(len(digits), _LONGEST_RUN)) + digits


def search_key(text: str) -> str:
    """Return words to search by: no case, no ё, no legal form, no quotes, no punctuation.

    A text that is nothing but a legal form is kept, so that the key of a name is never empty
    while the name has a letter or a digit.
    """
    folded = plain_text(text).translate(_DROP_QUOTES).casefold().replace(russian.YO, russian.YE)
    words = _NOT_WORD.sub(" ", folded).strip()
    bare = [word for word in _PHRASES.sub(" ", words).split() if word not in russian.LEGAL_FORMS]
    return " ".join(bare) or words


def swap_layout(text: str) -> str:
    """Return the text as if typed with the other keyboard layout (hjvfirf and back)."""
    return text.translate(_TO_LATIN if _CYRILLIC.search(text) else _TO_CYRILLIC)


@lru_cache(maxsize=4096)  # a page writes the same few people in every row
def person_initials(last: str, first: str = "", middle: str = "") -> str:
    """Return a name as the surname followed by initials, D.15; the surname may be missing.

    No line ends between them: the spaces are no-break ones, which files do not get (tabular.py).
    """
    parts = (last.strip(), _initial(first), _initial(middle))
    return NBSP.join(part for part in parts if part)


def _initial(name: str) -> str:
    """Return A. for a name and A.-M. for a double one."""
    words = [word for word in name.strip().split("-") if word.strip()]
    return "-".join(f"{word.strip()[0].upper()}." for word in words)


def split_full_name(text: str) -> PersonName:
    """Split a full name into surname, first name and patronymic.

    Russian order is surname first. The surname is taken from the end when the second word is a
    patronymic, when the name starts with initials, or when it is written in Latin letters.
    """
    words = plain_text(re.sub(r"\.(?=\S)", ". ", text)).split()
    if len(words) < 2:
        return PersonName(words[0] if words else "", "", "")
    if _surname_is_last(words):
        words = [words[-1], *words[:-1]]
    elif len(words) == 2 and _is_patronymic(words[1]):
        return PersonName("", words[0], words[1])
    return PersonName(words[0], words[1], " ".join(words[2:]))


def _surname_is_last(words: list[str]) -> bool:
    """Tell whether the surname closes the name."""
    if words[0].endswith(".") and not words[-1].endswith("."):
        return True
    if words[-1].casefold() in russian.PATRONYMIC_PARTICLES or words[-1].endswith("."):
        return False
    if len(words) == 3 and _is_patronymic(words[1]):
        return not _is_patronymic(words[2])
    return not _CYRILLIC.search("".join(words))


def _is_patronymic(word: str) -> bool:
    """Tell a patronymic by its ending; surnames in -вич stand first, so they are not asked."""
    return word.casefold().endswith(russian.PATRONYMIC_ENDINGS)


def initials(name: str) -> str:
    """The first letters of the first two words, for an avatar."""
    return "".join(word[0] for word in name.replace(".", " ").split()[:2]).upper()
