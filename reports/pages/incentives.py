"""What the page of an incentive sheet shows: the calculation in lines, decisions, buttons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.money import format_money, format_number, format_percent
from crm.work.registry import setting
from reports import links
from reports.models import IncentiveDecision, IncentiveSheet, SheetState
from reports.models.incentive_words import LABELS, MONEY
from reports.permissions import incentives as permissions

FIGURES = ("ship", "cash", "active")


@dataclass(frozen=True)
class Result:
    """One metric of the composite, in words."""

    name: str
    plan: str
    fact: str
    percent: str
    weight: str
    share: str
    url: str


@dataclass(frozen=True)
class Step:
    """One line of the calculation: what, how it was counted, how much."""

    name: str
    how: str
    amount: str
    tone: str = ""
    url: str = ""


@dataclass(frozen=True)
class Below:
    """A client of a manager, or a unit or person of a head, with plan and fact."""

    name: str
    url: str
    figures: list[tuple[str, str]]


class SheetPage:
    """One sheet for one person."""

    def __init__(self, sheet: IncentiveSheet, user: User, today: date) -> None:
        self.sheet, self.user, self.today = sheet, user, today
        self.counted: dict[str, Any] = sheet.calculation

    @property
    def is_own(self) -> bool:
        return self.user.pk == self.sheet.employee_id

    @property
    def may_decide(self) -> bool:
        return permissions.can_decide_sheet(self.user, self.sheet)

    @property
    def may_acknowledge(self) -> bool:
        return permissions.can_acknowledge(self.user, self.sheet)

    @property
    def may_object(self) -> bool:
        sheet = self.sheet
        until = sheet.objection_until
        open_still = until is not None and self.today <= until and not sheet.acknowledged_at
        return permissions.can_object(self.user, sheet) and open_still

    @property
    def is_indirect(self) -> bool:
        """The person decides about somebody else's subordinate (L248)."""
        return self.may_decide and not permissions.is_direct(self.user, self.sheet)

    @property
    def is_settled(self) -> bool:
        return self.sheet.state in {SheetState.APPROVED, SheetState.SENT}

    @cached_property
    def decisions(self) -> list[IncentiveDecision]:
        """Rewards and reductions; those taken back are for whoever decides."""
        rows = self.sheet.decisions.select_related("created_by").order_by("pk")
        return list(rows.standing() if self.is_own else rows)

    @property
    def results(self) -> list[Result]:
        """The metrics of the composite."""
        return [_result(line) for line in self.counted["lines"]]

    @property
    def weights(self) -> str:
        return format_percent(Decimal(self.counted["weights"]))

    @property
    def composite(self) -> str:
        value = self.sheet.composite
        return _("nothing was planned") if value is None else format_percent(value)

    @property
    def rows(self) -> list[Below]:
        """What the results are made of."""
        return [_below(row) for row in self.counted["rows"]]

    @property
    def rows_total(self) -> list[tuple[str, str]]:
        """Plan and fact of all the rows, as each of them shows its own."""
        rows, total = self.counted["rows"], {}
        for name in FIGURES:
            for key in (f"{name}_plan", name):
                total[key] = str(sum((Decimal(row[key]) for row in rows), Decimal(0)))
        return _figures(total)

    @property
    def rows_title(self) -> str:
        is_head = self.sheet.role != "manager"
        return _("The unit's result by parts") if is_head else _("Clients of the month")

    @property
    def steps(self) -> list[Step]:
        """From the composite to the pay, one line for each step."""
        sheet = self.sheet
        steps = [self._factor(), self._bonus(), *self._correction()]
        if sheet.rewards:
            steps.append(Step(_("Rewards"), "", f"+{format_money(sheet.rewards)}", "success"))
        if sheet.reductions:
            amount = format_money(-sheet.reductions)
            steps.append(Step(_("Reduction of the bonus"), self._cap_words(), amount, "danger"))
        steps.append(Step(_("Variable pay"), "", format_money(sheet.variable_total), "total"))
        steps.append(Step(_("Monthly salary"), "", format_money(sheet.salary)))
        steps.append(Step(_("Together"), "", format_money(sheet.pay_total), "total"))
        return steps

    def _factor(self) -> Step:
        found, sheet = self.counted, self.sheet
        threshold, cap = Decimal(found["threshold"]), Decimal(found["cap"])
        text = _("zero below %(threshold)s, else the composite, %(cap)s at most, ÷ 100")
        facts = {"threshold": format_percent(threshold), "cap": format_percent(cap)}
        return Step(_("Coefficient K"), text % facts, format_number(sheet.coefficient, 4))

    def _bonus(self) -> Step:
        sheet = self.sheet
        facts = (format_money(sheet.target_bonus), format_number(sheet.coefficient, 4))
        return Step(_("Bonus by results"), " × ".join(facts), format_money(sheet.bonus))

    def _correction(self) -> list[Step]:
        found, sheet = self.counted, self.sheet
        share = found["overdue_share"]
        text = _("overdue %(overdue)s of %(debt)s: %(share)s, the limit is %(limit)s")
        how = text % {
            "overdue": format_money(Decimal(found["overdue"])),
            "debt": format_money(Decimal(found["receivables"])),
            "share": format_percent(Decimal(share or 0)),
            "limit": format_percent(Decimal(found["overdue_limit"])),
        }
        if not sheet.correction:
            name = _("No correction for overdue debts")
            return [Step(name, how, format_money(Decimal(0)), url=found["debts_url"])]
        part = format_percent(Decimal(found["overdue_correction"]))
        name = _("Correction for overdue debts, %(part)s of the bonus") % {"part": part}
        after = Step(_("Bonus after the correction"), "", format_money(sheet.after_correction))
        amount = format_money(-sheet.correction)
        return [Step(name, how, amount, "danger", found["debts_url"]), after]

    def _cap_words(self) -> str:
        """The lawful cap, where a penalty is among the grounds."""
        if not any(one.is_disciplinary and not one.withdrawn_at for one in self.decisions):
            return ""
        text = _("for disciplinary penalties %(cap)s at most, %(share)s %% of the monthly salary")
        share = setting("incentive.reduction_cap_percent")
        return text % {"cap": format_money(self.sheet.reduction_cap), "share": share}


def _result(line: dict[str, Any]) -> Result:
    name = line["metric"]
    show = format_money if name in MONEY else format_number
    if name == "tasks":
        show = format_percent
    none = line["percent"] is None
    return Result(
        name=str(LABELS[name]),
        plan=show(Decimal(line["plan"])),
        fact=_("no plan") if none and name != "debt" else show(Decimal(line["fact"])),
        percent="–" if none else format_percent(Decimal(line["percent"])),
        weight=format_percent(Decimal(line["weight"])),
        share="–" if line["share"] is None else format_number(Decimal(line["share"]), 2),
        url=line["url"],
    )


def _below(row: dict[str, Any]) -> Below:
    client = row.get("client")
    return Below(row["name"], links.client_card(client) if client else "", _figures(row))


def _figures(row: dict[str, Any]) -> list[tuple[str, str]]:
    figures = []
    for name in FIGURES:
        show = format_money if name in MONEY else format_number
        figures.append((show(Decimal(row[f"{name}_plan"])), show(Decimal(row[name]))))
    return figures
