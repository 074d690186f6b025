"""Price agreements with producers.

given = {tea: {"lowest_price": "90"}, group: {"highest_discount": "5"}}
producers.agreement(cast.purchasing, given)
"""

from datetime import date
from decimal import Decimal
from itertools import count
from uuid import uuid4

from django.utils import timezone

from deals.actions.pricing_policy import PolicyText, publish_policy, write_policy
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


def policy(cast, text="Цены указываются с НДС.", *, since=None):
    """A published version of the pricing policy, written by the head, since today."""
    today = timezone.localdate()
    values = PolicyText(text, since or today)
    draft = write_policy(by=cast.department_head, version=0, values=values)
    day = min(today, values.valid_from)
    return publish_policy(draft.pk, by=cast.director, version=1, today=day)
