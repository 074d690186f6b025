"""Competitors with notes, and recommendations given to clients."""

from itertools import count
from uuid import uuid4

from django.utils import timezone

from clients.actions import client_advice, competitors
from clients.actions.client_advice import Advice
from clients.actions.competitors import CompetitorValues, NoteValues
from tests.factories import events

_numbers = count(1)


def competitor(by, **more):
    """A competitor that nobody has noted anything of."""
    more.setdefault("name", f"Конкурент {next(_numbers)}")
    return competitors.create_competitor(CompetitorValues(**more), by=by, key=uuid4())


def note(of, by, *, client=None, **more):
    """What was learnt of it, by default a discount of 5 %."""
    today = timezone.localdate()
    given = {"aspect": "discount", "value": 5} if not {"aspect", "text"} & more.keys() else {}
    values = {"source": "Закупщик", "noted_on": today, "aspect": "service"} | given | more
    pk = client.pk if client else None
    return competitors.add_note(
        of.pk, NoteValues(**values), by=by, key=uuid4(), today=today, client_id=pk
    )


def advice(client, by=None, **more):
    """What the client was advised."""
    today = timezone.localdate()
    values = {"topic": "assortment", "text": "Добавить листовой чай", "given_on": today} | more
    by = by or client.manager
    return client_advice.give_advice(client.pk, Advice(**values), by=by, key=uuid4(), today=today)


def of_matrix(client, cast):
    """Keys of an event with a guest, of a competitor with a note of the client, of an advice."""
    event = events.event(cast.department_head, ago=-3)
    events.invited(event, client)
    other = competitor(cast.manager)
    learnt = note(other, cast.manager, client=client, text="CANARY цена", source="CANARY закупщик")
    return {
        "event": event.pk,
        "competitor": other.pk,
        "competitor_note": learnt.pk,
        "recommendation": advice(client, text="CANARY совет").pk,
    }
