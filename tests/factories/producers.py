"""Price agreements with producers.

given = {tea: {"lowest_price": "90"}, group: {"highest_discount": "5"}}
producers.agreement(cast.purchasing, given)
"""

from datetime import date
from decimal import Decimal
from itertools import count
from uuid import uuid4

from deals.actions.producers import AgreementHead, AgreementLine, create_agreement
from deals.models import Product

_numbers = count(1)


def lines(given):
    """Lines by product or group."""
    return [
        AgreementLine(
            **{"product" if isinstance(what, Product) else "group": what},
            **{name: Decimal(value) for name, value in values.items()},
        )
        for what, values in given.items()
    ]


def head(keeper, **more):
    """What stands above the lines."""
    more.setdefault("producer", "Чайная фабрика «Лист»")
    more.setdefault("number", f"ЦС-{next(_numbers)}")
    more.setdefault("valid_from", date(2026, 1, 1))
    more.setdefault("valid_to", None)
    return AgreementHead(keeper=keeper, **more)


def agreement(keeper, given, **more):
    """An agreement of the year without an end, entered by its keeper."""
    return create_agreement(by=keeper, head=head(keeper, **more), lines=lines(given), key=uuid4())
