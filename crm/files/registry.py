"""Which records have files, who sees and who adds them: one choke point.

    files.register_owner(
        "contract", Contract, may_add=permissions.can_edit_contract, may_see=sees_money)

The files of a record are seen by those who see the record itself, `Contract.objects.visible_to`,
and whose role `may_see` lets in; `may_add(user, record)` covers adding, new versions and putting
aside. `kind_of(record)` is what a file of such a record most often is: the form starts with it.
`acting_for(record, user)` names the absent person on whose behalf it is done. `also` are
formats that only these records take (`formats.FORMATS`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from crm.accounts.models import User
from crm.declaring import declare

OTHER = "other"  # of AttachmentKind, whose model asks this module


def _working(user: User) -> bool:
    return user.is_active


def _nobody(_record: Any, _user: User) -> User | None:
    return None


@dataclass(frozen=True)
class Owner:
    """A kind of record that has files."""

    key: str
    model: type[Model]
    may_add: Callable[[User, Any], bool]
    may_see: Callable[[User], bool] = _working
    kind_of: Callable[[Any], str] = lambda _record: OTHER
    acting_for: Callable[[Any, User], User | None] = _nobody
    also: tuple[str, ...] = ()

    def rows(self, user: User) -> QuerySet[Any]:
        """Records whose files the person sees."""
        rows: Any = self.model._default_manager
        if not user.is_active or not self.may_see(user):
            return rows.none()  # type: ignore[no-any-return]
        return rows.visible_to(user)  # type: ignore[no-any-return]


_owners: dict[str, Owner] = {}


def register_owner(
    key: str, model: type[Model], *, kind: str | Callable[[Any], str] = OTHER, **rules: Any
) -> None:
    """Declare that records of the model have files; apps call it from AppConfig.ready().

    `kind` is what their files most often are, by the record where it depends.
    """
    kind_of = kind if callable(kind) else lambda _record: kind
    declare(_owners, key, Owner(key, model, kind_of=kind_of, **rules))


def owners() -> list[Owner]:
    """Everything that was declared."""
    return list(_owners.values())


def get(key: str) -> Owner | None:
    """The declaration by its key, as it stands in an address."""
    return _owners.get(key)


def owned(key: str) -> Owner:
    """The declaration of a kind that has files for sure; KeyError for any other."""
    return _owners[key]


def owner_of(record: Model) -> Owner:
    """The declaration of a record; KeyError for one that has no files."""
    for one in _owners.values():
        if isinstance(record, one.model):
            return one
    raise KeyError(type(record).__name__)
