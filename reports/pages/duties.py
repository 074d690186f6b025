"""Lines of My day about what is not a client: what to do, by when, where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.accounts.models import User
from crm.shell.templatetags.formats import month_name
from reports import links
from reports.queries.duties import Duties, duties_of


@dataclass(frozen=True)
class Duty:
    """One line: what it is, where it is done, the last day (None: without one)."""

    text: str
    url: str
    due: date | None = None
    note: str = ""


class DutiesPanel:
    """What waits for the person; what has no day comes last."""

    def __init__(self, user: User, today: date) -> None:
        self.today = today
        found = list(_lines(duties_of(user, today)))
        self.rows = sorted(found, key=lambda one: (one.due is None, one.due or today))

    @property
    def lines(self) -> list[tuple[Duty, bool]]:
        """Each with whether its day has gone by."""
        return [(one, one.due is not None and one.due < self.today) for one in self.rows]


def _lines(found: Duties) -> Iterator[Duty]:
    for report in found.reports:
        text = _("Hand in: %(what)s") % {"what": report}
        yield Duty(text, report.get_absolute_url(), report.due_on, report.return_reason)
    for task in found.tasks:
        text = _("Report on the target task: %(name)s") % {"name": task.name}
        yield Duty(text, reverse("reports:target_detail", args=[task.pk]), task.due_on)
    for lead in found.leads:
        text = _("Lead %(name)s: %(step)s") if lead.next_step else _("Lead %(name)s: next step")
        words = text % {"name": lead.name, "step": lead.next_step}
        yield Duty(words, lead.get_absolute_url(), lead.next_on)
    for sheet in found.own_sheets:
        text = _("Acknowledge your incentive sheet for %(month)s or object to it")
        words = text % {"month": month_name(sheet.month)}
        yield Duty(words, sheet.get_absolute_url(), sheet.objection_until)
    for month, count in found.to_decide:
        text = ngettext(
            "Decide %(count)s incentive sheet for %(month)s",
            "Decide %(count)s incentive sheets for %(month)s",
            count,
        )
        words = text % {"count": count, "month": month_name(month)}
        yield Duty(words, f"{links.sheets(month)}&state=drafted&state=objection")
    for owed in found.explanations:
        text = _("Explain why less than the norm of the plan was carried out: %(plan)s")
        url = owed.plan.get_absolute_url()
        yield Duty(text % {"plan": owed.plan}, url, note=owed.refused)
