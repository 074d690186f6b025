"""One pass over a bank's file: accounts, then documents, then what the bank declared of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from crm.errors import RuleViolation
from crm.imports import values
from crm.imports.reading import Line
from crm.imports.registry import Change, Outcome, Result, Run
from crm.money import format_money
from crm.said import gettext as _
from crm.said import label
from deals.importers.bank_format import BankFile, Document, currency_of, is_account
from deals.importers.bank_plans import Plan
from deals.importers.bank_report import Report
from deals.importers.bank_sides import Keys, Way, paid_on, way_of
from deals.importers.bank_turnover import statements_of
from deals.importers.bank_writing import Writer
from deals.models import OwnAccount, Payment, PaymentDirection, PaymentKind


class Statement:
    """Reads and writes of one statement; see `crm.imports.registry.Importing`."""

    def __init__(self, run: Run, lines: Sequence[Line]) -> None:  # noqa: ARG002  (agreed)
        self.run = run
        self.file: BankFile = run.extra
        self.documents = {d.line: d for d in self.file.documents}
        known = set(OwnAccount.objects.values_list("account", flat=True))
        self.added = _accounts_to_add(self.file, run, known)
        self.own = known | set(self.added)
        self.statements = statements_of(self.file.sections)
        self.ways = {d.line: way_of(d, self.own) for d in self.file.documents}
        self.report = Report(run, self.file, self.statements, self.added)
        self.keys = self._count()
        self.report.explain_accounts()
        self.writer = Writer(run, self.file, self.statements, self.added, self.own)
        self.taken: set[str] = set()  # keys that this file has brought already

    def _count(self) -> dict[int, str]:
        """Keys by line; what the bank lists twice is counted once."""
        keys, found, seen = Keys(), {}, set()
        for document in self.file.documents:
            way = self.ways[document.line]
            key = found[document.line] = keys.key_of(document, way)
            if key not in seen:
                seen.add(key)
                self.report.count(document, way)
        return found

    def decide(self, lines: Sequence[Line]) -> list[Outcome]:
        """What becomes of each document; reads only."""
        decided = [self._plan(line) for line in lines]
        keys = [plan.key for _line, plan in decided if isinstance(plan, Plan)]
        found = Payment.objects.filter(dedupe_key__in=keys)
        here = {row[0]: row[1:] for row in found.values_list("dedupe_key", "pk", "version", "kind")}
        return [self._outcome(line, plan, here) for line, plan in decided]

    def write(self, outcomes: list[Outcome]) -> None:
        """Write one portion."""
        self.writer.write(outcomes)

    def finish(self) -> None:
        """Match what came, and put the figures of the file together."""
        if self.run.dry:
            self.run.count("statements", len(self.writer.statements_to_write()))
        else:
            self.writer.finish()
        self.report.finish(self.writer.created)

    def explain(self, outcome: Outcome) -> list[Change]:
        """What the preview shows of a document."""
        if outcome.plan is None:
            return []
        plan: Plan = outcome.plan
        return [
            Change(_("Paid on"), "", f"{plan.paid_on:%d.%m.%Y}"),
            Change(_("Amount"), "", format_money(plan.amount)),
            Change(_("Direction"), "", _direction(plan.way)),
            Change(_("Other side"), "", plan.party.name or plan.party.account),
            Change(_("Purpose"), "", plan.document.purpose[:200]),
        ]

    def _plan(self, line: Line) -> tuple[Line, Plan | str]:
        """The plan of a document, or why it cannot be taken."""
        document = self.documents[line.number]
        way = self.ways[line.number]
        try:
            return line, _checked(document, way, self.keys[line.number])
        except ValidationError as error:
            return line, values.reason(error)

    def _outcome(
        self, line: Line, plan: Plan | str, here: dict[str, tuple[int, int, str]]
    ) -> Outcome:
        if isinstance(plan, str):
            return Outcome(line, Result.REFUSED, reason=plan)
        title = _title(plan.document)
        warnings = [] if plan.way.known else [_unknown_direction(plan.way)]
        known = here.get(plan.key)
        if known is None and plan.key not in self.taken:
            self.taken.add(plan.key)
            self.report.is_new(plan)
            return Outcome(line, Result.CREATED, title, warnings=warnings, plan=plan)
        self.report.duplicates += 1
        turned = known is not None and known[2] != PaymentKind.OWN_TRANSFER
        if known is not None and turned and plan.way.is_own_transfer and plan.key not in self.taken:
            self.taken.add(plan.key)
            plan.known = known[:2]
            return Outcome(line, Result.UPDATED, title, warnings=warnings, plan=plan)
        return Outcome(line, Result.UNCHANGED, title, plan=plan)


def _accounts_to_add(file: BankFile, run: Run, known: set[str]) -> list[str]:
    """Accounts that become ours with this import; raises RuleViolation for unconfirmed ones.

    An account is never guessed: the person confirms that the file's own accounts are ours.
    """
    named = list(run.options.get("own_accounts") or ())
    declared = [account for account in file.accounts if account not in known]
    unknown = [a for a in declared if is_account(a) and a not in named]
    if unknown and not run.options.get("accept_accounts"):
        raise RuleViolation(
            _(
                "These accounts of the statement are not among our own: %(accounts)s. If they "
                "are ours, tick “The accounts of the statement are ours” and check again."
            )
            % {"accounts": ", ".join(unknown)}
        )
    return [*(a for a in named if a not in known), *unknown]


def _checked(document: Document, way: Way | None, key: str) -> Plan:
    """A plan that can be written; raises ValidationError with the reason."""
    if document.problem:
        raise ValidationError(document.problem)
    if document.amount is None or document.amount <= 0:
        raise ValidationError(_("The document has no amount above zero."))
    if way is None:
        raise ValidationError(
            _("Neither account is ours, and no date tells which way the money went.")
        )
    day = paid_on(document, way)
    if day is None:
        raise ValidationError(_("The document has no date."))
    currency = currency_of(way.account)
    if currency:
        raise ValidationError(
            _("The account %(account)s is in %(currency)s; only roubles are counted here.")
            % {"account": way.account, "currency": currency}
        )
    return Plan(document, way, key, day, document.amount)


def _title(document: Document) -> str:
    return " ".join(filter(None, (document.kind, document.number and f"№ {document.number}")))


def _unknown_direction(way: Way) -> str:
    if way.direction == PaymentDirection.OUT:
        return _(
            "Neither account is ours: taken as outgoing because only the day of writing off is "
            "filled."
        )
    return _(
        "Neither account is ours: taken as incoming because only the day of receipt is filled."
    )


def _direction(way: Way) -> str:
    if way.is_own_transfer:
        return label(PaymentKind.OWN_TRANSFER.label)
    return label(PaymentDirection(way.direction).label)
