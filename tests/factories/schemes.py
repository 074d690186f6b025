"""Relationship schemes in any state, written past the actions, and one written by them.

kept = schemes.scheme(client, manager, state="active", discount_pct=D("8"))
"""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from deals.actions.schemes import SchemeValues, draft_scheme
from deals.models import RelationshipScheme

APPROVED = ("approved", "active", "expired", "terminated")


def values(today, **more):
    """Half a year from today on: 6 % and a day sooner for 400,000 a month."""
    more = {"valid_from": today, "valid_to": today + timedelta(days=180)} | more
    more = {"goals": "Вывести новую линейку", "discount_pct": Decimal(6)} | more
    return SchemeValues(**{"turnover_goal": Decimal(400_000), "accelerated_days": 1} | more)


def draft(client, by, today, **more):
    """A draft of the product's own action."""
    return draft_scheme(client.pk, by=by, values=values(today, **more), today=today)


def scheme(client, author, *, state="draft", approver=None, today=None, **more):
    """A row without an approval."""
    signer = approver or author
    if state in APPROVED:
        more = {"approved_by": signer, "approved_at": timezone.now()} | more
    if state == "terminated":
        more = {"ended_on": timezone.localdate(), "ended_by": signer, "end_reason": "Долги"} | more
    own = {key: more.pop(key) for key in list(more) if key in SchemeValues.__dataclass_fields__}
    said = values(today or timezone.localdate(), **own)
    return RelationshipScheme.objects.create(
        client=client, author=author, state=state, **vars(said), **more
    )
