"""Reads of reconciliations: schedules, items, acts, their links and differences."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from crm.accounts.querysets import names_of, own_columns
from crm.accounts.scope import scope_of
from crm.calendar import half_end, half_start
from deals.querysets.base import OfClientQuerySet

if TYPE_CHECKING:
    from crm.accounts.models import User

NOT_SENT = ("planned", "act_created")
WITH_CLIENT = ("sent", "discrepancy", "resolved")


def is_late(today: date) -> Q:
    """Of items that are approved: not sent or not signed, and the last day has gone by."""
    unsent = Q(state__in=NOT_SENT, send_by__lt=today)
    return unsent | Q(state__in=[*NOT_SENT, *WITH_CLIENT], sign_by__lt=today)


class ReconciliationScheduleQuerySet(models.QuerySet[Any]):
    """Reads of the programmes of departments."""

    def visible_to(self, user: User) -> Self:
        """Of the departments that one sees or belongs to; no money, none (C.9)."""
        scope = scope_of(user)
        if scope.limited_fields:
            return self.none()
        if scope.everything:
            return self
        path = user.org_unit.path if user.org_unit else ""
        above = [int(part) for part in path.split("/") if part]
        return self.filter(org_unit__in=sorted({*scope.unit_ids, *above}))

    def to_begin(self, today: date) -> Self:
        """Approved, and the first day of their half-year has come."""
        half = 1 if half_start(today).month == 1 else 2
        begun = Q(year__lt=today.year) | Q(year=today.year, half__lte=half)
        return self.filter(begun, state="approved")


class ReconciliationItemQuerySet(OfClientQuerySet):
    """Reads of reconciliations."""

    def open(self) -> Self:
        """To be done: approved, and neither signed nor cancelled."""
        return self.filter(state__in=[*NOT_SENT, *WITH_CLIENT]).exclude(schedule__state="draft")

    def now(self, today: date) -> Self:
        """To be done, as of a day up to the end of the half-year."""
        return self.open().filter(as_of__lte=half_end(today))

    def to_send(self) -> Self:
        """The act has not gone to the client yet."""
        return self.filter(state__in=NOT_SENT).exclude(schedule__state="draft")

    def with_client(self) -> Self:
        """The act is with the client, or is disputed."""
        return self.filter(state__in=WITH_CLIENT)

    def late(self, today: date) -> Self:
        """Late in either way."""
        return self.open().filter(is_late(today))

    def standing(self) -> Self:
        """All but the cancelled ones and those whose approval is still asked for."""
        return self.exclude(state__in=["cancelled", "requested"])

    def sent_in_time(self) -> Self:
        """Sent to the client by the last day."""
        return self.filter(sent_on__lte=F("send_by"))

    def signed_in_time(self) -> Self:
        """Signed by the last day."""
        return self.filter(signed_on__lte=F("sign_by"))

    def with_answerer(self) -> Self:
        """With `answerer`: the manager kept at its end, else the client's of today."""
        return self.annotate(answerer=Coalesce(F("manager"), F("client__manager")))

    def for_list(self) -> Self:
        """With what a register shows."""
        people = ("client__manager", "manager")
        return self.select_related("client", "schedule", "act", *people).only(
            *own_columns(self.model),
            "client__name",
            "client__category",
            "schedule__state",
            "act__number",
            "act__closing",
            *names_of(*people),
        )


class ReconciliationActQuerySet(OfClientQuerySet):
    """Reads of acts."""

    def for_paper(self) -> Self:
        """With what stands on paper."""
        return self.select_related(
            "client__manager", "counterparty", "contract", "our_signatory", "our_authority"
        )

    def of_batch(self, batch_id: int) -> Self:
        """Acts of the reconciliations that were formed together."""
        from deals.models import ActBatchRow  # it knows this module

        formed = ActBatchRow.objects.filter(batch=batch_id, state="done").values("item")
        return self.filter(item__in=formed).order_by("number")

    def signed(self) -> Self:
        """Agreed by both sides."""
        return self.filter(item__state="signed")

    def acknowledging(self) -> Self:
        """Signed by an authorised person of the client (ГК 203)."""
        return self.signed().filter(signatory_authority__in=["director", "power_of_attorney"])


class OfActQuerySet(models.QuerySet[Any]):
    """Rows of an act: seen by those who see the act."""

    def visible_to(self, user: User) -> Self:
        """Of acts of visible clients."""
        from deals.models import ReconciliationAct  # it knows this module

        return self.filter(act__in=ReconciliationAct.objects.visible_to(user))


class ActLineQuerySet(OfActQuerySet):
    """Reads of the lines of acts."""


class ActLinkQuerySet(OfActQuerySet):
    """Reads of personal links."""

    def open(self, now: datetime) -> Self:
        """Neither revoked, answered nor over."""
        return self.filter(revoked_at=None, answered_at=None, expires_at__gt=now)

    def usable(self, now: datetime) -> Self:
        """Shows something to the client: the text that was sent, or the answer that was noted."""
        with_client = Q(act__item__state__in=WITH_CLIENT)
        noted = Q(act__item__state="signed", answered_at__isnull=False)
        return self.filter(
            with_client | noted,
            revoked_at=None,
            expires_at__gt=now,
            revision=F("act__revision"),
        )


class ClientStatementQuerySet(OfActQuerySet):
    """Reads of the statements of clients."""

    def compared(self) -> Self:
        """Those that were read, the newest first."""
        return self.filter(state="compared")

    def waiting(self) -> Self:
        """Not compared yet, the oldest first."""
        return self.filter(state="waiting").order_by("pk")


class DiscrepancyQuerySet(OfActQuerySet):
    """Reads of differences."""

    def for_list(self) -> Self:
        """With what the register shows; closed ones stand in the protocols of their acts."""
        people = ("responsible", "act__client__manager")
        rows = self.unresolved().select_related("act__client", *people)
        return rows.only(
            *own_columns(self.model), "act__number", "act__client__name", *names_of(*people)
        )

    def unresolved(self) -> Self:
        """Not closed yet."""
        return self.exclude(state="closed")

    def overdue(self, today: date) -> Self:
        """Not corrected by their day."""
        return self.exclude(state__in=["corrected", "closed"]).filter(due_on__lt=today)


class ActBatchQuerySet(models.QuerySet[Any]):
    """Reads of acts formed together."""

    def visible_to(self, user: User) -> Self:
        """One's own, while one sees money."""
        if not user.is_active or scope_of(user).limited_fields:
            return self.none()
        return self.filter(created_by=user)

    def waiting(self) -> Self:
        """Not finished, the oldest first."""
        return self.filter(finished_at=None).order_by("pk")
