"""Writes of leads (CL-05, C.5 no. 6): added, corrected, worked on, moved, lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import permissions
from clients.actions.assignments import first_owner
from clients.models import (
    LEAD_MOVES,
    Counterparty,
    Lead,
    LeadNote,
    LeadState,
    SearchCampaign,
    SearchChannel,
)
from clients.models.clients import Client
from crm import requisites
from crm.accounts.models import User
from crm.accounts.scope import acting_for
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.names import search_key
from crm.numbering import one_at_a_time
from crm.refusals import Sentence, politely
from crm.states import move

CONSTRAINTS: dict[str, Sentence] = {
    "lead_open_inn_once": (gettext_lazy("A lead with this INN is being worked on already."), "inn"),
    "lead_inn_digits": (
        gettext_lazy("INN must have 10 digits for a company or 12 for an entrepreneur."),
        "inn",
    ),
    "lead_potential_not_negative": (
        gettext_lazy("The potential is not negative."),
        "potential_monthly",
    ),
}
STEPS = (LeadState.NEGOTIATING, LeadState.OFFER_ACCEPTED)


class LeadValues(TypedDict, total=False):
    """What is known of a lead; its state and what became of it are not among it."""

    name: str
    inn: str
    contact_name: str
    contact_position: str
    phone: str
    email: str
    segment: str
    territory: str
    channel: SearchChannel
    campaign: SearchCampaign | None
    potential_monthly: Decimal
    need: str
    need_level: int
    need_direction: str
    next_on: date | None
    next_step: str


@dataclass(frozen=True)
class Said:
    """What was done with a lead, and what comes next and when."""

    text: str
    next_on: date | None = None
    next_step: str = ""


@transaction.atomic
def create_lead(
    *,
    by: User,
    today: date,
    key: UUID,
    manager_id: int | None = None,
    **values: Unpack[LeadValues],
) -> Lead:
    """Add a lead, once per `key`; the manager takes it, a head may give it to somebody.

    Raises RuleViolation where a client or another open lead has the INN.
    """
    if not permissions.can_create_lead(by):
        raise PermissionDenied
    one_at_a_time(key)
    known: Lead | None = Lead.objects.filter(idempotency_key=key, created_by=by).first()
    if known is not None:
        return known
    owner = first_owner(by, manager_id)
    lead = Lead(found_on=today, created_by=by, idempotency_key=key)
    _give(lead, owner)
    _put(lead, values, by=by)
    with verb("lead.created", by=by, on_behalf_of=absent(lead, by)), politely(CONSTRAINTS):
        lead.save(force_insert=True)
    return lead


@transaction.atomic
def edit_lead(
    lead_id: int,
    *,
    by: User,
    version: int,
    manager_id: int | None = None,
    **values: Unpack[LeadValues],
) -> Lead:
    """Correct what is known of a lead; a head hands it over with `manager_id`."""
    lead = lock_lead(lead_id, by=by, version=version)
    acting = absent(lead, by)
    if manager_id is not None and manager_id != lead.manager_id:
        _give(lead, first_owner(by, manager_id))
    _put(lead, values, by=by)
    lead.version += 1
    fields = [*values, "search_key", "manager", "org_unit", "version"]
    with verb("lead.edited", by=by, on_behalf_of=acting), politely(CONSTRAINTS):
        lead.save(update_fields=fields)
    return lead


@transaction.atomic
def note_lead(lead_id: int, said: Said, *, by: User, version: int, today: date) -> Lead:
    """Write down what was done and plan the next step."""
    lead = lock_lead(lead_id, by=by, version=version)
    _check_next(said, today)
    with verb("lead.noted", by=by, on_behalf_of=absent(lead, by)):
        note(lead, said.text, by=by, today=today)
        lead.next_on, lead.next_step = said.next_on, said.next_step
        lead.version += 1
        lead.save(update_fields=["next_on", "next_step", "version"])
    return lead


@transaction.atomic
def move_lead(lead_id: int, said: Said, *, to: str, by: User, version: int, today: date) -> Lead:
    """qualified → negotiating → offer_accepted, with what was said; never past the scoring."""
    lead = lock_lead(lead_id, by=by, version=version)
    if to not in STEPS:
        raise RuleViolation(_("A lead does not come to this state by itself."))
    _check_next(said, today)
    with verb(f"lead.{to}", by=by, on_behalf_of=absent(lead, by)):
        changes: dict[str, Any] = {"next_on": said.next_on, "next_step": said.next_step}
        move(lead, LEAD_MOVES, to, refusal_from(lead), **changes)
        note(lead, said.text, by=by, today=today, state=to)
    return lead


@transaction.atomic
def lose_lead(lead_id: int, *, by: User, version: int, reason: str, today: date) -> Lead:
    """Any open state → lost; the reason is told in the channel report."""
    lead = lock_lead(lead_id, by=by, version=version)
    if not reason.strip():
        raise RuleViolation(_("Write why the lead was lost."), field="reason")
    with verb("lead.lost", by=by, on_behalf_of=absent(lead, by)):
        end(lead, LeadState.LOST, reason=reason.strip(), today=today)
        note(lead, reason.strip(), by=by, today=today, state=LeadState.LOST)
    return lead


def lock_lead(lead_id: int, *, by: User, version: int) -> Lead:
    """An open lead under a lock, as it was shown, that waits for nobody's decision."""
    rows = Lead.objects.visible_to(by).select_for_update(of=("self",))
    lead: Lead = rows.select_related("manager", "org_unit", "channel").get(pk=lead_id)
    if not permissions.can_work_on_lead(by, lead):
        raise PermissionDenied
    if lead.version != version:
        raise StaleVersion(of=lead)
    if not lead.is_open:
        raise RuleViolation(_("The lead is closed: %(state)s.") % {"state": state_of(lead)})
    if waits(lead):
        raise RuleViolation(_("The head of the department is deciding about this lead."))
    return lead


