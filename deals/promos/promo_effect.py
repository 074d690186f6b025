"""What a promo has brought (PROMO-1): counted from shipments of the days before, in and after it.

`effect_of` is the formula alone; `sales_of` reads the books. What is not known stays unknown: a
promo of goods that were not sold before has no baseline, one without the cost of its goods no
gross profit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from clients.models import Client
from crm.money import percent, round_half_up
from crm.sql import Statement
from crm.work.registry import setting
from deals.models import PromoCampaign
from deals.promos.promo_terms import groups_inside

HUNDRED, NOTHING = Decimal(100), Decimal("0.00")
BEFORE, DURING, AFTER = "before", "during", "after"


@dataclass(frozen=True)
class Span:
    """Days from the first to the last, both inside."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Sales:
    """Net shipments, roubles with VAT; `after` is None until these days are over."""

    before: Decimal
    during: Decimal
    after: Decimal | None


@dataclass(frozen=True)
class Figures:
    """What the formula is given: days, roubles, the usual margin in percent."""

    pre_days: int
    pre_sales: Decimal
    promo_days: int
    promo_sales: Decimal
    costs: Decimal
    promo_cogs: Decimal | None = None
    normal_margin_pct: Decimal | None = None
    post_days: int = 0
    post_sales: Decimal | None = None


@dataclass(frozen=True)
class Effect:
    """PROMO-1, roubles and percent; None is not known."""

    baseline: Decimal | None = None
    uplift: Decimal | None = None
    uplift_pct: Decimal | None = None
    actual_gp: Decimal | None = None
    baseline_gp: Decimal | None = None
    incremental_gp: Decimal | None = None
    costs: Decimal | None = None
    net_effect: Decimal | None = None
    roi_pct: Decimal | None = None
    post_dip_gp: Decimal | None = None
    net_effect_with_dip: Decimal | None = None
    roi_with_dip_pct: Decimal | None = None


def effect_of(figures: Figures) -> Effect:
    """PROMO-1: uplift over the baseline, incremental gross profit less costs, ROI."""
    baseline = None
    if figures.pre_sales > 0 and figures.pre_days:
        baseline = round_half_up(figures.pre_sales * figures.promo_days / figures.pre_days)
    uplift = _minus(figures.promo_sales, baseline)
    actual_gp = _minus(figures.promo_sales, figures.promo_cogs)
    baseline_gp = _share(baseline, figures.normal_margin_pct)
    incremental = _minus(actual_gp, baseline_gp)
    net = _minus(incremental, figures.costs)
    dip = _dip(figures)
    with_dip = None if net is None or dip is None else net + dip
    return Effect(
        baseline=baseline,
        uplift=uplift,
        uplift_pct=_percent(uplift, baseline),
        actual_gp=actual_gp,
        baseline_gp=baseline_gp,
        incremental_gp=incremental,
        costs=figures.costs,
        net_effect=net,
        roi_pct=_percent(net, figures.costs),
        post_dip_gp=dip,
        net_effect_with_dip=with_dip,
        roi_with_dip_pct=_percent(with_dip, figures.costs),
    )


def _dip(figures: Figures) -> Decimal | None:
    """What the days after it sold less, or more, than as many usual days, at the usual margin."""
    if figures.post_sales is None or figures.pre_sales <= 0 or not figures.pre_days:
        return None
    usual = figures.pre_sales * figures.post_days / figures.pre_days
    return _share(figures.post_sales - usual, figures.normal_margin_pct)


def _minus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left - right


def _share(amount: Decimal | None, margin: Decimal | None) -> Decimal | None:
    return None if amount is None or margin is None else round_half_up(amount * margin / HUNDRED)


def _percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if part is None or not whole else percent(part, whole)


def spans_of(promo: PromoCampaign, *, today: date) -> dict[str, Span]:
    """The days before the promo, its own and those after it, as the settings say.

    While it runs its own are those up to today: as many usual days are held against them.
    """
    before, after = setting("promo.days_before"), setting("promo.days_after")
    day = timedelta(days=1)
    return {
        BEFORE: Span(promo.starts_on - before * day, promo.starts_on - day),
        DURING: Span(promo.starts_on, max(promo.starts_on, min(promo.ends_on, today))),
        AFTER: Span(promo.ends_on + day, promo.ends_on + after * day),
    }


