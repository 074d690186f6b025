"""One pass over a file of claims or of returns with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.importers.claim_facts import ClaimFacts, read_claim
from claims.importers.claim_reasons import Reasons
from claims.importers.claim_writing import ClaimWriter
from claims.models import Claim
from crm.imports import synonyms, values
from crm.imports.reading import Line, columns_of, header_key
from crm.imports.registry import Change, Outcome, Result, Run
from crm.money import format_money
from deals.importers.days import DayReader, date_order
from deals.importers.parties import NOBODY, Parties

DAYS = ("day", "sold_on")
FACTS = ("claims", "not_returned", "doubtful", "clients_created", "reasons_created")
Sums = dict[str, tuple[int, Decimal]]


class Claims:
    """The importer of claims: a row is a claim about one kind of goods."""

    def __init__(self, run: Run, lines: Sequence[Line]) -> None:
        self.run = run
        run.facts |= dict.fromkeys(FACTS, 0)
        columns = [run.columns[name] for name in DAYS if name in run.columns]
        cells = {cell[:10] for row in columns_of(lines, columns) for cell in row}
        self.days = DayReader(date_order(cells, run.options["date_order"]))
        self.parties, self.reasons = Parties(run), Reasons(run)
        self.writer = ClaimWriter(run, self.parties, self.reasons)
        self.seen: dict[str, int] = {}
        self.sums: dict[str, Sums] = {"by_reason": {}, "by_category": {}}

    def decide(self, lines: Sequence[Line]) -> list[Outcome]:
        """Say of every row what becomes of it; orders from which nothing came back are left."""
        outcomes = [Outcome(line, Result.REFUSED) for line in lines]
        for outcome in outcomes:
            try:
                outcome.plan = self._read(outcome)
            except ValidationError as error:
                outcome.reason = values.reason(error)
        read = [outcome for outcome in outcomes if outcome.plan is not None]
        self.parties.load(outcome.plan.party for outcome in read)
        ids = [outcome.plan.external_id for outcome in read]
        known = set(Claim.objects.filter(external_id__in=ids).values_list("external_id", flat=True))
        for outcome in read:
            self._decide(outcome, known)
        return outcomes

    def _read(self, outcome: Outcome) -> ClaimFacts | None:
        row = self.run.values(outcome.line)
        if header_key(row.get("status", "")) in synonyms.NOT_RETURNED:
            outcome.result = Result.UNCHANGED
            self.run.count("not_returned")
            return None
        facts = read_claim(row, self.days)
        outcome.title = f"{facts.number} · {facts.party.shown}".removesuffix(" · ")
        first = self.seen.setdefault(facts.external_id, outcome.line.number)
        if first != outcome.line.number:
            raise ValidationError(_("The same number stands in row %(row)s.") % {"row": first})
        return facts

    def _decide(self, outcome: Outcome, known: set[str]) -> None:
        facts: ClaimFacts = outcome.plan
        if facts.external_id in known:
            outcome.result = Result.UNCHANGED
        elif facts.party == NOBODY:
            self._refuse(outcome, _("No client is named."))
        elif reason := self.parties.refusal(facts.party):
            self._refuse(outcome, reason)
        elif self.reasons.refusal(facts.reason):
            words = _("“%(text)s” is not a reason in the dictionary.")
            self._refuse(outcome, words % {"text": facts.reason[:60]})
        else:
            outcome.result = Result.CREATED
        if outcome.result != Result.REFUSED:
            self._count(outcome, facts)

    def _count(self, outcome: Outcome, facts: ClaimFacts) -> None:
        self.run.count("claims")
        for name, key in (("by_reason", facts.reason), ("by_category", facts.group)):
            count, amount = self.sums[name].get(key, (0, Decimal(0)))
            self.sums[name][key] = (count + 1, amount + facts.amount)
        if facts.is_doubtful:
            self.run.count("doubtful")
            outcome.warnings.append(_("It is dated before the sale: marked as doubtful."))

    @staticmethod
    def _refuse(outcome: Outcome, reason: str) -> None:
        outcome.result, outcome.reason, outcome.plan = Result.REFUSED, reason, None

    def write(self, outcomes: list[Outcome]) -> None:
        """Write one portion."""
        self.writer.write([one.plan for one in outcomes if one.result == Result.CREATED])

    def finish(self) -> None:
        """Give the sums by reason and by category of goods."""
        for name, sums in self.sums.items():
            self.run.facts[name] = {
                key: [count, f"{amount:.2f}"] for key, (count, amount) in sorted(sums.items())
            }
        if count := self.run.facts["doubtful"]:
            words = ngettext(
                "%(count)s claim is dated before its sale: it is marked as doubtful.",
                "%(count)s claims are dated before their sales: they are marked as doubtful.",
                count,
            )
            self.run.notes.append(words % {"count": count})

    def explain(self, outcome: Outcome) -> list[Change]:
        """What will be written, in words."""
        facts: ClaimFacts | None = outcome.plan
        if facts is None or outcome.result != Result.CREATED:
            return []
        shown = (
            (_("Client"), facts.party.shown),
            (_("Date"), f"{facts.registered_on:%d.%m.%Y}"),
            (_("Reason"), self.reasons.called(facts.reason)),
            (_("Goods"), facts.shown_goods),
            (_("Amount"), format_money(facts.amount)),
        )
        return [Change(label, "", text) for label, text in shown if text]
