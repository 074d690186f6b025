"""One pass over a file of clients."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.importers.client_facts import Facts, read_facts
from clients.importers.client_known import Known, look_up
from clients.importers.client_plans import FILE_WINS, FILL_EMPTY, Plan, compare, find_client
from clients.importers.client_shown import explain
from clients.importers.client_writing import ClientWriter
from clients.importers.owners import Owners, default_unit, is_unchecked, units_open_to
from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.approvals.signers import signing_of
from crm.imports import values
from crm.imports.reading import Line
from crm.imports.registry import Change, Outcome, Result, Run
from crm.names import search_key, sort_key

SKIP = "skip"


class Clients:
    """The importer of clients."""

    def __init__(self, run: Run, lines: Sequence[Line]) -> None:
        self.run = run
        self.owners = Owners(run.by)
        self.units = {search_key(unit.name): unit for unit in units_open_to(run.by)}
        self.all_units = {unit.pk: unit for unit in self.owners.directory.units.values()}
        self.unit: OrgUnit | None = run.options["unit"] or default_unit(run.by)
        self.seen: dict[tuple[str, ...], int] = {}
        self.in_file: set[str] = set()  # names and ids by which a row can be a parent
        self.used_as_parents: set[str] = set()
        if "parent" in run.columns:
            self._note_parents(lines)
        self.writer = ClientWriter(run)
        self._may_decide: dict[int | None, bool] = {}

    def _note_parents(self, lines: Sequence[Line]) -> None:
        for line in lines:
            row = self.run.values(line)
            self.in_file |= {
                sort_key(row[name]) for name in ("name", "full_name", "external_id") if name in row
            }
            if "parent" in row:
                self.used_as_parents.add(sort_key(row["parent"]))

    # Deciding

    def decide(self, lines: Sequence[Line]) -> list[Outcome]:
        """Say of every row what becomes of it."""
        outcomes = [Outcome(line, Result.REFUSED) for line in lines]
        read: list[tuple[Outcome, Facts]] = []
        for outcome in outcomes:
            try:
                facts = read_facts(self.run.values(outcome.line))
                self._refuse_repeated(facts, outcome.line.number)
                read.append((outcome, facts))
            except ValidationError as error:
                outcome.reason = values.reason(error)
        known = look_up((facts for _outcome, facts in read), self.run.by)
        for outcome, facts in read:
            try:
                self._decide(outcome, facts, known)
            except ValidationError as error:
                outcome.reason, outcome.result = values.reason(error), Result.REFUSED
        return outcomes

    def _refuse_repeated(self, facts: Facts, number: int) -> None:
        """The same INN + KPP, or the same id, twice in one file."""
        keys: list[tuple[str, ...]] = [("legal", *facts.inn_kpp)] if facts.inn_kpp else []
        keys += [("id", facts.external_id)] if facts.external_id else []
        for key in keys:
            first = self.seen.setdefault(key, number)
            if first != number:
                what = _("INN and KPP") if key[0] == "legal" else _("id")
                raise ValidationError(
                    _("The same %(what)s stand in row %(row)s.") % {"what": what, "row": first}
                )

    def _decide(self, outcome: Outcome, facts: Facts, known: Known) -> None:
        client = find_client(facts, known, by_name=self.run.options["match_names"])
        plan = Plan(facts, client)
        outcome.plan, outcome.title = plan, facts.client["name"]
        outcome.warnings += facts.remarks
        self._find_owner(plan, outcome)
        self._find_parent(plan, known, outcome)
        if client is None:
            self._plan_new(plan, known, outcome)
            outcome.result = Result.CREATED
        elif self.run.options["existing"] == SKIP:
            outcome.result = Result.UNCHANGED
        else:
            compare(plan, known, self.run.options["existing"])
            self._compare_governed(plan, outcome)
            changed = plan.changes_something
            outcome.result = Result.UPDATED if changed else Result.UNCHANGED

    def _find_owner(self, plan: Plan, outcome: Outcome) -> None:
        """Manager and unit of the row, else those of the options."""
        plan.manager, plan.unit = self.run.options["manager"], self.unit
        if plan.facts.unit:
            plan.unit = self.units.get(search_key(plan.facts.unit))
            if plan.unit is None:
                text = _("There is no unit “%(unit)s” for you: the client goes to “%(other)s”.")
                remark = text % {"unit": plan.facts.unit[:60], "other": self.unit or "—"}
                outcome.warnings.append(remark)
                plan.unit = self.unit
        if plan.facts.manager:
            try:
                plan.manager = self.owners.find(plan.facts.manager)
            except ValidationError as error:
                text = _("%(reason)s The client has no manager of the file.")
                outcome.warnings.append(text % {"reason": values.reason(error)})
        if plan.manager is not None:
            plan.unit = self.all_units.get(plan.manager.org_unit_id or 0, plan.unit)

    def _find_parent(self, plan: Plan, known: Known, outcome: Outcome) -> None:
        """A client of the base or a row of this file; a chain has two levels only."""
        text = plan.facts.parent
        if not text:
            return
        own = {sort_key(plan.facts.client["name"]), sort_key(plan.facts.external_id)}
        key = sort_key(text)
        has_children = plan.client is not None and plan.client.pk in known.with_children
        if key in own or own & self.used_as_parents or has_children:
            outcome.warnings.append(_("Other clients are parts of this one: it has no chain."))
            return
        found = known.by_external.get(text) or next(iter(known.named(text)), None)
        if found is not None and known.is_visible(found):
            if found.parent_id is None:
                plan.parent = found
                return
        elif key in self.in_file:
            plan.parent_key = key
            return
        outcome.warnings.append(_("The chain “%(name)s” was not found.") % {"name": text[:60]})

    def _plan_new(self, plan: Plan, known: Known, outcome: Outcome) -> None:
        plan.new_legal = plan.facts.inn_kpp is not None
        plan.new_account = plan.new_legal and bool(plan.facts.account)
        plan.new_person = bool(plan.facts.person)
        plan.facts.client.setdefault("status", self.run.options["status"])
        if plan.facts.category:
            if self._decides(plan.unit):
                plan.category = plan.facts.category
            else:
                outcome.warnings.append(_("The category is left to the head of the department."))
        if known.named(plan.facts.client["name"]):
            outcome.warnings.append(_("Another client of this name exists already."))

    def _decides(self, unit: OrgUnit | None) -> bool:
        """Who imports decides the category: the administrator at the initial load, or the head."""
        by = self.run.by
        if by is None or is_unchecked(by):
            return by is not None
        key = unit.pk if unit else None
        if key not in self._may_decide:
            self._may_decide[key] = self._heads(by, unit)
        return self._may_decide[key]

    def _heads(self, by: User, unit: OrgUnit | None) -> bool:
        """Whether the nearest department above is headed by the person or in the person's care."""
        above = [
            self.all_units[pk] for pk in (unit.path_ids if unit else ()) if pk in self.all_units
        ]
        departments = [unit for unit in above if unit.kind == OrgUnitKind.DEPARTMENT]
        people = {person.pk for person in signing_of(by, self.run.today).people}
        return bool(departments) and departments[-1].head_id in people

    def _compare_governed(self, plan: Plan, outcome: Outcome) -> None:
        """Owner and category of a known client change by their own requests, not by a file."""
        client, facts = plan.client, plan.facts
        assert client is not None
        if plan.parent and client.parent_id is None and plan.parent.pk != client.pk:
            plan.changes["parent"] = plan.parent
        elif plan.parent_key and client.parent_id is None:
            plan.changes["parent_key"] = plan.parent_key
        if facts.manager and plan.manager and client.manager_id not in {None, plan.manager.pk}:
            text = _(
                "%(manager)s is responsible for the client and stays: hand it over on its card."
            )
            outcome.warnings.append(text % {"manager": client.manager})
        elif plan.manager and client.manager_id is None:
            plan.changes["manager"] = plan.manager
        if facts.category and facts.category != client.category:
            outcome.warnings.append(_("The category is changed by a request on the card."))

    # Writing and showing

    def write(self, outcomes: list[Outcome]) -> None:
        """Add and change clients with their parts."""
        self.writer.write(outcomes)

    def finish(self) -> None:
        """Join clients with parents that stood below them in the file."""
        if not self.run.dry:
            self.writer.join_parents()

    def explain(self, outcome: Outcome) -> list[Change]:
        """Values before and after."""
        return explain(outcome)


def existing_choices() -> list[tuple[str, str]]:
    """What a file does to clients that are here already."""
    return [
        (FILE_WINS, _("Take over what the file says")),
        (FILL_EMPTY, _("Only fill what is empty")),
        (SKIP, _("Leave them as they are")),
    ]
