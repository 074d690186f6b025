"""Database constraints explained politely: the database refuses, Python says the sentence."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.functional import Promise

from crm.errors import RuleViolation

Sentence = tuple[str | Promise, str | None]  # the text and the form field it belongs to


@contextmanager
def politely(sentences: Mapping[str, Sentence]) -> Iterator[None]:
    """Turn the violation of a named constraint into its RuleViolation; others pass through."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if name not in sentences:
            raise
        text, field = sentences[name]
        raise RuleViolation(str(text), field=field) from error
