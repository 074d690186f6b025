"""One pass over a file of people: who is new, who changes, who is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from crm.accounts.actions import create_user
from crm.accounts.models import Role, User
from crm.errors import RuleViolation
from crm.imports import registry, synonyms, values
from crm.imports.journal import ids_of
from crm.imports.people.directory import Directory, name_key
from crm.imports.people.logins import make_login
from crm.imports.people.places import Place, Places, must_change_passwords
from crm.imports.reading import Line
from crm.imports.registry import Change, Outcome, Result, Run
from crm.names import sort_key, split_full_name
from crm.said import Said, label
from crm.said import gettext as _

KEYS = ("external_id", "email", "username")
NAMES = ("last_name", "first_name", "middle_name")
PLAIN = ("position", "phone", "order_no", "hired_on")  # taken over without asking
GOVERNED = ("role", "email")  # only with the option: they decide what a person may do
ROLES = Role.choices


def _login(cell: str) -> str:
    if "@" in cell:
        raise ValidationError(_("A login has no @: the e-mail signs in as well."))
    return values.text(cell, 100)


def _email(cell: str) -> str:
    found, wrong = values.emails(cell)
    if wrong:
        raise ValidationError(_("“%(text)s” is not an e-mail.") % {"text": wrong[0][:60]})
    return found


def _role(cell: str) -> str:
    role = values.choice(cell, synonyms.ROLES, {value: str(label) for value, label in ROLES})
    if role == Role.ADMIN:
        raise ValidationError(_("Administrators are not imported: add them by hand."))
    return role


def _phone(cell: str) -> str:
    return values.phone_numbers(cell)[0] or values.text(cell, 32)


READERS: dict[str, Callable[[str], Any]] = {
    "external_id": lambda cell: values.text(cell, 100),
    "username": _login,
    "email": _email,
    "role": _role,
    "position": lambda cell: values.text(cell, 200),
    "phone": _phone,
    "hired_on": values.day,
    "order_no": lambda cell: values.text(cell, 50),
}


@dataclass
class Plan:
    """What the row says and what is to be done with it."""

    facts: dict[str, Any]
    place: Place
    person: User | None = None
    changes: dict[str, Any] | None = None


class People:
    """The importer of people."""

    def __init__(self, run: Run, lines: Sequence[Line]) -> None:
        self.run = run
        self.directory = Directory.read()
        self.names = Counter(self._name_in(line) for line in lines)
        self.places = Places(run, self.directory, set(self.names))
        self.seen: dict[tuple[str, str], int] = {}

    def _name_in(self, line: Line) -> str:
        row = self.run.values(line)
        return name_key(row.get("full_name", ""), *(row.get(name, "") for name in NAMES))

    # Deciding

    def decide(self, lines: Sequence[Line]) -> list[Outcome]:
        """Say of every row what becomes of it."""
        return [self._decide(line) for line in lines]

    def _decide(self, line: Line) -> Outcome:
        outcome = Outcome(line, Result.REFUSED)
        try:
            plan = self._plan(line, outcome)
        except ValidationError as error:
            outcome.reason = values.reason(error)
            return outcome
        outcome.plan, outcome.title = plan, self._full_name(plan.facts)
        if plan.person is None:
            outcome.result = Result.CREATED
        elif plan.changes:
            outcome.result = Result.UPDATED
        else:
            outcome.result = Result.UNCHANGED
        return outcome

    def _plan(self, line: Line, outcome: Outcome) -> Plan:
        row = self.run.values(line)
        facts = self._facts(row)
        place = self._place(row)
        self._refuse_repeated(facts, place, line.number)
        person = self._person(facts, place, outcome)
        plan = Plan(facts, place, person)
        if person is None:
            self._check_new(facts, place)
        else:
            self._compare(plan, person, outcome)
        return plan

    def _facts(self, row: dict[str, str]) -> dict[str, Any]:
        """The cells as values; raises ValidationError with the first that is wrong."""
        parts = {name: read(row[name]) for name, read in READERS.items() if name in row}
        return {**self._name(row), **parts}

    def _name(self, row: dict[str, str]) -> dict[str, str]:
        parts = {name: values.text(row[name], 100) for name in NAMES if name in row}
        if "last_name" not in parts and "full_name" in row:
            full = split_full_name(values.text(row["full_name"], 300))
            parts = {
                "last_name": full.last or full.first,
                "first_name": full.first if full.last else "",
                "middle_name": full.middle,
            }
            for part in parts.values():
                values.text(part, 100)
        if not parts.get("last_name"):
            raise ValidationError(_("The row has no name."))
        return {"first_name": "", "middle_name": "", **parts}

    def _place(self, row: dict[str, str]) -> Place:
        """A named unit counts more than the chief, who then only heads it."""
        office, chief, unit = (
            values.text(row.get(name, ""), 200) for name in ("office", "chief", "unit")
        )
        return Place(office=office, chief=chief, unit=unit)

    def _refuse_repeated(self, facts: dict[str, Any], place: Place, number: int) -> None:
        keys = [(kind, facts[kind].casefold()) for kind in KEYS if facts.get(kind)]
        keys = keys or [("name", f"{name_key(self._full_name(facts))}|{place.words.casefold()}")]
        for key in keys:
            first = self.seen.setdefault(key, number)
            if first != number:
                raise ValidationError(_("The same person stands in row %(row)s.") % {"row": first})

    def _person(self, facts: dict[str, Any], place: Place, outcome: Outcome) -> User | None:
        """Who is meant: by id, e-mail, login, else by the full name, first within the unit."""
        for kind in KEYS:
            person = self.directory.find(kind, facts.get(kind, ""))
            if person is not None:
                return self._working(person)
        key = name_key(self._full_name(facts))
        namesakes = self.directory.by_name.get(key, [])
        unit = self.places.find(place)
        here = [person for person in namesakes if unit and person.org_unit_id == unit.pk]
        if here:
            return self._working(here[0])
        identified = any(facts.get(kind) for kind in KEYS)
        if len(namesakes) != 1 or self.names[key] > 1 or identified:
            return None
        text = _("A person of this name works in “%(unit)s” and is taken for the same.")
        outcome.warnings.append(text % {"unit": namesakes[0].org_unit or "—"})
        return self._working(namesakes[0])

    def _working(self, person: User) -> User:
        if not person.is_active:
            raise ValidationError(_("%(person)s is deactivated.") % {"person": person.full_name})
        return person

    def _check_new(self, facts: dict[str, Any], place: Place) -> None:
        facts.setdefault("role", self.run.options["role"])
        sales = {Role.MANAGER, Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD}
        if facts["role"] in sales and not place.words and self.places.default is None:
            raise ValidationError(
                _("The row names no unit. Choose the unit of people without one.")
            )

    def _compare(self, plan: Plan, person: User, outcome: Outcome) -> None:
        """What would change; roles, e-mails and units only where the option says so."""
        facts, governed = plan.facts, self.run.options["update_rights"]
        names = [*PLAIN, *(GOVERNED if governed else ())]
        if any(facts.get(kind) for kind in KEYS):
            names += NAMES
        changes = {
            name: facts[name]
            for name in names
            if facts.get(name) and facts[name] != getattr(person, name)
        }
        changes |= {
            name: facts[name]
            for name in ("external_id", "email")
            if facts.get(name) and not getattr(person, name)
        }
        plan.changes = changes
        if governed and plan.place.words:
            unit = self.places.find(plan.place)
            if unit is None or unit.pk != person.org_unit_id:
                changes["org_unit"] = plan.place
        elif not governed and facts.get("role") not in {None, person.role}:
            text = _("The role in the file differs; the person keeps “%(role)s”.")
            outcome.warnings.append(text % {"role": Role(person.role).label})

    # Writing

    def write(self, outcomes: list[Outcome]) -> None:
        """Add and change people, units first."""
        for outcome in outcomes:
            plan = outcome.plan
            if outcome.result == Result.CREATED:
                self._create(plan, outcome.line.number)
            elif outcome.result == Result.UPDATED:
                self._update(plan)

    def _create(self, plan: Plan, number: int) -> None:
        facts = dict(plan.facts)
        username = facts.pop("username", "")
        if username:
            self.directory.logins.add(username.casefold())
        else:
            names = facts["first_name"], facts["last_name"]
            username = make_login(*names, self.directory.logins)
        unit = self.places.make(plan.place)
        try:
            made = create_user(
                by=self.run.by, with_password=False, username=username, org_unit=unit, **facts
            )
        except RuleViolation as refusal:
            where = _("Row %(row)s: %(reason)s") % {"row": number, "reason": refusal}
            raise RuleViolation(where) from refusal
        self.directory.add(made.person)
        self.run.journal.add(User, [made.person.pk])

    def _update(self, plan: Plan) -> None:
        assert plan.person is not None
        assert plan.changes is not None
        person = User.objects.select_for_update(of=("self",)).get(pk=plan.person.pk)
        changes = dict(plan.changes)
        former = {name: getattr(person, name) for name in changes if name != "org_unit"}
        if "org_unit" in changes:
            former["org_unit"] = person.org_unit_id
            changes["org_unit"] = self.places.make(plan.place)
        for name, value in changes.items():
            setattr(person, name, value)
        former |= {"sort_key": person.sort_key, "version": person.version}
        person.sort_key = sort_key(person.full_name)
        person.version += 1
        person.save(update_fields=list(former))
        self.run.journal.change(person, former)

    def finish(self) -> None:
        """New people replace the first password they get; chiefs head their units."""
        if self.run.dry:
            return
        self.places.finish()
        must_change_passwords(ids_of(self.run.journal.created.get(User._meta.label, [])))

    # Showing

    def explain(self, outcome: Outcome) -> list[Change]:
        """Values before and after."""
        plan = outcome.plan
        if plan is None:
            return []
        if plan.person is None:
            shown = {**plan.facts, "org_unit": plan.place}
            return [self._change(name, "", value) for name, value in shown.items() if value]
        return [
            self._change(name, getattr(plan.person, name), value)
            for name, value in (plan.changes or {}).items()
        ]

    def _change(self, name: str, before: Any, after: Any) -> Change:
        if name == "role":
            labels = dict(Role.choices)
            before, after = (label(labels[one]) if one in labels else "" for one in (before, after))
        if isinstance(after, Place):
            after = after.words or self.places.default or ""
        field = registry.get("people").field("unit" if name == "org_unit" else name)
        return Change(label(field.label), _shown(before), _shown(after))

    @staticmethod
    def _full_name(facts: dict[str, Any]) -> str:
        return " ".join(filter(None, (facts[name] for name in NAMES)))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Said):
        return value
    return f"{value:%d.%m.%Y}" if hasattr(value, "strftime") else str(value)
