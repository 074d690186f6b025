"""Claims and returns, written past their actions.

claim = claims.claim(client, "2500.00")                  # registered, to be answered in ten days
back = claims.returned(sale, {line: 2})                  # asked for, of lines of a posted sale
"""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from uuid import uuid4

from claims.actions.crediting import credit_return
from claims.actions.return_goods import accept_return, receive_return
from claims.actions.returns import Asked, ask_return
from claims.models import Claim, ClaimLine, ClaimReason, Return, ReturnLine
from crm.approvals.actions import decide as decide_approval
from crm.approvals.models import Approval
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


def asked(sale, lines, *, by, today=None, **more):
    """A return that its author sent to the head for approval."""
    values = {"reason_id": reason().pk, "justification": "Брак партии", **more}
    quantities = {line.pk: Decimal(quantity) for line, quantity in lines.items()}
    day = today or sale.posted_on
    return ask_return(sale.pk, Asked(quantities, **values), by=by, today=day, key=uuid4())


def decide(back, *, by, decision="approve", comment="Согласовано", today=None):
    """The head's word on a return."""
    approval = Approval.objects.of(back).running().get()
    day = today or back.asked_on
    sent = {"version": approval.version, "target_version": back.version, "today": day}
    decide_approval(approval.pk, by=by, decision=decision, comment=comment, **sent)
    back.refresh_from_db()
    return back


def came(back, *, by, today=None):
    """The goods of an approved return came."""
    day = today or back.asked_on
    return receive_return(back.pk, by=by, version=back.version, on=day, today=day)


def credited(back, *, by, today=None):
    """The accounting made the document of what was taken."""
    day = today or back.asked_on
    return credit_return(back.pk, by=by, version=back.version, on=day, number="", today=day)


def taken(back, quantities=None, *, by, today=None, note=""):
    """The goods of an approved return came, and so many of each line were taken."""
    day, back = today or back.asked_on, came(back, by=by, today=today)
    lines = list(back.lines.all())
    whole = quantities or [line.quantity for line in lines]
    accepted = {line.pk: Decimal(n) for line, n in zip(lines, whole, strict=True)}
    sent = {"version": back.version, "note": note, "today": day}
    return accept_return(back.pk, by=by, quantities=accepted, **sent)


def approval_of(back):
    """The request to the head."""
    return Approval.objects.of(back).get()
