"""Events with people of clients invited to them."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from clients.actions import events as actions
from clients.actions.events import EventValues, Guests
from clients.models import EventInvitation
from tests.factories import clients


def event(by, *, ago=0, lasts=0, **more):
    """An event that began so many days ago; below 0 it is to come."""
    begins = timezone.localdate() - timedelta(days=ago)
    more.setdefault("kind", "presentation")
    more.setdefault("name", "Презентация новинок")
    more.setdefault("groups", ["Чай", "Кофе"])
    days = {"starts_on": begins, "ends_on": begins + timedelta(days=lasts)}
    return actions.create_event(EventValues(**days, **more), by=by, key=uuid4())


def invited(event_, client, *, by=None, **more):
    """The invitation of a new person of the client."""
    more.setdefault("is_decision_maker", True)
    person = clients.person(client, **more)
    actions.invite(event_.pk, Guests(), by=by or client.manager, today=event_.starts_on)
    return EventInvitation.objects.get(event=event_, person=person)


def marked(invitation, state, *, by=None):
    """With the answer or the attendance noted."""
    actions.mark_invitations(
        invitation.event_id, [invitation.pk], by=by or invitation.client.manager, state=state,
        now=timezone.now(),
    )  # fmt: skip
    return EventInvitation.objects.get(pk=invitation.pk)
