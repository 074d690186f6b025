"""What the home page of the delivery shows: orders to pick, late ones, what is to be confirmed."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.db.models import Count, Q

from claims.models import Return, ReturnState
from crm.accounts.models import User
from deals.models import RESERVING, DeliverySchedule, Order, OrderState

TOP = 10


class DeliveryPage:
    """The page of one person; every figure leads to its rows."""

    def __init__(self, user: User, today: date) -> None:
        self.user, self.today = user, today

    @cached_property
    def counts(self) -> dict[str, int]:
        """Orders by what is to be done with them, in one query."""
        rows = Order.objects.seen_without_sums(self.user).for_picking()
        to_ship = Q(state__in=list(RESERVING))
        found: dict[str, int] = rows.aggregate(
            today=Count("pk", filter=to_ship & Q(due__lte=self.today)),
            late=Count("pk", filter=to_ship & Q(due__lt=self.today)),
            picking=Count("pk", filter=Q(state__in=["picking", "shipped_partially"])),
            road=Count("pk", filter=Q(state=OrderState.SHIPPED)),
        )
        return found

    @cached_property
    def returns(self) -> dict[str, int]:
        """Returns by what is to be done with them."""
        rows = Return.objects.seen_without_sums(self.user)
        found: dict[str, int] = rows.aggregate(
            come=Count("pk", filter=Q(state=ReturnState.APPROVED)),
            look=Count("pk", filter=Q(state=ReturnState.GOODS_RECEIVED)),
        )
        return found

    @cached_property
    def to_pick(self) -> list[Order]:
        """Confirmed and not begun, the earliest day first."""
        rows = Order.objects.seen_without_sums(self.user).filter(state=OrderState.CONFIRMED)
        return list(rows.for_picking().order_by("due", "pk")[:TOP])

    @cached_property
    def on_the_road(self) -> list[Order]:
        """Shipped, and nobody has said that it came."""
        rows = Order.objects.seen_without_sums(self.user).filter(state=OrderState.SHIPPED)
        return list(rows.for_picking().order_by("due", "pk")[:TOP])

    @cached_property
    def schedules(self) -> list[DeliverySchedule]:
        """Days of delivery that wait for the department."""
        rows = DeliverySchedule.objects.visible_to(self.user).proposed().filter(department_at=None)
        return list(rows.select_related("client", "outlet").order_by("starts_on", "pk")[:TOP])
