"""What a decision about a category rests on, read once and shown in sections (ux.md, ABC-4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DateField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, JSONObject, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.categorising.category_terms import category_by_potential, compare
from clients.categorising.recommendation import recommended
from clients.contacting.norms import ContactNorm, contact_norms, norm_key, start_of
from clients.models import (
    CategoryAssignment,
    CategoryChangeRequest,
    Client,
    ContactKind,
    ContactLog,
    ContactPerson,
    Counterparty,
)
from crm.accounts.querysets import names_of, own_columns
from crm.approvals.registry import evidence
from crm.calendar import month_start
from crm.declaring import declare_also
from crm.work.registry import setting

MONTHS = 12
HALF = 6
HISTORY_ROWS = 10
CLOSED = ("rejected", "withdrawn")  # a request that came to nothing
SHIPMENTS = "shipments"  # the section that the app with documents adds


@dataclass(frozen=True)
class Month:
    """Contacts of one month beside the norm of the category that held then."""

    first: date
    done: int
    visits: int
    norm: int | None


@dataclass(frozen=True)
class Facts:
    """Everything about the client that the sections show, as of a day."""

    client: Client
    today: date
    months: list[Month]
    assignments: list[CategoryAssignment]
    recommended: str
    missing: list[str] = field(default_factory=list)

    @property
    def this_month(self) -> Month:
        """The month that is not over yet."""
        return self.months[-1]

    def total(self, months: int) -> tuple[int, int]:
        """Done and norm of the last full months."""
        full = self.months[:-1][-months:]
        return sum(m.done for m in full), sum(m.norm or 0 for m in full)


def facts_of(client: Client, *, today: date) -> Facts:
    """The facts, once per client object: sections of a page share them."""
    known: Facts | None = getattr(client, "_category_facts", None)
    if known is not None and known.today == today:
        return known
    assignments = history_of(client)
    facts = Facts(
        client=client,
        today=today,
        months=_months(client, assignments, today),
        assignments=assignments,
        recommended=recommended(client, today=today).category,
        missing=_missing(client),
    )
    client._category_facts = facts  # type: ignore[attr-defined]
    return facts


def history_of(client: Client) -> list[CategoryAssignment]:
    """The last categories of the client, newest first, with who decided and why."""
    rows = CategoryAssignment.objects.filter(client=client)
    rows = rows.select_related("decided_by", "request").only(
        *own_columns(CategoryAssignment),
        *names_of("decided_by"),
        "request__reason",
        "request__evidence",
    )
    return list(rows.order_by("-valid_from", "-pk")[:HISTORY_ROWS])


def _months(client: Client, assignments: list[CategoryAssignment], today: date) -> list[Month]:
    """Twelve full months and the running one; before the client came there is no norm."""
    first = month_start(today, -MONTHS)
    counted = getattr(client, "_contacts_by_month", None)
    if counted is None:
        counted = [row["found"] for row in _contacts_by_month(client.pk, today)]
    counts = {date.fromisoformat(row["month"]): row for row in counted}
    norms = contact_norms()
    since = timezone.localtime(client.created_at).date()
    rows = []
    for number in range(MONTHS + 1):
        month = month_start(first, number)
        row = counts.get(month, {"contacts": 0, "visits": 0})
        norm = _norm(client, assignments, norms, month, since)
        rows.append(Month(month, row["contacts"], row["visits"], norm))
    return rows


def _contacts_by_month(client: Any, today: date) -> QuerySet[Any, Any]:
    """`found`: a month with its contacts and visits; the client by key or as an expression."""
    since = start_of(month_start(today, -MONTHS))
    done = ContactLog.objects.filter(client=client, state="done", done_at__gte=since)
    reached = done.filter(Q(result=None) | Q(result__reached=True)).order_by()
    return (
        reached.annotate(month=Cast(TruncMonth("done_at"), DateField()))
        .values("month")
        .annotate(contacts=Count("pk"), visits=Count("pk", filter=Q(kind=ContactKind.VISIT)))
        .values(found=JSONObject(month="month", contacts="contacts", visits="visits"))
    )


def _norm(
    client: Client,
    assignments: list[CategoryAssignment],
    norms: dict[str, ContactNorm],
    month: date,
    since: date,
) -> int | None:
    """Contacts that the category in force at the end of the month asked for."""
    after = month_start(month, 1)
    held = [row for row in assignments if row.valid_from < after]
    if held:
        return norms[norm_key(held[0].category, client.status)].contacts
    return None if after <= since else norms[norm_key(None, client.status)].contacts


def with_contacts(rows: Any, today: date) -> Any:
    """Add to rows with a client its contacts by month, read along with them."""
    counted = _contacts_by_month(OuterRef("client_id"), today)
    return rows.annotate(_contacts_by_month=ArraySubquery(counted))


def with_card_checks(rows: Any, prefix: str = "client") -> Any:
    """Add to clients (or rows with a client) whether the card has its main parts.

    And whether a change of category was ever refused or taken back: most clients have none.
    """
    key = OuterRef("pk" if not prefix else f"{prefix}_id")
    people = ContactPerson.objects.filter(client=key, archived_at=None)
    return rows.annotate(
        _has_closed=Exists(CategoryChangeRequest.objects.filter(client=key, state__in=CLOSED)),
        _has_requisites=Exists(Counterparty.objects.filter(client=key)),
        _has_decider=Exists(people.filter(is_decision_maker=True)),
        _has_contact=Exists(people.exclude(phone="", email="")),
    )


def _missing(client: Client) -> list[str]:
    """Main parts of the card that are not filled in, in words."""
    if not hasattr(client, "_has_requisites"):
        checked = with_card_checks(Client.objects.filter(pk=client.pk), "").values(
            "_has_requisites", "_has_decider", "_has_contact"
        )
        for name, value in checked.get().items():
            setattr(client, name, value)
    reachable = client._has_contact or client.phone or client.email  # type: ignore[attr-defined]
    checks = [
        (client._has_requisites, _("legal details")),  # type: ignore[attr-defined]
        (client._has_decider, _("decision maker")),  # type: ignore[attr-defined]
        (reachable, _("phone or e-mail")),
        (client.potential_monthly, _("potential")),
        (client.channel, _("channel")),
        (client.territory, _("territory")),
    ]
    return [words for filled, words in checks if not filled]


Snapshot = Callable[[Client, date], Mapping[str, Any]]
_snapshots: list[Snapshot] = []


def register_snapshot(function: Snapshot) -> None:
    """Keep `function(client, today)` with each request too: figures of later apps."""
    declare_also(_snapshots, function)


def snapshot(client: Client, *, today: date) -> dict[str, Any]:
    """The figures of the day of submission, kept with the request."""
    facts = facts_of(client, today=today)
    (half_done, half_norm), (year_done, year_norm) = facts.total(HALF), facts.total(MONTHS)
    return {
        "on": today.isoformat(),
        "category": client.category,
        "potential": str(client.potential_monthly),
        "recommended": facts.recommended,
        "half_done": half_done,
        "half_norm": half_norm,
        "year_done": year_done,
        "year_norm": year_norm,
        "last_contact": client.last_contact_at.isoformat() if client.last_contact_at else None,
        "manager": client.manager.short_name if client.manager else "",
        "unit": str(client.org_unit or ""),
        "missing": facts.missing,
        **{key: value for more in _snapshots for key, value in more(client, today).items()},
    }


def contacts_section(target: Any, user: Any, today: date) -> Mapping[str, Any]:
    """Contacts done against the norm by month, with totals now and on submission."""
    facts = facts_of(target.client, today=today)
    kept = getattr(target, "evidence", {})
    labels = [f"{month.first:%m.%y}" for month in facts.months]
    spec = {
        "type": "bar",
        "labels": labels,
        "datasets": [
            {
                "label": _("Norm"),
                "type": "line",
                "step": True,
                "tone": "warning",
                "data": [m.norm for m in facts.months],
            },
            {"label": _("Contacts done"), "data": [m.done for m in facts.months]},
        ],
    }
    done6, norm6 = facts.total(HALF)
    done12, norm12 = facts.total(MONTHS)
    return {
        "spec": spec,
        "totals": [
            (_("6 months"), done6, norm6, _before(kept, "half", done6)),
            (_("12 months"), done12, norm12, _before(kept, "year", done12)),
            (_("This month"), facts.this_month.done, facts.this_month.norm, None),
        ],
        "silent": not any(m.done or m.norm for m in facts.months),
    }


def _before(kept: Mapping[str, Any], period: str, now: int) -> tuple[int, int] | None:
    """The figures of the submission where they differ from those of today."""
    then = kept.get(f"{period}_done")
    return None if then is None or then == now else (then, kept.get(f"{period}_norm", 0))


def potential_section(target: Any, user: Any, today: date) -> Mapping[str, Any]:
    """Potential against the thresholds of A and B on one scale."""
    client = target.client
    least_a, least_b = setting("abc.potential_A"), setting("abc.potential_B")
    then = getattr(target, "evidence", {}).get("potential")
    scale = max(client.potential_monthly, least_a) * Decimal("1.25") or Decimal(1)
    return {
        "potential": client.potential_monthly,
        "before": Decimal(then) if then and Decimal(then) != client.potential_monthly else None,
        "recommended": category_by_potential(client.potential_monthly),
        "without_shipments": not any(s.key == SHIPMENTS for s in evidence("category.change")),
        "least_a": least_a,
        "least_b": least_b,
        "bar": f"{client.potential_monthly / scale * 100:.2f}%",
        "mark_a": f"{least_a / scale * 100:.2f}%",
        "mark_b": f"{least_b / scale * 100:.2f}%",
    }


def card_section(target: Any, user: Any, today: date) -> Mapping[str, Any]:
    """Who answers for the client and what the card lacks."""
    client = target.client
    kept = getattr(target, "evidence", {})
    manager = client.manager.short_name if client.manager else ""
    before = kept.get("manager", "")
    return {
        "client": client,
        "missing": facts_of(client, today=today).missing,
        "manager_before": before if before != manager else "",
        "today": today,
    }


def terms_section(target: Any, user: Any, today: date) -> Mapping[str, Any] | None:
    """What changes with the asked category: from → to, all from the settings."""
    before = target.client.category
    after = target.to_category if isinstance(target, CategoryChangeRequest) else target.category
    suggested = after or facts_of(target.client, today=today).recommended
    return {
        "before": before,
        "after": suggested,
        "is_suggestion": not after,
        "rows": compare(before, suggested),
    }


def history_section(target: Any, user: Any, today: date) -> Mapping[str, Any] | None:
    """Categories that have held and earlier requests with their outcome; none for a new client."""
    if target.client.category is None:
        return None
    facts = facts_of(target.client, today=today)
    return {"assignments": facts.assignments, "requests": _closed_before(target)}


def _closed_before(target: Any) -> list[CategoryChangeRequest]:
    """Earlier requests that came to nothing, where `with_card_checks` has seen any."""
    if not getattr(target, "_has_closed", True):
        return []
    requests = CategoryChangeRequest.objects.filter(client=target.client, state__in=CLOSED)
    if isinstance(target, CategoryChangeRequest):
        requests = requests.exclude(pk=target.pk)
    closed = requests.select_related("author")
    closed = closed.only(*own_columns(CategoryChangeRequest), *names_of("author"))
    return list(closed[:HISTORY_ROWS])
