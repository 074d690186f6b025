"""Writing of imported claims by COPY, numbered by the year of their registration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy

from claims.actions.claims import PREFIX
from claims.importers.claim_facts import ClaimFacts
from claims.importers.claim_goods import Goods
from claims.importers.claim_reasons import Reasons
from claims.models import (
    Claim,
    ClaimChannel,
    ClaimDecision,
    ClaimKind,
    ClaimLine,
    ClaimState,
    GuiltyParty,
)
from crm.copying import copy_values
from crm.imports.registry import Run
from crm.numbering import format_number, take_numbers
from crm.refusals import Sentence, politely
from crm.work.registry import setting
from deals.importers.parties import Owner, Parties
from deals.models import Shipment, ShipmentKind

COLUMNS = (
    *("number", "client_id", "shipment_id", "sold_on", "reason_id", "client_number"),
    *("registered_on", "response_due", "claimed_amount", "description"),
    *("manager_id", "org_unit_id", "external_id", "satisfied_amount", "decided_on"),
)
LINE_COLUMNS = ("claim_id", "product_id", "name", "quantity", "price", "amount")
CONSTRAINTS: dict[str, Sentence] = {
    "claim_external_id_once": (
        gettext_lazy("Somebody imported one of these claims meanwhile. Import the file again."),
        None,
    ),
}
Sale = tuple[int, str]  # client and number


class ClaimWriter:
    """Writes the claims of one file."""

    def __init__(self, run: Run, parties: Parties, reasons: Reasons) -> None:
        self.run, self.parties, self.reasons = run, parties, reasons
        self.goods = Goods(run)
        self.term = timedelta(days=setting("claim.answer_days"))
        self.settled: bool = bool(run.options["settled"])

    def write(self, claims: Sequence[ClaimFacts]) -> None:
        """Write one portion; raises RuleViolation when the base changed under it."""
        if not claims:
            return
        self.parties.create()
        self.reasons.create()
        self.goods.load(claims)
        owned = [(one, self._owner(one)) for one in claims]
        sales, numbers = self._sales(owned), self._numbers(claims)
        rows = [
            self._row(one, owner, number, sales)
            for (one, owner), number in zip(owned, numbers, strict=True)
        ]
        with politely(CONSTRAINTS):
            ids = copy_values(Claim, COLUMNS, rows, **self._same())
        self.run.journal.add(Claim, ids)
        self._write_lines(ids, claims)

    def _owner(self, facts: ClaimFacts) -> Owner:
        owner = self.parties.owner(facts.party)
        assert owner is not None
        return owner

    def _row(
        self, facts: ClaimFacts, owner: Owner, number: str, sales: dict[Sale, tuple[int, date]]
    ) -> tuple[Any, ...]:
        shipment_id, posted_on = sales.get((owner.client_id, facts.sale), (None, None))
        settled = (facts.amount, facts.registered_on) if self.settled else (None, None)
        return (
            *(number, owner.client_id, shipment_id, facts.sold_on or posted_on),
            *(self.reasons.find(facts.reason), facts.number),
            *(facts.registered_on, facts.registered_on + self.term, facts.amount, facts.note),
            *(owner.manager_id, owner.org_unit_id, facts.external_id, *settled),
        )

    def _same(self) -> dict[str, Any]:
        """What all claims of the file share; whose fault old ones were, the file does not say."""
        common = {
            "kind": ClaimKind.GOODS,
            "channel": ClaimChannel.FILE,
            "created_by_id": self.run.author_id,
        }
        if not self.settled:
            return common | {"state": ClaimState.REGISTERED}
        ended = {"decision": ClaimDecision.SATISFIED, "guilty_party": GuiltyParty.NOBODY}
        return common | ended | {"state": ClaimState.CLOSED}

    def _numbers(self, claims: Sequence[ClaimFacts]) -> list[str]:
        """In the order of the file, by year of registration."""
        places: defaultdict[int, list[int]] = defaultdict(list)
        for place, one in enumerate(claims):
            places[one.registered_on.year].append(place)
        found = [""] * len(claims)
        for year, of_year in sorted(places.items()):
            taken = take_numbers("claim", year=year, count=len(of_year))
            for place, number in zip(of_year, taken, strict=True):
                found[place] = format_number(PREFIX, year, number)
        return found

    def _sales(self, owned: Sequence[tuple[ClaimFacts, Owner]]) -> dict[Sale, tuple[int, date]]:
        """Sales that the rows name, by client and number."""
        named = {facts.sale for facts, _owner in owned} - {""}
        if not named:
            return {}
        rows = Shipment.objects.counted().filter(
            number__in=named, client__in={owner.client_id for _facts, owner in owned}
        )
        rows = rows.filter(kind=ShipmentKind.SALE, reverses=None).order_by("posted_on", "pk")
        found = rows.values_list("client", "number", "pk", "posted_on")
        return {(client, number): (pk, day) for client, number, pk, day in found}

    def _write_lines(self, ids: Sequence[int], claims: Sequence[ClaimFacts]) -> None:
        rows = [
            (
                *(pk, self.goods.products.get(one.sku), one.shown_goods),
                *(one.quantity, one.price, one.amount),
            )
            for pk, one in zip(ids, claims, strict=True)
            if one.has_goods
        ]
        self.run.journal.add(ClaimLine, copy_values(ClaimLine, LINE_COLUMNS, rows, position=1))
