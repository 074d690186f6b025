"""The part of the world of rights that belongs to claims against clients."""

from datetime import date

from django.utils import timezone

from claims.actions.lawsuits import ask_for_package
from claims.actions.outgoing import request_outgoing
from claims.models import KeyRate
from claims.outgoing.package_files import path_of
from tests.factories import clients, outgoing

TODAY = date(2026, 11, 23)


def claimed(cast):
    """Claims of another client of the manager: a draft, asked for, handed over, sent, in court."""
    debtor, day = clients.client(cast.manager, name="CANARY должник"), date(2026, 9, 15)
    asked = outgoing.drafted(debtor, by=cast.manager, today=day)
    request_outgoing(asked.pk, by=cast.manager, version=asked.version, today=TODAY)
    contract = outgoing.contract(debtor, number="CANARY договор")
    bill = outgoing.debt(debtor, due=date(2026, 8, 3), contract=contract)
    sued = outgoing.lawsuit(debtor, cast=cast, on=day)
    package = ask_for_package(sued.pk, by=cast.lawyer, version=sued.version)
    package.state, package.finished_at = "done", timezone.now()
    package.save(update_fields=["state", "finished_at"])
    path_of(package).parent.mkdir(parents=True, exist_ok=True)
    path_of(package).write_bytes(b"PK")
    return {
        "outgoing_draft": outgoing.drafted(debtor, by=cast.manager, today=day).pk,
        "outgoing_asked": asked.pk,
        "outgoing_handed": outgoing.handed(debtor, head=cast.department_head, today=day).pk,
        "outgoing": outgoing.sent(debtor, bill, cast=cast, on=day).pk,
        "lawsuit": sued.pk,
        "lawsuit_package": package.pk,
        "key_rate": KeyRate.objects.open().first().pk,
    }
