"""The catalogue: register, entry, taking out of use."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.views.answers import save_record
from crm.dialogs import READ_AND_WRITE, attempt, pressed
from crm.lists import render_list
from crm.web import person_of, sent_version
from deals import permissions
from deals.actions import products as actions
from deals.forms.products import ProductForm
from deals.lists.documents import PRODUCTS
from deals.models import Product


@require_safe
def product_list(request: HttpRequest) -> HttpResponseBase:
    """What is sold; what is sold no more by its filter."""
    user = person_of(request)
    if not permissions.can_see_catalogue(user):
        raise PermissionDenied
    rows = Product.objects.visible_to(user).for_list()
    if "archived" not in request.GET:
        rows = rows.open()
    context = {"may_edit": permissions.can_edit_catalogue(user)}
    return render_list(request, PRODUCTS, rows, context=context)


@require_http_methods(READ_AND_WRITE)
def product_create(request: HttpRequest) -> HttpResponse:
    """Add a product."""
    user = person_of(request)
    if not permissions.can_edit_catalogue(user):
        raise PermissionDenied
    form = ProductForm(request.POST or None)
    status = attempt(request, form, lambda: actions.create_product(by=user, **form.new_values()))
    if not status:
        return redirect("deals:product_list")
    return render(request, "deals/product_form.html", {"form": form}, status=status)


@require_http_methods(READ_AND_WRITE)
def product_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The product's page; who keeps the catalogue changes it here."""
    user = person_of(request)
    product = get_object_or_404(Product.objects.visible_to(user), pk=pk)
    may_edit = permissions.can_edit_catalogue(user)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    form = ProductForm(request.POST or None, record=product)
    status = save_record(request, form, lambda: _edit(form, request, pk))
    if not status:
        return redirect("deals:product_list")
    context = {"form": form, "product": product, "may_edit": may_edit}
    return render(request, "deals/product_form.html", context, status=status)


def _edit(form: ProductForm, request: HttpRequest, pk: int) -> None:
    version = form.cleaned_data["version"] or 0
    actions.edit_product(pk, by=person_of(request), version=version, **form.new_values())


@require_POST
def product_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Sell it no more, or again."""
    user = person_of(request)
    product = get_object_or_404(Product.objects.visible_to(user), pk=pk)
    version = sent_version(request)
    wanted = request.POST.get("archived") == "1"
    return pressed(
        request,
        lambda: actions.archive_product(pk, by=user, version=version, archived=wanted),
        _("Saved"),
        event="product-changed",
        back=reverse("deals:product_edit", args=[product.pk]),
    )
