"""What one person brought this month: the box of My day."""

from __future__ import annotations

from datetime import date

from crm.accounts.models import User
from reports.days.months import Months
from reports.pages.department_money import against
from reports.queries.fact_rows import documents_url
from reports.queries.month_money import flow, spans_of

METRICS = ("ship", "cash", "active")


class MonthMoneyPage:
    """The running month of a person as plan and fact have it: three queries."""

    def __init__(self, viewer: User, person: User, *, today: date) -> None:
        self.spans = spans_of(today.replace(day=1), today)
        self.person = person
        self.flow = flow(viewer, person, self.spans)

    @property
    def month(self) -> date:
        return self.spans.month

    @property
    def against(self) -> str:
        return against(self.spans)

    @property
    def links(self) -> dict[str, str]:
        """The documents behind each figure."""
        months, whose = Months.of(self.month), {"manager": self.person.pk}
        return {metric: documents_url(months, metric, whose) for metric in METRICS}

    @property
    def before(self) -> dict[str, str]:
        """The documents behind what each figure is held against."""
        days, whose = self.spans.before, {"manager": self.person.pk}
        months = Months.of(days.first)
        return {metric: documents_url(months, metric, whose, to=days.last) for metric in METRICS}
