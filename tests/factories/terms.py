"""Rows with a last day of every kind: `terms.paid(client, on=…, documents=…)`."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from clients.models import Client, ClientAssignment, ClientTransfer
from deals.models import ReconciliationItem
from reports.models import PlanPart, ReportSubmission
from tests.factories import clients, deals, plans, reconciliations, submissions
from tests.factories.spreading import allocate_payment


def noon(day):
    """The middle of the day by the company's clock."""
    return datetime.combine(day, time(12, 0), timezone.get_default_timezone())


def added(manager, on, *, given=None, unit=None):
    """A client that was added on the day and given to the manager on another, or not yet."""
    made = clients.client(manager if given else None, since=given or on, category=None,
                          org_unit=unit or manager.org_unit)  # fmt: skip
    Client.objects.filter(pk=made.pk).update(created_at=noon(on))
    return made


def handed_over(client, to, by, *, decided, on, kind="rebalance"):
    """A hand-over decided on the day that takes effect on another; written past the action."""
    made = ClientTransfer.objects.create(
        kind=kind, to_manager=to, takes_effect_on=on, clients_count=1, created_by=by
    )
    ClientTransfer.objects.filter(pk=made.pk).update(created_at=noon(decided))
    ClientAssignment.objects.filter(client=client).update(valid_to=on)
    ClientAssignment.objects.create(
        client=client, manager=to, valid_from=on, transfer=made, created_by=by
    )
    return made


def paid(client, *, on, documents=None):
    """An advance paid on the day, its goods posted on another or not yet."""
    made = deals.invoice(client, "600.00", kind="prepay", on=on)
    money = deals.payment(client, "600.00", on=on)
    allocate_payment(money.pk, by=None, named=[made.pk])
    if documents:
        deals.sale(client, "600.00", on=documents)
    return made


def reconciliation(client, *, send_by, sign_by, sent=None, signed=None):
    """An act with its last days and what was done."""
    made = reconciliations.item(client, as_of=send_by - timedelta(days=9))
    values = {"send_by": send_by, "sign_by": sign_by, "sent_on": sent}
    if signed:
        values |= {"state": "signed", "signed_on": signed}
    elif sent:
        values["state"] = "sent"
    ReconciliationItem.objects.filter(pk=made.pk).update(**values)
    return made


def part(plan, client, *, submitted=None, by=None):
    """A manager's part of the plan, submitted on the day or not yet."""
    plans.line(plan, client)
    rows = PlanPart.objects.filter(plan=plan, manager=client.manager)
    if submitted:
        rows.update(state="submitted", first_submitted_on=submitted, submitted_by=by,
                    submitted_at=noon(submitted))  # fmt: skip
    return rows.get()


def report(cast, *, due, handed_in=None, **more):
    """An internal report of the sector head, handed in on the day or not yet."""
    row = submissions.due(cast, due, **more)
    if handed_in:
        late = max(0, (handed_in - due).days)
        ReportSubmission.objects.filter(pk=row.pk).update(
            state="submitted", first_submitted_on=handed_in, late_days=late
        )
    return row
