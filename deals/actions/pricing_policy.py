"""The pricing policy: a version written, published by the director, thrown away (S4.2.13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.refusals import politely
from crm.states import move
from deals import permissions
from deals.models import PRICING_POLICY_MOVES, PricingPolicy, PricingPolicyState

_WRONG_STATE = gettext_lazy("The document is not in a state for this.")


@dataclass(frozen=True)
class PolicyText:
    """What a version says, and from which day."""

    text: str
    valid_from: date
    summary: str = ""


@transaction.atomic
def write_policy(*, by: User, version: int, values: PolicyText) -> PricingPolicy:
    """Begin the draft, or change the one that is there: there is one at a time.

    `version` is that of the draft, 0 where there was none; StaleVersion when somebody was faster.
    """
    if not permissions.can_edit_prices(by):
        raise PermissionDenied
    drafts = PricingPolicy.objects.visible_to(by).drafts()
    draft = drafts.select_for_update(of=("self",)).first()
    if (draft.version if draft else 0) != version:
        raise StaleVersion
    found = draft or PricingPolicy(version=0)
    name = "pricing_policy.edited" if draft else "pricing_policy.drafted"
    with verb(name, by=by), politely({"pricing_policy_one_draft": StaleVersion}):
        for field in PolicyText.__dataclass_fields__:
            setattr(found, field, getattr(values, field))
        found.author = by
        found.version += 1
        found.save()
    return found


@transaction.atomic
def publish_policy(policy_id: int, *, by: User, version: int, today: date) -> PricingPolicy:
    """The director lets a version hold from its day, which is not past, with the next number.

    Raises RuleViolation where a version of that day or of a later one is published already.
    """
    if not permissions.can_approve_prices(by):
        raise PermissionDenied
    found = _locked(policy_id, by, version)
    if found.valid_from < today:
        raise RuleViolation(_("Its first day has passed: set a later one."))
    last = PricingPolicy.objects.published().first()
    if last is not None and last.valid_from >= found.valid_from:
        text = _("A version from %(day)s is published already; choose a later day.")
        raise RuleViolation(text % {"day": f"{last.valid_from:%d.%m.%Y}"})
    with verb("pricing_policy.published", by=by):
        number = PricingPolicy.objects.aggregate(most=Max("number"))["most"] or 0
        values = {"number": number + 1, "approved_by": by, "approved_at": timezone.now()}
        published = PricingPolicyState.PUBLISHED
        move(found, PRICING_POLICY_MOVES, published, _WRONG_STATE, **values)
    return found


@transaction.atomic
def discard_policy(policy_id: int, *, by: User, version: int) -> PricingPolicy:
    """Throw the draft away."""
    if not permissions.can_edit_prices(by):
        raise PermissionDenied
    found = _locked(policy_id, by, version)
    with verb("pricing_policy.discarded", by=by):
        move(found, PRICING_POLICY_MOVES, PricingPolicyState.DISCARDED, _WRONG_STATE)
    return found


def _locked(policy_id: int, by: User, version: int) -> PricingPolicy:
    rows = PricingPolicy.objects.visible_to(by).select_for_update(of=("self",))
    found: PricingPolicy = rows.get(pk=policy_id)
    if found.version != version:
        raise StaleVersion(of=found)
    return found
