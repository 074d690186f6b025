"""The grid of a plan, and what becomes of the cells that it sends."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm.errors import RuleViolation
from crm.shell.templatetags.formats import moment
from crm.web import person_of, whole_number
from reports import permissions
from reports.actions.plan_cells import FIELDS, Cell, Clash, Outcome, read_cell, save_cells, shown
from reports.models import METRICS, PlanLine
from reports.pages.plan_grid import Asked, GridPage, figure
from reports.views.plans import visible_plan

LONGEST = 320  # no cell has more characters; longer ones are cut and then refused
REFUSED_SHOWN = 500


@require_safe
def plan_grid(request: HttpRequest, pk: int) -> HttpResponse:
    """Lines of a manager, a sector or the department, to be typed."""
    plan, asked = visible_plan(request, pk), request.GET
    page = GridPage(
        plan,
        person_of(request),
        Asked(
            whole_number(asked.get("manager")),
            whole_number(asked.get("unit")),
            asked.get("gaps") == "1",
            whole_number(asked.get("page")) or 1,
        ),
        timezone.localdate(),
    )
    return render(request, "reports/plan_grid.html", {"plan": plan, "page": page})


@require_POST
def plan_cells(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a batch of cells, whole or not at all; tell which ones stand in the way and why."""
    plan, user = visible_plan(request, pk), person_of(request)
    if user.role not in permissions.FILLERS:
        raise PermissionDenied
    cells = sent_cells(request)
    if cells is None:
        return JsonResponse({"text": _("The cells could not be read.")}, status=422)
    try:
        outcome = save_cells(plan.pk, cells, by=user)
    except RuleViolation as refusal:
        return JsonResponse({"text": str(refusal)}, status=refusal.status)
    return JsonResponse(answer_of(outcome, _line, _spoken), status=outcome.status)


def sent_cells(request: HttpRequest) -> list[Cell] | None:
    """The cells of the request; None for what is no list of them."""
    try:
        rows = json.loads(request.body)["cells"]
        return [Cell(int(r["line"]), str(r["field"]), _cut(r["was"]), _cut(r["now"])) for r in rows]
    except RawPostDataException:  # sent as a form: the check of the token has read it
        return None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _cut(text: Any) -> str:
    return str(text)[:LONGEST]


def answer_of(
    outcome: Outcome, line_of: Callable[[Any], dict[str, Any]], spoken: Callable[[str, str], str]
) -> dict[str, Any]:
    """What the script of a grid is told, by its cells of a saved line and its words of a value."""
    if outcome.refused:
        return _refused(outcome)
    if outcome.clashes:
        text = _("Nothing was saved: another person has changed these cells meanwhile.")
        return {"text": text, "clashes": [_clash(one, spoken) for one in outcome.clashes]}
    now = timezone.localtime()
    text = _("Saved at %(time)s") % {"time": f"{now:%H:%M:%S}"}
    return {"text": text, "saved": [line_of(line) for line in outcome.saved]}


def _refused(outcome: Outcome) -> dict[str, Any]:
    count = len(outcome.refused)
    text = ngettext(
        "Nothing was saved: %(count)s cell is wrong.",
        "Nothing was saved: %(count)s cells are wrong.",
        count,
    )
    shown_ones = [vars(one) for one in outcome.refused[:REFUSED_SHOWN]]
    return {"text": text % {"count": count}, "refused": shown_ones}


def _line(line: PlanLine) -> dict[str, Any]:
    """All cells of a saved line: others may have changed some of them."""
    values = {name: [shown(getattr(line, name)), _text(line, name)] for name in FIELDS}
    return {"line": line.pk, "values": values}


def _text(line: PlanLine, name: str) -> str:
    value = getattr(line, name)
    if value is None or name == "comment":
        return value or ""
    return figure(name, value)


def _clash(one: Clash, spoken: Callable[[str, str], str]) -> dict[str, Any]:
    """Who changed the cell, from what to what, when."""
    words = {
        "by": one.by or _("Somebody"),
        "was": spoken(one.field, one.was),
        "theirs": spoken(one.field, one.theirs),
        "at": moment(one.at),
    }
    text = _("%(by)s, %(at)s: %(was)s → %(theirs)s") % words
    shown_text = "" if one.theirs == "" else spoken(one.field, one.theirs)
    return {
        "line_id": one.line_id,
        "field": one.field,
        "reason": text,
        "theirs": one.theirs,
        "shown": shown_text,
    }


def _spoken(name: str, text: str) -> str:
    """A value in words; what is no value stays as it was sent."""
    if not text:
        return _("nothing")
    if name not in METRICS:
        return text
    try:
        return figure(name, read_cell(name, text))
    except RuleViolation:
        return text
