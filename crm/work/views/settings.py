"""The settings registry on screen: one row per policy number, edited where it stands."""

from copy import copy
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.web import is_fragment, person_of
from crm.work import actions, permissions
from crm.work.forms import ResetForm, SettingForm
from crm.work.models import Setting
from crm.work.querysets import SettingLine, setting_line
from crm.work.settings_page import Asked, settings_page


def _line_or_404(key: str, user: User) -> SettingLine:
    if not permissions.can_see_settings(user):
        raise PermissionDenied
    try:
        return setting_line(key, user)
    except KeyError:
        raise Http404 from None


@require_safe
def setting_list(request: HttpRequest) -> HttpResponse:
    """Policy numbers: one section, or what the search finds in all."""
    if not permissions.can_see_settings(person_of(request)):
        raise PermissionDenied
    page = settings_page(person_of(request), Asked.of(request))
    template = "work/_settings.html" if is_fragment(request) else "work/setting_list.html"
    return render(request, template, {"page": page, "asked": page.asked})


@require_http_methods(["GET", "HEAD", "POST"])
def change_setting(request: HttpRequest, key: str) -> HttpResponse:
    """The row as a form; saved, it comes back as a row."""
    line = _line_or_404(key, person_of(request))
    if not line.may_change:
        raise PermissionDenied
    initial = {"value": line.value, "version": line.version}
    form = SettingForm(line.declared, request.POST or None, initial=initial)
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_setting(key, by=person_of(request), **form.new_values())
        except RuleViolation as refusal:
            status = _refuse(form, refusal, line)
        else:
            return _row(request, key)
    return _form(request, line, form, status if form.errors else 200)


@require_POST
def reset_setting(request: HttpRequest, key: str) -> HttpResponse:
    """Back to the default; the row comes back."""
    line = _line_or_404(key, person_of(request))
    if not line.may_change:
        raise PermissionDenied
    asked = ResetForm(request.POST)
    if not asked.is_valid():
        return HttpResponseBadRequest()
    try:
        actions.reset_setting(key, by=person_of(request), version=asked.cleaned_data["version"])
    except RuleViolation as refusal:
        form = SettingForm(line.declared, {"value": line.value, "version": line.version})
        status = _refuse(form, refusal, line)
        return _form(request, line, form, status)
    return _row(request, key)


def _form(request: HttpRequest, line: SettingLine, form: SettingForm, status: int) -> HttpResponse:
    """In place of the row, or a page of its own without htmx; both know the way back."""
    context = {"line": line, "form": form, "asked": Asked.of(request)}
    template = "work/_setting_form.html" if is_fragment(request) else "work/setting_edit.html"
    return render(request, template, context, status=status)


def _row(request: HttpRequest, key: str) -> HttpResponse:
    """The row anew; without htmx the list as it was, with its section and search."""
    asked = Asked.of(request)
    if not is_fragment(request):
        return redirect(asked.back)
    context = {"line": setting_line(key, person_of(request)), "asked": asked}
    return render(request, "work/_setting_row.html", context)


def _refuse(form: SettingForm, refusal: RuleViolation, line: SettingLine) -> int:
    """The sentence stands at the field; a stale form gets the present version to save over."""
    form.add_error("value", str(refusal))
    if isinstance(refusal, StaleVersion):
        data: Any = copy(form.data)
        data["version"] = line.version
        form.data = data
        text = _("The value now: %(value)s.") % {"value": line.shown}
        if line.row is not None and line.row.updated_by is not None:
            text = _("The value now: %(value)s; set by %(who)s on %(at)s.") % {
                "value": line.shown,
                "who": line.row.updated_by.short_name,
                "at": f"{timezone.localtime(line.row.updated_at):%d.%m.%Y %H:%M}",
            }
        form.add_error("value", text)
    return refusal.status


@require_safe
def setting_history(request: HttpRequest, key: str) -> HttpResponse:
    """Who set the value and when."""
    line = _line_or_404(key, person_of(request))
    rows = Setting.objects.filter(key=key, org_unit=None)
    template = "work/_setting_history.html" if is_fragment(request) else "work/setting_history.html"
    return render(request, template, {"line": line, "record": rows.first()})
