"""What the page of a promo shows to one person, and the calendar of promos."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Client, ClientCategory
from crm.accounts.models import User
from crm.approvals.way import WayOfApproval
from crm.calendar import month_start
from crm.library.screens import address_of
from crm.money import percent
from deals import permissions
from deals.models import PromoCampaign, PromoCost, PromoGoods, PromoState
from deals.promos.promo_effect import (
    AFTER,
    BEFORE,
    DURING,
    Effect,
    Figures,
    Span,
    effect_of,
    figures_of,
    kept,
    spans_of,
)

NOTHING = Decimal("0.00")
BEGUN = frozenset({PromoState.RUNNING, PromoState.FINISHED, PromoState.ANALYSED, PromoState.CLOSED})
KEPT = frozenset({PromoState.ANALYSED, PromoState.CLOSED})


@dataclass(frozen=True)
class SalesLine:
    """Sales of one span, roubles with VAT; `url` leads to their shipments."""

    label: str
    span: Span
    sales: Decimal | None
    url: str

    @property
    def a_day(self) -> Decimal | None:
        """On average."""
        return None if self.sales is None else self.sales / self.span.days


@dataclass(frozen=True)
class EffectLine:
    """A figure of PROMO-1 in words; None is not known."""

    label: str
    value: Decimal | None
    is_percent: bool = False
    is_main: bool = False


class PromoPage(WayOfApproval):
    """One visible promo for one person."""

    def __init__(self, promo: PromoCampaign, user: User, today: date) -> None:
        self.promo = self.target = promo
        self.user, self.today = user, today
        goods = Prefetch("goods", PromoGoods.objects.select_related("product", "group"))
        prefetch_related_objects([promo], goods, "named", "costs")

    @cached_property
    def goods(self) -> list[PromoGoods]:
        """Groups and products; none means all."""
        return list(self.promo.goods.all())

    @cached_property
    def named_count(self) -> int:
        """How many clients are named, seen or not."""
        return len(self.promo.named.all())

    @cached_property
    def clients(self) -> list[Client]:
        """Those of the named clients that the person sees."""
        rows = Client.objects.visible_to(self.user).filter(promo_places__promo=self.promo)
        return list(rows.order_by("sort_key", "pk"))

    @property
    def unseen(self) -> int:
        """Named clients of others."""
        return self.named_count - len(self.clients)

    @property
    def categories(self) -> str:
        """In words."""
        labels = dict(ClientCategory.choices)
        return ", ".join(str(labels.get(one, one)) for one in self.promo.categories)

    @cached_property
    def costs(self) -> list[PromoCost]:
        """By kind, as planned and as they came out."""
        return list(self.promo.costs.all())

    @property
    def planned_costs(self) -> Decimal:
        return sum((row.planned for row in self.costs), NOTHING)

    @property
    def actual_costs(self) -> Decimal | None:
        """None until one of them is known."""
        known = [row.actual for row in self.costs if row.actual is not None]
        return sum(known, NOTHING) if known else None

    @property
    def sees_effect(self) -> bool:
        """It has begun, and the person may see sums over all its clients."""
        has_begun = self.promo.state in BEGUN
        return has_begun and permissions.can_see_effect(self.user, self.promo)

    @cached_property
    def counted(self) -> tuple[Figures, Effect]:
        """As the analysis kept them; before it as the books say today."""
        if self.promo.state in KEPT:
            return kept(self.promo.effect)
        figures = figures_of(self.promo, today=self.today)
        return figures, effect_of(figures)

    @property
    def is_kept(self) -> bool:
        """The figures are those of the day of the analysis."""
        return self.promo.state in KEPT

    @property
    def may_be_anew(self) -> bool:
        """The days after it are over now and were not when it was analysed."""
        is_open = self.promo.state == PromoState.ANALYSED
        is_over = spans_of(self.promo, today=self.today)[AFTER].last < self.today
        return is_open and is_over and self.counted[0].post_sales is None

    @property
    def sales(self) -> list[SalesLine]:
        """Before, during and after it, each leading to its shipments."""
        figures, spans = self.counted[0], self._spans
        shown = (
            (BEFORE, _("Before the promo"), figures.pre_sales),
            (DURING, _("During the promo"), figures.promo_sales),
            (AFTER, _("After the promo"), figures.post_sales),
        )
        return [
            SalesLine(label, spans[key], value, self._url(spans[key]))
            for key, label, value in shown
        ]

    @property
    def _spans(self) -> dict[str, Span]:
        """Those of the analysis where the settings have changed since."""
        figures, day = self.counted[0], timedelta(days=1)
        spans = spans_of(self.promo, today=self.today)
        first, last = self.promo.starts_on, self.promo.ends_on
        return spans | {
            BEFORE: Span(first - figures.pre_days * day, first - day),
            AFTER: Span(last + day, last + figures.post_days * day),
        }

    def _url(self, span: Span) -> str:
        if not permissions.can_see_money(self.user):
            return ""
        asked = {"promo": self.promo.pk, "from": span.first, "to": span.last}
        return f"{address_of('report:promo_sales')}?{urlencode(asked)}"

    @property
    def plan_pct(self) -> Decimal | None:
        """Sales of the promo as a share of the plan."""
        return percent(self.counted[0].promo_sales, self.promo.planned_sales)

    @property
    def lines(self) -> list[EffectLine]:
        """The effect, step by step."""
        found = self.counted[1]
        return [
            EffectLine(_("Baseline sales for the same number of days"), found.baseline),
            EffectLine(_("Sales uplift"), found.uplift),
            EffectLine(_("Uplift, %"), found.uplift_pct, is_percent=True, is_main=True),
            EffectLine(_("Gross profit of the promo"), found.actual_gp),
            EffectLine(_("Baseline gross profit"), found.baseline_gp),
            EffectLine(_("Incremental gross profit"), found.incremental_gp),
            EffectLine(_("Costs"), found.costs),
            EffectLine(_("Net effect"), found.net_effect, is_main=True),
            EffectLine(_("ROI, %"), found.roi_pct, is_percent=True, is_main=True),
            EffectLine(_("Post-promo change of gross profit"), found.post_dip_gp),
            EffectLine(
                _("Net effect including the post-promo dip"),
                found.net_effect_with_dip,
                is_main=True,
            ),
            EffectLine(
                _("ROI including the post-promo dip, %"),
                found.roi_with_dip_pct,
                is_percent=True,
                is_main=True,
            ),
        ]

    @property
    def missing(self) -> list[str]:
        """What is not known, and what therefore is not counted."""
        figures, effect = self.counted
        said = []
        if self.promo.state == PromoState.RUNNING:
            said.append(_("The promo is still running: its days so far are compared."))
        if effect.baseline is None:
            said.append(
                _(
                    "These goods were not sold to these clients in the days before: there is"
                    " nothing to compare with, so neither uplift nor effect is counted."
                )
            )
        if figures.normal_margin_pct is None:
            said.append(_("The usual margin is not given: gross profit and ROI are not counted."))
        if figures.promo_cogs is None:
            said.append(
                _("The cost of the goods sold is not given: gross profit and ROI are not counted.")
            )
        if figures.post_sales is None:
            said.append(_("The post-promo days are not over yet, so the dip is not calculated."))
        return said

    @property
    def returned_with(self) -> str:
        """What marketing has written when it returned the draft."""
        draft = self.promo.state == PromoState.DRAFT
        if not draft or self.approval is None or self.approval.state != "returned":
            return ""
        comments = [step.comment for step in self.approval.steps.all() if step.state == "returned"]
        return comments[-1] if comments else ""

    @property
    def may_edit(self) -> bool:
        return permissions.can_edit_promo(self.user, self.promo)

    @property
    def may_submit(self) -> bool:
        return permissions.can_submit_promo(self.user, self.promo)

    @property
    def may_cancel(self) -> bool:
        return permissions.can_cancel_promo(self.user, self.promo)

    @property
    def may_analyse(self) -> bool:
        return permissions.can_analyse_promo(self.user, self.promo)

    @property
    def may_close(self) -> bool:
        return permissions.can_close_promo(self.user, self.promo)


@dataclass(frozen=True)
class MonthOfPromos:
    """A month and what runs in it."""

    first: date
    promos: list[PromoCampaign]
    is_now: bool


class PromoCalendar:
    """The promos of a year, month by month: one query."""

    def __init__(self, user: User, today: date, year: int | None) -> None:
        self.user, self.today = user, today
        self.year = year if year is not None and 2000 <= year <= 2100 else today.year

    @cached_property
    def months(self) -> list[MonthOfPromos]:
        first = date(self.year, 1, 1)
        rows = PromoCampaign.objects.visible_to(self.user).touching(first, date(self.year, 12, 31))
        promos: list[Any] = list(rows.for_list().order_by("starts_on", "pk"))
        months = (month_start(first, number) for number in range(12))
        now = month_start(self.today)
        return [
            MonthOfPromos(
                month,
                [
                    one
                    for one in promos
                    if one.starts_on < month_start(month, 1) and one.ends_on >= month
                ],
                month == now,
            )
            for month in months
        ]

    @property
    def before(self) -> str:
        return f"{reverse('deals:promo_calendar')}?year={self.year - 1}"

    @property
    def after(self) -> str:
        return f"{reverse('deals:promo_calendar')}?year={self.year + 1}"
