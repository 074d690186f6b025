"""What the card shows of a client's terms beyond the policy, and who decides how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from clients.categorising.discount_limits import DISCOUNT
from clients.models import Client
from crm.accounts.models import User
from crm.approvals.limits import ladder
from crm.approvals.models import LimitLevel
from crm.money import format_percent
from deals import permissions
from deals.actions.terms_requests import ladder_category
from deals.conditions.signature_limits import DEFERRAL
from deals.models import PriceChangeNotice, PromoCampaign, TermsKind, TermsRequest
from deals.promos.promo_terms import running_for

SHOWN = 20


@dataclass(frozen=True)
class TermsRow:
    """A request with what the person may do with it."""

    request: TermsRequest
    may_correct: bool
    may_withdraw: bool


@dataclass(frozen=True)
class TermsPage:
    """Terms of one visible client."""

    client: Client
    user: User
    today: date

    @property
    def rows(self) -> list[TermsRow]:
        """What holds today or later, and what is not decided yet; the latest first."""
        found = TermsRequest.objects.filter(client=self.client)
        ahead = found.filter(state="approved", valid_to__gte=self.today)
        rows = (ahead | found.open()).for_list().order_by("-pk")[:SHOWN]
        return [self._row(request) for request in rows]

    @property
    def new_prices(self) -> list[PriceChangeNotice]:
        """Notices of prices that come in force after today."""
        rows = PriceChangeNotice.objects.filter(
            client=self.client, change__effective_from__gt=self.today
        )
        return list(rows.select_related("change").order_by("change__effective_from"))

    @property
    def promos(self) -> list[PromoCampaign]:
        """Promos of today in which the client takes part."""
        return running_for(self.client, self.today)

    def _row(self, request: TermsRequest) -> TermsRow:
        return TermsRow(
            request,
            permissions.can_correct_terms(self.user, request),
            permissions.can_withdraw_terms(self.user, request),
        )

    @property
    def kinds_to_ask(self) -> list[TermsKind]:
        """What the person may ask for: of a kind there is one open request."""
        if not permissions.can_ask_terms(self.user, self.client):
            return []
        on_way = TermsRequest.objects.filter(client=self.client).open()
        busy = set(on_way.values_list("kind", flat=True))
        return [kind for kind in TermsKind if kind.value not in busy]


@dataclass(frozen=True)
class SignerLine:
    """Up to how much a role decides; an empty text is without limit."""

    role: str
    up_to: str


def signers_of(client: Client, kind: str) -> list[SignerLine]:
    """Who decides about how much for the client, the smallest first."""
    matrix = DISCOUNT if kind == TermsKind.DISCOUNT else DEFERRAL
    levels = list(LimitLevel.objects.filter(route__kind=matrix, route__active=True))
    lines: list[SignerLine] = []
    reached: Decimal | int = -1
    for level in ladder(levels, ladder_category(client)):
        limit = level.max_percent if kind == TermsKind.DISCOUNT else level.max_days
        if limit is None:
            lines.append(SignerLine(level.get_role_display(), ""))
            break
        if limit > max(reached, 0):
            lines.append(SignerLine(level.get_role_display(), _shown(kind, limit)))
            reached = limit
    return lines


def _shown(kind: str, limit: Decimal | int) -> str:
    if kind == TermsKind.DISCOUNT:
        return format_percent(limit)
    return _("%(days)s d.") % {"days": limit}
