"""The way of a claim from the draft to the court, as marks above its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.models import Lawsuit, OutgoingClaim, OutgoingState


@dataclass(frozen=True)
class WayStep:
    """A step; `until` is the last day of one that is awaited."""

    label: str
    state: str  # as the marks of approvals: approved, waiting, returned, queued
    on: date | None = None
    until: date | None = None


def steps_of(claim: OutgoingClaim, lawsuit: Lawsuit | None) -> list[WayStep]:
    """Drawn up, handed to the lawyer, sent, answered, settled or in court."""
    drawn = timezone.localtime(claim.created_at).date()
    handed = claim.initiated_at
    rows = [
        WayStep(pgettext("outgoing claim", "Drawn up"), "approved", on=drawn),
        WayStep(
            _("Handed to the lawyer"),
            "approved" if handed else "waiting",
            on=timezone.localtime(handed).date() if handed else None,
        ),
        WayStep(
            pgettext("outgoing claim", "Sent"),
            "approved" if claim.sent_on else "waiting" if handed else "queued",
            on=claim.sent_on,
        ),
        _answer(claim),
        _court(lawsuit) if lawsuit else _settled(claim),
    ]
    if claim.state != OutgoingState.CANCELLED:
        return rows
    return [row for row in rows if row.state == "approved"] + [
        WayStep(pgettext("outgoing claim", "Cancelled"), "returned", on=claim.ended_on)
    ]


def _answer(claim: OutgoingClaim) -> WayStep:
    if claim.answered_on:
        return WayStep(_("Answered"), "approved", on=claim.answered_on)
    if claim.state == OutgoingState.SENT:
        return WayStep(_("Answer of the client"), "waiting", until=claim.response_due)
    if claim.sent_on and claim.state != OutgoingState.SATISFIED:
        return WayStep(_("No answer on time"), "returned", on=claim.response_due)
    return WayStep(_("Answer of the client"), "queued")


def _settled(claim: OutgoingClaim) -> WayStep:
    if claim.state in {OutgoingState.SATISFIED, OutgoingState.CLOSED}:
        return WayStep(claim.get_state_display(), "approved", on=claim.ended_on)
    waits = claim.state in {OutgoingState.ANSWERED, OutgoingState.TERM_EXPIRED}
    return WayStep(_("Payment or lawsuit"), "waiting" if waits else "queued")


def _court(lawsuit: Lawsuit) -> WayStep:
    ended = lawsuit.state == "closed"
    on = lawsuit.closed_on or lawsuit.decided_on or lawsuit.filed_on or lawsuit.prepared_on
    label = _("Lawsuit: %(state)s") % {"state": lawsuit.get_state_display()}
    return WayStep(label, "approved" if ended else "waiting", on=on)
