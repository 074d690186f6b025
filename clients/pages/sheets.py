"""What the page of a sheet and the tab of the card show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import permissions
from clients.forms.registration import PREFIX, SheetForm
from clients.lists.sheets import due_cell, state_chip
from clients.models import Client, RegistrationSheet, SheetState
from clients.sheets.sheet_known import Offered, offered
from clients.sheets.sheet_questions import (
    Completeness,
    Question,
    completeness,
    missing,
    questions_of,
)
from crm.accounts.models import User
from crm.accounts.scope import scope_of

SHOWN_SHEETS = 8


@dataclass(frozen=True)
class Row:
    """One question with its answer, and what the card and the last sheet say otherwise."""

    question: Question
    answer: str
    card: str
    last: str
    bound: BoundField | None

    @property
    def control(self) -> str:
        """The field itself, with what is wrong beside it named for those who cannot see it."""
        assert self.bound is not None
        is_select = self.question.kind == "choice"
        attrs: dict[str, str | bool] = {"class": "form-select" if is_select else "form-control"}
        attrs["aria-describedby"] = f"sheet-error-{self.question.code}"
        if self.bound.errors:
            attrs |= {"aria-invalid": "true", "class": f"{attrs['class']} is-invalid"}
        return self.bound.as_widget(attrs=attrs)

    @property
    def is_empty(self) -> bool:
        return not self.answer

    @property
    def notes(self) -> list[str]:
        """In words: what the card and the last sheet say otherwise, once where they agree."""
        found = []
        if self.card and self.card != self.answer and self.card == self.last:
            return [_("On the card and last time: %(value)s") % {"value": self.card}]
        if self.card and self.card != self.answer:
            found.append(_("On the card: %(value)s") % {"value": self.card})
        if self.last and self.last != self.answer:
            found.append(_("Last time: %(value)s") % {"value": self.last})
        return found


@dataclass(frozen=True)
class SheetPage:
    """One sheet for one person; `form` is the sent one where something was wrong with it."""

    sheet: RegistrationSheet
    user: User
    today: date
    sent: SheetForm | None = None

    @property
    def state(self) -> str:
        return state_chip(self.sheet)

    @property
    def due(self) -> str:
        return due_cell(self.sheet)

    @cached_property
    def questions(self) -> list[Question]:
        """Those of the client's category; of a decided sheet those that it answers."""
        return questions_of(self.sheet.campaign.questions, self.sheet.client.category)

    @cached_property
    def offered(self) -> Offered:
        return offered(self.sheet, self.questions)

    @property
    def is_new(self) -> bool:
        """Nobody has saved anything: the fields show what is known already."""
        return bool(self.sheet.state == SheetState.NOT_STARTED)

    @property
    def answers(self) -> Mapping[str, str]:
        """What is kept; of a new sheet what is known already."""
        if self.is_new and self.may_fill:
            return self.offered.answers
        kept: Mapping[str, str] = self.sheet.answers
        return kept

    @cached_property
    def form(self) -> SheetForm:
        if self.sent is not None:
            return self.sent
        initial = {"version": self.sheet.version}
        return SheetForm(questions=self.questions, answers=self.answers, initial=initial)

    @property
    def version(self) -> str:
        """The version that the form was shown with."""
        return str(self.form["version"].value() or "")

    @property
    def errors(self) -> list[tuple[str, list[str]]]:
        """What is wrong with each answer, also where nothing is."""
        found = self.form.errors
        codes = [one.code for one in self.questions]
        return [(code, [str(text) for text in found.get(PREFIX + code, [])]) for code in codes]

    @property
    def left(self) -> list[Question]:
        """Obligatory questions without an answer."""
        return missing(self.questions, self.answers)

    @cached_property
    def rows(self) -> list[Row]:
        card, last = self.offered.from_card, self.offered.last
        return [
            Row(
                question=one,
                answer=one.shown(self.answers.get(one.code, "")),
                card=one.shown(card.get(one.code, "")),
                last=one.shown(last.get(one.code, "")),
                bound=self.form.bound(one) if self.may_fill else None,
            )
            for one in self.questions
        ]

    @property
    def found(self) -> Completeness:
        """How far it is; of a new sheet counting what is known already."""
        if not self.sheet.is_open:
            return Completeness(self.sheet.required_count, self.sheet.filled_count)
        return completeness(self.questions, self.answers)

    @cached_property
    def may_fill(self) -> bool:
        return permissions.can_fill_sheet(self.user, self.sheet)

    @cached_property
    def may_decide(self) -> bool:
        return permissions.can_decide_sheet(self.user, self.sheet)

    @property
    def may_return(self) -> bool:
        return self.may_decide and self.sheet.campaign.state == "running"

    @property
    def closed_early(self) -> bool:
        """Nobody fills it in any more."""
        return self.sheet.is_open and self.sheet.campaign.state == "closed"

    @property
    def is_overdue(self) -> bool:
        return self.sheet.is_open and self.sheet.deadline < self.today

    @property
    def differs(self) -> bool:
        """The category by potential is another one than the client has."""
        proposed = self.sheet.proposed_category
        return proposed is not None and proposed != self.sheet.client.category

    @cached_property
    def category_url(self) -> str:
        """Where the person asks for the category, once the sheet is approved; or nothing."""
        sheet, client = self.sheet, self.sheet.client
        if sheet.state != SheetState.APPROVED or not self.differs:
            return ""
        if permissions.can_request_category_change(self.user, client):
            address = reverse("clients:category_request", args=[client.pk])
            return f"{address}?to={sheet.proposed_category}"
        if permissions.can_propose_category(self.user, client):
            return reverse("clients:category_propose", args=[client.pk])
        return ""

    @cached_property
    def next_sheet(self) -> RegistrationSheet | None:
        """The next one that waits for this person: to be filled in, or to be checked."""
        rows = RegistrationSheet.objects.visible_to(self.user).counted().exclude(pk=self.sheet.pk)
        rows = rows.filter(campaign=self.sheet.campaign_id)
        managers = {self.user.pk, *scope_of(self.user).substituted_ids}
        if self.sheet.manager_id in managers:
            rows = rows.of_running().open().filter(manager__in=managers)
        elif permissions.can_decide_sheets(self.user):
            rows = rows.waiting()
        else:
            return None
        found: RegistrationSheet | None = rows.order_by("deadline", "pk").first()
        return found


@dataclass(frozen=True)
class SheetsOfClient:
    """The sheets of all years, the newest first."""

    client: Client
    user: User

    @cached_property
    def sheets(self) -> list[RegistrationSheet]:
        rows = RegistrationSheet.objects.visible_to(self.user).filter(client=self.client)
        return list(rows.for_page().order_by("-campaign__year", "-pk")[:SHOWN_SHEETS])

    @property
    def lines(self) -> list[tuple[RegistrationSheet, str, str]]:
        """Each with its state and day in words."""
        return [(one, state_chip(one), due_cell(one)) for one in self.sheets]

    @property
    def newest(self) -> RegistrationSheet | None:
        return self.sheets[0] if self.sheets else None

    @property
    def may_fill(self) -> bool:
        return self.newest is not None and permissions.can_fill_sheet(self.user, self.newest)
