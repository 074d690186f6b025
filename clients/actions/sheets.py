"""Writes of registration sheets: filling in, handing in, approving, returning (C.5 no. 3, REG-1).

Every write names the version that was shown: what the head approves is what the head has read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import permissions
from clients.actions.locks import absent_owner
from clients.categorising.category_terms import category_by_potential
from clients.heads import chains_of_units
from clients.models import SHEET_MOVES, RegistrationSheet, SheetState
from clients.sheets.sheet_questions import (
    Question,
    completeness,
    missing,
    potential_in,
    questions_of,
)
from crm.accounts.models import User
from crm.errors import AlreadyDecided, RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify, notify_many
from crm.states import move
from crm.work.registry import setting

ENDED = gettext_lazy("The sheet is already in the state “%(state)s”.")


class Incomplete(RuleViolation):
    """Obligatory questions have no answer; `codes` name them."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.codes = [one.code for one in questions]
        named = "; ".join(f"«{one}»" for one in questions[:5])
        more = len(questions) - 5
        tail = _(" and %(n)s more") % {"n": more} if more > 0 else ""
        super().__init__(
            _("Answer the required questions first: %(named)s%(tail)s.")
            % {"named": named, "tail": tail}
        )


@transaction.atomic
def save_sheet(
    sheet_id: int, answers: Mapping[str, str], *, by: User, version: int
) -> RegistrationSheet:
    """Keep the answers as far as they are given; the draft of a sheet may be incomplete."""
    sheet = _to_fill(sheet_id, by, version)
    with verb("sheet.filled", by=by, on_behalf_of=absent_owner(sheet.client, by)):
        _keep(sheet, answers)
    return sheet


@transaction.atomic
def submit_sheet(
    sheet_id: int, answers: Mapping[str, str], *, by: User, version: int, now: datetime
) -> RegistrationSheet:
    """Keep the answers and hand the sheet in; raises Incomplete below 100 %, keeping nothing."""
    sheet = _to_fill(sheet_id, by, version)
    questions = questions_of(sheet.campaign.questions, sheet.client.category)
    if left := missing(questions, answers):
        raise Incomplete(left)
    with verb("sheet.submitted", by=by, on_behalf_of=absent_owner(sheet.client, by)):
        _keep(sheet, answers)
        move(
            sheet,
            SHEET_MOVES,
            SheetState.SUBMITTED,
            ENDED,
            first_submitted_on=sheet.first_submitted_on or timezone.localtime(now).date(),
            submitted_at=now,
            submitted_by=by,
            decided_by=None,
            decided_at=None,
        )
    _tell_heads(sheet, timezone.localtime(now).date())
    return sheet


@transaction.atomic
def approve_sheet(sheet_id: int, *, by: User, version: int, now: datetime) -> RegistrationSheet:
    """The head has checked the very version that was shown; what it says does not change again.

    Raises AlreadyDecided where another head was faster, StaleVersion where the answers changed.
    """
    sheet = _to_decide(sheet_id, by, version)
    with verb("sheet.approved", by=by, on_behalf_of=_absent(by, sheet)):
        move(sheet, SHEET_MOVES, SheetState.APPROVED, ENDED, decided_by=by, decided_at=now)
    proposed = sheet.proposed_category
    if proposed and proposed != sheet.client.category:
        _tell_outcome(sheet, "sheet.category", to=proposed)
    else:
        _tell_outcome(sheet, "sheet.approved")
    return sheet


@transaction.atomic
def return_sheet(
    sheet_id: int, *, by: User, version: int, reason: str, now: datetime
) -> RegistrationSheet:
    """Give it back to be mended, with words; not once the campaign is closed."""
    sheet = _to_decide(sheet_id, by, version)
    if not reason.strip():
        raise RuleViolation(_("Say what is to be corrected."), field="reason")
    if sheet.campaign.state != "running":
        raise RuleViolation(_("The campaign is closed: nobody can correct the sheet any more."))
    words = reason.strip()[:500]
    with verb("sheet.returned", by=by, on_behalf_of=_absent(by, sheet)):
        returned = SheetState.RETURNED
        facts = {"decided_by": by, "decided_at": now, "return_reason": words}
        move(sheet, SHEET_MOVES, returned, ENDED, **facts)
    _tell_outcome(sheet, "sheet.returned", reason=words)
    return sheet


@dataclass(frozen=True)
class Answer:
    """What became of one of many sheets; `refusal` says why it was not approved."""

    sheet_id: int
    client: str
    refusal: str = ""


def approve_sheets(seen: Sequence[tuple[int, int]], *, by: User, now: datetime) -> list[Answer]:
    """Approve each sheet in the version that was seen; those refused are named, others are done."""
    most = setting("registration.most")
    if not seen:
        raise RuleViolation(_("Choose the sheets first."))
    if len(seen) > most:
        raise RuleViolation(_("At most %(most)s at once: narrow the list.") % {"most": most})
    visible = RegistrationSheet.objects.visible_to(by).filter(pk__in=[pk for pk, _seen in seen])
    names = dict(visible.values_list("pk", "client__name"))
    return [
        _approve_one(pk, version, names[pk], by=by, now=now)
        for pk, version in sorted(seen)
        if pk in names
    ]


