"""What the books alone know of returns: taken in as returns of ours, followed when reversed."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from django.db import transaction

from claims.books import unasked_documents
from claims.models import RETURN_MOVES, Return, ReturnState
from claims.numbers import RETURN
from crm.history import verb
from crm.numbering import format_number, take_numbers
from crm.states import move
from deals.models import Shipment, ShipmentState

PORTION = 2_000


def follow_books(*, today: date, portion: int = PORTION) -> int:
    """Take in what the books returned without a request, let go what they reversed; how many.

    May run twice: a document belongs to one return. Each portion looks through all documents
    anew: where nobody works meanwhile a large one is quicker.
    """
    taken = 0
    while found := take_in_portion(portion):
        taken += found
    return taken + let_go_reversed()


@transaction.atomic
def take_in_portion(portion: int = PORTION) -> int:
    """Returns for documents that no request of ours awaits, of one portion.

    They are closed from the start, bear no lines of their own and no reason until somebody names
    it; turnover and debt stay as the documents say.
    """
    rows = unasked_documents().order_by("posted_on", "pk")
    documents = list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:portion])
    made: list[Return] = []
    for year, group in groupby(documents, lambda one: one.posted_on.year):
        of_year = list(group)
        numbers = take_numbers("return", year=year, count=len(of_year))
        made += [
            _return(document, format_number(RETURN, year, number))
            for document, number in zip(of_year, numbers, strict=True)
        ]
    with verb("return.taken_in", by=None):
        Return.objects.bulk_create(made)
    return len(made)


@transaction.atomic
def let_go_reversed() -> int:
    """Requests whose document was reversed wait for another one; the books' own are gone."""
    rows = Return.objects.filter(
        state__in=[ReturnState.CREDITED, ReturnState.CLOSED],
        document__state=ShipmentState.REVERSED,
    )
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    with verb("return.document_reversed", by=None):
        for back in found:
            if back.created_by_id is None:
                move(back, RETURN_MOVES, ReturnState.WITHDRAWN)
            else:
                accepted = ReturnState.ACCEPTED
                move(back, RETURN_MOVES, accepted, document=None, credit_note_number="")
    return len(found)


def _return(document: Shipment, number: str) -> Return:
    assert document.client_id is not None
    assert document.posted_on is not None
    return Return(
        number=number,
        client_id=document.client_id,
        shipment_id=document.original_id,
        asked_on=document.posted_on,
        amount=-document.amount,
        state=ReturnState.CLOSED,
        document=document,
        credit_note_number=document.number,
        manager_id=document.manager_id,
    )
