"""Terms of claims that come and go by, and what was paid meanwhile (C.6, daily)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from claims.actions.outgoing import end
from claims.models import OUTGOING_MOVES, WAITING, OutgoingClaim, OutgoingState
from claims.outgoing.remaining import Remaining
from crm.accounts.models import Role, User
from crm.history import verb
from crm.notices.actions import notify_many
from crm.states import move
from crm.work.registry import setting

PAID = gettext_noop("Paid in full")


def turn_terms(*, today: date, tells: bool = True) -> int:
    """Turn claims that were paid or not answered in time, tell of terms that come.

    Each is told once for each step to the lawyer and the manager; twice a day changes nothing.
    Returns how many claims were turned or told of.
    """
    soon = today + timedelta(days=setting("outgoing.soon_days"))
    ids = OutgoingClaim.objects.with_client().filter(response_due__isnull=False)
    done = 0
    for pk in ids.order_by("pk").values_list("pk", flat=True):
        done += _turn(pk, today, soon, tells=tells)
    return done


@transaction.atomic
def _turn(pk: int, today: date, soon: date, *, tells: bool) -> int:
    """One claim under its lock."""
    rows = OutgoingClaim.objects.select_for_update(of=("self",))
    claim = rows.select_related("client").get(pk=pk)
    if claim.state not in WAITING or claim.response_due is None:
        return 0
    left = Remaining.of(claim)
    if left.total <= 0:
        with verb("outgoing.satisfied", by=None):
            end(claim, OutgoingState.SATISFIED, PAID, today)
        return 1
    turned = 0
    if claim.state == OutgoingState.SENT and claim.response_due < today:
        with verb("outgoing.term_expired", by=None):
            move(claim, OUTGOING_MOVES, OutgoingState.TERM_EXPIRED)
        turned = 1
    step = _step(claim, left, today, soon)
    told = _tell(claim, step) if tells and step else 0
    return min(1, turned + told)


def _step(claim: OutgoingClaim, left: Remaining, today: date, soon: date) -> str:
    """What there is to be told."""
    assert claim.response_due is not None
    if left.principal <= 0:
        return "outgoing.paid"
    if claim.state == OutgoingState.TERM_EXPIRED:
        return "outgoing.term_over"
    is_soon = claim.state == OutgoingState.SENT and today <= claim.response_due <= soon
    return "outgoing.term_soon" if is_soon else ""


def _tell(claim: OutgoingClaim, kind: str) -> int:
    people = set(lawyers_of(claim))
    if claim.client.manager_id and kind != "outgoing.paid":
        people.add(claim.client.manager_id)
    new = notify_many(
        sorted(people),
        kind=kind,
        params={
            "number": claim.number,
            "client": claim.client.name,
            "day": f"{claim.response_due:%d.%m.%Y}",
        },
        url=claim.get_absolute_url(),
        dedupe_key=f"{kind}:{claim.pk}",
    )
    return min(1, new)


def lawyers_of(claim: OutgoingClaim) -> list[int]:
    """Who sent it, while he works here; else all lawyers."""
    working = User.objects.working().filter(role=Role.LAWYER)
    ids = list(working.values_list("pk", flat=True))
    return [claim.lawyer_id] if claim.lawyer_id and claim.lawyer_id in ids else ids
