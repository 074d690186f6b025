"""Groups and goods of the catalogue: 1C is the master of what it brings by its ids (DL-01)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.errors import RuleViolation
from crm.imports.reading import Line
from crm.imports.registry import Outcome, Result, Run
from crm.names import sort_key
from deals.importers.commerceml.content import Group, Item
from deals.importers.commerceml.taxes import kind_of
from deals.models import Product, ProductGroup


@dataclass
class Plan:
    """A group or a product with what changes in it."""

    record: Group | Item
    pk: int | None = None
    version: int = 0
    changes: dict[str, Any] = field(default_factory=dict)


class Catalogue:
    """The groups and goods of one file."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.groups: dict[str, ProductGroup] = {}
        self.items: dict[str, Product] = {}
        self.by_sku: dict[str, Product] = {}
        self.seen: set[tuple[str, str]] = set()

    def load(self, groups: Iterable[Group], items: Sequence[Item]) -> None:
        """Read what these are here already."""
        wanted = {group.id for group in groups} | {group.parent_id for group in groups}
        wanted |= {item.group_id for item in items}
        self._read_groups(wanted)
        ids, skus = {item.id for item in items}, {_sku(item) for item in items}
        rows = Product.objects.filter(external_id__in=ids - {""}) | Product.objects.filter(
            sku__in=skus
        )
        for product in rows.select_related("group"):
            self.by_sku[product.sku] = product
            if product.external_id:
                self.items[product.external_id] = product

    def _read_groups(self, wanted: set[str]) -> None:
        rows = ProductGroup.objects.filter(external_id__in=wanted - {""} - self.groups.keys())
        self.groups |= {group.external_id: group for group in rows}

    # Deciding

    def decide(self, line: Line, record: Group | Item) -> Outcome:
        """Whether it is new, changed or as it was."""
        key = (type(record).__name__, record.id)
        if not record.id or not sort_key(record.name):
            return Outcome(line, Result.REFUSED, reason=_("It has no id or no name."))
        if key in self.seen:
            return Outcome(line, Result.UNCHANGED, title=record.name)
        self.seen.add(key)
        if isinstance(record, Group):
            return self._decide_group(line, record)
        return self._decide_item(line, record)

    def _decide_group(self, line: Line, record: Group) -> Outcome:
        known = self.groups.get(record.id)
        if known is None:
            return Outcome(line, Result.CREATED, title=record.name, plan=Plan(record))
        if known.name == record.name:
            return Outcome(line, Result.UNCHANGED, title=record.name)
        plan = Plan(record, known.pk, known.version, {"name": record.name})
        return Outcome(line, Result.UPDATED, title=record.name, plan=plan)

    def _decide_item(self, line: Line, record: Item) -> Outcome:
        sku = _sku(record)
        known, namesake = self.items.get(record.id), self.by_sku.get(sku)
        if known is None and namesake is not None and not namesake.external_id:
            known = namesake
        if namesake is not None and namesake is not known:
            reason = _("The article “%(sku)s” belongs to other goods.") % {"sku": sku}
            return Outcome(line, Result.REFUSED, title=record.name, reason=reason)
        warnings = [_("It is marked for deletion in 1C.")] if record.deleted else []
        if known is None and record.deleted:
            return Outcome(line, Result.UNCHANGED, title=record.name, warnings=warnings)
        if known is None:
            self.by_sku[sku] = Product(sku=sku, external_id=record.id)
            return Outcome(line, Result.CREATED, record.name, warnings=warnings, plan=Plan(record))
        changes = self._changes(known, record, sku)
        result = Result.UPDATED if changes else Result.UNCHANGED
        plan = Plan(record, known.pk, known.version, changes)
        return Outcome(line, result, title=record.name, warnings=warnings, plan=plan)

    def _changes(self, known: Product, record: Item, sku: str) -> dict[str, Any]:
        """What the file says otherwise; an empty value never erases anything."""
        said = {
            "sku": sku if record.sku else "",
            "name": record.name,
            "unit": record.unit,
            "vat_kind": kind_of(record.vat),
            "external_id": record.id,
        }
        changes = {name: v for name, v in said.items() if v and v != getattr(known, name)}
        group = known.group.external_id if known.group else ""
        if record.group_id and record.group_id != group:
            changes["group"] = record.group_id
        return changes

    # Writing

    def write(self, outcomes: Iterable[Outcome]) -> None:
        """Write the plans, groups before goods."""
        plans = [o.plan for o in outcomes if o.result in {Result.CREATED, Result.UPDATED}]
        for plan in plans:
            if isinstance(plan.record, Group):
                self._write_group(plan, plan.record)
        for plan in plans:
            if isinstance(plan.record, Item):
                self._write_item(plan, plan.record)

    def _write_group(self, plan: Plan, record: Group) -> None:
        if plan.pk is not None:
            self.groups[record.id] = self._change(ProductGroup, plan, plan.changes)
            return
        group = ProductGroup.objects.create(
            name=record.name, external_id=record.id, parent=self.groups.get(record.parent_id)
        )
        self.groups[record.id] = group
        self.run.journal.add(ProductGroup, [group.pk])

    def _write_item(self, plan: Plan, record: Item) -> None:
        if plan.pk is None:
            product = Product.objects.create(
                sku=_sku(record),
                name=record.name,
                sort_key=sort_key(record.name),
                unit=record.unit,
                vat_kind=kind_of(record.vat) or "standard",
                group=self.groups.get(record.group_id),
                external_id=record.id,
            )
            self.run.journal.add(Product, [product.pk])
            return
        changes = dict(plan.changes)
        if "group" in changes:
            group = self.groups.get(changes.pop("group"))
            changes |= {"group": group} if group else {}
        if "name" in changes:
            changes["sort_key"] = sort_key(record.name)
        if changes:
            self._change(Product, plan, changes)

    def _change(self, model: Any, plan: Plan, changes: dict[str, Any]) -> Any:
        row = model.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if row.version != plan.version:
            raise RuleViolation(
                _("Somebody changed one of these products meanwhile. Import the file again.")
            )
        former = {name: getattr(row, model._meta.get_field(name).attname) for name in changes}
        self.run.journal.change(row, {**former, "version": row.version})
        for name, value in changes.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*changes, "version"])
        return row


def _sku(item: Item) -> str:
    """The article; goods without one go by their id."""
    return item.sku or item.id
