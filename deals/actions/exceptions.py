"""The register of exceptions: written by what approves, ended by itself every night."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q

from clients.heads import heads_of_clients
from crm.accounts.models import User
from crm.history import verb
from crm.notices.actions import notify_many
from crm.said import in_each_language
from crm.work.registry import setting
from deals.models import (
    CreditLimit,
    ExceptionKind,
    Order,
    OrderState,
    PolicyException,
    RelationshipScheme,
    StopShipping,
    TermsRequest,
)
from deals.receivables.norms import limit_norm

REASON = PolicyException._meta.get_field("reason").max_length


def note_exception(
    kind: str,
    record_id: int,
    *,
    by: User,
    client_id: int,
    owner_id: int | None,
    reason: str,
    starts_on: date,
    ends_on: date,
    value: Decimal | None = None,
) -> None:
    """Enter a deviation that was just approved; once per record, the last approval counts.

    Called inside the transaction of the action that approves. Without an owner the approver is it.
    """
    values = {
        "client_id": client_id,
        "owner_id": owner_id or by.pk,
        "approved_by": by,
        "reason": reason,
        "starts_on": starts_on,
        "ends_on": max(ends_on, starts_on),
        "value": value,
        "ended_on": None,
    }
    with verb("exception.noted", by=by):
        PolicyException.objects.update_or_create(
            kind=kind,
            record_id=record_id,
            defaults=values | {"version": F("version") + 1},
            create_defaults=values,
        )


def end_exception(kind: str, record_id: int, *, today: date) -> None:
    """What was entered for the record holds no more."""
    known = PolicyException.objects.filter(kind=kind, record_id=record_id, ended_on=None)
    known.update(ended_on=today, version=F("version") + 1)


def note_terms(request: TermsRequest, *, by: User) -> None:
    """A discount or a deferral was approved."""
    note_exception(
        request.kind,
        request.pk,
        by=by,
        client_id=request.client_id,
        owner_id=request.author_id,
        reason=request.reason,
        starts_on=request.valid_from,
        ends_on=request.valid_to,
        value=request.value,
    )


def note_limit(limit: CreditLimit, *, by: User, today: date) -> None:
    """A credit limit was approved; above the norm it is an exception, to be reviewed by a day."""
    if limit.amount <= limit_norm(limit.client, today).amount:
        # A limit of the same day is corrected in place.
        end_exception(ExceptionKind.LIMIT, limit.pk, today=today)
        return
    note_exception(
        ExceptionKind.LIMIT,
        limit.pk,
        by=by,
        client_id=limit.client_id,
        owner_id=limit.request.author_id if limit.request else None,
        reason=limit.reason,
        starts_on=limit.valid_from,
        ends_on=limit.valid_from + timedelta(days=setting("exceptions.limit_review_days")),
        value=limit.amount,
    )


def note_release(stop: StopShipping, *, by: User, today: date) -> None:
    """Goods go in spite of a stop up to a day."""
    assert stop.released_to is not None
    note_exception(
        ExceptionKind.STOP,
        stop.pk,
        by=by,
        client_id=stop.client_id,
        owner_id=stop.client.manager_id,
        reason=stop.release_reason,
        starts_on=today,
        ends_on=stop.released_to,
    )


def note_order(order: Order, *, by: User, today: date) -> None:
    """An order was released from hold; it is over on the day by which the goods are to be there."""
    note_exception(
        ExceptionKind.ORDER,
        order.pk,
        by=by,
        client_id=order.client_id,
        owner_id=order.submitted_by_id,
        reason=order.release_reason,
        starts_on=today,
        ends_on=order.due_on or today,
        value=order.total,
    )


def note_scheme(scheme: RelationshipScheme, *, by: User) -> None:
    """A scheme was approved that gives more than the policy does."""
    note_exception(
        ExceptionKind.SCHEME,
        scheme.pk,
        by=by,
        client_id=scheme.client_id,
        owner_id=scheme.author_id,
        reason=scheme.goals[:REASON],
        starts_on=scheme.valid_from,
        ends_on=scheme.valid_to,
        value=scheme.discount_pct or None,
    )


@transaction.atomic
def tell_of_reviews(*, today: date) -> int:
    """Daily: the day of review has come; owner and heads learn of it once.

    A limit that was approved anew has a later day and is told of again. Returns how many were told.
    """
    due = PolicyException.objects.to_review(today).select_related("client").order_by("pk")
    rows = list(due)
    heads = heads_of_clients([row.client_id for row in rows])
    told = 0
    for row in rows:
        told += notify_many(
            sorted({row.owner_id, *heads.get(row.client_id, ())}),
            kind="exception.review",
            params={
                "what": in_each_language(row.__str__),
                "client": row.client.name,
                "day": f"{row.ends_on:%d.%m.%Y}",
            },
            url=row.get_absolute_url(),
            dedupe_key=f"exception:{row.pk}:{row.ends_on}",
        )
    return told


@transaction.atomic
def end_exceptions(*, today: date) -> int:
    """Daily 00:15: end those whose day has gone by or whose reason is gone; twice is once."""
    open_rows = PolicyException.objects.filter(ended_on=None)
    limits = CreditLimit.objects.filter(valid_to__lte=today)
    stops = StopShipping.objects.exclude(off_at=None)
    orders = Order.objects.filter(
        state__in=[OrderState.DELIVERED, OrderState.CLOSED, OrderState.CANCELLED]
    )
    over = Q(ends_on__lt=today) & ~Q(kind=ExceptionKind.LIMIT)
    for kind, rows in (
        (ExceptionKind.LIMIT, limits),
        (ExceptionKind.STOP, stops),
        (ExceptionKind.ORDER, orders),
    ):
        over |= Q(kind=kind, record_id__in=rows.values("pk"))
    with verb("exception.ended", by=None):
        return open_rows.filter(over, starts_on__lte=today).update(
            ended_on=today, version=F("version") + 1
        )
