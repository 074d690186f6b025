"""Periodic work of contracts (C.6): ends announced and carried out, obligations overdue."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role, User
from crm.notices import kinds
from crm.notices.actions import notify, notify_many
from crm.said import in_each_language
from crm.work import periodic
from crm.work.registry import setting
from deals.actions.contract_signatures import expire_contracts
from deals.actions.packages import tell_of_missing_documents
from deals.models import ClientDocument, Contract, ContractObligation, PowerOfAttorney
from deals.receivables.ageing import parse_steps

TITLES = {
    "contract.ends": _("Contract %(contract)s of %(client)s ends on %(day)s"),
    "contract.obligation": _("To be done by %(due)s under the contract %(contract)s: %(text)s"),
    "contract.obligations_late": _("Obligations of contracts that are overdue: %(count)s"),
    "document.ends": _("%(document)s of %(client)s ends on %(day)s"),
    "package.late": _("Paid invoices whose documents are late: %(count)s"),
    "power.ends": _("Power of attorney %(number)s of %(agent)s ends on %(day)s"),
}


def contract_expiry(*, today: date) -> int:
    """Daily 07:30: contracts that end in 60, 30 or 7 days are announced, those over are ended."""
    ended = expire_contracts(today)
    return ended + (announce_ends(today) if today >= timezone.localdate() else 0)


@transaction.atomic
def announce_ends(today: date) -> int:
    """Tell manager and head; once per (contract, step), also when days were missed."""
    told = 0
    for step, first, last in windows(today):
        rows = Contract.objects.in_force().filter(ends_on__gt=first, ends_on__lte=last)
        for contract in rows.select_related("client__org_unit").order_by("pk"):
            people = {contract.client.manager_id, contract.client.org_unit.head_id} - {None}
            told += notify_many(
                sorted(people),
                kind="contract.ends",
                params={
                    "contract": contract.number,
                    "client": contract.client.name,
                    "day": f"{contract.ends_on:%d.%m.%Y}",
                },
                url=contract.get_absolute_url(),
                dedupe_key=f"contract:{contract.pk}:{contract.ends_on}:{step}",
            )
    return told


@transaction.atomic
def poa_expiry(*, today: date) -> int:
    """Daily 07:30: powers of attorney about to end, to their people and the lawyers."""
    if today < timezone.localdate():
        return 0
    lawyers = set(User.objects.working().filter(role=Role.LAWYER).values_list("pk", flat=True))
    told = 0
    for step, first, last in windows(today):
        rows = PowerOfAttorney.objects.on(today).filter(valid_to__gt=first, valid_to__lte=last)
        for power in rows.select_related("agent").order_by("pk"):
            told += notify_many(
                sorted(lawyers | {power.agent_id}),
                kind="power.ends",
                params={
                    "number": power.number,
                    "agent": power.agent.short_name,
                    "day": f"{power.valid_to:%d.%m.%Y}",
                },
                url=reverse("deals:power_list"),
                dedupe_key=f"power:{power.pk}:{power.valid_to}:{step}",
            )
    return told


@transaction.atomic
def client_document_expiry(*, today: date) -> int:
    """Daily 07:30: managers learn which papers of their clients end; once per (paper, step)."""
    if today < timezone.localdate():
        return 0
    told = 0
    for step, first, last in windows(today):
        rows = ClientDocument.objects.open().filter(valid_to__gt=first, valid_to__lte=last)
        rows = rows.filter(client__manager__is_active=True, client__archived_at=None)
        for document in rows.select_related("client").order_by("pk"):
            assert document.client.manager_id is not None
            told += notify(
                document.client.manager_id,
                kind="document.ends",
                params={
                    "document": in_each_language(document.__str__),
                    "client": document.client.name,
                    "day": f"{document.valid_to:%d.%m.%Y}",
                },
                url=document.get_absolute_url(),
                dedupe_key=f"document:{document.pk}:{document.valid_to}:{step}",
            )
    return told


@transaction.atomic
def obligation_control(*, today: date) -> int:
    """Daily 07:30: heads learn how many obligations of their units are overdue."""
    if today < timezone.localdate():
        return 0
    counts: dict[int, int] = defaultdict(int)
    late = ContractObligation.objects.overdue(today).filter(org_unit__head__is_active=True)
    for head in late.values_list("org_unit__head", flat=True):
        counts[head] += 1
    return sum(
        notify(
            head,
            kind="contract.obligations_late",
            params={"count": count},
            url=f"{reverse('deals:obligation_list')}?late=true",
            dedupe_key=f"{today}",
        )
        for head, count in counts.items()
    )


def windows(today: date) -> list[tuple[int, date, date]]:
    """Each step with the days that belong to it and not to a nearer one."""
    steps = parse_steps(setting("contract.end_alerts"))
    starts = [-1, *steps[:-1]]
    return [
        (step, today + timedelta(days=start), today + timedelta(days=step))
        for step, start in zip(steps, starts, strict=True)
    ]


def paid_without_documents(*, today: date) -> int:
    """Daily 11:00: managers and heads learn of paid invoices whose documents are late (DOC-1)."""
    return tell_of_missing_documents(today) if today >= timezone.localdate() else 0


def register_contract_jobs() -> None:
    """Declare the jobs and the sentences of their notices."""
    for name, run, label in (
        ("contract_expiry", contract_expiry, _("End contracts and announce their end")),
        ("poa_expiry", poa_expiry, _("Announce the end of powers of attorney")),
        (
            "client_document_expiry",
            client_document_expiry,
            _("Announce the end of papers of clients"),
        ),
        ("obligation_control", obligation_control, _("Notify of overdue obligations")),
    ):
        periodic.register(name, due=periodic.daily(7, 30), run=run, label=label)
    periodic.register(
        "paid_without_documents",
        due=periodic.daily(11),
        run=paid_without_documents,
        label=_("Notify of paid invoices without documents"),
    )
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
