"""Writes of recommendations to clients: given, answered, put into practice (CL-18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import permissions
from clients.actions.locks import absent_owner, lock_for_edit
from clients.models import ADVICE_MOVES, AdviceState, ClientRecommendation
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.numbering import one_at_a_time
from crm.states import move

NOT_THAT = gettext_lazy("This is no longer possible: the recommendation is “%(state)s”.")


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What a client is advised."""

    topic: str
    text: str
    given_on: date
    group: str = ""


def give_advice(
    client_id: int, values: Advice, *, by: User, key: UUID, today: date
) -> ClientRecommendation:
    """Write down what the client was advised, once per `key`."""
    with transaction.atomic():
        one_at_a_time(key)
        known = ClientRecommendation.objects.filter(idempotency_key=key, author=by).first()
        if known is not None:
            return known  # type: ignore[no-any-return]
        client = lock_for_edit(client_id, by=by)
        advice = ClientRecommendation(client=client, author=by, idempotency_key=key)
        _put(advice, values, today)
        with verb("advice.given", by=by, on_behalf_of=absent_owner(client, by)):
            advice.save(force_insert=True)
        return advice


@transaction.atomic
def edit_advice(
    advice_id: int, values: Advice, *, by: User, version: int, today: date
) -> ClientRecommendation:
    """Other words, until the client has answered."""
    advice = _locked(advice_id, by, version)
    if not permissions.can_edit_recommendation(by, advice):
        raise PermissionDenied
    _put(advice, values, today)
    advice.version += 1
    with verb("advice.changed", by=by, on_behalf_of=absent_owner(advice.client, by)):
        advice.save(update_fields=[*COLUMNS, "version"])
    return advice


def accept_advice(advice_id: int, *, by: User, version: int, today: date) -> ClientRecommendation:
    """The client will do it."""
    return _move(advice_id, AdviceState.ACCEPTED, by=by, version=version, answered_on=today)


def refuse_advice(
    advice_id: int, *, by: User, version: int, today: date, reason: str
) -> ClientRecommendation:
    """The client will not, and why."""
    changes = {"answered_on": today, "refusal_reason": reason}
    return _move(advice_id, AdviceState.REFUSED, by=by, version=version, **changes)


def finish_advice(
    advice_id: int, *, by: User, version: int, done_on: date, effect: str, today: date
) -> ClientRecommendation:
    """The client has done it, and what it brought."""
    if done_on > today:
        raise RuleViolation(_("This day lies ahead."), field="done_on")
    changes = {"done_on": done_on, "effect": effect}
    return _move(advice_id, AdviceState.DONE, by=by, version=version, **changes)


@transaction.atomic
def _move(
    advice_id: int, state: AdviceState, *, by: User, version: int, **changes: Any
) -> ClientRecommendation:
    advice = _locked(advice_id, by, version)
    if not permissions.can_recommend(by, advice.client):
        raise PermissionDenied
    done_on = changes.get("done_on")
    if done_on is not None and done_on < advice.given_on:
        raise RuleViolation(_("It was given after this day."), field="done_on")
    with verb(f"advice.{state}", by=by, on_behalf_of=absent_owner(advice.client, by)):
        move(advice, ADVICE_MOVES, state, NOT_THAT, **changes)
    return advice


COLUMNS = ("topic", "group", "text", "given_on")


def _put(advice: ClientRecommendation, values: Advice, today: date) -> None:
    if values.given_on > today:
        raise RuleViolation(_("This day lies ahead."), field="given_on")
    for name in COLUMNS:
        setattr(advice, name, getattr(values, name))


def _locked(advice_id: int, by: User, version: int) -> ClientRecommendation:
    """Under a lock, the client locked before it."""
    visible = ClientRecommendation.objects.visible_to(by)
    client = lock_for_edit(visible.only("client_id").get(pk=advice_id).client_id, by=by)
    advice: ClientRecommendation = visible.select_for_update(of=("self",)).get(pk=advice_id)
    advice.client = client
    if advice.version != version:
        raise StaleVersion(of=advice)
    return advice
