"""Where the rows of a sample come from; a later part adds its own by `register`.

    register(Source("contacts", _("Contacts that took place"), ContactLog, find=…, person=…))

`find(people, first, last)` gives the rows of these people in the days, `person(row)` whose it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from clients.models import ClientAssignment, ContactLog, RegistrationSheet
from crm.declaring import declare
from crm.money import format_percent
from deals.models import Invoice, ReconciliationItem, Shipment
from deals.packages import paid_invoices
from reports.timeliness.words import terms_of

Find = Callable[[list[int], date, date], QuerySet[Any]]


@dataclass(frozen=True)
class Source:
    """A kind of rows that checks look at."""

    key: str
    label: str | Promise
    model: type[Model]
    find: Find
    person: Callable[[Any], int | None]
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    related: tuple[str, ...] = ()
    # What the rows were due by and when they were done; sentences by the number of the row.
    terms: Callable[[dict[int, Any]], dict[int, list[str]]] = lambda rows: {}

    def frame(self, people: Iterable[int], first: date, last: date) -> list[int]:
        """Numbers of all rows, rising."""
        rows = self.find(sorted(people), first, last).order_by()
        return sorted(set(rows.values_list("pk", flat=True)))

    def rows(self, keys: Iterable[int]) -> dict[int, Any]:
        """The rows by their numbers, with what their titles say."""
        rows: Any = self.model._default_manager
        found: dict[int, Any] = rows.select_related(*self.related).in_bulk(list(keys))
        for pk, sentences in self.terms(found).items():
            found[pk].term_words = sentences
        return found


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Declare a source."""
    declare(_sources, source.key, source)


def get(key: str) -> Source | None:
    """The source of a control point, None while its part is not built."""
    return _sources.get(key)


def choices() -> list[tuple[str, str | Promise]]:
    """All of them for a form."""
    return [(one.key, one.label) for one in _sources.values()]


def _from_client(row: Any) -> int | None:
    return row.client.manager_id  # type: ignore[no-any-return]


def _own(row: Any) -> int | None:
    return row.manager_id  # type: ignore[no-any-return]


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    zone = timezone.get_default_timezone()
    return datetime.combine(first, time.min, zone), datetime.combine(last, time.max, zone)


def _contacts(people: list[int], first: date, last: date) -> QuerySet[Any]:
    rows = ContactLog.objects.done().filter(client__isnull=False, manager__in=people)
    return rows.filter(done_at__range=_moments(first, last))


def _assigned(people: list[int], first: date, last: date) -> QuerySet[Any]:
    rows = ClientAssignment.objects.filter(role="primary", manager__in=people)
    return rows.filter(valid_from__range=(first, last))


def _acts(people: list[int], first: date, last: date) -> QuerySet[Any]:
    rows = ReconciliationItem.objects.standing().with_answerer()
    return rows.filter(answerer__in=people, as_of__range=(first, last))


def _paid(people: list[int], first: date, last: date) -> QuerySet[Any]:
    """All of them: a sample of the late ones alone would say nothing of how many are in time."""
    rows = paid_invoices().filter(settled_on__range=(first, last))
    return rows.filter(client__manager__in=people)  # type: ignore[no-any-return]


def _claims(people: list[int], first: date, last: date) -> QuerySet[Any]:
    rows = Claim.objects.filter(manager__in=people)
    answered = Q(answered_on__range=(first, last))
    return rows.filter(answered | Q(answered_on=None, response_due__range=(first, last)))


def _sales(people: list[int], first: date, last: date) -> QuerySet[Any]:
    rows = Shipment.objects.live().filter(kind="sale", manager__in=people)
    return rows.filter(posted_on__range=(first, last))


def _sheets(people: list[int], first: date, last: date) -> QuerySet[Any]:
    """Sheets that were being collected on one of the days, whatever became of them."""
    rows = RegistrationSheet.objects.counted().filter(manager__in=people)
    ended = Q(campaign__closed_on=None) | Q(campaign__closed_on__gte=first)
    return rows.filter(ended, campaign__started_on__lte=last)  # type: ignore[no-any-return]


def _day(row: Any, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return f"{value:%d.%m.%Y}" if value else "—"


def _named(name: str) -> Callable[[Any], str]:
    return lambda row: f"{row.client.name}, {_day(row, name)}{_terms(row)}"


def _of_document(name: str) -> Callable[[Any], str]:
    return lambda row: f"{row}, {row.client.name}, {_day(row, name)}{_terms(row)}"


def _terms(row: Any) -> str:
    return "".join(f"; {one}" for one in getattr(row, "term_words", ()))


def _due(*codes: str) -> Callable[[dict[int, Any]], dict[int, list[str]]]:
    """Terms of the rows themselves."""
    return lambda rows: terms_of(codes, rows, today=timezone.localdate())


def _distributed(rows: dict[int, Any]) -> dict[int, list[str]]:
    """Of an assignment: how it was distributed, if it is the client's first, or handed over."""
    today = timezone.localdate()
    first = terms_of(
        ["distribution"],
        rows,
        today=today,
        key=lambda row: row.client_id,
        same=lambda row, term: (term.t_who, term.t_done) == (row.manager_id, row.valid_from),
    )
    return first | terms_of(["redistribution"], rows, today=today)


def _client_url(row: Any) -> str:
    return row.client.get_absolute_url()  # type: ignore[no-any-return]


def _own_url(row: Any) -> str:
    return row.get_absolute_url()  # type: ignore[no-any-return]


def _contact_title(row: Any) -> str:
    words = {"client": row.client.name, "day": _day(row, "done_at")}
    return _now("Contact with %(client)s on %(day)s") % words


def _sheet_title(row: Any) -> str:
    words = {"client": row.client.name, "year": row.campaign.year}
    words |= {"percent": format_percent(row.completeness_pct)}
    words |= {"state": row.get_state_display()}
    return _now("%(client)s, sheet for %(year)s: %(percent)s, %(state)s") % words


def _contact_url(row: Any) -> str:
    return reverse("clients:contact_detail", args=[row.pk])


def register_sources() -> None:
    """The sources that there are."""
    of_client = ("client",)
    for source in (
        Source(
            "contacts", _("Contacts that took place"), ContactLog, _contacts, _own,
            _contact_title, _contact_url, of_client,
        ),
        Source(
            "assignments", _("Clients that were distributed"), ClientAssignment, _assigned, _own,
            _named("valid_from"), _client_url, of_client, _distributed,
        ),
        Source(
            "acts", _("Reconciliations"), ReconciliationItem, _acts, _from_client,
            _named("as_of"), _own_url, of_client, _due("acts_sent", "acts_signed"),
        ),
        Source(
            "paid", _("Paid invoices and their documents"), Invoice, _paid, _from_client,
            _of_document("settled_on"), _own_url, of_client, _due("documents"),
        ),
        Source(
            "claims", _("Answers to claims"), Claim, _claims, _own,
            _of_document("answered_on"), _own_url, of_client,
        ),
        Source(
            "sales", _("Sales shipped"), Shipment, _sales, _own,
            _of_document("posted_on"), _own_url, of_client,
        ),
        Source(
            "sheets", _("Registration sheets"), RegistrationSheet, _sheets, _own,
            _sheet_title, _own_url, ("client", "campaign"),
        ),
    ):  # fmt: skip
        register(source)