def waits(lead: Lead) -> bool:
    """Whether the head's decision is awaited."""
    return bool(Approval.objects.of(lead).running().exists())


def end(lead: Lead, state: str, *, today: date, reason: Any = "", **more: Any) -> None:
    """Close a locked lead; nothing is planned with it any more."""
    ended = {"ended_on": today, "ended_reason": reason, "next_on": None, "next_step": ""}
    move(lead, LEAD_MOVES, state, **ended, **more)


def note(lead: Lead, text: str, *, by: User, today: date, state: str = "") -> LeadNote:
    """Add to the log of a locked lead; the caller names the verb."""
    made: LeadNote = LeadNote.objects.create(lead=lead, on=today, text=text, state=state, author=by)
    return made


def absent(lead: Lead, by: User) -> User | None:
    """The absent person for whom the substitute works."""
    return acting_for(by, manager_id=lead.manager_id, unit_id=lead.org_unit_id)


def state_of(lead: Lead) -> str:
    """The state in words."""
    return str(lead.get_state_display())


def refusal_from(lead: Lead) -> Any:
    """What is to be done first."""
    if lead.state == LeadState.NEW:
        return gettext_lazy("Score the reliability first: a new lead is qualified by it.")
    return gettext_lazy("The lead is already in the state “%(state)s”.")


def refuse_known_inn(inn: str, *, by: User, besides: int | None = None) -> None:
    """Raise RuleViolation where a client or another open lead has the INN already."""
    if not inn:
        return
    taken = Counterparty.objects.filter(inn=inn).select_related("client__manager").first()
    if taken is not None:
        client = taken.client
        if not Client.objects.visible_to(by).filter(pk=client.pk).exists():
            raise RuleViolation(
                _("A client with this INN exists already. Ask your head."), field="inn"
            )
        words = {"client": client.name, "code": client.code}
        words["manager"] = client.manager or _("no manager")
        text = _("This INN belongs to the client %(client)s (%(code)s, %(manager)s).")
        raise RuleViolation(text % words, field="inn")
    other = Lead.objects.open().filter(inn=inn).exclude(pk=besides or 0).first()
    if other is None:
        return
    if not Lead.objects.visible_to(by).filter(pk=other.pk).exists():
        raise RuleViolation(str(CONSTRAINTS["lead_open_inn_once"][0]), field="inn")
    text = _("The lead %(lead)s with this INN is being worked on already (%(manager)s).")
    raise RuleViolation(text % {"lead": other, "manager": other.manager}, field="inn")


def _give(lead: Lead, owner: User) -> None:
    if owner.org_unit is None:
        raise RuleViolation(_("The manager belongs to no unit."), field="manager")
    lead.manager, lead.org_unit = owner, owner.org_unit


def _put(lead: Lead, values: LeadValues, *, by: User) -> None:
    for name, value in values.items():
        setattr(lead, name, value)
    lead.search_key = search_key(lead.name)[:600]
    if not lead.search_key:
        raise RuleViolation(_("Write a name with letters."), field="name")
    if lead.inn:
        try:
            requisites.validate_inn(lead.inn)
        except ValidationError as refusal:
            raise RuleViolation(" ".join(refusal.messages), field="inn") from refusal
    refuse_known_inn(lead.inn, by=by, besides=lead.pk)
    if lead.campaign is not None and lead.campaign.channel_id != lead.channel_id:
        raise RuleViolation(_("The campaign runs on another channel."), field="campaign")


def _check_next(said: Said, today: date) -> None:
    if not said.text.strip():
        raise RuleViolation(_("Write what was done."), field="text")
    if said.next_on is not None and said.next_on < today:
        raise RuleViolation(_("The next step cannot be in the past."), field="next_on")


def follow_owner(person: User, by: User) -> None:
    """Open leads of a manager belong to the new unit at once, so that its head sees them."""
    if person.org_unit is None:
        return
    rows = Lead.objects.open().filter(manager=person).exclude(org_unit=person.org_unit)
    with verb("lead.followed_manager", by=by):
        for lead in rows.select_for_update(of=("self",)).order_by("pk"):
            lead.org_unit = person.org_unit
            lead.version += 1
            lead.save(update_fields=["org_unit", "version"])
