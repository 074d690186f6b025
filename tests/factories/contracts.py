"""Contracts on their way, with what belongs to them; those of the books: `deals.contract`."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from deals.models import (
    ClientDocument,
    Contract,
    ContractObligation,
    ContractTemplate,
    DeliverySchedule,
    Disagreement,
    PowerOfAttorney,
)

_numbers = count(1)
STARTS = date(2026, 1, 12)


def draft(client, author, **more):
    """A draft of a standard contract of 300,000 roubles."""
    more.setdefault("number", f"Д-2026-{next(_numbers):06d}")
    more.setdefault("amount", Decimal("300000.00"))
    more.setdefault("starts_on", STARTS)
    return Contract.objects.create(client=client, author=author, negotiator=author, **more)


def active(client, author, **more):
    """In force, with both signatures."""
    more.setdefault("signed_by", author)
    for name in ("signed_on", "signed_by_us_on", "signed_by_client_on"):
        more.setdefault(name, STARTS)
    return draft(client, author, state="active", **more)


def disagreement(contract, by, **more):
    """A clause that is not settled."""
    words = {"clause": "5.1", "ours": "30 дней", "theirs": "60 дней"}
    return Disagreement.objects.create(contract=contract, created_by=by, **words | more)


def obligation(contract, by, unit, *, due=None, **more):
    """Something that the unit has to do in a month."""
    more.setdefault("kind", "training")
    more.setdefault("text", "Обучить продавцов")
    return ContractObligation.objects.create(
        contract=contract,
        created_by=by,
        org_unit=unit,
        due_on=due or timezone.localdate() + timedelta(days=30),
        **more,
    )


def power(agent, limit="1000000.00", **more):
    """A power of attorney that holds since January 2026 and is not over soon."""
    more.setdefault("number", f"ДВ-{next(_numbers)}")
    more.setdefault("issued_on", STARTS)
    more.setdefault("valid_to", timezone.localdate() + timedelta(days=335))
    return PowerOfAttorney.objects.create(
        agent=agent,
        limit=None if limit is None else Decimal(limit),
        issued_by="Генеральный директор",
        **more,
    )


def template(**more):
    """A template, of supply contracts unless told."""
    more.setdefault("name", f"Типовой {next(_numbers)}")
    more.setdefault("kind", "supply")
    return ContractTemplate.objects.create(**more)


def document(client, by, **more):
    """The charter of the client."""
    more.setdefault("kind", "charter")
    return ClientDocument.objects.create(client=client, created_by=by, **more)


def delivery(client, by, **more):
    """A proposal of the seller: Mondays and Thursdays from nine to one."""
    values = {
        "weekdays": [1, 4], "time_from": "09:00", "time_to": "13:00", "reason": "Новый график",
        "starts_on": timezone.localdate(), "seller": by, "seller_at": timezone.now(),
    }  # fmt: skip
    return DeliverySchedule.objects.create(client=client, asked_by=by, **values | more)
