"""What the bank declares of each account, joined over its sections."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from crm.money import format_money
from crm.said import gettext as _
from deals.importers.bank_format import Section
from deals.models import BankStatement

ZERO = Decimal("0.00")


def statements_of(sections: Iterable[Section]) -> dict[str, BankStatement]:
    """A statement for each account in the order of the file, not saved and without documents."""
    by_account: dict[str, list[Section]] = {}
    for section in sections:
        by_account.setdefault(section.account, []).append(section)
    return {account: _join(rows) for account, rows in by_account.items()}


def _join(rows: list[Section]) -> BankStatement:
    """Sections of days become one period; a section that stands twice counts once."""
    different = {_facts(row): row for row in reversed(rows)}
    chain = sorted(different.values(), key=lambda row: (row.first, row.last, row.line))
    return BankStatement(
        date_from=chain[0].first,
        date_to=max(row.last for row in chain),
        opening=chain[0].opening,
        closing=chain[-1].closing,
        declared_in=_sum(row.received for row in chain),
        declared_out=_sum(row.spent for row in chain),
        documents_in=ZERO,
        documents_out=ZERO,
        warnings=[gap for pair in itertools.pairwise(chain) for gap in _gaps(*pair)],
    )


def _facts(row: Section) -> tuple[object, ...]:
    """All that a section says but its place."""
    return (row.first, row.last, row.opening, row.received, row.spent, row.closing)


def _gaps(before: Section, after: Section) -> list[str]:
    found = []
    if after.first > before.last + timedelta(days=1):
        found.append(
            _("Account %(account)s: the days from %(first)s to %(last)s are missing.")
            % {
                "account": after.account,
                "first": f"{before.last + timedelta(days=1):%d.%m.%Y}",
                "last": f"{after.first - timedelta(days=1):%d.%m.%Y}",
            }
        )
    if None not in (before.closing, after.opening) and before.closing != after.opening:
        found.append(
            _(
                "Account %(account)s: %(closing)s at the end of %(before)s, but %(opening)s at the "
                "beginning of %(after)s."
            )
            % {
                "account": after.account,
                "closing": format_money(before.closing or ZERO),
                "before": f"{before.last:%d.%m.%Y}",
                "opening": format_money(after.opening or ZERO),
                "after": f"{after.first:%d.%m.%Y}",
            }
        )
    return found


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, or None where one of them is not told."""
    known = list(values)
    return None if None in known else sum((v for v in known if v is not None), ZERO)
