"""Database constraints explained politely: the database refuses, Python says the sentence."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.functional import Promise

from crm.errors import RuleViolation, StaleVersion

Sentence = tuple[str | Promise, str | None]  # the text and the form field it belongs to


@contextmanager
def politely(sentences: Mapping[str, Sentence | type[StaleVersion]]) -> Iterator[None]:
    """Turn the violation of a named constraint into its RuleViolation; others pass through.

    StaleVersion stands for its own sentence: somebody was faster.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if name not in sentences:
            raise
        said = sentences[name]
        if isinstance(said, type):
            raise said from error
        text, field = said
        raise RuleViolation(str(text), field=field) from error
