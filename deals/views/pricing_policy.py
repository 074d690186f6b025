"""The pricing policy: the version in force, the others and their differences, writing one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.views.answers import save_record
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, pressed
from crm.web import person_of, whole_number
from deals import permissions
from deals.actions import pricing_policy as actions
from deals.forms.pricing_policy import PolicyForm
from deals.models import PricingPolicy
from deals.pages.pricing_policy import PolicyPage

EVENT = "pricing-policy-changed"


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The version in force, and what carries it out."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_see_producers(user):
        raise PermissionDenied
    shown = PricingPolicy.objects.visible_to(user).in_force(today)
    return _page(request, shown)


@require_safe
def policy_version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version, by itself or beside the one before it."""
    return _page(request, _visible(request, pk))


def _page(request: HttpRequest, shown: PricingPolicy | None) -> HttpResponse:
    user, compared = person_of(request), "compare" in request.GET
    page = PolicyPage(user, timezone.localdate(), shown, compared=compared)
    return render(request, "deals/pricing_policy.html", {"page": page, "shown": shown})


@require_http_methods(READ_AND_WRITE)
def policy_write(request: HttpRequest) -> HttpResponse:
    """Write the draft: the one that is there, or a new one from the text in force."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_edit_prices(user):
        raise PermissionDenied
    page = PolicyPage(user, today, None)
    text = page.in_force.text if page.in_force else ""
    form = PolicyForm(request.POST or None, record=page.draft, initial=_first(page, text))
    made: list[PricingPolicy] = []
    status = save_record(request, form, lambda: made.append(_write(form, user)))
    if not status:
        return redirect(made[0])
    context = {"form": form, "draft": page.draft}
    return render(request, "deals/pricing_policy_form.html", context, status=status)


def _first(page: PolicyPage, text: str) -> dict[str, Any]:
    """What a new draft begins with; a known one says it itself."""
    return {} if page.draft else {"text": text, "valid_from": page.today}


def _write(form: PolicyForm, by: Any) -> PricingPolicy:
    version = form.cleaned_data["version"] or 0
    return actions.write_policy(by=by, version=version, values=form.policy())


@require_POST
def policy_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the draft hold from its day."""
    found, version = _visible(request, pk), whole_number(request.POST.get("version")) or 0
    given: dict[str, Any] = {"by": person_of(request), "version": version}
    return pressed(
        request,
        lambda: actions.publish_policy(pk, today=timezone.localdate(), **given),
        _("The version is published"),
        event=EVENT,
        back=found.get_absolute_url(),
    )


@require_POST
def policy_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft away."""
    _visible(request, pk)
    version = whole_number(request.POST.get("version")) or 0
    return pressed(
        request,
        lambda: actions.discard_policy(pk, by=person_of(request), version=version),
        _("The draft is thrown away."),
        event=EVENT,
        back=reverse("deals:pricing_policy"),
    )


@require_safe
def policy_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who wrote and who published it."""
    return render_history(request, _visible(request, pk))


def _visible(request: HttpRequest, pk: int) -> PricingPolicy:
    """The version, unless the person does not see it: 404."""
    rows = PricingPolicy.objects.visible_to(person_of(request))
    found: PricingPolicy = get_object_or_404(rows.select_related("author", "approved_by"), pk=pk)
    return found
