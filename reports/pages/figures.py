"""How one row of plan and fact was counted: its parts, each with the rows behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.money import percent
from crm.shell.templatetags.formats import money_plain, qty
from crm.shell.templatetags.formats import percent as in_percent
from reports.pages.how import How, explanation
from reports.pages.plan_fact import LABELS, Line, PlanFactPage, span_in_words


@dataclass(frozen=True)
class Part:
    """A number in words and figures: what it is made of, or the rows behind it."""

    label: str
    text: str
    counted: str = ""
    url: str = ""


class FigurePage:
    """One row; `before` is the same row of the period before it, where it is held against that."""

    def __init__(self, page: PlanFactPage, line: Line, before: tuple[PlanFactPage, Line] | None):
        self.page, self.line, self.before = page, line, before
        self.measure = line.measure
        self.show = money_plain if page.is_money else qty

    @property
    def title(self) -> str:
        return f"{LABELS[self.page.metric]}, {span_in_words(self.page.months)}"

    @property
    def whose(self) -> str:
        """The row in words; the whole by the name of the page."""
        return self.page.title if self.line.level == "total" else self.line.name

    @property
    def how(self) -> How | None:
        return explanation("plan_fact")

    @property
    def change(self) -> Decimal | None:
        """To the period before; of a running one the forecast is compared."""
        if self.before is None:
            return None
        was = self.before[1].measure.fact
        return percent(self._reached - was, abs(was))

    @property
    def _reached(self) -> Decimal:
        forecast = self.measure.forecast
        return self.measure.fact if forecast is None else forecast

    @property
    def parts(self) -> list[Part]:
        """Plan, actual, days, and what is counted from them."""
        return [*self._given(), *self._counted(), *self._changed()]

    def _given(self) -> Iterator[Part]:
        one, show, pace = self.measure, self.show, self.measure.pace
        if self.line.plan_url:
            yield Part(_("Plan"), show(one.plan), url=self.line.plan_url)
        yield Part(_("Actual"), show(one.fact), url=self.line.fact_url)
        if one.has_changed:
            yield Part(_("At the closing of the month"), show(one.final))
        if one.compared != one.fact:
            yield Part(_("of it in months with a plan"), show(one.compared))
        if pace.is_running:
            yield _days(_("Working days elapsed"), pace.elapsed, pace.total)
            held = one.held_pace or pace
            if held != pace:
                text = _("Working days elapsed in months with a plan")
                yield _days(text, held.elapsed, held.total)

    def _counted(self) -> Iterator[Part]:
        one, show, pace = self.measure, self.show, self.measure.pace
        fact, plan, held = show(one.compared), show(one.plan), one.held_pace or pace
        if one.percent is not None:
            yield Part(_("Plan done"), in_percent(one.percent, 2), f"{fact} ÷ {plan} × 100")
        if one.forecast is not None and pace.is_running:
            counted = f"{show(one.fact)} ÷ {pace.elapsed} × {pace.total}"
            yield Part(_("Forecast"), show(one.forecast), counted)
        if one.forecast_percent is not None:
            days = f" ÷ {held.elapsed} × {held.total}" if held.is_running else ""
            counted = f"{fact}{days} ÷ {plan} × 100"
            yield Part(_("Forecast, %"), in_percent(one.forecast_percent, 2), counted)
        if one.deviation is not None:
            yield Part(_("Deviation"), show(one.deviation), f"{fact} − {plan}")

    def _changed(self) -> Iterator[Part]:
        if self.before is None:
            return
        page, line = self.before
        was = self.show(line.measure.fact)
        yield Part(span_in_words(page.months), was, url=line.fact_url)
        if self.change is not None:
            counted = f"({self.show(self._reached)} − {was}) ÷ {was} × 100"
            yield Part(_("Change"), in_percent(self.change, 1), counted)


def _days(label: str, gone: int, total: int) -> Part:
    return Part(label, _("%(gone)s of %(total)s") % {"gone": gone, "total": total})
