"""What the page of the pricing policy shows: a version, the others, and what carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Q

from clients.categorising.discount_limits import DISCOUNT
from crm.accounts.models import User
from crm.approvals.limit_kinds import LimitKind, limit_kind
from crm.approvals.permissions import can_see_routes
from deals import permissions
from deals.conditions.signature_limits import DEFERRAL, PRICE_DEVIATION, SCHEME
from deals.lists.producers import NEAR
from deals.models import PriceList, PricingPolicy, ProducerPriceAgreement

SHOWN_VERSIONS = 50
# Matrices of limits that carry out what the policy says of prices.
MATRICES = (PRICE_DEVIATION, DISCOUNT, DEFERRAL, SCHEME)


@dataclass(frozen=True)
class Piece:
    """Lines that both versions have, or only one of them: «same», «added», «gone»."""

    kind: str
    lines: list[str]


def compare(old: str, new: str) -> list[Piece]:
    """The new text by lines, with what was added to the old one and what is gone of it."""
    before, after = old.splitlines(), new.splitlines()
    found: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", after[k:m]))
            continue
        found += [Piece("gone", before[i:j])] if j > i else []
        found += [Piece("added", after[k:m])] if m > k else []
    return found


@dataclass(frozen=True)
class PolicyPage:
    """The policy for one person: the version asked for, or the one in force."""

    user: User
    today: date
    shown: PricingPolicy | None
    compared: bool = False

    @cached_property
    def in_force(self) -> PricingPolicy | None:
        found: PricingPolicy | None = PricingPolicy.objects.in_force(self.today)
        return found

    @property
    def is_in_force(self) -> bool:
        return self.shown is not None and self.shown == self.in_force

    @cached_property
    def versions(self) -> list[PricingPolicy]:
        """Published ones, the last one first."""
        rows = PricingPolicy.objects.visible_to(self.user).published().defer("text")
        return list(rows.select_related("approved_by")[:SHOWN_VERSIONS])

    @cached_property
    def draft(self) -> PricingPolicy | None:
        """What is being written, for those who write it."""
        found: PricingPolicy | None = PricingPolicy.objects.visible_to(self.user).drafts().first()
        return found

    @cached_property
    def before(self) -> PricingPolicy | None:
        """The version that stands before the shown one."""
        if self.shown is None:
            return None
        rows = PricingPolicy.objects.published().exclude(pk=self.shown.pk)
        found: PricingPolicy | None = rows.filter(valid_from__lte=self.shown.valid_from).first()
        return found

    @cached_property
    def pieces(self) -> list[Piece]:
        """The shown version beside the one before it."""
        if self.shown is None or self.before is None:
            return []
        return compare(self.before.text, self.shown.text)

    # What carries it out

    @cached_property
    def price_lists(self) -> list[Any]:
        """Lists in force today, with how many lowest prices stand below the price."""
        if not permissions.can_see_prices(self.user):
            return []
        rows = PriceList.objects.visible_to(self.user).on(self.today)
        lower = Count("lines", filter=Q(lines__min_price__lt=F("lines__price")))
        return list(rows.annotate(prices=Count("lines"), lower=lower).order_by("kind"))

    @cached_property
    def matrices(self) -> list[LimitKind]:
        """Who decides about deviations."""
        return [limit_kind(kind) for kind in MATRICES] if can_see_routes(self.user) else []

    @cached_property
    def agreements(self) -> dict[str, int]:
        """Agreements with producers: in force, and ending within a month."""
        rows = ProducerPriceAgreement.objects.visible_to(self.user)
        ending = rows.ending(self.today, self.today + timedelta(days=NEAR))
        return {"in_force": rows.on(self.today).count(), "ending": ending.count()}

    # What the person may do

    @property
    def may_write(self) -> bool:
        return permissions.can_edit_prices(self.user)

    @property
    def may_publish(self) -> bool:
        """The shown one is the draft, and the person decides about prices."""
        is_draft = self.shown is not None and self.shown.state == "draft"
        return is_draft and permissions.can_approve_prices(self.user)
