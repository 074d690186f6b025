"""What an import wrote, compactly enough to be taken back (ux rule 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

Spans = list[list[int]]


@dataclass
class Journal:
    """Ids of created rows as spans, and former values of changed ones, by model."""

    created: dict[str, Spans] = field(default_factory=dict)
    changed: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def add(self, model: type[models.Model], ids: Iterable[int]) -> None:
        """Note created rows; ids come in growing order within one call."""
        spans = self.created.setdefault(model._meta.label, [])
        for pk in ids:
            if spans and spans[-1][1] == pk - 1:
                spans[-1][1] = pk
            else:
                spans.append([pk, pk])

    def change(self, record: models.Model, former: Mapping[str, Any]) -> None:
        """Note the first former value of each changed column, as the database stores it."""
        rows = self.changed.setdefault(record._meta.label, {})
        row = rows.setdefault(str(record.pk), {})
        for name, value in former.items():
            row.setdefault(name, _plain(value))

    def in_order(self, models_first: Sequence[type[models.Model]]) -> None:
        """Let rows of these models be taken back in this order, all others after them.

        Parts come before what they belong to, whatever order they were written in.
        """
        ranks = {model._meta.label: rank for rank, model in enumerate(models_first)}
        ordered = sorted(self.created.items(), key=lambda item: ranks.get(item[0], len(ranks)))
        self.created.clear()
        self.created.update(ordered)

    def dump(self) -> dict[str, Any]:
        """As JSON."""
        return {"created": self.created, "changed": self.changed}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Journal:
        """From JSON."""
        return cls(data.get("created", {}), data.get("changed", {}))

    @property
    def empty(self) -> bool:
        """Whether nothing was written."""
        return not self.created and not self.changed


def ids_of(spans: Spans) -> list[int]:
    """All ids of the spans."""
    return [pk for first, last in spans for pk in range(first, last + 1)]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str | list) else str(value)
