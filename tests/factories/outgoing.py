"""Claims against clients on their way, moved by the product's own actions."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from claims.actions import lawsuits
from claims.actions import outgoing as actions
from claims.actions.outgoing import Sending, Wanted
from tests.factories import deals

DAY = timedelta(days=1)
TODAY = date(2026, 10, 1)
DUE = date(2026, 8, 31)


def debt(client, amount="100000.00", *, due=DUE, **more):
    """An invoice that was to be paid by the day."""
    return deals.invoice(client, amount, on=due - 30 * DAY, due=due, **more)


def drafted(client, *bills, by, today=TODAY, to=None, with_accrual=True, key=None):
    """Drawn up over the bills, or over a new one."""
    bills = bills or (debt(client, due=today - 31 * DAY),)
    wanted = Wanted(tuple(bill.pk for bill in bills), to or today, with_accrual, "Обещали трижды")
    return actions.draft_outgoing(client.pk, wanted, by=by, today=today, key=key or uuid4())


def handed(client, *bills, head, today=TODAY, **more):
    """With the lawyer."""
    claim = drafted(client, *bills, by=head, today=today, **more)
    return actions.initiate_outgoing(claim.pk, by=head, version=claim.version)


def sent(client, *bills, cast, on=TODAY, today=None, **more):
    """Sent by post on the day."""
    claim = handed(client, *bills, head=cast.department_head, today=on, **more)
    sending = Sending(on, "post", "80088012345678")
    return actions.send_outgoing(
        claim.pk, sending, by=cast.lawyer, version=claim.version, today=today or on
    )


def lawsuit(client, *bills, cast, on=TODAY, today=None, **more):
    """Prepared on the first day on which the court takes it."""
    claim = sent(client, *bills, cast=cast, on=on, **more)
    day = today or claim.lawsuit_from
    return lawsuits.prepare_lawsuit(
        claim.pk,
        by=cast.lawyer,
        version=claim.version,
        court="Арбитражный суд города Москвы",
        to=day,
        today=day,
    )


def contract(client, *, penalty="0.1", cap="10", days=30, day_type="calendar", **more):
    """A contract with a penalty and a term of its own for claims."""
    return deals.contract(
        client,
        penalty_pct_day=None if penalty is None else Decimal(penalty),
        penalty_cap_pct=None if cap is None else Decimal(cap),
        claim_response_days=days,
        claim_day_type=day_type,
        **more,
    )
