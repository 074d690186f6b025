"""What the card of a person shows, read only as far as the page asks."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.db.models import Sum
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from crm.accounts.models import DIRECTORS, HEADS, OrgUnit, User
from crm.people.signin import failure_limit, has_second_factor, needs_second_factor
from crm.people.tables import state_of

CHIEFS = HEADS | DIRECTORS


class PersonCard:
    """Facts of a person that stand in other tables."""

    def __init__(self, person: User) -> None:
        self.person = person

    @cached_property
    def state(self) -> tuple[str, str]:
        return state_of(self.person)

    @cached_property
    def headed(self) -> list[OrgUnit]:
        """Open units that the person heads."""
        return list(OrgUnit.objects.open().filter(head=self.person).in_tree_order())

    @cached_property
    def chief(self) -> User | None:
        """The nearest head above the person (the reporting line, L15, L144, L310)."""
        unit = self.person.org_unit
        if unit is None:
            return None
        above = OrgUnit.objects.above(unit).exclude(head=None).exclude(head=self.person)
        nearest = above.select_related("head").order_by("-path").first()
        return nearest.head if nearest else None

    @cached_property
    def has_second_factor(self) -> bool:
        return has_second_factor(self.person)

    @cached_property
    def needs_second_factor(self) -> bool:
        return needs_second_factor(self.person)

    @cached_property
    def sessions(self) -> list[UserSession]:
        """Where the person is signed in, latest activity first."""
        mine: Any = UserSession.objects.filter(user=self.person)
        return list(mine.order_by("-last_seen_at")[:20])

    @cached_property
    def is_locked_out(self) -> bool:
        """Whether so many wrong passwords were typed that sign-in may be paused."""
        attempts = AccessAttempt.objects.filter(username=self.person.username.casefold())
        worst = attempts.values("ip_address").annotate(n=Sum("failures_since_start"))
        return any(row["n"] >= failure_limit(None, None) for row in worst)  # type: ignore[arg-type]


def crumbs_of(person: User) -> list[tuple[str, str]]:
    """The way back from a page about the person."""
    return [
        (_("People"), reverse("accounts:user_list")),
        (person.short_name, person.get_absolute_url()),
    ]


def facts_address(user: User, person: User) -> str:
    """Where a chief reads the work of a person below; nothing for anybody else."""
    if user.role not in CHIEFS or user.pk == person.pk:
        return ""
    below = User.objects.overseen_by(user).filter(pk=person.pk).exists()
    return address("reports:staff_facts", person.pk) if below else ""


def address(name: str, *args: Any) -> str:
    """The address of a later app's page, or nothing while it is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
