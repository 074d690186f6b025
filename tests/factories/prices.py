"""Changes of prices, approved on 10 November 2026, and clients that buy what they change.

change = prices.change(cast, {tea: ("100", "110")}, since=date(2026, 12, 1))  # no notices yet
change = prices.told(cast, {tea: ("100", "110")}, since=…, today=…)           # with its notices
"""

from datetime import UTC, date, datetime

from deals.actions.price_changes import advance_changes
from deals.models import PriceChange
from tests.factories import clients, deals

APPROVED = datetime(2026, 11, 10, 6, tzinfo=UTC)
OCTOBER = date(2026, 10, 5)


def buyer(manager, product, *, on=OCTOBER, client=None):
    """A client that was shipped the product on the day."""
    client = client or clients.client(manager)
    line = {"product": product, "quantity": 1, "price": 100, "amount": 100}
    deals.sale(client, "100.00", on=on, lines=[line])
    return client


def change(cast, prices, *, since, approved_at=APPROVED, **more):
    """An approved list with new prices after one with the old ones."""
    old = {product: before for product, (before, _after) in prices.items()}
    new = {product: after for product, (_before, after) in prices.items()}
    deals.price_list(cast.director, old, approved_by=cast.director, **more)
    made = deals.price_list(cast.director, new, approved_by=cast.director, since=since, **more)
    found = PriceChange.objects.filter(price_list=made)
    found.update(created_at=approved_at)
    return found.get()


def told(cast, prices, *, since, today, **more):
    """The change with its notices to be sent."""
    made = change(cast, prices, since=since, **more)
    advance_changes(today=today)
    return made
