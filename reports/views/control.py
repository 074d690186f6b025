"""Control points, spot checks, violations."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.history_view import render_history
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.lists import render_list
from crm.lists.export import file_response
from crm.tabular import About, Kind
from crm.web import person_of, sent_version
from reports.actions import control as actions
from reports.forms.control import CallOffForm, CheckForm, CompleteForm, ItemForm, PointForm
from reports.lists.control import CHECKS, VIOLATIONS
from reports.models import ControlPoint, SpotCheck, SpotCheckItem, Violation
from reports.pages.control import CheckPage, point_rows, redraw
from reports.parameters import month_end, month_start
from reports.permissions import control as permissions
from reports.sampling.drawing import rank

EVENT = "control-changed"


@require_safe
def check_list(request: HttpRequest) -> HttpResponseBase:
    """Checks that the person holds, oversees or has undergone."""
    user = _reader(request)
    rows = SpotCheck.objects.visible_to(user).for_list()
    return render_list(request, CHECKS, rows, context={"may_check": permissions.can_check(user)})


@require_safe
def violation_list(request: HttpRequest) -> HttpResponseBase:
    """Violations that checks have found."""
    user = _reader(request)
    return render_list(request, VIOLATIONS, Violation.objects.visible_to(user).for_list())


@require_safe
def control_points(request: HttpRequest) -> HttpResponse:
    """Processes with their points and the checks of the month."""
    user, today = _reader(request), timezone.localdate()
    rows = point_rows(user, month_start(today), month_end(today))
    may = {"edit": permissions.can_edit_points(user), "check": permissions.can_check(user)}
    return render(request, "reports/control_points.html", {"rows": rows, "may": may})


@require_http_methods(READ_AND_WRITE)
def point_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another question or norm."""
    user = _reader(request)
    point = get_object_or_404(ControlPoint.objects.visible_to(user), pk=pk)
    if not permissions.can_edit_points(user):
        raise PermissionDenied
    form = PointForm(request.POST or None, point=point)
    status = attempt(request, form, lambda: actions.change_point(pk, by=user, **form.cleaned_data))
    if not status:
        return saved(request, _("Saved"), event=EVENT, back="/control/points/")
    return dialog(request, form, title=_("Control point"), submit=_("Save"), status=status)


@require_http_methods(READ_AND_WRITE)
def check_plan(request: HttpRequest) -> HttpResponse:
    """Plan a check."""
    user, today = person_of(request), timezone.localdate()
    made: list[SpotCheck] = []
    if not permissions.can_check(user):
        raise PermissionDenied
    form = CheckForm(request.POST or None, user=user, today=today, given=request.GET)
    status = attempt(
        request,
        form,
        lambda: made.append(actions.plan_check(form.new_check(), by=user, today=today)),
    )
    if not status:
        done = _("Planned. The checked does not see it.")
        return saved(request, done, event=EVENT, back=made[0].get_absolute_url())
    title, submit = _("Plan a check"), pgettext("button", "Plan")
    return dialog(request, form, title=title, submit=submit, status=status)


@require_safe
def check_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One check with its sample."""
    check = visible_check(request, pk)
    page = CheckPage(check, person_of(request))
    return render(request, "reports/check_detail.html", {"check": check, "page": page})


@require_safe
def check_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who planned, began, marked and completed."""
    check = visible_check(request, pk)
    return render_history(request, check, parts=[check.items.all()])


@require_safe
def check_redraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the sample again and compare."""
    check = visible_check(request, pk)
    context = {"check": check, "again": redraw(check)}
    return render(request, "reports/check_redraw.html", context)


@require_safe
def check_frame(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The frame with the digest of every row, for whoever draws by hand."""
    check = visible_check(request, pk)
    header, kinds = [_("Row"), "SHA-256"], [Kind.NUMBER, Kind.TEXT]
    rows: Iterator[list[object]] = (
        [row, rank(check.seed, row)] for row in sorted(check.frame or [])
    )
    return file_response("csv", f"{check.number}-frame", header, kinds, rows, About(check.number))


@require_POST
def check_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin it."""
    check, user, now = held_check(request, pk), person_of(request), timezone.now()
    version = sent_version(request)
    return pressed(
        request,
        lambda: actions.start_check(pk, by=user, version=version, now=now),
        _("The check has started, the sample is drawn"),
        event=EVENT,
        back=check.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def check_complete(request: HttpRequest, pk: int) -> HttpResponse:
    """End it."""
    check, user, now = held_check(request, pk), person_of(request), timezone.now()
    form = CompleteForm(request.POST or None, initial={"version": check.version})
    status = attempt(
        request,
        form,
        lambda: actions.complete_check(pk, by=user, now=now, **form.cleaned_data),
    )
    if not status:
        done = _("Completed. Violations have become assignments.")
        return saved(request, done, event=EVENT, back=check.get_absolute_url())
    title = _("Complete the check")
    return dialog(
        request, form, title=title, submit=title, status=status, text=check.question_label
    )


@require_http_methods(READ_AND_WRITE)
def check_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """It does not take place."""
    check, user = held_check(request, pk), person_of(request)
    form = CallOffForm(request.POST or None, initial={"version": check.version})
    status = attempt(
        request, form, lambda: actions.call_off_check(pk, by=user, **form.cleaned_data)
    )
    if not status:
        return saved(request, _("Called off"), event=EVENT, back=check.get_absolute_url())
    title, submit = _("Call the check off"), _("Call it off")
    return dialog(
        request, form, title=title, submit=submit, status=status, text=check.question_label
    )


@require_safe
def check_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One row with its note and files."""
    item = _visible_item(request, pk)
    page = CheckPage(item.spot_check, person_of(request))
    context = {"item": item, "check": item.spot_check, "page": page}
    return render(request, "reports/check_item.html", context)


@require_http_methods(READ_AND_WRITE)
def item_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was found."""
    item, user, today = _visible_item(request, pk), person_of(request), timezone.localdate()
    held_check(request, item.spot_check_id)
    form = ItemForm(request.POST or None, item=item, today=today)

    def write() -> None:
        stamp, found = form.cleaned_data["version"], form.finding()
        actions.mark_item(pk, by=user, version=stamp, found=found, today=today)

    status = attempt(request, form, write)
    if not status:
        back = item.spot_check.get_absolute_url()
        return saved(request, _("Marked"), event=EVENT, back=back)
    title = _("What was found")
    return dialog(request, form, title=title, submit=_("Save"), status=status, text=item.label)


def visible_check(request: HttpRequest, pk: int) -> SpotCheck:
    """One that the person may know of, else 404."""
    rows = SpotCheck.objects.visible_to(person_of(request))
    people = ("checked__org_unit", "checker", "point__process")
    check: SpotCheck = get_object_or_404(rows.select_related(*people), pk=pk)
    return check


def held_check(request: HttpRequest, pk: int) -> SpotCheck:
    """One that the person holds, else 403."""
    check = visible_check(request, pk)
    if not permissions.holds(person_of(request), check):
        raise PermissionDenied
    return check


def _visible_item(request: HttpRequest, pk: int) -> SpotCheckItem:
    rows = SpotCheckItem.objects.visible_to(person_of(request))
    people = ("spot_check__checked", "spot_check__checker", "spot_check__point__process", "person")
    item: SpotCheckItem = get_object_or_404(rows.select_related(*people), pk=pk)
    return item


def _reader(request: HttpRequest) -> User:
    user = person_of(request)
    if not permissions.can_see_control(user):
        raise PermissionDenied
    return user
