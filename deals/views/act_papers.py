"""Acts of reconciliation on paper: of a reconciliation, and for information of any period."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients.models import Client
from clients.views.answers import visible_client
from crm import papers
from crm.accounts.actions import log_access
from crm.accounts.models import AccessEventKind
from crm.errors import RuleViolation
from crm.lists.export import XLSX_TYPE
from crm.web import is_fragment, person_of
from deals import permissions
from deals.actions.acts import balance_of
from deals.forms.acts import ActPreviewForm
from deals.models import ReconciliationAct
from deals.papers.act import ActPaper, docx_of, paper_of, pdf_of, preview_of
from deals.papers.act_xlsx import xlsx_of

MAKERS = {
    "pdf": (pdf_of, papers.PDF),
    "xlsx": (xlsx_of, XLSX_TYPE),
    "docx": (docx_of, papers.DOCX),
}


@require_safe
def act_file(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """The act of a reconciliation as PDF, XLSX or DOCX (?mirrored=1: both halves)."""
    if suffix not in MAKERS:
        raise Http404
    rows = ReconciliationAct.objects.visible_to(person_of(request)).for_paper()
    act: ReconciliationAct = get_object_or_404(rows, item=pk)
    mirrored = request.GET.get("mirrored") == "1"
    return _file(request, paper_of(act), suffix, mirrored=mirrored, back=act.get_absolute_url())


@require_safe
def act_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a period and a contract; what is chosen is sent as a file for information."""
    client, user = visible_client(request, pk), person_of(request)
    if not permissions.can_see_reconciliations(user):
        raise PermissionDenied
    asked = request.GET if "suffix" in request.GET else None
    form = ActPreviewForm(asked, client=client, today=timezone.localdate())
    if not form.is_valid():
        context = {"form": form, "client": client, "own_page": not is_fragment(request)}
        name = "_act_preview" if is_fragment(request) else "act_preview"
        status = 422 if asked else 200
        return render(request, f"deals/{name}.html", context, status=status)
    return _preview(request, client, form)


def _preview(request: HttpRequest, client: Client, form: ActPreviewForm) -> HttpResponse:
    period = form.period()
    paper = preview_of(client, period, balance_of(client.pk, period), person_of(request))
    suffix, mirrored = form.cleaned_data["suffix"], form.cleaned_data["mirrored"]
    return _file(request, paper, suffix, mirrored=mirrored, back=client.get_absolute_url())


def _file(
    request: HttpRequest, paper: ActPaper, suffix: str, *, mirrored: bool, back: str
) -> HttpResponse:
    """A download, noted in the journal of access; a template that is wrong is told."""
    make, content_type = MAKERS[suffix]
    try:
        content = make(paper, mirrored=mirrored)
    except RuleViolation as refusal:
        messages.error(request, _("DOCX: %(why)s") % {"why": refusal})
        return redirect(back)
    name = f"{paper.file_name}.{suffix}"
    log_access(
        person_of(request),
        kind=AccessEventKind.EXPORT,
        target=name,
        rows=len(paper.lines),
        request=request,
    )
    return papers.as_download(content, name, content_type)
