"""Relationship schemes written and sent for approval (C.5 no. 7, S1.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import Role, User
from crm.approvals import actions as approvals
from crm.approvals.limits import LimitRoute, rank, route_for, signer_of
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.states import check_move, move
from crm.work.registry import setting
from deals import permissions
from deals.actions.contracts import absent
from deals.actions.terms_requests import ladder_category
from deals.approval_handlers import terms_evidence
from deals.conditions.signature_limits import SCHEME
from deals.models import SCHEME_MOVES, RelationshipScheme, SchemeState

KIND = "relationship.scheme"


@dataclass(frozen=True)
class SchemeValues:
    """What a scheme says; the goal is roubles with VAT a month, days are working days."""

    goals: str
    valid_from: date
    valid_to: date
    turnover_goal: Decimal | None = None
    discount_pct: Decimal = Decimal(0)
    individual_service: str = ""
    special_terms: str = ""
    accelerated_days: int = 0


FIELDS = tuple(SchemeValues.__dataclass_fields__)


@transaction.atomic
def draft_scheme(
    client_id: int, *, by: User, values: SchemeValues, today: date
) -> RelationshipScheme:
    """Write a draft; of a client there is one that is not decided yet."""
    client: Client = Client.objects.visible_to(by).get(pk=client_id)
    return _draft(client, by, values, today, None)


@transaction.atomic
def edit_scheme(
    scheme_id: int, *, by: User, version: int, values: SchemeValues, today: date
) -> RelationshipScheme:
    """Change a draft and become its author; StaleVersion when somebody was faster."""
    scheme = locked_scheme(scheme_id, by, version)
    if not permissions.can_edit_scheme(by, scheme):
        raise PermissionDenied(_("Only a draft can be changed."))
    _check(scheme.client, values, today)
    with verb("relationship.edited", by=by, on_behalf_of=absent(by, scheme.client)):
        _put(scheme, values)
        scheme.author = by
        scheme.version += 1
        scheme.save(update_fields=[*FIELDS, "author", "version"])
    return scheme


@transaction.atomic
def renew_scheme(scheme_id: int, *, by: User, version: int, today: date) -> RelationshipScheme:
    """A draft of the same terms for as many days after it, from today on at the earliest."""
    old = locked_scheme(scheme_id, by, version)
    if not permissions.can_renew_scheme(by, old):
        raise PermissionDenied
    first = max(today, old.valid_to + timedelta(days=1))
    if old.state == SchemeState.TERMINATED:
        first = today
    same = {name: getattr(old, name) for name in FIELDS}
    days = {"valid_from": first, "valid_to": first + (old.valid_to - old.valid_from)}
    return _draft(old.client, by, SchemeValues(**(same | days)), today, old)


def _draft(
    client: Client, by: User, values: SchemeValues, today: date, previous: RelationshipScheme | None
) -> RelationshipScheme:
    if not permissions.can_write_scheme_for(by, client):
        raise PermissionDenied
    refuse_category(client)
    _check(client, values, today)
    scheme = RelationshipScheme(client=client, author=by, previous=previous)
    _put(scheme, values)
    name = "relationship.renewed" if previous else "relationship.drafted"
    try:
        with transaction.atomic(), verb(name, by=by, on_behalf_of=absent(by, client)):
            scheme.save()
    except IntegrityError as clash:
        if "scheme_one_open_per_client" not in str(clash):
            raise
        raise RuleViolation(_("A scheme of this client is being prepared already.")) from clash
    return scheme


@transaction.atomic
def submit_scheme(scheme_id: int, *, by: User, version: int, today: date) -> Approval:
    """Send the author's draft to the head, or to the director where it is beyond the policy."""
    scheme = locked_scheme(scheme_id, by, version)
    if not permissions.can_submit_scheme(by, scheme):
        raise PermissionDenied
    check_move(scheme, SCHEME_MOVES, SchemeState.ON_APPROVAL)
    client, found = scheme.client, scheme_route(scheme)
    refuse_category(client)
    _check(client, values_of(scheme), today)
    refuse_overlap(scheme)
    if found.refusal:
        raise RuleViolation(found.refusal, field="discount_pct")
    scheme.evidence = terms_evidence.snapshot(client, by, today)
    scheme.save(update_fields=["evidence"])
    return approvals.submit(
        scheme,
        kind=KIND,
        by=by,
        title=lambda: f"{client.name}: {scheme}",
        org_unit=client.org_unit,
        today=today,
        on_behalf_of=absent(by, client),
        limits=found,
    )


