"""Parts of other pages that show returns, and the act of a return on paper."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.models import Claim
from claims.pages.returns import ReturnsOf
from claims.papers.returns import docx_of, pdf_of
from claims.views.returns import visible_return
from crm import papers
from crm.web import person_of
from deals.models import Shipment
from deals.views.credit import client_with_money

MAKERS = {"pdf": (pdf_of, papers.PDF), "docx": (docx_of, papers.DOCX)}


@require_safe
def client_returns(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of the client card."""
    client = client_with_money(request, pk)
    page = ReturnsOf(person_of(request), timezone.localdate(), client)
    return render(request, "claims/_client_returns.html", {"client": client, "page": page})


@require_safe
def sale_returns(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel of the page of a sale."""
    rows = Shipment.objects.visible_to(person_of(request)).select_related("client")
    sale: Shipment = get_object_or_404(rows, pk=pk, client__isnull=False)
    assert sale.client is not None
    page = ReturnsOf(person_of(request), timezone.localdate(), sale.client, sale=sale)
    return render(request, "claims/_sale_returns.html", {"sale": sale, "page": page})


@require_safe
def claim_returns(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel of the page of a claim; nothing of it for those who see no money."""
    user = person_of(request)
    rows = Claim.objects.visible_to(user).select_related("client", "shipment__client")
    claim: Claim = get_object_or_404(rows, pk=pk)
    page = ReturnsOf(user, timezone.localdate(), claim.client, claim=claim)
    return render(request, "claims/_claim_returns.html", {"claim": claim, "page": page})


@require_safe
def return_act(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """The act of a return as PDF or DOCX."""
    if suffix not in MAKERS:
        raise Http404
    back = visible_return(request, pk)
    make, content_type = MAKERS[suffix]
    name = _("Act of return %(number)s") % {"number": back.number}
    return papers.as_download(make(back), f"{name}.{suffix}", content_type)
