"""Proposals, written and moved by the product's own actions.

offer = proposals.draft(client, {tea: ("10", "5")}, by=manager)     # ten, at 5 % off the list
"""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from deals.actions.proposal_moves import send_proposal
from deals.actions.proposals import ProposalHead, create_proposal
from deals.ordering.order_goods import Goods


def goods(lines):
    """Lines by product, each a quantity and a discount; prices are those of the list."""
    return [
        Goods(product, Decimal(qty), None, Decimal(discount))
        for product, (qty, discount) in lines.items()
    ]


def draft(client, lines, *, by, **head):
    """A draft of today that holds for two weeks."""
    today = timezone.localdate()
    head.setdefault("valid_to", today + timedelta(days=14))
    return create_proposal(
        by=by, head=ProposalHead(client, **head), goods=goods(lines), key=uuid4(), today=today
    )


def sent(client, lines, *, by, **head):
    """Sent today by e-mail."""
    today, made = timezone.localdate(), draft(client, lines, by=by, **head)
    return send_proposal(
        made.pk, by=by, version=made.version, channel="email", on=today, today=today
    )
