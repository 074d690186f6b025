"""What the page of a relationship scheme shows; every part is read when it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import Client
from crm.accounts.models import User
from crm.approvals.limits import ladder
from crm.approvals.models import LimitLevel
from crm.approvals.way import WayOfApproval
from crm.calendar import month_start
from crm.money import format_percent, percent
from deals import permissions
from deals.actions import schemes as actions
from deals.actions.terms_requests import ladder_category
from deals.conditions.signature_limits import SCHEME
from deals.models import RelationshipScheme, SchemeState, Shipment
from deals.pages.terms import SignerLine

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class MonthOfScheme:
    """Net shipments of a whole month against the goal, roubles with VAT."""

    first: date
    goal: Decimal | None
    fact: Decimal
    # It lies inside the scheme and is over: only then is it judged.
    is_whole: bool

    @property
    def last(self) -> date:
        """The last day of the month."""
        return month_start(self.first, 1) - timedelta(days=1)

    @property
    def percent(self) -> Decimal | None:
        """None without a goal."""
        return percent(self.fact, self.goal or NOTHING)

    @property
    def is_missed(self) -> bool:
        """Over, and below the goal."""
        return self.goal is not None and self.is_whole and self.fact < self.goal


def months_of_scheme(scheme: RelationshipScheme, today: date) -> list[MonthOfScheme]:
    """Months of the scheme that have begun, the oldest first; a month counts wholly: one query."""
    first = scheme.valid_from.replace(day=1)
    last = min(scheme.ended_on or scheme.valid_to, today)
    rows = Shipment.objects.filter(client=scheme.client_id).counted().order_by()
    rows = rows.filter(posted_on__gte=first, posted_on__lt=month_start(last, 1))
    sums = rows.annotate(month=TruncMonth("posted_on")).values("month")
    facts = dict(sums.annotate(net=Sum("amount")).values_list("month", "net"))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    months = (month_start(first, number) for number in range(max(0, count)))
    return [
        MonthOfScheme(
            month,
            scheme.turnover_goal,
            facts.get(month, NOTHING),
            scheme.valid_from <= month and month_start(month, 1) <= last,
        )
        for month in months
    ]


class SchemePage(WayOfApproval):
    """One visible scheme for one person."""

    def __init__(self, scheme: RelationshipScheme, user: User, today: date) -> None:
        self.scheme = self.target = scheme
        self.user, self.today = user, today

    @cached_property
    def months(self) -> list[MonthOfScheme]:
        """Plan and fact, once the scheme has begun; of what never stood there is none."""
        if self.scheme.approved_at is None:
            return []
        return months_of_scheme(self.scheme, self.today)

    @cached_property
    def average(self) -> MonthOfScheme | None:
        """The average of the months that lie inside it."""
        full = [month.fact for month in self.months if month.is_whole]
        if not full:
            return None
        mean = sum(full, NOTHING) / len(full)
        return MonthOfScheme(self.scheme.valid_from, self.scheme.turnover_goal, mean, True)

    @cached_property
    def is_beyond_policy(self) -> bool:
        """The director decides, or has decided."""
        if self.scheme.state in {SchemeState.DRAFT, SchemeState.ON_APPROVAL}:
            return actions.is_beyond_policy(self.scheme)
        return self.scheme.beyond_policy

    @property
    def has_wrong_category(self) -> bool:
        """It stands, but the client has another category now."""
        stands = self.scheme.state in {SchemeState.APPROVED, SchemeState.ACTIVE}
        return stands and not actions.gets_schemes(self.scheme.client)

    @property
    def returned_with(self) -> str:
        """What the one who returned it has written."""
        draft = self.scheme.state == SchemeState.DRAFT
        if not draft or self.approval is None or self.approval.state != "returned":
            return ""
        comments = [step.comment for step in self.approval.steps.all() if step.state == "returned"]
        return comments[-1] if comments else ""

    @property
    def following(self) -> RelationshipScheme | None:
        """The scheme that goes on with it."""
        rows = RelationshipScheme.objects.filter(previous=self.scheme)
        return rows.exclude(state__in=["rejected", "discarded"]).first()

    @property
    def may_edit(self) -> bool:
        return permissions.can_edit_scheme(self.user, self.scheme)

    @property
    def may_submit(self) -> bool:
        return permissions.can_submit_scheme(self.user, self.scheme)

    @property
    def may_end(self) -> bool:
        return permissions.can_end_scheme(self.user, self.scheme)

    @property
    def may_renew(self) -> bool:
        written = RelationshipScheme.objects.filter(client=self.scheme.client_id).being_written()
        if not permissions.can_renew_scheme(self.user, self.scheme) or written.exists():
            return False
        return self.following is None and actions.gets_schemes(self.scheme.client)


@dataclass(frozen=True)
class SchemesOfClient:
    """The part of the client card: what stands or is being prepared, then the latest others."""

    client: Client
    user: User
    today: date

    @cached_property
    def rows(self) -> list[RelationshipScheme]:
        found = RelationshipScheme.objects.visible_to(self.user).filter(client=self.client)
        return list(found.exclude(state=SchemeState.DISCARDED).for_list()[:10])

    @property
    def may_write(self) -> bool:
        """Nothing is being prepared, and the category gets schemes."""
        prepared = any(row.state in {"draft", "on_approval"} for row in self.rows)
        allowed = permissions.can_write_scheme_for(self.user, self.client)
        return allowed and not prepared and actions.gets_schemes(self.client)

    @property
    def is_shown(self) -> bool:
        """Clients that get no schemes and never had one are spared the heading."""
        return bool(self.rows) or actions.gets_schemes(self.client)


def scheme_signers(client: Client) -> list[SignerLine]:
    """Who decides about which discount and haste for the client, the smallest first."""
    levels = list(LimitLevel.objects.filter(route__kind=SCHEME, route__active=True))
    return [
        SignerLine(level.get_role_display(), _reach(level))
        for level in ladder(levels, ladder_category(client))
    ]


def _reach(level: LimitLevel) -> str:
    """How far a level decides, in words; empty is without limit."""
    words = []
    if level.max_percent is not None:
        words.append(
            _("discount up to %(discount)s") % {"discount": format_percent(level.max_percent)}
        )
    if level.max_days is not None:
        days = level.max_days
        words.append(
            ngettext("up to %(n)s day sooner", "up to %(n)s days sooner", days) % {"n": days}
        )
    return ", ".join(words)
