"""Words of the dictionaries: added, corrected, put away; never deleted (C.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import dictionaries, permissions
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb

if TYPE_CHECKING:
    from clients.books import Book
    from crm.accounts.models import User


@transaction.atomic
def create_word(book: Book, *, by: User, **facts: object) -> Any:
    """Add a word; its code is never changed afterwards, because rules and files name it."""
    if not permissions.can_edit_dictionaries(by):
        raise PermissionDenied
    if book.words.filter(code=facts["code"]).exists():
        raise RuleViolation(_("Another entry has this code."), field="code")
    if book.check is not None:
        book.check(facts)
    with verb("dictionary.word_added", by=by):
        word = book.model._default_manager.create(**facts)
    transaction.on_commit(dictionaries.forget)
    return word


@transaction.atomic
def edit_word(book: Book, word_id: int, *, by: User, version: int, **facts: object) -> Any:
    """Correct names, order and what the dictionary has besides; never the code."""
    word = _locked(book, word_id, by, version)
    changed = [name for name in facts if name != "code"]
    if book.check is not None:
        book.check(facts)
    with verb("dictionary.word_edited", by=by):
        for name in changed:
            setattr(word, name, facts[name])
        word.version += 1
        word.save(update_fields=[*changed, "version"])
    transaction.on_commit(dictionaries.forget)
    return word


@transaction.atomic
def archive_word(book: Book, word_id: int, *, by: User, version: int, archived: bool) -> Any:
    """Offer the word no more, or again; records that have it keep it."""
    word = _locked(book, word_id, by, version)
    with verb("dictionary.word_archived" if archived else "dictionary.word_restored", by=by):
        word.archived_at = timezone.now() if archived else None
        word.version += 1
        word.save(update_fields=["archived_at", "version"])
    transaction.on_commit(dictionaries.forget)
    return word


def _locked(book: Book, word_id: int, by: User, version: int) -> Any:
    if not permissions.can_edit_dictionaries(by):
        raise PermissionDenied
    word = book.words.select_for_update().get(pk=word_id)
    if word.version != version:
        raise StaleVersion(of=word)
    return word
