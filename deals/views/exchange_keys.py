"""Keys that the administrator gives to programs of 1C."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.dialogs import READ_AND_WRITE, beside_its_field
from crm.errors import RuleViolation
from crm.people.signin import fresh_sign_in
from crm.web import person_of, sent_version
from deals import permissions
from deals.actions import exchange as actions
from deals.forms.exchange import KeyForm
from deals.models import ExchangeToken


@require_safe
def key_list(request: HttpRequest) -> HttpResponse:
    """All keys, those in use first."""
    _allow(request)
    rows = ExchangeToken.objects.visible_to(person_of(request)).select_related("user")
    keys = sorted(rows, key=lambda key: key.revoked_at is not None)
    address = request.build_absolute_uri(reverse("deals:exchange_1c"))
    return render(request, "deals/exchange_keys.html", {"keys": keys, "address": address})


@require_http_methods(READ_AND_WRITE)
@fresh_sign_in
def key_create(request: HttpRequest) -> HttpResponse:
    """Add a key; its secret is shown in this answer and never again."""
    _allow(request)
    form, status = KeyForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                key, secret = actions.create_token(by=person_of(request), **form.new_values())
            except RuleViolation as refusal:
                status = beside_its_field(form, refusal)
            else:
                address = request.build_absolute_uri(reverse("deals:exchange_1c"))
                context = {"key": key, "secret": secret, "address": address}
                return render(request, "deals/exchange_secret.html", context)
    return render(request, "deals/exchange_key_form.html", {"form": form}, status=status)


@require_POST
@fresh_sign_in
def key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a key back."""
    _allow(request)
    key = get_object_or_404(ExchangeToken.objects.visible_to(person_of(request)), pk=pk)
    version = sent_version(request)
    try:
        actions.revoke_token(key.pk, by=person_of(request), version=version)
        messages.success(request, _("The key “%(name)s” is revoked.") % {"name": key.name})
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return redirect("deals:exchange_key_list")


def _allow(request: HttpRequest) -> None:
    if not permissions.can_manage_exchange(person_of(request)):
        raise PermissionDenied
