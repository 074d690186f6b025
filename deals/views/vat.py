"""The rates of VAT: the page, adding, ending, taking out, history."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.history_view import render_history
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.web import person_of, sent_version
from deals import permissions
from deals.actions import vat as actions
from deals.forms.vat import RateEndForm, RateForm
from deals.models import VatRate

EVENT = "vat-changed"


@require_safe
def vat_rates(request: HttpRequest) -> HttpResponse:
    """Which rate holds from which day."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_see_catalogue(user):
        raise PermissionDenied
    context = {
        "rates": VatRate.objects.open(),
        "taken_out": VatRate.objects.exclude(archived_at=None),
        "may_edit": permissions.can_edit_catalogue(user),
        "today": today,
    }
    return render(request, "deals/vat_rates.html", context)


@require_http_methods(READ_AND_WRITE)
def vat_add(request: HttpRequest) -> HttpResponse:
    """Add a rate from a day on."""
    user = _editor(request)
    form = RateForm(request.POST or None)
    status = attempt(request, form, lambda: actions.add_rate(by=user, **form.new_values()))
    if not status:
        return saved(request, _("Rate added"), event=EVENT, back=reverse("deals:vat_rates"))
    text = _("The rate before it ends on that day. Posted documents keep their VAT.")
    title = _("New VAT rate")
    return dialog(request, form, title=title, text=text, submit=_("Add"), status=status)


@require_http_methods(READ_AND_WRITE)
def vat_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a rate on a day."""
    user, rate = _editor(request), get_object_or_404(VatRate.objects.open(), pk=pk)
    form = RateEndForm(request.POST or None, initial={"version": rate.version})
    status = attempt(request, form, lambda: actions.end_rate(pk, by=user, **form.new_values()))
    if not status:
        return saved(request, _("Rate ended"), event=EVENT, back=reverse("deals:vat_rates"))
    title = _("End the rate: %(rate)s") % {"rate": rate}
    text = _("Without another rate of this kind documents of later days cannot be typed.")
    return dialog(request, form, title=title, text=text, submit=_("End"), status=status)


@require_POST
def vat_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a rate that was entered by mistake."""
    user, rate = _editor(request), get_object_or_404(VatRate.objects.open(), pk=pk)
    version = sent_version(request)
    return pressed(
        request,
        lambda: actions.remove_rate(rate.pk, by=user, version=version),
        _("Rate taken out"),
        event=EVENT,
        back=reverse("deals:vat_rates"),
    )


@require_safe
def vat_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who added, ended and took out the rate."""
    if not permissions.can_see_catalogue(person_of(request)):
        raise PermissionDenied
    return render_history(request, get_object_or_404(VatRate, pk=pk))


def _editor(request: HttpRequest) -> User:
    user = person_of(request)
    if not permissions.can_edit_catalogue(user):
        raise PermissionDenied
    return user
