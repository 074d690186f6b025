"""A lead becomes a client (C.5 no. 6): the manager asks, the head of the department confirms."""

from __future__ import annotations

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from clients import permissions
from clients.actions.clients import NewClient, create_client
from clients.actions.leads import absent, end, lock_lead, note, refuse_known_inn
from clients.actions.needs import create_need
from clients.actions.people import PersonValues
from clients.actions.requisites import CounterpartyValues
from clients.models import Client, ClientKind, ClientStatus, Lead, LeadState, ReliabilityScore
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.errors import RuleViolation
from crm.history import verb
from crm.requisites import is_person_inn

KIND = "lead.convert"


@transaction.atomic
def ask_conversion(lead_id: int, *, by: User, version: int, today: date) -> Lead:
    """Ask the head for a client made of the lead; the head of the department converts at once.

    Raises RuleViolation before the offer is accepted, and where a client has the INN already.
    """
    lead = lock_lead(lead_id, by=by, version=version)
    if lead.state != LeadState.OFFER_ACCEPTED:
        raise RuleViolation(_("Only a lead that has accepted an offer becomes a client."))
    refuse_known_inn(lead.inn, by=by, besides=lead.pk)
    head = permissions.deciding_head(by, lead, today=today)
    if head is not None:
        convert(lead, by=head, today=today, doer=by)
        return lead
    approvals.submit(
        lead,
        kind=KIND,
        by=by,
        title=lead.name,
        org_unit=lead.org_unit,
        today=today,
        on_behalf_of=absent(lead, by),
    )
    return lead


def convert(lead: Lead, *, by: User, today: date, doer: User | None = None) -> Client:
    """Make the client of a locked lead, in the head's name, once: the key is the lead's own.

    Name, source, potential, need, contact person and score go over to it.
    """
    refuse_known_inn(lead.inn, by=by, besides=lead.pk)
    with verb("lead.converted", by=doer or by, on_behalf_of=by if doer not in (None, by) else None):
        client = create_client(
            by=by,
            today=today,
            key=_key(lead),
            new=_new(lead),
            name=lead.name,
            kind=ClientKind.ENTREPRENEUR if _is_person(lead) else ClientKind.LEGAL,
            status=ClientStatus.CLIENT,
            channel=lead.segment,
            territory=lead.territory,
            potential_monthly=lead.potential_monthly,
            phone=lead.phone,
            email=lead.email,
            source=_source(lead),
        )
        if lead.need:
            create_need(
                client.pk, by=by, subject=lead.need, level=lead.need_level,
                direction=lead.need_direction, noted_on=today,
            )  # fmt: skip
        end(lead, LeadState.CONVERTED, today=today, client=client)
        note(lead, client.code, by=doer or by, today=today, state=LeadState.CONVERTED)
        _carry_score(lead, client)
    return client


def _new(lead: Lead) -> NewClient:
    legal: CounterpartyValues = {"full_name": lead.name, "inn": lead.inn}
    person: PersonValues = {
        "full_name": lead.contact_name,
        "position": lead.contact_position,
        "phone": lead.phone,
        "email": lead.email,
        "is_decision_maker": True,
    }
    return NewClient(
        manager_id=lead.manager_id,
        counterparty=legal if lead.inn else None,
        person=person if lead.contact_name else None,
    )


def _carry_score(lead: Lead, client: Client) -> None:
    for score in ReliabilityScore.objects.current().select_for_update().filter(lead=lead):
        score.client = client
        score.version += 1
        score.save(update_fields=["client", "version"])


def _source(lead: Lead) -> str:
    parts = [str(lead.channel), lead.campaign.name if lead.campaign else ""]
    return ": ".join(filter(None, parts))[:100]


def _is_person(lead: Lead) -> bool:
    return bool(lead.inn) and is_person_inn(lead.inn)


def _key(lead: Lead) -> UUID:
    return uuid5(NAMESPACE_URL, f"klientura:lead:{lead.pk}")
