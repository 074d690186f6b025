"""Claims registered and corrected."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from claims import permissions
from claims.actions import claims as actions
from claims.forms.claims import ClaimForm
from claims.models import Claim
from claims.views.claims import visible_claim
from clients.models import Client, Correspondence
from clients.views.answers import visible_client
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.web import move_on, person_of, whole_number
from deals.forms.contracts import ContractStartForm
from deals.models import Shipment

EVENT = "claim-changed"
BODY = "claims/_claim_form.html"


@require_http_methods(READ_AND_WRITE)
def claim_start(request: HttpRequest) -> HttpResponse:
    """Whose claim it is: the form follows."""
    user = person_of(request)
    if not permissions.can_register_claims(user):
        raise PermissionDenied
    form = ContractStartForm(request.POST or None, user=user)
    if attempt(request, form, lambda: None) == 0:
        return move_on(request, reverse("claims:register", args=[form.cleaned_data["client"].pk]))
    status = 422 if request.method == "POST" else 200
    body = "deals/_client_pick.html"
    return dialog(request, form, title=_("New claim"), submit=_("Next"), status=status, body=body)


@require_http_methods(READ_AND_WRITE)
def claim_register(request: HttpRequest, pk: int) -> HttpResponse:
    """A claim of the client, of the sale of the address where it names one."""
    client, form = _new_claim(request, pk)
    user, made = person_of(request), list[Claim]()
    status = attempt(request, form, lambda: made.append(_register(form, pk, user)))
    if status:
        title = _("New claim: %(client)s") % {"client": client}
        context = {"body": BODY, "claim_client": client}
        submit = pgettext("button", "Register")
        return dialog(request, form, title=title, submit=submit, status=status, **context)
    claim = made[0]
    text = _("Claim %(number)s is registered") % {"number": claim.number}
    return saved(request, text, event=EVENT, back=claim.get_absolute_url())


@require_safe
def sale_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines of the sale that was chosen in the form."""
    _client, form = _new_claim(request, pk)
    return render(request, "claims/_claim_lines.html", {"form": form})


@require_http_methods(READ_AND_WRITE)
def claim_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what the claim says, until it is decided."""
    claim, user, today = visible_claim(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_edit_claim(user, claim):
        raise PermissionDenied
    form = ClaimForm(request.POST or None, client=claim.client, user=user, today=today, claim=claim)

    def write() -> None:
        version = form.cleaned_data["version"] or 0
        actions.edit_claim(pk, form.facts(), form.goods(), by=user, version=version, today=today)

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Corrected"), event=EVENT, back=claim.get_absolute_url())
    words = {"title": _("Correct the claim"), "submit": _("Save"), "about": str(claim)}
    context = {"body": BODY, "claim_client": claim.client, **words}
    return dialog(request, form, status=status, **context)


def _register(form: ClaimForm, client_id: int, user: User) -> Claim:
    return actions.register_claim(
        client_id,
        form.facts(),
        form.goods(),
        by=user,
        key=form.cleaned_data["key"],
        today=timezone.localdate(),
        files=form.named_files(),
    )


def _new_claim(request: HttpRequest, pk: int) -> tuple[Client, ClaimForm]:
    """The empty form, or the one that was sent, of a client whose claims the person takes."""
    client, user = visible_client(request, pk), person_of(request)
    if not permissions.can_register_claim(user, client):
        raise PermissionDenied
    sale = whole_number(request.GET.get("shipment"))
    letters, letter = Correspondence.objects.visible_to(user), request.GET.get("letter")
    form = ClaimForm(
        request.POST or None,
        files=request.FILES or None,
        client=client,
        user=user,
        today=timezone.localdate(),
        shipment=Shipment.objects.visible_to(user).filter(pk=sale).first(),
        letter=letters.filter(client=client, pk=whole_number(letter) or 0).first(),
    )
    return client, form
