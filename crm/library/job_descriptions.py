"""Job descriptions read from a text: documents, sections, duties with the lines they stand on.

Knows no tables. A document begins at a line «Должностная инструкция …» after which there are
clauses. A section is a short line that ends without a point, or one with a Roman number; whatever
else is not empty is a clause. At its end may stand codes of capabilities: {CL-08 RP-04}.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

MIN_CLAUSES = 3
LONGEST_TITLE = 130
LONGEST_SECTION = 80
LONGEST_TEXT = 400_000
_START = re.compile(r"Должностная инструкция\b", re.IGNORECASE)
_ROMAN = re.compile(r"(?P<number>[IVX]{1,5})\.\s+(?P<text>\S.*)")
_NUMBER = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}[.)]?|[А-ЯЁ]\))\s+(?P<text>\S.*)")
_BULLET = re.compile(r"[•●▪–—*-]\s+(?P<text>\S.*)")
_CODES = re.compile(r"\s*\{(?P<codes>[A-Z]{2}-\d{2}(?:[ ,]+[A-Z]{2}-\d{2})*)\}\s*$")
_WORDS = re.compile(r"\w+")
_BLANKS = re.compile(r"[\s_№]+")
_ENDS = (".", ";", ",", ":", "!", "?")
# Whose description it is, by words of its title; the first that fits.
ROLES = (
    ("director", re.compile(r"\bдиректор", re.IGNORECASE)),
    ("sector_head", re.compile(r"\b(сектор|групп|старш\w+ менеджер)", re.IGNORECASE)),
    ("department_head", re.compile(r"\b(руководител|начальник|заведующ)", re.IGNORECASE)),
    ("accountant", re.compile(r"\bбухгалтер", re.IGNORECASE)),
    ("lawyer", re.compile(r"\b(юрист|юрисконсульт)", re.IGNORECASE)),
    ("manager", re.compile(r"\bменеджер", re.IGNORECASE)),
)


@dataclass(frozen=True)
class Clause:
    """One duty as it was read."""

    line: int
    section: str
    number: str
    text: str
    codes: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.text)


@dataclass(frozen=True)
class Description:
    """One job description: its title, its text and where that begins."""

    title: str
    first_line: int
    text: str

    @property
    def role(self) -> str:
        """Whose it is by its title, empty when the words do not say."""
        return next((role for role, words in ROLES if words.search(self.title)), "")

    @property
    def clauses(self) -> list[Clause]:
        return read_clauses(self.text, self.first_line)


def fingerprint(text: str) -> str:
    """The same for the same words, whatever the case, the signs and the gaps between them."""
    words = " ".join(_WORDS.findall(text.lower().replace("ё", "е")))
    return sha256(words.encode()).hexdigest()[:16]


def read_descriptions(text: str) -> list[Description]:
    """The job descriptions of a text, in its order."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if _is_title(line)]
    found = []
    for start, end in pairwise([*starts, len(lines)]):
        body = "\n".join(lines[start + 1 : end]).rstrip()
        one = Description(_title(lines[start]), start + 2, body)
        if sum(bool(clause.number) for clause in one.clauses) >= MIN_CLAUSES:
            found.append(one)
    return found


def read_clauses(text: str, first_line: int = 1) -> list[Clause]:
    """Clauses with their sections; lines are counted from `first_line`."""
    section, found = "", []
    for line, raw in enumerate(text.split("\n"), start=first_line):
        plain = raw.strip()
        if not _WORDS.search(plain):
            continue
        if _is_section(plain):
            section = _BLANKS.sub(" ", plain).strip()[:300]
            continue
        found.append(_clause(plain, line, section))
    return found


def _clause(plain: str, line: int, section: str) -> Clause:
    codes: tuple[str, ...] = ()
    if marked := _CODES.search(plain):
        codes = tuple(re.split(r"[ ,]+", marked["codes"]))
        plain = plain[: marked.start()]
    if numbered := _NUMBER.fullmatch(plain):
        return Clause(line, section, numbered["number"], numbered["text"], codes)
    if bullet := _BULLET.fullmatch(plain):
        return Clause(line, section, "•", bullet["text"], codes)
    return Clause(line, section, "", plain, codes)


def _is_title(line: str) -> bool:
    plain = line.strip()
    return bool(_START.match(plain)) and len(plain) < LONGEST_TITLE


def _title(line: str) -> str:
    return " ".join(_BLANKS.sub(" ", line).split()).rstrip(".")[:200]


def _is_section(plain: str) -> bool:
    if _ROMAN.fullmatch(plain):
        return True
    if _BULLET.fullmatch(plain) or len(plain) > LONGEST_SECTION or _CODES.search(plain):
        return False
    numbered = _NUMBER.fullmatch(plain)
    if numbered is None:
        return not plain.endswith(_ENDS) and plain[0].isupper()
    if "." not in numbered["number"][-1:] or numbered["number"].count(".") > 1:
        return False
    words = numbered["text"]
    return words.rstrip(".").isupper() or not words.endswith(_ENDS)
