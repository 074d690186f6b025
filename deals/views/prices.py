"""Price lists: the register, one list with its prices, preparing, approving, ending."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.views.answers import save_record
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.forms import VersionForm
from crm.lists import render_list
from crm.web import move_on, person_of, sent_version
from deals import permissions
from deals.actions import prices as actions
from deals.forms.prices import EndForm, NewPriceListForm, PriceListForm, PricesForm
from deals.lists.prices import PRICE_LISTS, PRICES, PRICES_OF_DRAFT
from deals.models import PriceList, PriceListLine
from deals.pages.price_changes import ChangePage

EVENT = "price-list-changed"


@require_safe
def price_list_list(request: HttpRequest) -> HttpResponseBase:
    """Lists of all kinds and times."""
    user = person_of(request)
    if not permissions.can_see_prices(user):
        raise PermissionDenied
    rows = PriceList.objects.visible_to(user).for_list()
    if "state" not in request.GET:
        rows = rows.exclude(state="discarded")
    context = {"may_edit": permissions.can_edit_prices(user)}
    return render_list(request, PRICE_LISTS, rows, context=context)


@require_safe
def price_list_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One list: its head and its prices."""
    user, found = person_of(request), visible_price_list(request, pk)
    context = {
        "price_list": found,
        "may_edit": permissions.can_edit_prices(user) and found.state == "draft",
        "may_import": permissions.can_import_prices(user),
        "may_approve": permissions.can_approve_prices(user),
        "holds": found.holds_on(timezone.localdate()),
        "page": ChangePage(found, user, timezone.localdate()),
    }
    rows = PriceListLine.objects.filter(price_list=found).for_list()
    spec = PRICES_OF_DRAFT if found.state == "draft" else PRICES
    return render_list(request, spec, rows, context=context)


@require_http_methods(READ_AND_WRITE)
def price_list_create(request: HttpRequest) -> HttpResponse:
    """Begin a draft."""
    user = _editor(request)
    form = NewPriceListForm(request.POST or None, initial={"copied": True})
    made: list[PriceList] = []
    status = attempt(request, form, lambda: made.append(_create(request, form)))
    if not status:
        return move_on(request, made[0].get_absolute_url())
    text = _("The list takes effect when the director has approved it.")
    if not permissions.can_approve_prices(user):
        text = _("The director approves it afterwards.")
    return dialog(
        request, form, title=_("New price list"), text=text, submit=_("Add"), status=status
    )


def _create(request: HttpRequest, form: NewPriceListForm) -> PriceList:
    key = form.cleaned_data["key"]
    return actions.create_price_list(by=person_of(request), key=key, **form.new_values())


@require_http_methods(READ_AND_WRITE)
def price_list_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the head of a draft."""
    found, user = visible_price_list(request, pk), _editor(request)
    form = PriceListForm(request.POST or None, record=found)
    status = save_record(request, form, lambda: _edit(form, pk, user))
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=found.get_absolute_url())
    words = {"title": _("Change the price list"), "submit": _("Save"), "about": str(found)}
    return dialog(request, form, status=status, **words)


def _edit(form: PriceListForm, pk: int, user: Any) -> None:
    version = form.cleaned_data["version"] or 0
    actions.edit_price_list(pk, by=user, version=version, **form.new_values())


@require_http_methods(READ_AND_WRITE)
def price_list_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Paste prices into a draft."""
    found, user = visible_price_list(request, pk), _editor(request)
    form = PricesForm(request.POST or None, initial={"version": found.version})
    status = attempt(request, form, lambda: actions.set_prices(pk, by=user, **form.new_values()))
    if not status:
        return saved(request, _("Prices added"), event=EVENT, back=found.get_absolute_url())
    return dialog(request, form, title=_("Add prices"), submit=_("Add"), status=status)


@require_http_methods(READ_AND_WRITE)
def price_list_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one product out of a draft."""
    seen = PriceList.objects.visible_to(person_of(request))
    rows = PriceListLine.objects.filter(price_list__in=seen).select_related("price_list", "product")
    line = get_object_or_404(rows, pk=pk)
    user, found, product = _editor(request), line.price_list, line.product
    form = VersionForm(request.POST or None, initial={"version": found.version})

    def write() -> None:
        version = form.cleaned_data["version"] or 0
        actions.drop_price(found.pk, by=user, version=version, product_id=product.pk)

    status = attempt(request, form, write)
    if not status:
        done, back = _("The product is taken out"), found.get_absolute_url()
        return saved(request, done, event=EVENT, back=back)
    title = _("Take out of the list: %(product)s") % {"product": product}
    text = _("Once the list is in force the product has no price: orders take one typed by hand.")
    return dialog(request, form, title=title, text=text, submit=_("Take out"), status=status)


@require_POST
def price_list_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the list hold."""
    return _pressed(request, pk, actions.approve_price_list, _("Approved"))


@require_POST
def price_list_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    return _pressed(request, pk, actions.discard_price_list, _("The draft is thrown away."))


@require_http_methods(READ_AND_WRITE)
def price_list_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an approved list on a day."""
    found, user = visible_price_list(request, pk), person_of(request)
    if not permissions.can_approve_prices(user):
        raise PermissionDenied
    form = EndForm(request.POST or None, initial={"version": found.version})
    status = attempt(
        request, form, lambda: actions.end_price_list(pk, by=user, **form.new_values())
    )
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=found.get_absolute_url())
    text = _("Without another list of this kind orders take prices typed by hand.")
    title = _("End the price list: %(name)s") % {"name": found}
    return dialog(request, form, title=title, text=text, submit=_("End"), status=status)


@require_safe
def price_list_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who prepared, approved and ended the list."""
    return render_history(request, visible_price_list(request, pk))


def _pressed(request: HttpRequest, pk: int, action: Any, text: str) -> HttpResponse:
    found, user = visible_price_list(request, pk), person_of(request)
    version = sent_version(request)
    return pressed(
        request,
        lambda: action(pk, by=user, version=version),
        text,
        event=EVENT,
        back=found.get_absolute_url(),
    )


def visible_price_list(request: HttpRequest, pk: int) -> PriceList:
    """The list, unless the person does not see it: 404."""
    rows = PriceList.objects.visible_to(person_of(request))
    found: PriceList = get_object_or_404(rows.select_related("created_by", "approved_by"), pk=pk)
    return found


def _editor(request: HttpRequest) -> Any:
    user = person_of(request)
    if not permissions.can_edit_prices(user):
        raise PermissionDenied
    return user
