"""Scoring of leads and clients (CL-06, LEAD-1), and the reminder to do it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import permissions
from clients.actions.leads import absent, end, lock_lead, note
from clients.actions.locks import absent_owner, lock_for_edit
from clients.models import (
    LEAD_MOVES,
    Client,
    Lead,
    LeadState,
    ReliabilityScore,
    StopFactor,
)
from clients.reliability import FACTORS, scored, valid_until
from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.notices.actions import Told, notify_each
from crm.said import said
from crm.states import move

RECHECK = "reliability.recheck"


@dataclass(frozen=True)
class Found:
    """What was found out: an answer to each factor, a stop factor, where it is known from."""

    answers: Mapping[str, str]
    stop_factor: str = ""
    note: str = ""


@transaction.atomic
def score_lead(
    lead_id: int, found: Found, *, by: User, version: int, today: date
) -> ReliabilityScore:
    """Score a lead: a new one is qualified by it, a stop factor rejects it for good."""
    lead = lock_lead(lead_id, by=by, version=version)
    with verb("lead.scored", by=by, on_behalf_of=absent(lead, by)):
        made = _score(found, by=by, today=today, lead=lead)
        if made.stop_factor:
            why = said(lambda: str(StopFactor(made.stop_factor).label))
            end(lead, LeadState.REJECTED, reason=why, today=today)
        elif lead.state == LeadState.NEW:
            move(lead, LEAD_MOVES, LeadState.QUALIFIED)
        if made.stop_factor or lead.state == LeadState.QUALIFIED:
            note(lead, found.note, by=by, today=today, state=lead.state)
    return made


@transaction.atomic
def score_client(client_id: int, found: Found, *, by: User, today: date) -> ReliabilityScore:
    """Score a client anew; terms stay what they are until they are asked for."""
    client = lock_for_edit(client_id, by=by)
    if not permissions.can_score_client(by, client):
        raise PermissionDenied
    with verb("client.scored", by=by, on_behalf_of=absent_owner(client, by)):
        return _score(found, by=by, today=today, client=client)


@transaction.atomic
def remind_of_rechecks(*, today: date) -> int:
    """Tell owners of scores past their last day, once for each lead or client and month."""
    rows = ReliabilityScore.objects.past(today).for_list()
    told = []
    for score in rows.iterator(chunk_size=2000):
        subject: Any = score.subject
        if subject.manager_id is None or not subject.manager.is_active:
            continue
        whose = f"client:{score.client_id}" if score.client_id else f"lead:{score.lead_id}"
        params = {"name": subject.name, "day": f"{score.valid_to:%d.%m.%Y}"}
        key = f"{RECHECK}:{whose}:{today:%Y-%m}"
        told.append(Told(subject.manager_id, RECHECK, params, subject.get_absolute_url(), key))
    return notify_each(told)


def _score(
    found: Found,
    *,
    by: User,
    today: date,
    lead: Lead | None = None,
    client: Client | None = None,
) -> ReliabilityScore:
    """Count and store; what was in force of the locked subject is replaced."""
    for factor in FACTORS:
        if found.answers.get(factor.key) not in {one.key for one in factor.answers}:
            raise RuleViolation(_("Choose an answer."), field=factor.key)
    if found.stop_factor and found.stop_factor not in StopFactor.values:
        raise RuleViolation(_("There is no such stop factor."), field="stop_factor")
    result = scored(found.answers, stop_factor=found.stop_factor)
    before = ReliabilityScore.objects.current().select_for_update()
    for old in before.filter(client=client) if client else before.filter(lead=lead):
        old.replaced_at = timezone.now()
        old.version += 1
        old.save(update_fields=["replaced_at", "version"])
    made: ReliabilityScore = ReliabilityScore.objects.create(
        lead=lead,
        client=client,
        factors={
            key: {"answer": found.answers[key], "points": points}
            for key, points in result.points.items()
        },
        score=result.score,
        grade=result.grade,
        stop_factor=found.stop_factor,
        deferral_days=result.deferral_days,
        note=found.note,
        scored_on=today,
        valid_to=valid_until(today),
        author=by,
    )
    return made