def participants(promo: PromoCampaign) -> Any:
    """The clients of a promo; None is all of them, also documents that name no client."""
    rows = Client.objects.all()
    narrowed = Q()
    if promo.org_unit is not None:
        narrowed &= Q(org_unit__path__startswith=promo.org_unit.path)
    named = [row.client_id for row in promo.named.all()]
    if named:
        narrowed &= Q(pk__in=named)
    else:
        if promo.categories:
            narrowed &= Q(category__in=promo.categories)
        if promo.channels:
            narrowed &= Q(channel__in=promo.channels)
    return rows.filter(narrowed) if narrowed else None


def goods_condition(promo: PromoCampaign) -> Statement | None:
    """What keeps the lines `l` of the promo's goods `p`; None is all goods."""
    goods = list(promo.goods.all())
    if not goods:
        return None
    groups = groups_inside({line.group_id for line in goods if line.group_id})
    single = [line.product_id for line in goods if line.product_id]
    return Statement("(p.id = ANY(%s) OR p.group_id = ANY(%s))", (single, groups))


def lines_of(promo: PromoCampaign, span: Span) -> Statement:
    """Rows (document, line, day, client, worth) of the promo's sales in these days.

    A document that takes another one back has its lines, with the sign turned. Of all goods the
    document counts as a whole, with what its lines do not say; it has no line then.
    """
    clients, goods = participants(promo), goods_condition(promo)
    where, params = ["d.state IN ('posted', 'reversed')", "d.posted_on BETWEEN %s AND %s"], []
    params += [span.first, span.last]
    if clients is not None:
        inside = Statement.of(clients.order_by().values_list("pk"))
        where.append(f"d.client_id IN ({inside.sql})")
        params += inside.params
    if goods is None:
        sql = "SELECT d.id, NULL::bigint, d.posted_on, d.client_id, d.amount FROM deals_shipment d"
    else:
        where.append(goods.sql)
        params += goods.params
        sql = """
            SELECT d.id, l.id, d.posted_on, d.client_id,
                   CASE WHEN d.reverses_id IS NULL THEN l.amount ELSE -l.amount END
            FROM deals_shipment d
            JOIN deals_shipmentline l ON l.shipment_id = coalesce(d.reverses_id, d.id)
            JOIN deals_product p ON p.id = l.product_id
        """
    return Statement(f"{sql} WHERE {' AND '.join(where)}", tuple(params))


def sales_of(promo: PromoCampaign, *, today: date) -> Sales:
    """Net shipments of the three spans: one query over their days."""
    spans = spans_of(promo, today=today)
    before, during, after = spans[BEFORE], spans[DURING], spans[AFTER]
    whole = lines_of(promo, Span(before.first, max(after.last, during.last)))
    sql = f"""
        SELECT coalesce(sum(s.worth) FILTER (WHERE s.day < %s), 0),
               coalesce(sum(s.worth) FILTER (WHERE s.day BETWEEN %s AND %s), 0),
               coalesce(sum(s.worth) FILTER (WHERE s.day >= %s), 0)
        FROM ({whole.sql}) s (document, line, day, client, worth)
    """  # noqa: S608
    days = (during.first, during.first, during.last, after.first)
    ((first, inside, last),) = Statement(sql, (*days, *whole.params)).rows()
    is_over = after.days > 0 and after.last < today
    return Sales(first, inside, last if is_over else None)


def figures_of(promo: PromoCampaign, *, today: date) -> Figures:
    """What is known of the promo on the day; planned costs stand for those not known yet."""
    spans, sales = spans_of(promo, today=today), sales_of(promo, today=today)
    rows = promo.costs.all()
    costs = (row.planned if row.actual is None else row.actual for row in rows)
    return Figures(
        pre_days=spans[BEFORE].days,
        pre_sales=sales.before,
        promo_days=spans[DURING].days,
        promo_sales=sales.during,
        costs=sum(costs, NOTHING),
        promo_cogs=promo.cost_of_goods,
        normal_margin_pct=promo.margin_pct,
        post_days=spans[AFTER].days,
        post_sales=sales.after,
    )


def as_kept(figures: Figures, effect: Effect) -> dict[str, Any]:
    """For the record: what was given and what came of it, sums as text."""
    pairs = {**asdict(figures), **asdict(effect)}
    return {key: str(one) if isinstance(one, Decimal) else one for key, one in pairs.items()}


def kept(effect: Mapping[str, Any]) -> tuple[Figures, Effect]:
    """What a record keeps, read again."""
    known: dict[str, Any] = {
        key: Decimal(value) if isinstance(value, str) else value for key, value in effect.items()
    }
    figures = Figures(**{one.name: known[one.name] for one in fields(Figures)})
    return figures, Effect(**{one.name: known[one.name] for one in fields(Effect)})
