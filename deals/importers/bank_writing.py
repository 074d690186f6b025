"""Writing of a statement: our accounts, its turnover, its documents; then clients are found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from crm.copying import copy_values
from crm.errors import RuleViolation
from crm.imports.registry import Outcome, Result, Run
from crm.refusals import Sentence, politely
from crm.said import gettext as _
from deals.importers.bank_format import BankFile, Side
from deals.importers.bank_plans import WRITTEN, Plan
from deals.models import BankStatement, OwnAccount, Payment
from deals.receipts.matching import match_payments

CONSTRAINTS: dict[str, Sentence] = {
    "deals_payment_dedupe_key_key": (
        gettext_lazy("Somebody imported one of these documents meanwhile. Import the file again."),
        None,
    ),
    "deals_ownaccount_account_key": (
        gettext_lazy("Somebody added the same account meanwhile. Import the file again."),
        None,
    ),
    "statement_period_once": (
        gettext_lazy("Somebody imported the same statement meanwhile. Import the file again."),
        None,
    ),
}
FIGURES = (
    "opening",
    "closing",
    "declared_in",
    "declared_out",
    "documents_in",
    "documents_out",
)


class Writer:
    """Writes the plans of one file."""

    def __init__(
        self,
        run: Run,
        file: BankFile,
        statements: dict[str, BankStatement],
        added: Sequence[str],
        own: Collection[str],
    ) -> None:
        self.run = run
        self.file = file
        self.statements = statements
        self.added = added
        self.own = own
        self.accounts: dict[str, int] = {}  # ours → key
        self.created: list[int] = []
        self.to_match: list[int] = []
        self.ready = False

    def write(self, outcomes: Iterable[Outcome]) -> None:
        """Write one portion; raises RuleViolation when the base changed under it."""
        plans = [(o.result, o.plan) for o in outcomes if o.plan is not None]
        with politely(CONSTRAINTS):
            self._prepare()
            self._create([plan for result, plan in plans if result == Result.CREATED])
            for result, plan in plans:
                if result == Result.UPDATED:
                    self._make_own_transfer(plan)

    def finish(self) -> None:
        """Find clients of what came; the payments count as not touched by a person yet."""
        with politely(CONSTRAINTS):
            self._prepare()
        match_payments(self.to_match, by=self.run.by)
        Payment.objects.filter(pk__in=self.created, version__gt=1).update(version=1)

    def _prepare(self) -> None:
        """Accounts and statements stand before the documents that name them."""
        if self.ready:
            return
        self.ready = True
        for account in self.added:
            bank = _bank_of(self.file, account)
            OwnAccount.objects.create(account=account, bic=bank.bic, bank_name=bank.bank)
        self.accounts = dict(OwnAccount.objects.values_list("account", "pk"))
        for statement in self.statements_to_write():
            self._save_statement(statement)

    def statements_to_write(self) -> list[BankStatement]:
        """Statements that are new or say something new; the others get the key of their row.

        A statement of the same period is brought up to date: its day was not over then.
        """
        found = []
        accounts = dict(OwnAccount.objects.values_list("account", "pk"))
        for account, statement in self.statements.items():
            statement.own_account_id = accounts.get(account)  # type: ignore[assignment]
            known = BankStatement.objects.filter(
                own_account=accounts.get(account),
                date_from=statement.date_from,
                date_to=statement.date_to,
            ).first()
            statement.pk = known.pk if known else None  # type: ignore[assignment]
            if account not in self.own:
                continue
            if known is None or _figures(known) != _figures(statement):
                found.append(statement)
        return found

    def _save_statement(self, statement: BankStatement) -> None:
        if statement.pk is None:
            statement.save(force_insert=True)
            self.run.journal.add(BankStatement, [statement.pk])
        else:
            known = BankStatement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
            self.run.journal.change(known, {**_figures(known), "warnings": known.warnings})
            statement.save(update_fields=[*FIGURES, "warnings"])
        self.run.count("statements")

    def _create(self, plans: Sequence[Plan]) -> None:
        rows = [plan.values(*self._places(plan)) for plan in plans]
        by = self.run.by.pk if self.run.by else None
        ids = copy_values(Payment, WRITTEN, rows, created_by_id=by)
        self.run.journal.add(Payment, ids)
        self.created += ids
        self.to_match += [pk for pk, plan in zip(ids, plans, strict=True) if plan.is_for_matching]

    def _places(self, plan: Plan) -> tuple[int | None, int | None]:
        """Keys of the account and of the statement; of the only one where no side is ours."""
        account = plan.way.account
        if not plan.way.known and len(self.statements) == 1:
            account = next(iter(self.statements))
        statement = self.statements.get(account)
        return self.accounts.get(account), statement.pk if statement else None

    def _make_own_transfer(self, plan: Plan) -> None:
        """The other account turned out to be ours as well: no client's money any more."""
        assert plan.known is not None
        pk, version = plan.known
        payment = Payment.objects.select_for_update(of=("self",)).get(pk=pk)
        if payment.version != version or payment.allocated_amount:
            raise RuleViolation(
                _(
                    "Payment %(number)s of %(day)s is a transfer between own accounts, but it was "
                    "spread over invoices or changed meanwhile. Free it and import the file again."
                )
                % {"number": payment.number, "day": f"{payment.paid_on:%d.%m.%Y}"}
            )
        names = ("direction", "kind", "state", "reason", "client", "matched_by", "own_account")
        former = {n: getattr(payment, payment._meta.get_field(n).attname) for n in names}  # type: ignore[union-attr]
        self.run.journal.change(payment, {**former, "version": version})
        payment.kind, payment.state, payment.reason = plan.fate()
        payment.direction = plan.way.direction
        payment.client_id, payment.matched_by = None, ""
        payment.own_account_id = self.accounts[plan.way.account]
        payment.version += 1
        payment.save(update_fields=[*names, "version"])


def _figures(statement: BankStatement) -> dict[str, Any]:
    return {name: getattr(statement, name) for name in FIGURES}


def _bank_of(file: BankFile, account: str) -> Side:
    """BIC and bank of an account of ours, as a document of the file tells them."""
    for document in file.documents:
        for side in (document.payer, document.payee):
            if account in side.accounts and side.bic:
                return side
    return Side()
