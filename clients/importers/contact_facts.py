"""Cells of a row of contacts as checked values (CL-10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from clients.models import ContactDirection, ContactKind
from crm.imports import synonyms, values
from crm.said import gettext as _

WORDS: dict[str, tuple[dict[str, tuple[str, ...]], type[TextChoices]]] = {
    "kind": (synonyms.CONTACT_KINDS, ContactKind),
    "direction": (synonyms.DIRECTIONS, ContactDirection),
}
RATINGS = (1, 5)


@dataclass(slots=True)
class Facts:
    """What one row says about a contact."""

    done_at: datetime
    kind: str
    direction: str
    manager: str
    client: str = ""
    person: str = ""
    external_id: str = ""
    topic: str = ""
    result: str = ""
    answered: bool | None = None
    resolved: bool | None = None
    summary: str = ""
    duration: int | None = None
    wait: int | None = None
    rating: int | None = None
    next_on: date | None = None


@dataclass(frozen=True)
class Habits:
    """What rows mean where they say nothing."""

    zone: ZoneInfo
    kind: str
    direction: str
    now: datetime
    read: dict[tuple[str, str], str] = field(default_factory=dict)  # words that were met


def read_facts(row: dict[str, str], habits: Habits) -> Facts:
    """Check every cell; raises ValidationError with the first that is wrong."""
    done_at = _moment(row, habits.zone)
    if done_at > habits.now:
        raise ValidationError(_("A contact that took place cannot lie ahead."))
    facts = Facts(
        done_at,
        _word("kind", row, habits) or habits.kind,
        _word("direction", row, habits) or habits.direction,
        row.get("manager", ""),
        _client(row),
        row.get("person", ""),
        values.text(row.get("external_id", ""), 100),
        row.get("topic", ""),
        row.get("result", ""),
    )
    if facts.external_id.startswith("#"):
        raise ValidationError(_("An id does not begin with #."))
    _read_rest(row, facts)
    return facts


def _read_rest(row: dict[str, str], facts: Facts) -> None:
    get = row.get
    if cell := get("answered"):
        facts.answered = values.yes_no(cell)
    if cell := get("resolved"):
        facts.resolved = values.yes_no(cell)
    if cell := get("summary"):
        facts.summary = values.text(cell, 10_000, lines=True)
    if cell := get("duration"):
        facts.duration = values.seconds(cell)
    if cell := get("wait"):
        facts.wait = values.seconds(cell)
    if cell := get("rating"):
        facts.rating = values.whole(cell, *RATINGS)
    if cell := get("next_on"):
        facts.next_on = values.day(cell)


def _moment(row: dict[str, str], zone: ZoneInfo) -> datetime:
    if "moment" in row:
        return values.moment(row["moment"]).replace(tzinfo=zone)
    if "day" not in row:
        raise ValidationError(_("The row has no date."))
    if "clock" not in row:
        return values.moment(row["day"]).replace(tzinfo=zone)
    return datetime.combine(values.day(row["day"]), values.clock(row["clock"]), zone)


def _word(name: str, row: dict[str, str], habits: Habits) -> str:
    """Kind or direction by what the file calls it; nothing where the row says nothing."""
    cell = row.get(name)
    if cell is None:
        return ""
    found = habits.read.get((name, cell))
    if found is None:
        words, labels = WORDS[name]
        shown = {str(value): str(label) for value, label in labels.choices}
        found = habits.read[(name, cell)] = values.choice(cell, words, shown)
    return found


def _client(row: dict[str, str]) -> str:
    """INN with KPP is a surer name than any other."""
    if "inn" in row:
        return "/".join(filter(None, (row["inn"], row.get("kpp", ""))))
    return row.get("client", "")
