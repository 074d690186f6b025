"""Limitation of actions (D.18, LIM-1): until when a debt may be sued for.

Three years from the day after the due day (ГК 196, 200), begun anew when an authorised person of
the client signs an act of reconciliation, also after the term was over (ГК 203, 206), but no more
than ten years from the day of the breach (ГК 196, 2). The term is law, not policy; its limit and
how long before its end it is shown are settings.

Later apps know more of it: a claim that suspends it for its term, an answer that acknowledges the
debt, a lawsuit that ends it (ГК 202 п. 3, 203, 204). They register a source:

    limitation.register_source(effects_of_claims)       # AppConfig.ready()
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from crm.calendar import next_working_day
from crm.declaring import declare_also
from crm.work.registry import setting
from deals.models import Invoice, ReconciliationAct
from deals.receivables.ageing import parse_steps

YEARS = 3


class Act(NamedTuple):
    """A signed act that acknowledges a debt; without a contract it is of all of them."""

    contract_id: int | None
    date_to: date
    signed_on: date


class Pause(NamedTuple):
    """The term stands still for so many calendar days from a day on."""

    since: date
    days: int


class Effect(NamedTuple):
    """What a later app knows of the limitation of one debt."""

    acknowledged_on: date | None = None
    pause: Pause | None = None
    sued_on: date | None = None


Source = Callable[[Collection[int]], Iterable[tuple[int, Effect]]]
_sources: list[Source] = []


def register_source(source: Source) -> None:
    """Ask `source(ids of invoices)` for effects by invoice, in one query of its own."""
    declare_also(_sources, source)


@dataclass(frozen=True)
class Limitation:
    """The day on which the term expires, and the last one to sue on."""

    expires: date
    last_day: date
    # When the client acknowledged the debt; None: the term runs from the due day.
    acknowledged_on: date | None = None
    # For how many days it stood still.
    paused: int = 0
    # Filed with the court: it does not run any more.
    sued_on: date | None = None

    def days_left(self, today: date) -> int:
        """Calendar days to the last day; negative when it is over."""
        return (self.last_day - today).days

    def is_near(self, today: date) -> bool:
        """Fewer days are left than the first alert wants."""
        if self.sued_on is not None:
            return False
        return self.days_left(today) < max(parse_steps(setting("limitation.alerts")))


@dataclass(frozen=True)
class LimitationNow:
    """The term of one debt as it is shown on a day."""

    term: Limitation
    days_left: int
    is_near: bool

    @classmethod
    def of(cls, invoice: Invoice, today: date) -> LimitationNow:
        """For a page of one invoice."""
        term = limitations([invoice])[invoice.pk]
        return cls(term, term.days_left(today), term.is_near(today))


def limitation(
    due_on: date,
    acknowledged_on: date | None = None,
    pauses: Iterable[Pause] = (),
    sued_on: date | None = None,
) -> Limitation:
    """Of a debt due on the day; what was acknowledged before it was due runs from the due day.

    The first pause within the term lengthens it: a second claim over one debt suspends no more.
    """
    begins = max(due_on, acknowledged_on or due_on)
    latest = _years_after(due_on, setting("limitation.most_years"))
    expires = min(_years_after(begins, YEARS), latest)
    restarted = acknowledged_on if begins > due_on else None
    counted = sorted(pause for pause in pauses if begins <= pause.since <= expires)
    paused = counted[0].days if counted else 0
    expires += timedelta(days=paused)
    return Limitation(expires, next_working_day(expires), restarted, paused, sued_on)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def limitations(invoices: Iterable[Invoice]) -> dict[int, Limitation]:
    """Of each invoice by its key: one query for the acts that acknowledge it, one per source.

    An act does if it was signed by an authorised person, closes with a debt, is as of the day of
    the invoice or later, and is of all contracts or of the invoice's.
    """
    rows = list(invoices)
    acts: dict[int, list[Act]] = {}
    known = ReconciliationAct.objects.acknowledging().filter(closing__gt=0)
    known = known.filter(client__in={row.client_id for row in rows}).order_by("item__signed_on")
    for client, *facts in known.values_list("client", "contract", "date_to", "item__signed_on"):
        acts.setdefault(client, []).append(Act(*facts))
    effects: dict[int, list[Effect]] = {}
    ids = [row.pk for row in rows]
    for source in _sources if ids else ():
        for invoice, effect in source(ids):
            effects.setdefault(invoice, []).append(effect)
    return {row.pk: _term(row, acts, effects.get(row.pk, [])) for row in rows}


def with_limitation(invoices: Iterable[Invoice]) -> list[tuple[Invoice, Limitation]]:
    """The invoices in their order, each with its term."""
    rows = list(invoices)
    terms = limitations(rows)
    return [(row, terms[row.pk]) for row in rows]


def _term(invoice: Invoice, acts: dict[int, list[Act]], effects: list[Effect]) -> Limitation:
    """Acts and effects together."""
    days = [_last(invoice, acts), *(effect.acknowledged_on for effect in effects)]
    return limitation(
        invoice.due_on,
        max((day for day in days if day), default=None),
        [effect.pause for effect in effects if effect.pause],
        max((effect.sued_on for effect in effects if effect.sued_on), default=None),
    )


def _last(invoice: Invoice, acts: dict[int, list[Act]]) -> date | None:
    """The last day on which the debt was acknowledged."""
    days = [
        act.signed_on
        for act in acts.get(invoice.client_id, [])
        if act.date_to >= invoice.issued_on and act.contract_id in {None, invoice.contract_id}
    ]
    return days[-1] if days else None