def _approve_one(pk: int, version: int, name: str, *, by: User, now: datetime) -> Answer:
    try:
        approve_sheet(pk, by=by, version=version, now=now)
    except RuleViolation as refusal:
        return Answer(pk, name, str(refusal))
    except PermissionDenied as refusal:
        return Answer(pk, name, str(refusal) or _("You may not decide about this sheet."))
    return Answer(pk, name)


def _keep(sheet: RegistrationSheet, answers: Mapping[str, str]) -> None:
    """Write the answers with what follows from them; a new version."""
    questions = questions_of(sheet.campaign.questions, sheet.client.category)
    kept = {one.code: answers[one.code].strip() for one in questions if answers.get(one.code)}
    kept = {code: answer for code, answer in kept.items() if answer}
    found, potential = completeness(questions, kept), potential_in(questions, kept)
    sheet.answers = kept
    sheet.required_count, sheet.filled_count = found.required, found.filled
    sheet.completeness_pct = found.percent
    sheet.proposed_category = None if potential is None else category_by_potential(potential)
    if sheet.state == SheetState.NOT_STARTED:
        sheet.state = SheetState.IN_PROGRESS
    sheet.version += 1
    sheet.save(
        update_fields=[
            *("answers", "required_count", "filled_count", "completeness_pct"),
            *("proposed_category", "state", "version", "updated_at"),
        ]
    )


def _to_fill(sheet_id: int, by: User, version: int) -> RegistrationSheet:
    sheet = _locked(sheet_id, by)
    if sheet.version != version:
        raise StaleVersion(of=sheet)
    if not permissions.can_fill_sheet(by, sheet):
        raise PermissionDenied(why_not_filled(sheet))
    return sheet


def why_not_filled(sheet: RegistrationSheet) -> str:
    """Why nobody may fill the sheet in, if so."""
    if sheet.campaign.state != "running":
        return _("The campaign is closed.")
    if not sheet.is_open:
        return str(ENDED) % {"state": sheet.get_state_display()}
    return ""


def _to_decide(sheet_id: int, by: User, version: int) -> RegistrationSheet:
    sheet = _locked(sheet_id, by)
    waits = sheet.state == SheetState.SUBMITTED
    if waits and not permissions.can_decide_sheet(by, sheet):
        raise PermissionDenied(_("Whoever filled a sheet in does not check it: another head does."))
    if sheet.version != version:
        is_decided = sheet.state in {SheetState.APPROVED, SheetState.RETURNED}
        raise AlreadyDecided(_decided(sheet)) if is_decided else StaleVersion
    if not waits:
        raise RuleViolation(str(ENDED) % {"state": sheet.get_state_display()})
    return sheet


def _decided(sheet: RegistrationSheet) -> str:
    who, at = sheet.decided_by, sheet.decided_at
    assert who is not None
    assert at is not None
    facts: dict[str, Any] = {"state": sheet.get_state_display(), "who": who.short_name}
    facts["at"] = f"{timezone.localtime(at):%d.%m.%Y %H:%M}"
    return _("Meanwhile: %(state)s, by %(who)s on %(at)s.") % facts


def _absent(by: User, sheet: RegistrationSheet) -> User | None:
    return absent_owner(sheet.client, by)


def _tell_heads(sheet: RegistrationSheet, today: date) -> None:
    """The nearest head who may decide, once a day for all sheets of a campaign."""
    unit = sheet.client.org_unit_id
    own = {sheet.manager_id, sheet.submitted_by_id}
    chain = [pk for pk in chains_of_units().get(unit or 0, []) if pk not in own]
    query = f"campaign={sheet.campaign_id}&state={SheetState.SUBMITTED}"
    notify_many(
        chain[:1],
        kind="sheet.submitted",
        params={"year": sheet.campaign.year},
        url=f"{reverse('clients:sheet_list')}?{query}",
        dedupe_key=f"sheet.submitted:{sheet.campaign_id}:{today}",
    )


def _tell_outcome(sheet: RegistrationSheet, kind: str, **more: str) -> None:
    """Whoever fills it in."""
    params = {"client": sheet.client.name, "year": sheet.campaign.year, **more}
    url, key = sheet.get_absolute_url(), f"{kind}:{sheet.pk}:{sheet.version}"
    email = kind != "sheet.approved"
    notify(sheet.manager_id, kind=kind, params=params, url=url, dedupe_key=key, email=email)


def _locked(sheet_id: int, by: User) -> RegistrationSheet:
    rows = RegistrationSheet.objects.visible_to(by).select_for_update(of=("self",))
    sheet: RegistrationSheet = rows.for_page().get(pk=sheet_id)
    return sheet
