"""What the program itself writes into a record: kept in each language, read in the reader's.

    outcome = said(lambda: claim.get_decision_display())         # words that are made anew
    from crm.said import gettext as _                            # messages that are stored
    reason = _("There is no unit «%(unit)s».") % {"unit": name}
    facts = SaidField(_("facts"), blank=True)                    # a column that keeps them
    notes = SaidJSONField(default=list)                          # SaidCharField: one line
    Change(label(kind.label), "", …)                             # labels, never `str(kind.label)`

`Said` is text in the language that was active when it was made or read, and holds the others. It
stays `Said` through `%`, `+`, slices and `joined`; f-strings and `", ".join` make plain text of it.
Words of people are plain text in the same columns. Papers of clients are Russian and need none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, SupportsIndex

from django.conf import settings
from django.db import models
from django.utils import translation

# Before the code of each language, and between it and its words: no person types these.
BEFORE, AFTER = "\x1e", "\x1f"


class Said(str):
    """Words of the program in each language; `str()` of them is in the active one."""

    each: dict[str, str]

    def __new__(cls, each: dict[str, str]) -> Said:
        """The same words by the codes of the languages."""
        words = super().__new__(cls, _chosen(each))
        words.each = each
        return words

    def __str__(self) -> str:
        return _chosen(self.each)

    def __reduce__(self) -> tuple[type[Said], tuple[dict[str, str]]]:
        return Said, (self.each,)

    def __mod__(self, value: Any) -> Said:
        return said(lambda: str(self) % value)

    def __add__(self, value: str) -> Said:
        return said(lambda: str(self) + str(value))

    def __radd__(self, value: str) -> Said:
        return said(lambda: str(value) + str(self))

    def strip(self, chars: str | None = None) -> Said:
        return Said({code: words.strip(chars) for code, words in self.each.items()})

    def __getitem__(self, key: SupportsIndex | slice) -> Said:
        return Said({code: words[key] for code, words in self.each.items()})

    @property
    def stored(self) -> str:
        """As a column keeps them: one text, found by a search for the words of any language."""
        return "".join(f"{BEFORE}{code}{AFTER}{words}" for code, words in self.each.items())


def in_each_language(words: Callable[[], object]) -> dict[str, str]:
    """What the function says in each language, by its code."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = str(words())
    return found


def for_reader(value: Any) -> Any:
    """What `in_each_language` kept, in the active language; anything else as it is."""
    return _chosen(value) if _is_kept(value) else value


def said(words: Callable[[], object]) -> Said:
    """What the function says, once in each language."""
    return Said(in_each_language(words))


def gettext(message: str) -> str:
    """A message that is stored; `%` fills it in for each language."""
    return said(lambda: translation.gettext(message))


def ngettext(singular: str, plural: str, number: int) -> str:
    """A message with a number that is stored."""
    return said(lambda: translation.ngettext(singular, plural, number))


def label(words: object) -> str:
    """A label of the code, lazy as it is, in each language; `%` takes these too."""
    return said(lambda: words)


def joined(separator: str, parts: Iterable[str]) -> str:
    """`separator.join` that keeps the languages of its parts."""
    parts = list(parts)
    if not any(isinstance(part, Said) for part in parts):
        return separator.join(parts)
    return said(lambda: separator.join(str(part) for part in parts))


def stored(value: Any) -> Any:
    """What stands in the column, for statements and cursors that no field prepares."""
    return value.stored if isinstance(value, Said) else value


def spoken(value: Any) -> Any:
    """The same value in the active language, for papers and JSON: they read past `str()`."""
    if isinstance(value, Said):
        return str(value)
    if isinstance(value, dict):
        return {key: spoken(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [spoken(part) for part in value]
    return value


def read(text: str) -> str:
    """What a column holds, for the reader."""
    if not text.startswith(BEFORE):
        return text
    each = dict(part.split(AFTER, 1) for part in text[1:].split(BEFORE))
    return Said(each)


def kept(value: Any) -> Any:
    """The same value for a column of JSON."""
    if isinstance(value, Said):
        return value.each
    if isinstance(value, dict):
        return {key: kept(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [kept(part) for part in value]
    return value


def read_inside(value: Any) -> Any:
    """What a column of JSON holds, for the reader."""
    if _is_kept(value):
        return Said(value)
    if isinstance(value, dict):
        return {key: read_inside(part) for key, part in value.items()}
    if isinstance(value, list):
        return [read_inside(part) for part in value]
    return value


class SaidField(models.TextField):
    """A column of words of people or of the program; to the database it is any text."""

    def from_db_value(self, value: str | None, *_about: Any) -> str | None:
        """For the reader."""
        return None if value is None else read(value)

    def get_prep_value(self, value: Any) -> Any:
        """All languages, whichever was read."""
        return value.stored if isinstance(value, Said) else super().get_prep_value(value)

    def deconstruct(self) -> Any:
        """To migrations it is a column of text."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.TextField", args, options


class SaidCharField(models.CharField):
    """A short column of words of people or of the program; to the database it is any line."""

    def from_db_value(self, value: str | None, *_about: Any) -> str | None:
        """For the reader."""
        return None if value is None else read(value)

    def get_prep_value(self, value: Any) -> Any:
        """All languages, whichever was read."""
        return value.stored if isinstance(value, Said) else super().get_prep_value(value)

    def deconstruct(self) -> Any:
        """To migrations it is a column of a line."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


class SaidJSONField(models.JSONField):
    """JSON with words of the program in it; to the database it is any JSON."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """For the reader."""
        return read_inside(super().from_db_value(value, expression, connection))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """All languages, whichever was read."""
        return super().get_db_prep_value(kept(value), connection, prepared)

    def deconstruct(self) -> Any:
        """To migrations it is a column of JSON."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.JSONField", args, options


def _is_kept(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and value.keys() == _codes()


def _codes() -> set[str]:
    return {code for code, _name in settings.LANGUAGES}


def _chosen(each: dict[str, str]) -> str:
    return each.get(translation.get_language() or "", each[settings.LANGUAGE_CODE])
