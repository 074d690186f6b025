"""Dictionaries that the administrator keeps on one page; later apps add theirs.

    books.register(Book("claim_reasons", ClaimReason, _("Reasons of claims"), parts=(…,)))

A dictionary is a subclass of `clients.models.contacts.Dictionary`; `parts` are its own columns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import ContactResult, ContactTopic, VisitCheck
from crm.declaring import declare

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from clients.models.contacts import Dictionary


@dataclass(frozen=True)
class Part:
    """A column of one dictionary: its heading, its field in the form, how a row shows it."""

    name: str
    heading: str | Promise
    field: Callable[[], forms.Field]
    shown: Callable[[Any], str]


@dataclass(frozen=True)
class Book:
    """A dictionary by its key, as it stands in an address.

    `check` refuses by RuleViolation columns that do not go together; `wide` takes a whole row of
    the page.
    """

    key: str
    model: type[Dictionary]
    title: str | Promise
    parts: tuple[Part, ...] = ()
    check: Callable[[dict[str, Any]], object] | None = None
    wide: bool = False

    @property
    def words(self) -> Any:
        """All words, those out of use as well."""
        return self.model._default_manager.all()

    @property
    def rows(self) -> list[tuple[Any, list[tuple[str | Promise, str]]]]:
        """Each word with the headings and texts of its own columns."""
        parts = self.parts
        return [(word, [(one.heading, one.shown(word)) for one in parts]) for word in self.words]


_books: dict[str, Book] = {}


def register(book: Book) -> None:
    """Add a dictionary to the page."""
    declare(_books, book.key, book)


def all_books() -> list[Book]:
    """In the order of their registration."""
    return list(_books.values())


def get(key: str) -> Book | None:
    """The dictionary of an address."""
    return _books.get(key)


def flag(name: str, heading: str | Promise, label: Any, *, initial: bool) -> Part:
    """A column that says yes or no."""

    def field() -> forms.Field:
        return forms.BooleanField(label=label, required=False, initial=initial)

    def shown(word: Any) -> str:
        return _("yes") if getattr(word, name) else _("no")

    return Part(name, heading, field, shown)


REACHED = flag(
    "reached",
    gettext_lazy("Counts for the plan"),
    gettext_lazy("The client was reached: the contact counts for the plan"),
    initial=True,
)
register(Book("results", ContactResult, gettext_lazy("Results of contacts"), (REACHED,), wide=True))
register(Book("topics", ContactTopic, gettext_lazy("Topics of contacts")))
register(Book("visit_checks", VisitCheck, gettext_lazy("Checklist of merchandisers' visits")))
