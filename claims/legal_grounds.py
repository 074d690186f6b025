"""What claims mean for data of people at the client (D.13)."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from claims.models import Claim, ClaimState, OutgoingClaim, OutgoingState
from clients.legal_grounds import register_ground

OVER = (ClaimState.CLOSED, ClaimState.WITHDRAWN)
SETTLED = (OutgoingState.CLOSED, OutgoingState.CANCELLED)


def open_claims(clients: Collection[int]) -> dict[int, str]:
    """A claim of the client is not closed."""
    rows = Claim.objects.filter(client__in=clients).exclude(state__in=OVER)
    return dict.fromkeys(rows.values_list("client", flat=True), _("a claim is not closed"))


def claims_against(clients: Collection[int]) -> dict[int, str]:
    """A claim against the client or a lawsuit is not closed."""
    rows = OutgoingClaim.objects.filter(client__in=clients).exclude(state__in=SETTLED)
    text = _("a claim against the client is not closed")
    return dict.fromkeys(rows.values_list("client", flat=True), text)


def register_claim_grounds() -> None:
    """Called once when the app is ready."""
    register_ground(open_claims)
    register_ground(claims_against)