@transaction.atomic
def withdraw_scheme(scheme_id: int, *, by: User, today: date) -> None:
    """Its author takes it back from its way: a draft again."""
    scheme = RelationshipScheme.objects.visible_to(by).get(pk=scheme_id)
    if not approvals.withdraw_running(scheme, by=by, today=today):
        raise RuleViolation(_("It is not on its way to a decision."))


@transaction.atomic
def discard_scheme(scheme_id: int, *, by: User, version: int) -> None:
    """Give a draft up; another one may be written then."""
    scheme = locked_scheme(scheme_id, by, version)
    if not permissions.can_edit_scheme(by, scheme):
        raise PermissionDenied
    with verb("relationship.discarded", by=by, on_behalf_of=absent(by, scheme.client)):
        move(scheme, SCHEME_MOVES, SchemeState.DISCARDED)


def scheme_route(scheme: RelationshipScheme) -> LimitRoute:
    """Who decides about such a discount and such haste for the client."""
    return route_for(SCHEME, **_asked(scheme))


def is_beyond_policy(scheme: RelationshipScheme) -> bool:
    """Whether it takes the director, or nobody may decide at all (C.5 no. 7)."""
    signer = signer_of(SCHEME, **_asked(scheme))
    return signer is None or rank(signer.role) >= rank(Role.DIRECTOR)


def _asked(scheme: RelationshipScheme) -> dict[str, Any]:
    return {
        "discount": scheme.discount_pct,
        "acceleration": scheme.accelerated_days,
        "category": ladder_category(scheme.client),
    }


def values_of(scheme: RelationshipScheme) -> SchemeValues:
    """What it says."""
    return SchemeValues(**{name: getattr(scheme, name) for name in FIELDS})


def gets_schemes(client: Client) -> bool:
    """Whether schemes are made with clients of this category (`relationship.categories`)."""
    return ladder_category(client) in setting("relationship.categories")


def refuse_category(client: Client) -> None:
    """Raise RuleViolation for a client whose category gets no schemes."""
    if not gets_schemes(client):
        raise RuleViolation(_("Schemes are made with clients of other categories."))


def refuse_overlap(scheme: RelationshipScheme) -> None:
    """Raise RuleViolation where another scheme of the client stands on one of the days."""
    others = RelationshipScheme.objects.filter(client=scheme.client_id).exclude(pk=scheme.pk)
    clash = others.overlapping(scheme.valid_from, scheme.valid_to).first()
    if clash is not None:
        text = _("Another scheme is in force from %(first)s to %(last)s.") % {
            "first": f"{clash.valid_from:%d.%m.%Y}",
            "last": f"{clash.valid_to:%d.%m.%Y}",
        }
        raise RuleViolation(text, field="valid_from")


def locked_scheme(scheme_id: int, by: User, version: int) -> RelationshipScheme:
    """The visible scheme with its client, locked; StaleVersion for a page that is old."""
    rows = RelationshipScheme.objects.visible_to(by).select_for_update(of=("self",))
    scheme: RelationshipScheme = rows.select_related("client__org_unit").get(pk=scheme_id)
    if scheme.version != version:
        raise StaleVersion(of=scheme)
    return scheme


def _put(scheme: RelationshipScheme, values: SchemeValues) -> None:
    for name in FIELDS:
        setattr(scheme, name, getattr(values, name))


def _check(client: Client, values: SchemeValues, today: date) -> None:
    """Refuse days gone by, too long a period, more haste than there is time, an empty promise."""
    if values.valid_from < today:
        raise RuleViolation(_("A scheme starts today at the earliest."), field="valid_from")
    if values.valid_to < values.valid_from:
        raise RuleViolation(_("The last day is not before the first."), field="valid_to")
    longest = setting("relationship.longest_days")
    if values.valid_to > values.valid_from + timedelta(days=longest):
        text = _("A scheme runs for %(days)s days at most.") % {"days": longest}
        raise RuleViolation(text, field="valid_to")
    usual = setting("order.usual_days", unit=client.org_unit)
    if values.accelerated_days > usual:
        text = _("An order is usually shipped within %(days)s working days.") % {"days": usual}
        raise RuleViolation(text, field="accelerated_days")
    gives = (values.discount_pct, values.individual_service, values.special_terms)
    if not any((*gives, values.accelerated_days)):
        raise RuleViolation(_("Say what the client gets: a discount, service, terms or haste."))
