"""Words of the contact dictionaries: added, corrected, put away; never deleted (C.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import dictionaries, permissions
from clients.models import ContactResult, ContactTopic
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb

if TYPE_CHECKING:
    from crm.accounts.models import User

Word = ContactResult | ContactTopic
Book = type[ContactResult] | type[ContactTopic]
FIELDS = ("code", "name_ru", "name_en", "order", "reached")


@transaction.atomic
def create_word(model: Book, *, by: User, **facts: object) -> Word:
    """Add a word; its code is never changed afterwards, because rules and files name it."""
    if not permissions.can_edit_dictionaries(by):
        raise PermissionDenied
    if model.objects.filter(code=facts["code"]).exists():
        raise RuleViolation(_("Another word has this code."), field="code")
    with verb("dictionary.word_added", by=by):
        word: Word = model.objects.create(**facts)
    transaction.on_commit(dictionaries.forget)
    return word


@transaction.atomic
def edit_word(model: Book, word_id: int, *, by: User, version: int, **facts: object) -> Word:
    """Correct names, order and whether the client counts as reached."""
    word = _locked(model, word_id, by, version)
    changed: list[str] = [name for name in facts if name in FIELDS and name != "code"]
    with verb("dictionary.word_edited", by=by):
        for name in changed:
            setattr(word, name, facts[name])
        word.version += 1
        word.save(update_fields=[*changed, "version"])
    transaction.on_commit(dictionaries.forget)
    return word


@transaction.atomic
def archive_word(model: Book, word_id: int, *, by: User, version: int, archived: bool) -> Word:
    """Offer the word no more, or again; contacts that have it keep it."""
    word = _locked(model, word_id, by, version)
    with verb("dictionary.word_archived" if archived else "dictionary.word_restored", by=by):
        word.archived_at = timezone.now() if archived else None
        word.version += 1
        word.save(update_fields=["archived_at", "version"])
    transaction.on_commit(dictionaries.forget)
    return word


def _locked(model: Book, word_id: int, by: User, version: int) -> Word:
    if not permissions.can_edit_dictionaries(by):
        raise PermissionDenied
    word: Word = model.objects.select_for_update().get(pk=word_id)
    if word.version != version:
        raise StaleVersion
    return word
