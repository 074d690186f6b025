"""What claims and lawsuits do to the limitation of debts (ГК 202 п. 3, 203, 204)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from claims.models import OutgoingLine
from crm.calendar import add_working_days
from deals.models import DayType
from deals.receivables.limitation import Effect, Pause


def effects_of_claims(invoice_ids: Collection[int]) -> Iterator[tuple[int, Effect]]:
    """Of each invoice that was claimed: one query.

    A claim suspends the term from its sending to the answer, at most for the term of the answer as
    law or contract sets it, without the move to a working day. An answer that acknowledges the
    debt begins it anew; a lawsuit that was filed ends it.
    """
    rows = OutgoingLine.objects.filter(invoice__in=invoice_ids, claim__sent_on__isnull=False)
    facts = rows.values_list(
        "invoice",
        "claim__sent_on",
        "claim__term_days",
        "claim__term_day_type",
        "claim__answered_on",
        "claim__acknowledged",
        "claim__lawsuit__filed_on",
    )
    for invoice, sent, days, kind, answered, acknowledged, filed in facts:
        assert sent  # the rows are of claims that were sent
        end = _end(sent, days, kind)
        until = min(answered, end) if answered else end
        yield (
            invoice,
            Effect(
                acknowledged_on=answered if acknowledged else None,
                pause=Pause(sent, (until - sent).days),
                sued_on=filed,
            ),
        )


def _end(sent: date, days: int, kind: str) -> date:
    if kind == DayType.WORKING:
        return add_working_days(sent, days)
    return sent + timedelta(days=days)
