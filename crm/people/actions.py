"""Actions of crm.accounts together with what people are told about them."""

from datetime import date, datetime, time, timedelta
from typing import Any, Unpack

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts import actions
from crm.accounts.actions import NewPassword
from crm.accounts.actions.people import PersonValues
from crm.accounts.models import Delegation, DelegationState, User
from crm.notices import kinds
from crm.notices.actions import notify, notify_many
from crm.work import periodic


def register_all() -> None:
    """Declare the job of the day and the sentences of notices."""
    periodic.register(
        "accounts.switch_delegations",
        due=periodic.daily(0, 5),
        run=switch_delegations,
        label=_("Begin and end substitutions"),
    )
    periodic.register(
        "accounts.forget_sessions",
        due=periodic.daily(3, 40),
        run=forget_sessions,
        label=_("Clear ended sessions"),
    )
    kinds.register(
        "delegation.planned",
        title=_("%(delegate)s substitutes for %(owner)s from %(first)s to %(last)s"),
    )
    kinds.register(
        "delegation.started",
        title=_("From today %(delegate)s substitutes for %(owner)s until %(last)s"),
    )
    kinds.register("delegation.ended", title=_("%(delegate)s no longer substitutes for %(owner)s"))
    kinds.register("delegation.revoked", title=_("The substitution of %(owner)s is revoked"))
    kinds.register("account.created", title=_("You have an account: sign in as %(login)s"))


@transaction.atomic
def create_person(*, by: User, **values: Unpack[PersonValues]) -> NewPassword:
    """Add a person with a temporary password and tell by e-mail that the account exists.

    The password itself never leaves the screen of the administrator.
    """
    new = actions.create_user(by=by, **values)
    notify(
        new.person,
        kind="account.created",
        params={"login": new.person.username},
        url=reverse("account_login"),
        dedupe_key=f"account.created:{new.person.pk}",
    )
    return new


@transaction.atomic
def plan_delegation(*, by: User, today: date, **values: Any) -> Delegation:
    """Plan a substitution and tell both sides; see `crm.accounts.actions.create_delegation`."""
    delegation = actions.create_delegation(by=by, today=today, **values)
    acts = delegation.state == DelegationState.ACTIVE
    tell(delegation, "delegation.started" if acts else "delegation.planned")
    return delegation


@transaction.atomic
def revoke_delegation(delegation_id: int, *, by: User, version: int) -> Delegation:
    """End a substitution and tell both sides."""
    delegation = actions.revoke_delegation(delegation_id, by=by, version=version)
    tell(delegation, "delegation.revoked")
    return delegation


@transaction.atomic
def switch_delegations(*, today: date) -> int:
    """Begin and end substitutions and tell both sides; a repeated run changes and tells nothing."""
    switched = actions.switch_delegations(today=today)
    for delegation in switched["started"]:
        tell(delegation, "delegation.started")
    for delegation in switched["ended"]:
        tell(delegation, "delegation.ended")
    return len(switched["started"]) + len(switched["ended"])


def tell(delegation: Delegation, kind: str) -> None:
    """Write a notice to both sides of the substitution; once per substitution and kind."""
    notify_many(
        [delegation.owner, delegation.delegate],
        kind=kind,
        params={
            "owner": str(delegation.owner),
            "delegate": str(delegation.delegate),
            "first": f"{delegation.valid_from:%d.%m.%Y}",
            "last": f"{delegation.valid_to:%d.%m.%Y}",
        },
        url=delegation.get_absolute_url(),
        dedupe_key=f"{kind}:{delegation.pk}",
    )


@transaction.atomic
def forget_sessions(*, today: date) -> int:
    """Delete the rows of sessions that ended before the day, and counters of wrong passwords."""
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    ended, _kinds = Session.objects.filter(expire_date__lt=midnight).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("pk")).delete()
    AccessAttempt.objects.filter(attempt_time__lt=midnight - timedelta(days=1)).delete()
    return ended
