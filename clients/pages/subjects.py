"""What the pages of personal data show: what is stored about a person, acts, whose term is over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clients.legal_grounds import grounds_of
from clients.models import ContactPerson, DestructionAct, SubjectRequest, SubjectRequestKind
from clients.models.subjects import WISHES_AN_END
from clients.permissions import subjects as permissions
from clients.personal_data.retention import ARCHIVED, Candidate, candidates, overdue_people
from crm.accounts.models import User
from crm.phones import format_phone
from crm.work.registry import setting

SHOWN = 5
# What a law, and not a table, says about what stays.
LAW, NAMESAKE = "law", "namesake"


@dataclass(frozen=True)
class Stored:
    """Rows of one kind about the person: how many, and the latest of them in words."""

    name: str
    count: int
    latest: list[str]


class SubjectPage:
    """One request and what is stored about its person, as far as the reader sees the person."""

    def __init__(self, row: SubjectRequest, user: User, today: date) -> None:
        self.row, self.user, self.today = row, user, today

    @cached_property
    def sees_person(self) -> bool:
        """The administrator decides about acts and does not see clients."""
        rows = ContactPerson.objects.visible_to(self.user)
        return rows.filter(pk=self.row.person_id).exists()

    @property
    def who(self) -> str:
        """The person by name, else by number."""
        if self.sees_person:
            return str(self.row.person)
        return _("Contact no. %(pk)s") % {"pk": self.row.person_id}

    @property
    def is_overdue(self) -> bool:
        return self.row.is_overdue(self.today)

    @property
    def may_answer(self) -> bool:
        return permissions.can_answer_subject(self.user, self.row)

    @property
    def may_extend(self) -> bool:
        may = self.may_answer and not self.row.extended_because
        return may and self.row.kind != SubjectRequestKind.WITHDRAW

    @property
    def may_propose(self) -> bool:
        """The request wishes an end, nothing is on its way and no ground stands against it."""
        asks = self.row.kind in WISHES_AN_END and self.may_answer and not self.acts
        return asks and self.sees_person and not self.grounds

    @property
    def propose_url(self) -> str:
        """The dialog that proposes the destruction this request asks for."""
        url = reverse("clients:destruction_propose", args=[self.row.person_id])
        return f"{url}?request={self.row.pk}"

    @cached_property
    def grounds(self) -> list[str]:
        """Why the law lets the data be kept."""
        client = self.row.person.client_id
        return grounds_of([client]).get(client, [])

    @cached_property
    def acts(self) -> list[DestructionAct]:
        """Acts about the person that were not declined."""
        rows = DestructionAct.objects.visible_to(self.user).filter(person=self.row.person_id)
        return list(rows.exclude(state="declined"))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The card of the person, column by column."""
        person = self.row.person
        shown = {"phone": format_phone(person.phone) if person.phone else ""}
        names = ("full_name", "position", "phone", "email", "birthday", "specifics")
        found = []
        for name in names:
            value = shown.get(name, getattr(person, name))
            if value:
                column: Any = ContactPerson._meta.get_field(name)
                label = capfirst(str(column.verbose_name))
                found.append((label, value))
        found.append((_("Client"), str(person.client)))
        return found

    @cached_property
    def stored(self) -> list[Stored]:
        """Everything else that names the person by reference, the latest first."""
        found = []
        for relation in ContactPerson._meta.related_objects:
            model: Any = relation.related_model
            if hasattr(model, "pgh_tracked_model"):
                continue
            rows = model._default_manager.filter(**{relation.field.name: self.row.person_id})
            count = rows.count()
            if count:
                latest = [str(one) for one in rows.order_by("-pk")[:SHOWN]]
                name = capfirst(str(model._meta.verbose_name_plural))
                found.append(Stored(name, count, latest))
        return found


class ActPage:
    """One act of destruction."""

    def __init__(self, act: DestructionAct, user: User) -> None:
        self.act, self.user = act, user

    @property
    def may_decide(self) -> bool:
        return permissions.can_decide_destruction(self.user, self.act)

    @property
    def who(self) -> str:
        """The act names the person by number only."""
        return _("Contact no. %(pk)s") % {"pk": self.act.person_id}

    @property
    def grounds(self) -> list[str]:
        """What stands against it while it is to be decided."""
        if self.act.state != "proposed":
            return []
        client = self.act.person.client_id
        return grounds_of([client]).get(client, [])

    @property
    def keep_until(self) -> int | None:
        """The year up to whose end the act is kept."""
        if self.act.executed_at is None:
            return None
        return int(self.act.executed_at.year) + int(setting("subjects.act_years"))

    @property
    def rows(self) -> list[tuple[str, str, int]]:
        """The extract of the journal: what, live or history, how many rows."""
        sums: Counter[tuple[str, str]] = Counter()
        for one in self.act.extract:
            place = _("history") if one["history"] else _("records")
            sums[name_of(one["table"]), place] += one["rows"]
        return [(name, place, number) for (name, place), number in sums.items()]

    @property
    def kept(self) -> list[str]:
        """What stays and why."""
        law = sorted({name_of(one["table"]) for one in self.act.kept if one["why"] == LAW})
        lines = []
        if law:
            text = _("Documents kept by law for five years: %(which)s.")
            lines.append(text % {"which": ", ".join(law)})
        if any(one["why"] == NAMESAKE for one in self.act.kept):
            lines.append(
                _(
                    "Somebody else has the same name: away from this client it was left where"
                    " no phone or e-mail of the person stands beside it."
                )
            )
        refused = [one for one in self.act.kept if one["why"] not in {LAW, NAMESAKE}]
        return [*lines, *(f"{name_of(one['table'])}: {one['why']}" for one in refused)]


def name_of(label: str) -> str:
    """What a table is called; parts that nobody sees by themselves are other records."""
    if not label:
        return ""
    name = apps.get_model(label)._meta.verbose_name_plural
    return capfirst(str(name)) if isinstance(name, Promise) else _("Other records")


class RetentionPage:
    """People whose data has outlived its term, as far as the reader sees them."""

    def __init__(self, user: User, today: date) -> None:
        self.user, self.today = user, today

    @property
    def may_propose(self) -> bool:
        return permissions.keeps_subjects(self.user)

    @cached_property
    def sees_people(self) -> bool:
        """The administrator sees numbers alone."""
        return self.may_propose or self.user.role == "general_director"

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Those whom no legal ground keeps."""
        rows = overdue_people(self.today)
        if self.sees_people:
            rows = rows.filter(pk__in=ContactPerson.objects.visible_to(self.user).values("pk"))
        return candidates(self.today, rows)

    @property
    def lines(self) -> list[tuple[Candidate, str]]:
        """Each with why it is there."""
        former, archived = (
            _("has left the client %(months)s months ago or earlier"),
            _("the client is in the archive for %(months)s months or longer"),
        )
        months = {
            ARCHIVED: (archived, int(setting("subjects.archived_months"))),
        }
        usual = (former, int(setting("subjects.former_months")))
        found = []
        for one in self.candidates:
            text, number = months.get(one.why, usual)
            found.append((one, text % {"months": number}))
        return found
