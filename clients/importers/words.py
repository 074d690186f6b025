"""Results and topics of contacts by what files call them; unknown topics become words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import dictionaries
from clients.models import ContactResult, ContactTopic
from crm.copying import copy_records
from crm.errors import RuleViolation
from crm.imports import synonyms, values
from crm.imports.reading import header_key
from crm.imports.registry import Run

Word = TypeVar("Word", ContactResult, ContactTopic)
REACHED, NOT_REACHED = "information", "no_answer"
MOST_NEW_TOPICS = 50
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


class Words:
    """The dictionaries of contacts for one file."""

    def __init__(self, run: Run) -> None:
        self.run = run
        results = ContactResult.objects.order_by("-archived_at", "pk")
        topics = ContactTopic.objects.order_by("-archived_at", "pk")
        self.results = _by_names(results, synonyms.CONTACT_RESULTS)
        self.topics = _by_names(topics, synonyms.CONTACT_TOPICS)
        self.codes = {word.code for word in self.topics.values()}
        self.new: list[ContactTopic] = []

    def result(self, text: str, answered: bool | None) -> ContactResult:
        """The named result, else whether somebody answered; ValidationError for an unknown one."""
        if text:
            found = self.results.get(text) or self.results.get(header_key(text))
            if found is None:
                raise ValidationError(_("There is no result “%(text)s”.") % {"text": text[:60]})
            self.results[text] = found
            return found
        code = NOT_REACHED if answered is False else REACHED
        found = self.results.get(header_key(code))
        if found is None:
            raise RuleViolation(_("The dictionary of results has no “%(code)s”.") % {"code": code})
        return found

    def topic(self, text: str) -> ContactTopic | None:
        """The named topic; an unknown name becomes a word when the portion is written."""
        if not text:
            return None
        if text in self.topics:
            return self.topics[text]
        key = header_key(text)
        if key not in self.topics:
            name = values.text(text, 100)
            if self.run.facts.get("topics_created", 0) >= MOST_NEW_TOPICS:
                raise RuleViolation(
                    _("The column of topics names more than %(most)s new ones: choose another.")
                    % {"most": MOST_NEW_TOPICS}
                )
            self.topics[key] = ContactTopic(code=self._code(name), name_ru=name, name_en=name)
            self.new.append(self.topics[key])
            self.run.count("topics_created")
            self.run.notes.append(_("New topic of contacts: %(name)s.") % {"name": name})
        self.topics[text] = self.topics[key]
        return self.topics[key]

    def _code(self, name: str) -> str:
        latin = "".join(synonyms.TO_LATIN.get(char, char) for char in name.casefold())
        base = _NOT_SLUG.sub("-", latin).strip("-")[:36] or "topic"
        code, number = base, 1
        while code in self.codes:
            number += 1
            code = f"{base}-{number}"
        self.codes.add(code)
        return code

    def write(self) -> None:
        """Store the words met since the last portion."""
        if not self.new:
            return
        self.run.journal.add(ContactTopic, copy_records(self.new))
        self.new.clear()
        transaction.on_commit(dictionaries.forget)


def _by_names(words: Iterable[Word], others: Mapping[str, tuple[str, ...]]) -> dict[str, Word]:
    """Words by their names and codes, then by what other programs call them.

    A word in use wins over an archived one.
    """
    found: dict[str, Word] = {}
    listed = list(words)
    for word in listed:
        for text in others.get(word.code, ()):
            found[text] = word
    for word in listed:
        for text in (word.code, word.name_ru, word.name_en):
            found[header_key(text)] = word
    return found
