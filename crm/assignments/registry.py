"""Which records a work item may be about: later apps declare theirs, this one knows no tables.

    registry.register_subject("contract", Contract, label=_("Contract"),
                              client_of=lambda contract: contract.client_id)

A record is offered, shown and linked only to whom `Contract.objects.visible_to` shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from crm.accounts.models import User
from crm.declaring import declare


def _no_client(_record: Any) -> int | None:
    return None


@dataclass(frozen=True)
class Subject:
    """A kind of record that work items are about."""

    key: str
    model: type[Model]
    label: str | Promise
    client_of: Callable[[Any], int | None] = _no_client
    # Items about records of a client count as about the client.
    is_client: bool = False

    def rows(self, user: User) -> QuerySet[Any]:
        """Records that the person sees."""
        rows: Any = self.model._default_manager
        return rows.visible_to(user)  # type: ignore[no-any-return]

    def find(self, user: User, pk: int) -> Any:
        """The record as far as the person sees it, else None."""
        return self.rows(user).filter(pk=pk).first()


_subjects: dict[str, Subject] = {}


def register_subject(key: str, model: type[Model], **rules: Any) -> None:
    """Declare a kind of record; apps call it from AppConfig.ready()."""
    declare(_subjects, key, Subject(key, model, **rules))


def get(key: str) -> Subject | None:
    """The declaration by its key, as it stands in an address."""
    return _subjects.get(key)


def subject_of(record: Model) -> Subject:
    """The declaration of a record; KeyError for one that work items are not about."""
    for one in _subjects.values():
        if isinstance(record, one.model):
            return one
    raise KeyError(type(record).__name__)


def found(user: User, key: str, pk: int | None) -> Any:
    """The record that an item is about, None where there is none or the person does not see it."""
    subject = get(key)
    return subject.find(user, pk) if subject is not None and pk else None
