"""The figures of one import of a statement: what the file says, what it declares, what is new."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crm.imports.registry import Run
from crm.money import format_money
from crm.said import gettext as _
from deals.importers.bank_format import BankFile, Document, is_account
from deals.importers.bank_plans import Foreseen, Plan
from deals.importers.bank_sides import Way
from deals.importers.bank_turnover import ZERO
from deals.models import Allocation, AllocationKind, BankStatement, Payment, PaymentDirection
from deals.receipts.payers import known_about, payer_of

SHOWN = 100  # documents that are named one by one
FIGURES = ("opening", "closing", "declared_in", "declared_out")


class Report:
    """Counts documents as they pass and answers at the end."""

    def __init__(
        self,
        run: Run,
        file: BankFile,
        statements: dict[str, BankStatement],
        added: Sequence[str],
    ) -> None:
        self.run = run
        self.file = file
        self.statements = statements
        self.added = added
        self.counts: Counter[str] = Counter()
        self.sums: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        self.duplicates = 0
        self.new: list[Plan] = []

    def count(self, document: Document, way: Way | None) -> None:
        """Count a document by its direction; an own transfer leaves one account for the other."""
        amount = document.amount or ZERO
        if way is None or not way.known:
            self._add("direction_unknown", amount)
            return
        if way.payer_account:
            self._add("outgoing", amount)
            if way.payer_account in self.statements:
                self.statements[way.payer_account].documents_out += amount
        if way.payee_account:
            self._add("incoming", amount)
            if way.payee_account in self.statements:
                self.statements[way.payee_account].documents_in += amount
        if way.is_own_transfer:
            self._add("own_transfers", amount)

    def _add(self, name: str, amount: Decimal) -> None:
        self.counts[name] += 1
        self.sums[name] += amount

    def explain_accounts(self) -> None:
        """Let each statement say in words where turnover and documents differ."""
        for account, row in self.statements.items():
            row.warnings = [*row.warnings, *_explained(account, row)]
        if len(self.statements) == 1 and self.counts["direction_unknown"]:
            row.warnings.append(self._about_unknown())

    def is_new(self, plan: Plan) -> None:
        """Note a document that was not here before."""
        self.new.append(plan)

    def finish(self, created: Sequence[int]) -> None:
        """Put all figures into the facts of the run and its sentences into the notes."""
        facts = self.run.facts
        facts["documents"] = len(self.file.documents)
        facts.setdefault("statements", 0)
        for name in ("incoming", "outgoing", "own_transfers", "direction_unknown"):
            facts[name] = self.counts[name]
            facts[f"{name}_amount"] = _told(self.sums[name])
        rows = self.statements.values()
        for name in FIGURES:
            facts[name] = _told(_sum([getattr(row, name) for row in rows])) if rows else None
        facts["differences"] = self._differences()
        facts["declared_minus_documents"] = {
            "in": _told(_sum([row.missing_in for row in rows])) if rows else None,
            "out": _told(_sum([row.missing_out for row in rows])) if rows else None,
        }
        facts["balance_ok"] = not any(row.unbalanced for row in rows) if rows else None
        facts["accounts"] = [_account(name, row) for name, row in self.statements.items()]
        facts["accounts_added"] = list(self.added)
        facts["new"], facts["duplicates"] = len(self.new), self.duplicates
        facts |= self._foreseen() if self.run.dry else _matching(created)
        facts["warnings"] = self._warnings()
        self.run.notes += facts["warnings"]

    def _differences(self) -> list[dict[str, str | None]]:
        """Declared less documents, by account and direction, and balances that do not add up."""
        found = []
        for account, row in self.statements.items():
            for direction, missing, declared, documents in (
                ("in", row.missing_in, row.declared_in, row.documents_in),
                ("out", row.missing_out, row.declared_out, row.documents_out),
                ("balance", row.unbalanced, row.closing, None),
            ):
                if missing:
                    found.append(
                        {
                            "account": account,
                            "direction": direction,
                            "declared": _told(declared),
                            "documents": _told(documents),
                            "difference": _told(missing),
                        }
                    )
        return found

    def _warnings(self) -> list[str]:
        """Everything about the whole file that a person should know, as sentences."""
        found = [
            _("Account %(account)s is new among our own: the file declares it.")
            % {"account": account}
            for account in self.added
        ]
        found += [
            _("Account %(account)s of the file does not have 20 digits and cannot be ours.")
            % {"account": account}
            for account in self.file.accounts
            if not is_account(account)
        ]
        found += self.file.warnings
        for row in self.statements.values():
            found += row.warnings
        if self.file.documents and not self.statements:
            found.append(
                _(
                    "The file has no balances: these are orders to the bank, and whether it "
                    "carried them out is not known."
                )
            )
        if self.counts["direction_unknown"] and len(self.statements) != 1:
            found.append(self._about_unknown())
        return found

    def _about_unknown(self) -> str:
        """Documents of which neither side is ours."""
        return _(
            "Documents in which neither account is ours: %(count)s for %(sum)s. They are not "
            "counted as incoming or outgoing and are no client's money; look through them."
        ) % {
            "count": self.counts["direction_unknown"],
            "sum": format_money(self.sums["direction_unknown"]),
        }

    def _foreseen(self) -> dict[str, Any]:
        """Whose the money will be, as far as it can be told without writing."""
        incoming = [p for p in self.new if p.is_clients and not p.way.is_own_transfer]
        parties = [Foreseen.of(p) for p in incoming]
        known = known_about(parties)
        found = sum(1 for party in parties if payer_of(party, known) is not None)
        return {"matched": found, "unmatched": len(incoming) - found}


def _explained(account: str, row: BankStatement) -> list[str]:
    """Differences of one account in words."""
    received = _(
        "Account %(account)s: the bank received %(declared)s, the documents of the file make "
        "%(documents)s; the difference is %(sum)s."
    )
    spent = _(
        "Account %(account)s: the bank spent %(declared)s, the documents of the file make "
        "%(documents)s; the difference is %(sum)s."
    )
    found = [
        words
        % {
            "account": account,
            "declared": format_money(declared or ZERO),
            "documents": format_money(documents),
            "sum": format_money(missing),
        }
        for words, missing, declared, documents in (
            (received, row.missing_in, row.declared_in, row.documents_in),
            (spent, row.missing_out, row.declared_out, row.documents_out),
        )
        if missing
    ]
    if row.unbalanced:
        found.append(
            _(
                "Account %(account)s: the closing balance differs from the opening one with the "
                "turnover by %(sum)s."
            )
            % {"account": account, "sum": format_money(row.unbalanced)}
        )
    return found


def _matching(created: Sequence[int]) -> dict[str, Any]:
    """Incoming money of the import by what became of it."""
    rows = Payment.objects.filter(
        pk__in=created, direction=PaymentDirection.IN, kind="customer"
    ).order_by("pk")
    matched = rows.filter(client__isnull=False)
    unmatched = rows.filter(client=None)
    shown = list(matched.select_related("client")[:SHOWN])
    named = Allocation.objects.filter(
        payment__in=[row.pk for row in shown], kind=AllocationKind.DESIGNATED
    ).order_by("pk")
    invoices = dict(named.values_list("payment_id", "invoice__number"))
    return {
        "matched": matched.count(),
        "unmatched": unmatched.count(),
        "matched_documents": [
            {
                "number": row.number,
                "client": row.client.name if row.client else "",
                "amount": _told(row.amount),
                "date": row.paid_on.isoformat(),
                "designated_invoice": invoices.get(row.pk),
            }
            for row in shown
        ],
        "unmatched_documents": [
            {"number": number, "amount": _told(amount)}
            for number, amount in unmatched.values_list("number", "amount")[:SHOWN]
        ],
    }


def _account(account: str, row: BankStatement) -> dict[str, Any]:
    return {
        "account": account,
        "date_from": row.date_from.isoformat(),
        "date_to": row.date_to.isoformat(),
        **{name: _told(getattr(row, name)) for name in FIGURES},
        "documents_in": _told(row.documents_in),
        "documents_out": _told(row.documents_out),
        "balance_ok": None if row.unbalanced is None else not row.unbalanced,
        "warnings": row.warnings,
    }


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, or None where one is not told."""
    return None if None in values else sum((v for v in values if v is not None), ZERO)


def _told(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"
