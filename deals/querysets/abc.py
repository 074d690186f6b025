"""Reads of ABC analyses and their results."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from deals.querysets.base import OfClientQuerySet

CHANGE_IS_OPEN = ("draft", "submitted", "endorsed", "approved", "returned")


class AbcRunQuerySet(models.QuerySet[Any]):
    """Reads of calculations; their rows are seen through the results."""

    def latest_run(self) -> Any:
        """The last calculation; None before the first one."""
        return self.order_by("-created_at", "-pk").first()


class AbcResultQuerySet(OfClientQuerySet):
    """Reads of the results of a run."""

    def with_history(self) -> Self:
        """Clients that bought, or that were known for the whole period.

        A new client without shipments is judged by its potential, not by its silence (D.4).
        """
        return self.filter(
            Q(net_amount__gt=0)
            | Q(client__created_at__date__lte=F("run__date_from"))
            | Q(client__category_since__lte=F("run__date_from"))
        )

    def disagreeing(self) -> Self:
        """The assigned category is not the calculated one (ABC-4); none assigned does not count."""
        differs = self.filter(~Q(category=F("assigned")), assigned__isnull=False)
        return differs.with_history().filter(client__archived_at=None)

    def proposable(self) -> Self:
        """Disagreements that still hold today and about which no request is on its way."""
        rows = self.disagreeing().filter(assigned=F("client__category"))
        return rows.filter(~self._open_request())

    def _open_request(self) -> Exists:
        """A request about the client is on its way."""
        client = self.model._meta.get_field("client").related_model
        requests = client._meta.get_field("category_requests").related_model.objects
        return Exists(requests.filter(client=OuterRef("client"), state__in=CHANGE_IS_OPEN))

    def with_least(self) -> Self:
        """The smallest turnover of A and of B in the run: what a client needs for the category."""
        of_run = self.model.objects.filter(run=OuterRef("run")).order_by("net_amount")
        amounts = of_run.values("net_amount")
        return self.annotate(
            least_a=Subquery(amounts.filter(category="A")[:1]),
            least_b=Subquery(amounts.filter(category="B")[:1]),
        )

    def for_list(self) -> Self:
        """With the names that the list shows."""
        rows = self.select_related("client", "client__manager", "run")
        return rows.annotate(is_proposed=self._open_request())
