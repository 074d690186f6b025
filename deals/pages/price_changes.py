"""What the pages of a change of prices and of one notice show; each part is read when shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.money import percent
from deals import permissions
from deals.models import (
    PRICE_NOTICE_BACK,
    PRICE_NOTICE_MOVES,
    PriceChange,
    PriceChangeNotice,
    PriceList,
    PriceListLine,
    PriceListState,
    PriceNoticeState,
)
from deals.pricing.price_changes import ListChange, change_of, with_due_day
from deals.pricing.producer_bounds import Floor, contradictions

STEPS = (
    (PriceNoticeState.SENT, _("Client notified"), "send"),
    (PriceNoticeState.DELIVERED, _("Delivered"), "check"),
    (PriceNoticeState.ACKNOWLEDGED, _("Acknowledged"), "checks"),
    (PriceNoticeState.FAILED, _("Not delivered"), "mail-off"),
)


@dataclass(frozen=True)
class ChangePage:
    """A visible price list as a change of the one before it, for one person."""

    price_list: PriceList
    user: User
    today: date

    @cached_property
    def change(self) -> ListChange | None:
        """The two lists; None where nothing changes."""
        return change_of(self.price_list)

    @cached_property
    def record(self) -> PriceChange | None:
        """The change of an approved list."""
        return PriceChange.objects.filter(price_list=self.price_list).first()

    @cached_property
    def below_agreements(self) -> list[tuple[PriceListLine, Floor]]:
        """Prices below what agreements with producers bind us to, while the list may matter."""
        if self.price_list.state == PriceListState.DISCARDED:
            return []
        if self.price_list.last_day is not None and self.price_list.last_day < self.today:
            return []
        return contradictions(self.price_list, max(self.today, self.price_list.valid_from))

    @property
    def lines(self) -> Any:
        """The changed prices for the list."""
        rows = PriceListLine.objects
        return self.change.lines.with_change() if self.change else rows.none()

    @cached_property
    def clients(self) -> Any:
        """Visible clients concerned, with the last day for telling them."""
        assert self.change is not None
        rows = self.change.clients(self.today).visible_to(self.user)
        return with_due_day(rows, self.price_list.valid_from)

    @cached_property
    def to_tell(self) -> dict[str, int]:
        """How many clients a draft concerns, and how many of them cannot be told in time."""
        late = Count("pk", filter=Q(due_on__lt=self.today))
        return dict(self.clients.order_by().aggregate(total=Count("pk"), late=late))

    @cached_property
    def counts(self) -> dict[str, int]:
        """How far the notices to visible clients are."""
        rows = PriceChangeNotice.objects.in_sums_of(self.user).filter(change=self.record)
        found: dict[str, int] = rows.counts(self.today)
        return found | {"open": found["pending"] + found["failed"]}

    @property
    def change_key(self) -> str:
        """The key of the change for addresses of the work list."""
        return str(self.record.pk) if self.record else ""

    @property
    def in_time_percent(self) -> Any:
        """Of all clients to be told."""
        return percent(self.counts["in_time"], self.counts["total"])

    @cached_property
    def others(self) -> dict[str, int]:
        """Products that only one of the lists has: nothing of theirs changes."""
        assert self.change is not None
        new, old = self.change.new.lines, self.change.old.lines
        return {
            "added": new.exclude(product__in=old.values("product")).count(),
            "gone": old.exclude(product__in=new.values("product")).count(),
        }


@dataclass(frozen=True)
class NoticePage:
    """One visible notice for one person."""

    notice: PriceChangeNotice
    user: User
    today: date

    @property
    def goods(self) -> list[Any]:
        """What the client buys, at old and new prices."""
        return goods_of(self.notice)

    @property
    def is_late(self) -> bool:
        return self.notice.is_late(self.today)

    @property
    def old_price_to(self) -> date | None:
        """The last day of the old prices for a client told too late."""
        return self.notice.old_price_to(self.notice.change.effective_from)

    @cached_property
    def may_tell(self) -> bool:
        return permissions.can_tell_prices(self.user, self.notice.client)

    @property
    def may_take_back(self) -> bool:
        """There is a mark, and the person notes what becomes of the notice."""
        return self.may_tell and bool(PRICE_NOTICE_BACK[self.notice.state])

    @property
    def steps(self) -> list[tuple[str, Any, str]]:
        """What the person may note next: state, label, icon."""
        if not self.may_tell:
            return []
        open_now = PRICE_NOTICE_MOVES[self.notice.state]
        return [(state.value, label, icon) for state, label, icon in STEPS if state in open_now]


def goods_of(notice: PriceChangeNotice) -> list[Any]:
    """Changed prices of what the client has bought since the days before the notice was made."""
    change = ListChange(notice.change.price_list, notice.change.replaces)
    return list(change.goods_of(notice.client_id, timezone.localdate(notice.created_at)))
