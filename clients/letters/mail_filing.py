"""Under which client an e-mail belongs: by its thread, our number in the subject, the address."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clients.letters.letter_numbers import OUR_NUMBER
from clients.models import Client, ContactPerson, Correspondence, LetterKind
from crm.mailbox.parsing import Mail
from crm.work.registry import setting

LEAST_STEM = 4


@dataclass(frozen=True)
class Home:
    """What is known of the sender and of the exchange the message belongs to."""

    client: Client | None = None
    person: ContactPerson | None = None
    thread: UUID | None = None
    is_stranger: bool = False  # filed by the thread alone: the client does not have this address


def home_of(mail: Mail) -> Home:
    """The thread says more than the address: people write from their own mail too."""
    before = _before(mail)
    people = _people(mail.address)
    if before is not None and before.client is not None:
        person = next((one for one in people if one.client_id == before.client_id), None)
        known = person is not None or before.address == mail.address
        known = known or _writes_from(before.client, mail.address)
        return Home(before.client, person, before.thread, is_stranger=not known)
    thread = before.thread if before is not None else None
    clients = {one.client_id: one.client for one in people} or _by_address(mail.address)
    if len(clients) != 1:
        return Home(thread=thread)
    (client,) = clients.values()
    return Home(client, people[0] if len(people) == 1 else None, thread)


def kind_of(mail: Mail) -> str:
    """A complaint where the subject says so; the stems of the words are compared."""
    subject = mail.subject.casefold()
    words = str(setting("mail.complaint_words")).casefold().split(",")
    stems = [word.strip()[:-1] for word in words if len(word.strip()) > LEAST_STEM]
    return LetterKind.COMPLAINT if any(stem in subject for stem in stems) else LetterKind.LETTER


def _before(mail: Mail) -> Correspondence | None:
    """The letter that this one answers: the nearest named message, else our number."""
    rows = Correspondence.objects.select_related("client__manager")
    named = {one.message_id: one for one in rows.filter(message_id__in=mail.references)}
    for message_id in reversed(mail.references):
        if message_id in named:
            return named[message_id]
    numbers = [number.upper() for number in OUR_NUMBER.findall(mail.subject)]
    found: Correspondence | None = rows.filter(reg_no__in=numbers).order_by("-pk").first()
    return found


def _people(address: str) -> list[ContactPerson]:
    """Contact persons with the address, of clients that are not in the archive."""
    if not address:
        return []
    rows = ContactPerson.objects.open().filter(email=address, client__archived_at=None)
    return list(rows.select_related("client__manager", "client__org_unit").order_by("pk")[:20])


def _by_address(address: str) -> dict[int, Client]:
    """Clients whose own address it is."""
    if not address:
        return {}
    rows = Client.objects.open().filter(email=address).select_related("manager", "org_unit")
    return {client.pk: client for client in rows.order_by("pk")[:20]}


def _writes_from(client: Client, address: str) -> bool:
    return bool(address) and client.email == address
