"""Claims against clients on paper: the claim and its calculation."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.outgoing.calculation import count
from claims.outgoing.sheets import Sheet
from claims.papers import claim as paper
from claims.views.outgoing import visible_claim
from crm import papers
from crm.accounts.actions import log_access
from crm.accounts.models import AccessEventKind
from crm.errors import RuleViolation
from crm.web import person_of
from deals.models import Invoice

MAKERS = {"pdf": (paper.pdf_of, papers.PDF), "docx": (paper.docx_of, papers.DOCX)}


@require_safe
def outgoing_file(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """The claim as PDF, or as DOCX in the office's template."""
    if suffix not in MAKERS:
        raise Http404
    claim, (make, content_type) = visible_claim(request, pk), MAKERS[suffix]
    try:
        content = make(claim)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect(claim)
    name = paper.file_name(claim, suffix=suffix)
    log_access(person_of(request), kind=AccessEventKind.EXPORT, target=name, request=request)
    return papers.as_download(content, name, content_type)


@require_safe
def outgoing_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Its calculation: as it was claimed, or to another day (?to=)."""
    claim, today = visible_claim(request, pk), timezone.localdate()
    to = paper.day_of(request.GET.get("to"), claim.calculated_to)
    sheet = Sheet.of(claim.calculation)
    if to != claim.calculated_to:
        rows = Invoice.objects.filter(outgoing_lines__claim=claim).select_related("contract")
        try:
            sheet = count(rows.fifo(), min(to, today), with_accrual=claim.with_accrual)
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
            return redirect(claim)
    name = paper.file_name(claim, paper.SHEET)
    return papers.as_download(paper.sheet_pdf(claim, sheet), name, papers.PDF)
