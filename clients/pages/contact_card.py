"""What the client card shows about contacts: last, next, plan of the month and the next step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from clients import permissions
from clients.contacting.next_step import (
    Moment,
    Reason,
    read_reasons,
    reasons_statement,
    state_of_rules,
)
from clients.models import Client, ContactLog, ContactPlanLine
from crm.calendar import month_end
from crm.sql import Blank, Kept, Planned, Statement

if TYPE_CHECKING:
    from crm.accounts.models import User


THE_CLIENT = Blank()
_kept = Kept()


@dataclass(frozen=True)
class ContactFacts:
    """The contact part of the card's header."""

    client: Client
    last_at: datetime | None
    next_at: datetime | None
    planned: int
    done: int
    may_log: bool
    at: Moment
    reasons: list[Reason] = field(default_factory=list)

    @property
    def done_url(self) -> str:
        """The contacts behind the figure of the month."""
        return done_of_month(self.client.pk, self.at.today)

    @property
    def next_step(self) -> Reason | None:
        """The worst reason: one verb for the banner."""
        return self.reasons[0] if self.reasons else None


def done_of_month(client_id: int, month: date) -> str:
    """The register narrowed to the contacts that count for the client's plan of the month."""
    filters = {
        "client": client_id,
        "state": "done",
        "reached": "true",
        "done_from": f"{month:%Y-%m}-01",
        "done_to": f"{month_end(month.year, month.month):%Y-%m-%d}",
    }
    return f"{reverse('clients:contact_list')}?{urlencode(filters)}"


def contact_facts(client: Client, user: User, now: datetime) -> ContactFacts:
    """Everything the header and the banner say about contacts: one query."""
    at = Moment.of(now)
    planned: Planned = _kept.get(state_of_rules(at), lambda: Planned(_statement(at), THE_CLIENT))
    (found,) = read_reasons(planned.rows(client.pk), at)
    planned_count, done_count = found.more
    return ContactFacts(
        client=client,
        last_at=found.client.last_contact_at,
        next_at=found.client.next_contact_at,
        planned=planned_count,
        done=done_count,
        may_log=permissions.can_log_contact(user, client) and client.archived_at is None,
        at=at,
        reasons=[] if client.archived_at else found.reasons,
    )


def _statement(at: Moment) -> Statement:
    plan = ContactPlanLine.objects.of_month(at.today).filter(client=OuterRef("pk"))
    done = ContactLog.objects.credited().in_month(at.today).filter(client=OuterRef("pk"))
    counted = done.order_by().values("client").annotate(n=Count("pk")).values("n")
    zero = Value(0, output_field=IntegerField())
    return reasons_statement(
        Client.objects.filter(pk=THE_CLIENT.expression),
        at,
        plan_count=Coalesce(Subquery(plan.values("planned_count")[:1]), zero),
        done_count=Coalesce(Subquery(counted), zero),
    )
