"""What a new price list changes, whom that concerns and until when they are to be told (PRICE-1).

Concerned is a client that was shipped or has ordered a changed product in the days of the setting
and buys at this kind of price: that of its last order, else that of chains for their outlets and
the base price for everybody else, as a new order would offer it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from clients.models import Client, ClientKind
from clients.querysets import ClientQuerySet
from crm.work.registry import setting
from deals.models import (
    Contract,
    Order,
    OrderLine,
    PriceChange,
    PriceChangeNotice,
    PriceKind,
    PriceList,
    PriceListLine,
    ShipmentLine,
)


@dataclass(frozen=True)
class ListChange:
    """A list, and the one that it replaces."""

    new: PriceList
    old: PriceList

    @property
    def lines(self) -> Any:
        """The prices that are another one than before."""
        return PriceListLine.objects.changed(self.new.pk, self.old.pk)

    @cached_property
    def count(self) -> int:
        """How many prices change."""
        found: int = self.lines.count()
        return found

    @property
    def due_on(self) -> date:
        """The last day for telling clients whose contracts say nothing longer."""
        return self.new.valid_from - timedelta(days=setting("prices.notice_days"))

    def clients(self, today: date) -> ClientQuerySet:
        """The clients concerned."""
        return concerned(self.new.kind, self.lines, today)

    def goods_of(self, client_id: int, today: date) -> Any:
        """The changed prices of what the client buys, by name: for the paper of its notice."""
        bought = _products_bought(self.lines.values("product"), today)
        mine = [rows.filter(**{f"{path}client": client_id}) for path, rows in bought.items()]
        condition = Q()
        for rows in mine:
            condition |= Q(product__in=rows.values("product"))
        return self.lines.filter(condition).with_change().order_by("product__sort_key", "pk")


def change_of(price_list: PriceList) -> ListChange | None:
    """The change that an approved list brought, or a draft would bring; None where it does not."""
    known = PriceChange.objects.filter(price_list=price_list).select_related("replaces").first()
    if known is not None:
        return ListChange(price_list, known.replaces)
    if price_list.state != "draft":
        return None
    before = PriceList.objects.approved().filter(kind=price_list.kind).order_by("-valid_from")
    old = before.filter(valid_from__lt=price_list.valid_from).first()
    found = ListChange(price_list, old) if old else None
    return found if found and found.count else None


def concerned(kind: str, lines: Any, today: date) -> ClientQuerySet:
    """Clients that buy a product of the lines at this kind of price."""
    # Keys, not a subquery: of the lines of a comparison the database expects one, and would go
    # through a million lines of sales one by one.
    products = list(lines.values_list("product", flat=True))
    bought = [
        rows.filter(**{f"{path}client__isnull": False}).order_by().values(f"{path}client")
        for path, rows in _products_bought(products, today).items()
    ]
    # One set for both: "in these or in those" would be looked through again for every client.
    rows = Client.objects.filter(archived_at=None, pk__in=bought[0].union(*bought[1:]))
    found: ClientQuerySet = rows.annotate(_kind=_price_kind()).filter(_kind=kind)
    return found


def _products_bought(products: Any, today: date) -> dict[str, Any]:
    """Lines of shipments and orders of the days of the setting, by the way to their client."""
    since = today - timedelta(days=setting("prices.notice_history_days"))
    shipped = ShipmentLine.objects.filter(
        product__in=products,
        shipment__state="posted",
        shipment__kind="sale",
        shipment__reverses=None,
        shipment__posted_on__gte=since,
    )
    ordered = OrderLine.objects.filter(product__in=products, order__dated_on__gte=since)
    return {"shipment__": shipped, "order__": ordered.exclude(order__state="cancelled")}


def _price_kind() -> Any:
    """The kind of price at which a client buys."""
    orders = Order.objects.filter(client=OuterRef("pk")).exclude(state="cancelled")
    last = orders.order_by("-dated_on", "-pk").values("price_kind")[:1]
    in_chain = Q(kind=ClientKind.CHAIN) | Q(parent__isnull=False)
    usual = Case(
        When(in_chain, then=Value(PriceKind.CHAIN.value)),
        default=Value(PriceKind.BASE.value),
        output_field=CharField(),
    )
    return Coalesce(Subquery(last), usual)


def with_due_day(clients: ClientQuerySet, effective_from: date) -> ClientQuerySet:
    """The clients with `due_on`: the longest of the setting and of their contracts in force."""
    usual = Value(setting("prices.notice_days"))
    agreed = Contract.objects.in_force().filter(client=OuterRef("pk")).order_by()
    longest = agreed.values("client").annotate(days=Max("price_notice_days")).values("days")
    days = Greatest(usual, Coalesce(Subquery(longest), Value(0)), output_field=IntegerField())
    due = ExpressionWrapper(
        Value(effective_from, output_field=DateField()) - F("lead_days"), output_field=DateField()
    )
    found: ClientQuerySet = clients.annotate(lead_days=days).annotate(due_on=due)
    return found


@dataclass(frozen=True)
class OldPrices:
    """Prices in force of which the client was not told in time."""

    notice: PriceChangeNotice
    effective_from: date

    @property
    def until(self) -> date | None:
        """The last day of the old prices; None as long as the client is not told."""
        return self.notice.old_price_to(self.effective_from)

    @property
    def lead_days(self) -> int:
        return (self.effective_from - self.notice.due_on).days


def old_prices(client_id: int, kind: str, today: date) -> OldPrices | None:
    """What warns the seller: the prices of the day came before the client had to expect them."""
    rows = PriceChangeNotice.objects.filter(client=client_id, change__price_list__kind=kind)
    rows = rows.filter(
        change__effective_from__lte=today, change__in=PriceChange.objects.running(today)
    )
    notice = rows.select_related("change").order_by("-change__effective_from").first()
    if notice is None:
        return None
    found = OldPrices(notice, notice.change.effective_from)
    return found if found.until is None or found.until >= today else None
