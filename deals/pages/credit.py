"""What the page of a client's debt and limit shows; every part is read when it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from clients.models import Client, ContactLog
from crm.accounts.models import User
from crm.approvals.models import Approval, ApprovalState
from crm.approvals.signers import Substitution, turn_of
from crm.money import percent
from deals import permissions
from deals.models import CreditLimit, FollowUp, LimitRequest, RetroBonusAccrual, StopShipping
from deals.receivables.client_figures import ClientFigures, figures_of
from deals.receivables.debts import (
    NOTHING,
    Debt,
    Exposure,
    ShipCheck,
    can_ship,
    limit_of,
    reserved_for,
)
from deals.receivables.norms import LimitNorm, limit_norm
from deals.receivables.promises import with_received

SHOWN = 20


@dataclass(frozen=True)
class CreditPage:
    """Debt, limit, stops, promises and follow-up of one visible client."""

    client: Client
    user: User
    today: date

    @cached_property
    def figures(self) -> ClientFigures:
        return figures_of(self.client.pk, self.today)

    @property
    def debt(self) -> Debt:
        return self.figures.debt

    @cached_property
    def check(self) -> ShipCheck:
        """May goods go today, and why not."""
        reserved = reserved_for([self.client.pk]).get(self.client.pk, NOTHING)
        exposure = Exposure(self.figures.limit, self.debt.total, reserved)
        return can_ship(self.client, self.today, debt=self.debt, exposure=exposure)

    @cached_property
    def limit(self) -> CreditLimit | None:
        return limit_of(self.client.pk, self.today)

    @property
    def used_percent(self) -> Decimal | None:
        """Receivables and reserved orders to the limit."""
        exposure = self.check.exposure
        return None if exposure.limit is None else percent(exposure.exposure, exposure.limit)

    @cached_property
    def norm(self) -> LimitNorm:
        return limit_norm(self.client, self.today)

    @property
    def advance(self) -> Decimal:
        """The client's money and returns that pay nothing yet; never netted with the debt."""
        return self.figures.advance

    @cached_property
    def retro(self) -> Decimal:
        """Retro bonuses accrued and not given; never netted with the debt."""
        rows = RetroBonusAccrual.objects.visible_to(self.user).filter(client=self.client)
        total: Decimal = rows.owed()
        return total

    @cached_property
    def stops(self) -> list[StopRow]:
        """Flags, standing ones first."""
        rows = StopShipping.objects.filter(client=self.client).select_related(
            "set_by", "released_by", "client"
        )
        found = sorted(rows[:SHOWN], key=lambda row: row.off_at is not None)
        return [StopRow(row, self.user, self.today) for row in found]

    @cached_property
    def limits(self) -> list[CreditLimit]:
        """Limits of all times, the latest first."""
        rows = CreditLimit.objects.filter(client=self.client)
        rows = rows.select_related("set_by", "request__author")
        return list(rows[:SHOWN])

    @cached_property
    def promises(self) -> list[ContactLog]:
        """Promises to pay with what came in time, the latest first."""
        rows = ContactLog.objects.with_promise().filter(client=self.client)
        return list(with_received(rows).order_by("-promise_on", "-pk")[:SHOWN])

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        """Rungs that the debt has reached, the latest first."""
        rows = FollowUp.objects.filter(client=self.client)
        return list(rows.select_related("invoice", "step", "contact__manager")[:SHOWN])

    @cached_property
    def request(self) -> LimitRequest | None:
        """The request for a limit that is not decided yet."""
        found: LimitRequest | None = (
            LimitRequest.objects.filter(client=self.client).open().select_related("author").first()
        )
        return found

    @cached_property
    def approval(self) -> Approval | None:
        """The last way of the open request, with its steps."""
        if self.request is None:
            return None
        return Approval.objects.of(self.request).with_steps().first()

    @cached_property
    def turn(self) -> tuple[list[User], list[Substitution]]:
        """Who signs the request now, and who stands in for them."""
        return turn_of(self.approval, self.today) if self.approval else ([], [])

    @property
    def sees_approval(self) -> bool:
        """Whether the person may open the request among the decisions."""
        approval = self.approval
        if approval is None or approval.state != ApprovalState.RUNNING:
            return False
        return (
            Approval.objects.visible_to(self.user, today=self.today).filter(pk=approval.pk).exists()
        )

    @property
    def may_ask_limit(self) -> bool:
        return self.request is None and permissions.can_ask_limit(self.user, self.client)

    @property
    def may_correct_request(self) -> bool:
        request = self.request
        return request is not None and permissions.can_correct_limit_request(self.user, request)

    @property
    def may_withdraw_request(self) -> bool:
        request = self.request
        return request is not None and permissions.can_withdraw_limit_request(self.user, request)

    @property
    def may_close_limit(self) -> bool:
        return permissions.can_close_limit(self.user, self.client)

    @property
    def may_stop(self) -> bool:
        return permissions.can_stop_shipping(self.user, self.client)


@dataclass(frozen=True)
class StopRow:
    """A flag with what the person may do about it."""

    stop: StopShipping
    user: User
    today: date

    @property
    def is_released(self) -> bool:
        """Goods go in spite of the flag today."""
        until = self.stop.released_to
        return until is not None and until >= self.today

    @property
    def may_release(self) -> bool:
        return self.stop.off_at is None and permissions.can_release_stop(
            self.user, self.stop.client
        )

    @property
    def may_lift(self) -> bool:
        by_hand = self.stop.reason in {"manual", "documents"}
        return (
            by_hand and self.stop.off_at is None and permissions.can_lift_stop(self.user, self.stop)
        )
