"""Requests about personal data and acts of destruction, made by the product's own actions."""

from django.utils import timezone

from clients.actions import destruction, subjects
from tests.factories import clients

TODAY = timezone.localdate()


def request(cast, person, kind="destroy", *, by=None, **more):
    """A request of the person that the lawyer took."""
    values = {"channel": "email", "received_on": TODAY, "note": "", "today": TODAY}
    values["now"] = timezone.now()
    return subjects.register_request(person.pk, by=by or cast.lawyer, kind=kind, **values | more)


def proposed(cast, person, *, by=None, request_id=None, reason="Обращение субъекта"):
    """An act that waits to be decided; the client must be without legal grounds."""
    return destruction.propose_destruction(
        person.pk, by=by or cast.lawyer, reason=reason, request_id=request_id, today=TODAY
    )


def of_matrix(cast):
    """A request that waits and an act to be decided, about a client of the manager."""
    person = clients.person(clients.client(cast.manager, name="CANARY тихий клиент"))
    asked = request(cast, person, note="CANARY обращение")
    act = proposed(cast, person, request_id=asked.pk)
    return {"subject_request": asked.pk, "destruction_act": act.pk}
