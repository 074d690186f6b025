"""Clients with people, requisites, outlets and needs; written past the actions.

acme = clients.client(manager, name="ООО «Ромашка»", category="A")
clients.person(acme, is_decision_maker=True)
"""

from datetime import date
from itertools import count

from clients import keys
from clients.models import (
    BankAccount,
    CategoryAssignment,
    Client,
    ClientAssignment,
    ClientNeed,
    ContactPerson,
    Counterparty,
    Outlet,
)
from crm import requisites_sample as sample

TODAY = date(2026, 11, 23)
SINCE = date(2026, 1, 12)
_numbers = count(1)


def client(manager=None, *, category="B", since=SINCE, archived=False, **more):
    """A client of the manager in the manager's unit, with the history that makes it so."""
    number = next(_numbers)
    more.setdefault("name", f"ООО «Клиент {number}»")
    more.setdefault("code", f"T-{number:05d}")
    more.setdefault("status", "client")
    more.setdefault("actualised_on", since)
    if archived:
        from django.utils import timezone

        more |= {"status": "archived", "archived_at": timezone.now(), "archive_reason": "Закрылся"}
    if manager is not None:
        more.setdefault("org_unit", manager.org_unit)
    made = Client(
        manager=manager, category=category, category_since=since if category else None, **more
    )
    keys.set_client_keys(made)
    made.save()
    if manager is not None:
        ClientAssignment.objects.create(client=made, manager=manager, valid_from=since)
    if category and manager is not None:
        CategoryAssignment.objects.create(
            client=made, category=category, kind="initial", valid_from=since, decided_by=manager
        )
    return made


def person(of, **more):
    """Somebody who works at the client."""
    number = next(_numbers)
    more.setdefault("full_name", f"Клиентов Пётр Иванович {number}")
    made = ContactPerson(client=of, **more)
    keys.set_person_keys(made)
    made.save()
    return made


def inn(number=None):
    """A valid INN of a company."""
    return sample.make_inn(number if number is not None else next(_numbers))


def counterparty(of, **more):
    """The legal side of the client; INN and KPP are right and new unless given."""
    number = next(_numbers)
    more.setdefault("full_name", f"Общество с ограниченной ответственностью «Юрлицо {number}»")
    more.setdefault("inn", inn(number))
    more.setdefault("kpp", "770101001")
    more.setdefault("is_main", not of.counterparties.filter(archived_at=None).exists())
    made = Counterparty(client=of, **more)
    keys.set_counterparty_keys(made)
    made.save()
    return made


def account(of, *, bic="044525225", **more):
    """A settlement account of the counterparty with the key of the bank."""
    number = next(_numbers)
    more.setdefault("account", sample.make_account(bic, number))
    more.setdefault("is_main", not of.accounts.filter(closed_on=None).exists())
    return BankAccount.objects.create(counterparty=of, bic=bic, **more)


def outlet(of, **more):
    """A shop of the client."""
    more.setdefault("name", f"Магазин {next(_numbers)}")
    return Outlet.objects.create(client=of, **more)


def need(of, author=None, **more):
    """What the client needs."""
    more.setdefault("subject", f"Потребность {next(_numbers)}")
    more.setdefault("noted_on", TODAY)
    return ClientNeed.objects.create(client=of, author=author or of.manager, **more)


def whole(manager):
    """A client of the manager with one row of each noun, by name."""
    made = client(manager)
    legal = counterparty(made)
    return {
        "client": made,
        "person": person(made),
        "outlet": outlet(made),
        "need": need(made),
        "counterparty": legal,
        "account": account(legal),
    }
