"""Claims and returns, written past their actions.

claim = claims.claim(client, "2500.00")                  # registered, to be answered in ten days
back = claims.returned(sale, {line: 2})                  # asked for, of lines of a posted sale
"""

from datetime import timedelta
from decimal import Decimal
from itertools import count

from claims.models import Claim, ClaimLine, ClaimReason, Return, ReturnLine
from tests.factories.deals import DAY

_numbers = count(1)


def reason(code="quality"):
    """A reason that every installation starts with."""
    return ClaimReason.objects.get(code=code)


def claim(client, amount="1000.00", *, on=DAY, lines=(), **more):
    """A claim for goods that nobody has looked into yet."""
    more.setdefault("number", f"ПР-{next(_numbers):06d}")
    more.setdefault("kind", "goods")
    more["reason"] = more.get("reason") or reason()
    more = {"channel": "phone", "response_due": on + timedelta(days=10)} | more
    more = {"manager": client.manager, "org_unit": client.org_unit} | more
    made = Claim.objects.create(
        client=client, claimed_amount=Decimal(amount), registered_on=on, **more
    )
    for position, line in enumerate(lines, start=1):
        ClaimLine.objects.create(claim=made, position=position, **line)
    return made


def decided(client, amount="1000.00", satisfied="1000.00", *, on=DAY, **more):
    """A claim that is satisfied, in part or refused as the sums say."""
    given = Decimal(satisfied)
    word = "rejected" if not given else "satisfied" if given == Decimal(amount) else "partial"
    more = {"decision": word, "guilty_party": "warehouse", "decided_on": on} | more
    more = {"state": "decided", "satisfied_amount": given} | more
    return claim(client, amount, on=on, **more)


def returned(sale, lines, *, on=DAY, **more):
    """A return of a sale that waits for its approval; `lines` are quantities by line."""
    more.setdefault("number", f"ВТ-{next(_numbers):06d}")
    more["reason"] = more.get("reason") or reason()
    back = Return.objects.create(client=sale.client, shipment=sale, asked_on=on, **more)
    for position, (line, quantity) in enumerate(lines.items(), start=1):
        back.amount += Decimal(quantity) * line.price
        ReturnLine.objects.create(
            return_request=back,
            position=position,
            shipment_line=line,
            product=line.product,
            name=line.name,
            quantity=quantity,
            price=line.price,
            amount=Decimal(quantity) * line.price,
        )
    back.save(update_fields=["amount"])
    return back
