"""What one person's clients bought and paid this month: the box of My day."""

from __future__ import annotations

from datetime import date

from crm.accounts.models import User
from reports.department_money_page import FlowLinks, against
from reports.queries.month_money import flow, spans_of


class MonthMoneyPage:
    """The running month of a person, as far as the viewer sees the clients: two queries."""

    def __init__(self, viewer: User, person: User, *, today: date) -> None:
        self.spans = spans_of(today.replace(day=1), today)
        self.flow = flow(viewer, self.spans, {"client__manager": person.pk})
        self.links = FlowLinks(self.spans.now, {"manager": person.pk})

    @property
    def month(self) -> date:
        return self.spans.month

    @property
    def against(self) -> str:
        return against(self.spans)
