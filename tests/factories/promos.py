"""Promos in any state, written past the actions.

promo = promos.promo(cast.department_head, state="running", discount_pct=D("10"))
"""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from deals.models import PromoCampaign, PromoClient, PromoCost, PromoGoods

APPROVED = ("approved", "running", "finished", "analysed", "closed")


def promo(author, *, state="draft", approver=None, goods=(), clients=(), costs=None, **more):
    """A fortnight from today on, of the author's unit and all goods, unless said otherwise."""
    today = timezone.localdate()
    values = {
        "name": "Осенняя полка", "kind": "discount", "mechanics": "Скидка на весь ряд",
        "discount_pct": Decimal(10), "starts_on": today, "ends_on": today + timedelta(days=13),
        "planned_sales": Decimal(200_000), "org_unit": author.org_unit,
    }  # fmt: skip
    if state in APPROVED:
        values |= {"approved_by": approver or author, "approved_at": timezone.now()}
    if state == "cancelled":
        values |= {"cancel_reason": "Нет товара"}
    made = PromoCampaign.objects.create(author=author, state=state, **values | more)
    for place, product in enumerate(goods):
        PromoGoods.objects.create(promo=made, product=product, position=place)
    PromoClient.objects.bulk_create(PromoClient(promo=made, client=one) for one in clients)
    for place, (kind, planned) in enumerate((costs or {}).items()):
        PromoCost.objects.create(promo=made, kind=kind, planned=planned, position=place)
    return made
