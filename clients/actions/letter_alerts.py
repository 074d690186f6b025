"""Terms of answers told every working morning: to executors, and what is late upwards (C.6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.db import transaction

from clients.heads import chains_of_units
from clients.models import Correspondence
from crm.accounts.models import Role, User
from crm.calendar import current, is_working_day
from crm.notices.actions import notify
from crm.shell.nav import address
from crm.work.registry import setting

NAMED = 3
SOON, LATE, LATE_OF_OTHERS, NOBODYS = (
    "letter.soon", "letter.late", "letter.late_of_others", "letter.nobodys"
)  # fmt: skip
PAGES = {
    SOON: "mine=true&step=open&sort=reply_due",
    LATE: "mine=true&step=overdue&sort=reply_due",
    LATE_OF_OTHERS: "step=overdue&sort=reply_due",
    NOBODYS: "step=unassigned&sort=reply_due",
}
Told = tuple[int, str, Correspondence]


@transaction.atomic
def alert_deadlines(*, today: date) -> int:
    """One notice for each person and kind a day; returns how many were told."""
    if not is_working_day(today):
        return 0
    until = current().add(today, setting("letters.soon_days"))
    rows = Correspondence.objects.open().filter(reply_due__lte=until)
    people = ("client__manager", "executor")
    letters = list(rows.select_related(*people).order_by("reply_due", "pk"))
    unassigned = Correspondence.objects.unassigned().select_related("client").order_by("pk")
    chains, heads = chains_of_units(), _department_heads()
    digests: dict[tuple[int, str], list[Correspondence]] = defaultdict(list)
    told = [*_of_executors(letters, today), *_upwards(letters, today, chains)]
    told += _nobodys(unassigned, chains, heads)
    for person, kind, letter in told:
        digests[person, kind].append(letter)
    return sum(_tell(*key, found, today) for key, found in sorted(digests.items()))


def _of_executors(letters: Iterable[Correspondence], today: date) -> Iterator[Told]:
    for letter in letters:
        executor = letter.executor
        if executor is not None and executor.is_active:
            yield executor.pk, LATE if letter.is_overdue(today) else SOON, letter


def _upwards(
    letters: Iterable[Correspondence], today: date, chains: dict[int, list[int]]
) -> Iterator[Told]:
    """The first head at once, the one above when the days of the setting are over."""
    handed_up = current().add(today, -setting("letters.late_days"))
    for letter in letters:
        due = letter.reply_due
        if due is None or due >= today or letter.executor is None:
            continue
        unit = letter.client.org_unit_id if letter.client else letter.executor.org_unit_id
        above = [head for head in chains.get(unit or 0, []) if head != letter.executor_id]
        for head in above[: 2 if due < handed_up else 1]:
            yield head, LATE_OF_OTHERS, letter


def _nobodys(
    letters: Iterable[Correspondence], chains: dict[int, list[int]], heads: list[int]
) -> Iterator[Told]:
    """Letters that wait for an executor: the nearest head, of unfiled ones all department heads."""
    for letter in letters:
        unit = letter.client.org_unit_id if letter.client else None
        for head in chains[unit][:1] if unit in chains else heads:
            yield head, NOBODYS, letter


def _department_heads() -> list[int]:
    rows = User.objects.working().filter(role=Role.DEPARTMENT_HEAD, headed_units__isnull=False)
    return sorted(set(rows.values_list("pk", flat=True)))


def _tell(person: int, kind: str, letters: list[Correspondence], today: date) -> int:
    names = [f"{letter.client or letter.correspondent or letter.address}" for letter in letters]
    which = list(dict.fromkeys(names))
    new = notify(
        person,
        kind=kind,
        params={
            "count": len(letters),
            "which": ", ".join(which[:NAMED]) + (", …" if len(which) > NAMED else ""),
        },
        url=f"{address('clients:letter_list')}?{PAGES[kind]}",
        dedupe_key=f"{kind}:{today}",
    )
    return min(1, new)
