"""Writes of registration campaigns: the draft, its start with the sheets, its end (C.5 no. 3)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import permissions
from clients.models import (
    CAMPAIGN_MOVES,
    CampaignState,
    Client,
    ClientStatus,
    RegistrationCampaign,
    RegistrationQuestion,
    RegistrationSheet,
)
from clients.querysets import ClientQuerySet
from clients.sheets.sheet_questions import frozen, questions_of
from crm.accounts.models import OrgUnit, OrgUnitKind, Role, User
from crm.accounts.scope import scope_of
from crm.calendar import add_working_days
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import Told, notify_each
from crm.numbering import one_at_a_time
from crm.refusals import Sentence, politely
from crm.states import move
from crm.work.registry import setting

BATCH = 2000
ENDED = gettext_lazy("The campaign is already in the state “%(state)s”.")
CONSTRAINTS: dict[str, Sentence] = {
    "registration_campaign_once": (
        gettext_lazy("The department has a campaign of this year already."),
        "year",
    ),
}


@dataclass(frozen=True)
class CampaignValues:
    """What a draft says."""

    year: int
    org_unit: OrgUnit
    deadline: date
    categories: tuple[str, ...] = ()


def departments_of(user: User) -> list[OrgUnit]:
    """Departments whose campaigns the person runs: the own ones, all for the director."""
    rows = OrgUnit.objects.open().filter(kind=OrgUnitKind.DEPARTMENT)
    if user.role != Role.DIRECTOR:
        rows = rows.filter(pk__in=scope_of(user).unit_ids)
    return list(rows.order_by("path"))


@transaction.atomic
def create_campaign(
    values: CampaignValues, *, by: User, key: UUID, today: date
) -> RegistrationCampaign:
    """A draft, once per `key`; one campaign of a department and year."""
    one_at_a_time(key)
    known = RegistrationCampaign.objects.filter(idempotency_key=key, author=by).first()
    if known is not None:
        return known  # type: ignore[no-any-return]
    if not permissions.can_make_campaigns(by):
        raise PermissionDenied
    campaign = RegistrationCampaign(author=by, idempotency_key=key)
    _put(campaign, values, by, today)
    with verb("campaign.created", by=by), politely(CONSTRAINTS):
        campaign.save(force_insert=True)
    return campaign


@transaction.atomic
def edit_campaign(
    campaign_id: int, values: CampaignValues, *, by: User, version: int, today: date
) -> RegistrationCampaign:
    """Another year, day or scope: while nobody has been asked."""
    campaign = _locked(campaign_id, by, version)
    if not permissions.can_change_campaign(by, campaign):
        raise PermissionDenied
    _put(campaign, values, by, today)
    campaign.version += 1
    with verb("campaign.changed", by=by), politely(CONSTRAINTS):
        campaign.save(update_fields=["year", "org_unit", "deadline", "categories", "version"])
    return campaign


@transaction.atomic
def start_campaign(campaign_id: int, *, by: User, version: int, today: date) -> int:
    """Keep the questions of today and make a sheet of each client, for its owner; how many.

    Raises RuleViolation where nothing obligatory is asked and where there is no client.
    """
    campaign = _locked(campaign_id, by, version)
    if not permissions.can_change_campaign(by, campaign):
        raise PermissionDenied
    if campaign.deadline < today:
        raise RuleViolation(_("The last day of the campaign has passed."))
    questions = frozen(RegistrationQuestion.objects.filter(archived_at=None))
    if not any(one["required"] for one in questions):
        raise RuleViolation(_("No question is required: see the dictionary of questions."))
    with verb("campaign.started", by=by):
        move(
            campaign,
            CAMPAIGN_MOVES,
            CampaignState.RUNNING,
            ENDED,
            started_on=today,
            questions=questions,
        )
        made = _make_sheets(campaign)
        if not made:
            raise RuleViolation(_("The department has no clients for whom sheets are due."))
    _tell_managers(campaign, made)
    return sum(made.values())


@transaction.atomic
def add_clients(campaign_id: int, *, by: User, version: int) -> int:
    """Sheets of clients who came since, or have got an owner since; how many."""
    campaign = _locked(campaign_id, by, version)
    if not permissions.can_steer_campaign(by, campaign):
        raise PermissionDenied
    with verb("campaign.clients_added", by=by):
        campaign.version += 1
        campaign.save(update_fields=["version"])
        made = _make_sheets(campaign)
    if not made:
        raise RuleViolation(_("Every client of the campaign has a sheet already."))
    _tell_managers(campaign, made)
    return sum(made.values())


@transaction.atomic
def move_deadline(
    campaign_id: int, *, by: User, version: int, deadline: date, today: date
) -> RegistrationCampaign:
    """Another last day for everything that is not approved yet."""
    campaign = _locked(campaign_id, by, version)
    if not permissions.can_steer_campaign(by, campaign):
        raise PermissionDenied
    _check_day(deadline, today)
    with verb("campaign.deadline_moved", by=by):
        campaign.deadline = deadline
        campaign.version += 1
        campaign.save(update_fields=["deadline", "version"])
        rows = RegistrationSheet.objects.filter(campaign=campaign).exclude(state="approved")
        rows.update(deadline=deadline, version=F("version") + 1)
    return campaign


@transaction.atomic
def close_campaign(campaign_id: int, *, by: User, version: int, today: date) -> None:
    """End it: nothing is filled in any more, what was handed in may still be approved."""
    campaign = _locked(campaign_id, by, version)
    if not permissions.can_steer_campaign(by, campaign):
        raise PermissionDenied
    with verb("campaign.closed", by=by):
        move(campaign, CAMPAIGN_MOVES, CampaignState.CLOSED, ENDED, closed_on=today)


@transaction.atomic
def close_campaigns(*, today: date) -> int:
    """Daily: those whose last day and the working days of the setting have gone by."""
    running = RegistrationCampaign.objects.running().filter(deadline__lt=today)
    count = 0
    for campaign in running.select_for_update(of=("self",)).order_by("pk"):
        if add_working_days(campaign.deadline, setting("registration.close_days")) < today:
            with verb("campaign.closed", by=None):
                move(campaign, CAMPAIGN_MOVES, CampaignState.CLOSED, ENDED, closed_on=today)
            count += 1
    return count


def concerned(campaign: RegistrationCampaign) -> ClientQuerySet:
    """Clients of the department for whom a sheet is due: they buy, and somebody answers for them.

    One who has a sheet of the year already, also of another department's campaign, has no second.
    """
    sheets = RegistrationSheet.objects.filter(client=OuterRef("pk"))
    # The year says it all; but nearly all have a sheet of this campaign, which is quick to see.
    return _without_own(campaign).filter(~Exists(sheets.filter(campaign__year=campaign.year)))


def count_concerned(campaign: RegistrationCampaign) -> int:
    """How many they are; where all have a sheet of this campaign, other ones are not looked at."""
    return concerned(campaign).count() if _without_own(campaign).count() else 0


def _without_own(campaign: RegistrationCampaign) -> ClientQuerySet:
    units = OrgUnit.objects.subtree_of([campaign.org_unit_id]).values("pk")
    rows: ClientQuerySet = Client.objects.open().filter(
        status=ClientStatus.CLIENT, org_unit__in=units, manager__isnull=False
    )
    if campaign.categories:
        rows = rows.filter(category__in=campaign.categories)
    sheets = RegistrationSheet.objects.filter(client=OuterRef("pk"))
    return rows.filter(~Exists(sheets.filter(campaign=campaign)))


def _make_sheets(campaign: RegistrationCampaign) -> dict[int, int]:
    """Rows for all concerned; how many each manager has got. Owners wait meanwhile."""
    clients = concerned(campaign).select_for_update(of=("self",)).order_by("pk")
    required = _required_by_category(campaign.questions)
    made: dict[int, int] = {}
    rows = []
    for pk, manager_id, category in clients.values_list("pk", "manager", "category"):
        made[manager_id] = made.get(manager_id, 0) + 1
        rows.append(
            RegistrationSheet(
                campaign=campaign,
                client_id=pk,
                manager_id=manager_id,
                deadline=campaign.deadline,
                required_count=required[category],
            )
        )
    RegistrationSheet.objects.bulk_create(rows, batch_size=BATCH)
    return made


def _required_by_category(questions: list[dict[str, Any]]) -> dict[str | None, int]:
    categories: tuple[str | None, ...] = ("A", "B", "C", None)
    return {
        one: sum(question.required for question in questions_of(questions, one))
        for one in categories
    }


def _tell_managers(campaign: RegistrationCampaign, made: dict[int, int]) -> None:
    url = campaign.get_absolute_url()
    notify_each(
        [
            Told(
                manager_id,
                "campaign.started",
                {"year": campaign.year, "count": count, "day": f"{campaign.deadline:%d.%m.%Y}"},
                url,
                f"campaign.started:{campaign.pk}:{campaign.version}",
            )
            for manager_id, count in sorted(made.items())
        ]
    )


def _put(campaign: RegistrationCampaign, values: CampaignValues, by: User, today: date) -> None:
    if values.org_unit.pk not in {unit.pk for unit in departments_of(by)}:
        raise RuleViolation(_("Choose a department of yours."), field="org_unit")
    _check_day(values.deadline, today)
    campaign.year, campaign.org_unit = values.year, values.org_unit
    campaign.deadline, campaign.categories = values.deadline, sorted(values.categories)


def _check_day(deadline: date, today: date) -> None:
    if deadline < today:
        raise RuleViolation(_("The day is in the past."), field="deadline")


def _locked(campaign_id: int, by: User, version: int) -> RegistrationCampaign:
    rows = RegistrationCampaign.objects.visible_to(by).select_for_update(of=("self",))
    campaign: RegistrationCampaign = rows.select_related("org_unit").get(pk=campaign_id)
    if campaign.version != version:
        raise StaleVersion(of=campaign)
    return campaign


def follow_owners(clients: Collection[int], manager_id: int) -> int:
    """Sheets that are not approved go along to the new owner of the clients; how many."""
    rows = RegistrationSheet.objects.of_running().filter(client__in=clients)
    going = rows.exclude(state="approved").exclude(manager=manager_id)
    moved: int = going.update(manager=manager_id, version=F("version") + 1)
    return moved
