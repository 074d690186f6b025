"""The key rate of the Bank of Russia: the page, adding, taking out, history."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions import key_rates as actions
from claims.forms.key_rates import KeyRateForm
from claims.models import KeyRate
from claims.outgoing.calculation import stale_since
from claims.permissions.key_rates import can_edit_key_rates, can_see_key_rates
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.web import person_of, sent_version
from crm.work.registry import setting

EVENT = "key-rate-changed"


@require_safe
def key_rates(request: HttpRequest) -> HttpResponse:
    """Which rate holds from which day, and whether it is time to look for a new one."""
    user, today = person_of(request), timezone.localdate()
    if not can_see_key_rates(user):
        raise PermissionDenied
    context = {
        "rates": KeyRate.objects.open(),
        "current": KeyRate.objects.on(today),
        "taken_out": KeyRate.objects.exclude(archived_at=None),
        "may_edit": can_edit_key_rates(user),
        "stale_since": stale_since(today),
        "stale_days": setting("outgoing.rate_stale_days"),
        "today": today,
    }
    return render(request, "claims/key_rates.html", context)


@require_http_methods(READ_AND_WRITE)
def key_rate_add(request: HttpRequest) -> HttpResponse:
    """Add a rate from a day on."""
    user = person_of(request)
    if not can_edit_key_rates(user):
        raise PermissionDenied
    form = KeyRateForm(request.POST or None)
    status = attempt(request, form, lambda: actions.add_key_rate(by=user, **form.new_values()))
    if not status:
        return saved(request, _("Rate added"), event=EVENT, back=reverse("claims:key_rates"))
    text = _("It holds until the next one. Claims that were sent keep their calculation.")
    title = _("New key rate")
    return dialog(request, form, title=title, text=text, submit=_("Add"), status=status)


@require_POST
def key_rate_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a rate that was entered by mistake."""
    user = person_of(request)
    if not can_edit_key_rates(user):
        raise PermissionDenied
    rate, version = get_object_or_404(KeyRate.objects.open(), pk=pk), sent_version(request)
    return pressed(
        request,
        lambda: actions.remove_key_rate(rate.pk, by=user, version=version),
        _("Rate taken out"),
        event=EVENT,
        back=reverse("claims:key_rates"),
    )


@require_safe
def key_rate_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who added and took out the rate."""
    if not can_see_key_rates(person_of(request)):
        raise PermissionDenied
    return render_history(request, get_object_or_404(KeyRate, pk=pk))
