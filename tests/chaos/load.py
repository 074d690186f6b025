"""People at work: contacts saved through the composer and letters written to the outbox.

Every action has an id that is also its idempotency key; it enters the ledger after the answer.
"""

import threading
import time
import uuid
from dataclasses import dataclass, field

import httpx
from django.conf import settings
from django.db import connections, transaction
from django.test import Client as TestClient
from django.urls import reverse

from clients.models import Client, ContactResult
from crm.accounts.models import User
from crm.notices.actions import notify

PEOPLE = ("manager", "manager2", "sector", "head")
PAUSE = 0.2


@dataclass
class Ledger:
    """What the people saw, by id of the action."""

    acked: dict = field(default_factory=dict)
    refused: set = field(default_factory=set)
    failed: set = field(default_factory=set)
    unknown: dict = field(default_factory=dict)
    letters: set = field(default_factory=set)
    seconds: list = field(default_factory=list)

    def p95(self) -> int:
        """Milliseconds of a save."""
        laps = sorted(self.seconds)
        return round(laps[int(len(laps) * 0.95)] * 1000) if laps else 0


class Person:
    """One signed-in person with a client of their own to log contacts for."""

    def __init__(self, base: str, login: str) -> None:
        self.user = User.objects.get(username=login)
        found = Client.objects.visible_to(self.user).filter(status="client").order_by("pk")
        self.client_id = found.values_list("pk", flat=True)[PEOPLE.index(login)]
        self.result = ContactResult.objects.get(code="agreement").pk
        signed_in = TestClient()
        signed_in.force_login(self.user)
        token = uuid.uuid4().hex
        self.http = httpx.Client(
            base_url=base,
            cookies={
                settings.SESSION_COOKIE_NAME: signed_in.session.session_key,
                settings.CSRF_COOKIE_NAME: token,
            },
            headers={"X-CSRFToken": token, "HX-Request": "true", "Referer": base},
            timeout=15,
        )

    def save(self, op: str) -> httpx.Response:
        """Log a contact whose note is the id of the action."""
        facts = {
            "kind": "call_out",
            "result": self.result,
            "note": op,
            "minutes": 5,
            "next": "none",
            "client_id": self.client_id,
            "key": op,
        }
        return self.http.post(reverse("clients:contact_log"), data=facts)


def work(person: Person, ledger: Ledger, until: float) -> None:
    """Save contacts, about four a second, and write a letter with every other one."""
    while time.monotonic() < until:
        op = str(uuid.uuid4())
        started = time.monotonic()
        try:
            status = person.save(op).status_code
        except httpx.TransportError:
            ledger.unknown[op] = person
        else:
            ledger.seconds.append(time.monotonic() - started)
            enter(ledger, op, person, status)
        if int(op[0], 16) % 2:
            write_letter(person.user, op, ledger)
        time.sleep(PAUSE)
    connections.close_all()


def enter(ledger: Ledger, op: str, person: Person, status: int) -> None:
    """Note what the person saw."""
    if status < 400:
        ledger.acked[op] = person
    elif status < 500:
        ledger.refused.add(op)
    else:
        ledger.failed.add(op)


def write_letter(user: User, op: str, ledger: Ledger) -> None:
    """As an action does: a row of the outbox in its transaction."""
    with transaction.atomic():
        notify(user, kind="chaos.letter", params={"op": op}, dedupe_key=f"chaos:{op}")
    ledger.letters.add(op)


def start(people: list[Person], ledger: Ledger, seconds: float) -> list[threading.Thread]:
    """Everybody at once."""
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=work, args=(who, ledger, until)) for who in people]
    for thread in threads:
        thread.start()
    return threads
