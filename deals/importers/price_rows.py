"""One pass over a file of prices for a draft of a price list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.copying import copy_values
from crm.errors import RuleViolation
from crm.imports import values
from crm.imports.reading import Line
from crm.imports.registry import Change, Outcome, Result, Run
from crm.money import format_money
from deals.importers.numbers import money
from deals.models import PriceList, PriceListLine, PriceListState, Product

MOST = Decimal(10) ** 13
COLUMNS = ("product_id", "price", "min_price")


@dataclass(slots=True)
class PriceFacts:
    """A price that may be imported, and the line of the draft that has the product already."""

    product: Product
    price: Decimal
    min_price: Decimal
    known: PriceListLine | None = None


class Prices:
    """The importer of prices; what the catalogue does not name for certain is refused."""

    def __init__(self, run: Run, lines: Sequence[Line]) -> None:
        self.run, self.lines = run, lines
        self.list: PriceList = run.options["price_list"]
        self.by_sku: dict[str, Product] = {}
        self.by_name: dict[str, Product | None] = {}
        for product in Product.objects.open().only("pk", "sku", "name"):
            self.by_sku.setdefault(product.sku.casefold(), product)
            name = product.name.casefold()
            self.by_name[name] = None if name in self.by_name else product
        rows = PriceListLine.objects.filter(price_list=self.list)
        self.known: dict[int, PriceListLine] = {row.product_id: row for row in rows}
        self.seen: dict[int, int] = {}
        self.touched = False

    def decide(self, lines: Sequence[Line]) -> list[Outcome]:
        """Say of every row what becomes of it."""
        return [self._decide(line) for line in lines]

    def _decide(self, line: Line) -> Outcome:
        outcome = Outcome(line, Result.REFUSED)
        try:
            facts = self._read(outcome)
        except ValidationError as error:
            outcome.reason = values.reason(error)
            return outcome
        outcome.plan = facts
        known = facts.known = self.known.get(facts.product.pk)
        if known is None:
            outcome.result = Result.CREATED
        elif (known.price, known.min_price) == (facts.price, facts.min_price):
            outcome.result = Result.UNCHANGED
        else:
            outcome.result = Result.UPDATED
        return outcome

    def _read(self, outcome: Outcome) -> PriceFacts:
        row = self.run.values(outcome.line)
        sku, name = row.get("sku", ""), row.get("product", "")
        outcome.title = " · ".join(filter(None, (sku, name)))
        product = self._product(sku.strip(), name.strip())
        first = self.seen.setdefault(product.pk, outcome.line.number)
        if first != outcome.line.number:
            raise ValidationError(_("The same product stands in row %(row)s.") % {"row": first})
        if "price" not in row:
            raise ValidationError(_("There is no price."))
        price = money(row["price"])
        lowest = money(row["min_price"]) if "min_price" in row else price
        if not 0 < price < MOST:
            raise ValidationError(_("A price is more than 0."))
        if not 0 <= lowest <= price:
            raise ValidationError(_("The lowest price is not above the price."))
        return PriceFacts(product, price, lowest)

    def _product(self, sku: str, name: str) -> Product:
        if sku:
            found = self.by_sku.get(sku.casefold())
            if found is None:
                text = _("The catalogue has no article “%(sku)s”.")
                raise ValidationError(text % {"sku": sku[:50]})
            return found
        if not name:
            raise ValidationError(_("Neither an article nor a name."))
        found = self.by_name.get(name.casefold())
        if found is None:
            twice = name.casefold() in self.by_name
            text = (
                _("Several products are called “%(name)s”: give the article.")
                if twice
                else _("The catalogue has no product “%(name)s”.")
            )
            raise ValidationError(text % {"name": name[:60]})
        return found

    def write(self, outcomes: list[Outcome]) -> None:
        """Write one portion; raises RuleViolation when the list is no draft any more."""
        created = [o.plan for o in outcomes if o.result == Result.CREATED]
        updated = [o.plan for o in outcomes if o.result == Result.UPDATED]
        if not created and not updated:
            return
        self._touch()
        rows = [(plan.product.pk, plan.price, plan.min_price) for plan in created]
        made = copy_values(PriceListLine, COLUMNS, rows, price_list_id=self.list.pk)
        self.run.journal.add(PriceListLine, made)
        for plan in updated:
            line = plan.known
            self.run.journal.change(line, {"price": line.price, "min_price": line.min_price})
            line.price, line.min_price = plan.price, plan.min_price
        lines = [plan.known for plan in updated]
        PriceListLine.objects.bulk_update(lines, ["price", "min_price"], batch_size=2_000)

    def _touch(self) -> None:
        """Lock the draft once; its new version lets nobody undo over a later edit or approval."""
        if self.touched:
            return
        draft = PriceList.objects.select_for_update(of=("self",)).get(pk=self.list.pk)
        if draft.state != PriceListState.DRAFT:
            raise RuleViolation(_("Only a draft is changed; prepare a new list."))
        self.run.journal.change(draft, {"version": draft.version})
        draft.version += 1
        draft.save(update_fields=["version"])
        self.touched = True

    def finish(self) -> None:
        """Nothing is left for the end."""

    def explain(self, outcome: Outcome) -> list[Change]:
        """What will be written, in words."""
        facts: PriceFacts | None = outcome.plan
        if facts is None or outcome.result == Result.UNCHANGED:
            return []
        before = facts.known
        return [
            Change(label, format_money(old) if old is not None else "", format_money(new))
            for label, old, new in (
                (_("Price"), before.price if before else None, facts.price),
                (_("Lowest price"), before.min_price if before else None, facts.min_price),
            )
            if old != new
        ]
