"""Promos: the register, the calendar, the page, writing one, what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.views.answers import save_record
from crm.accounts.history_view import render_history
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, asked
from crm.forms import VersionForm
from crm.lists import render_list
from crm.web import person_of, whole_number
from deals import permissions
from deals.actions import promo_moves as moves
from deals.actions import promos as actions
from deals.forms.orders import ReasonForm
from deals.forms.promos import PromoEffectForm, PromoForm
from deals.lists.promos import PROMOS
from deals.models import PromoCampaign
from deals.pages.promos import PromoCalendar, PromoPage

EVENT = "promo-changed"


@require_safe
def promo_list(request: HttpRequest) -> HttpResponseBase:
    """The register of promos."""
    user = person_of(request)
    if not permissions.can_see_promos(user):
        raise PermissionDenied
    context = {"may_write": permissions.can_write_promos(user)}
    rows = PromoCampaign.objects.visible_to(user).for_list()
    return render_list(request, PROMOS, rows, context=context)


@require_safe
def promo_calendar(request: HttpRequest) -> HttpResponse:
    """Which promos run in which month of a year."""
    user = person_of(request)
    if not permissions.can_see_promos(user):
        raise PermissionDenied
    page = PromoCalendar(user, timezone.localdate(), whole_number(request.GET.get("year")))
    return render(request, "deals/promo_calendar.html", {"page": page})


@require_safe
def promo_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One promo: terms, who takes part, costs, what it has brought."""
    promo = visible_promo(request, pk)
    page = PromoPage(promo, person_of(request), timezone.localdate())
    return render(request, "deals/promo_detail.html", {"promo": promo, "page": page})


@require_safe
def promo_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what of the promo."""
    return render_history(request, visible_promo(request, pk))


@require_http_methods(READ_AND_WRITE)
def promo_create(request: HttpRequest) -> HttpResponse:
    """Write a draft."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_write_promos(user):
        raise PermissionDenied
    form = PromoForm(request.POST or None, user=user)
    made: list[PromoCampaign] = []

    def write() -> None:
        key = form.cleaned_data["key"]
        made.append(actions.create_promo(form.promo(), by=user, key=key, today=today))

    status = save_record(request, form, write)
    return redirect(made[0]) if not status else _show(request, form, None, status)


@require_http_methods(READ_AND_WRITE)
def promo_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    promo, user, today = visible_promo(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_edit_promo(user, promo):
        raise PermissionDenied
    form = PromoForm(request.POST or None, record=promo, user=user)

    def write() -> None:
        version = form.cleaned_data["version"] or 0
        actions.edit_promo(pk, form.promo(), by=user, version=version, today=today)

    status = save_record(request, form, write)
    return redirect(promo) if not status else _show(request, form, promo, status)


def _show(
    request: HttpRequest, form: PromoForm, promo: PromoCampaign | None, status: int
) -> HttpResponse:
    context = {"form": form, "promo": promo}
    return render(request, "deals/promo_form.html", context, status=status)


@dataclass(frozen=True)
class Step:
    """A thing that is done with a promo: who may, what is asked, what is written and said."""

    may: Callable[[PromoPage], bool]
    write: Callable[..., object]
    submit: str | Promise
    done: str | Promise
    form: type[BaseForm] = VersionForm
    is_dated: bool = True


STEPS = {
    "submit": Step(
        lambda page: page.may_submit,
        actions.submit_promo,
        _("Send to marketing"),
        _("Sent to marketing"),
    ),
    "withdraw": Step(
        lambda page: page.may_withdraw,
        lambda pk, *, by, version, today: actions.withdraw_promo(pk, by=by, today=today),
        _("Withdraw the request"),
        _("Withdrawn"),
    ),
    "cancel": Step(
        lambda page: page.may_cancel,
        actions.cancel_promo,
        _("Cancel the promo"),
        _("The promo is cancelled"),
        form=ReasonForm,
        is_dated=False,
    ),
    "analyse": Step(
        lambda page: page.may_analyse,
        moves.analyse_promo,
        _("Calculate the effect"),
        _("The effect is calculated"),
        form=PromoEffectForm,
    ),
    "close": Step(
        lambda page: page.may_close,
        moves.close_promo,
        _("Close the promo"),
        _("The promo is closed"),
        is_dated=False,
    ),
}


@require_http_methods(READ_AND_WRITE)
def promo_act(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Send it to marketing, withdraw, call off, count the effect, close."""
    if step not in STEPS:
        raise Http404
    promo, user, today = visible_promo(request, pk), person_of(request), timezone.localdate()
    known = STEPS[step]
    form = _form_of(known, request, promo)
    given: dict[str, Any] = {"by": user, **({"today": today} if known.is_dated else {})}
    return asked(
        request,
        promo,
        form,
        lambda: known.write(pk, **given, **form.new_values()),  # type: ignore[attr-defined]
        event=EVENT,
        done=str(known.done),
        submit=known.submit,
        title=str(known.submit),
        may=known.may(_page(promo, user, today)),
    )


def _form_of(step: Step, request: HttpRequest, promo: PromoCampaign) -> BaseForm:
    if step.form is PromoEffectForm:
        return PromoEffectForm(request.POST or None, promo=promo)
    return step.form(request.POST or None, initial={"version": promo.version})


def _page(promo: PromoCampaign, user: User, today: date) -> PromoPage:
    return PromoPage(promo, user, today)


def visible_promo(request: HttpRequest, pk: int) -> PromoCampaign:
    """The promo with the names that its page shows; 404 for one that is not seen."""
    rows = PromoCampaign.objects.visible_to(person_of(request)).select_related(
        "org_unit", "author", "approved_by", "analysed_by"
    )
    promo: PromoCampaign = get_object_or_404(rows, pk=pk)
    return promo
