"""Differences: the register, the panel of an act, the client's file, the protocol as a paper."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from crm import papers
from crm.accounts.history_view import render_history
from crm.dialogs import beside_its_field
from crm.errors import RuleViolation
from crm.files.policy import file_limits
from crm.lists import render_list
from crm.web import is_fragment, person_of
from deals import permissions
from deals.actions import differences as actions
from deals.forms.differences import StatementFileForm
from deals.lists.differences import spec_for
from deals.models import ClientStatement, Discrepancy, ReconciliationAct, ReconciliationItem
from deals.pages.differences import DifferencesPage
from deals.papers import differences as paper

EVENT = "reconciliation-changed"
# Columns of which a history in words has nothing to say.
MACHINE = frozenset(["read", "verdicts", "suggestion", "statement", "our_line", "revision"])
PANEL = "deals/_difference_panel.html"


@require_safe
def difference_list(request: HttpRequest) -> HttpResponseBase:
    """Open differences of visible acts."""
    user = person_of(request)
    if not permissions.can_see_reconciliations(user):
        raise PermissionDenied
    return render_list(request, spec_for(user), Discrepancy.objects.visible_to(user).for_list())


@require_safe
def difference_list_of(request: HttpRequest, pk: int) -> HttpResponse:
    """The differences of one act as a page of their own."""
    page = page_of(request, pk)
    context = {"page": page, "act": page.act, "form": StatementFileForm()}
    return render(request, "deals/difference_list_of.html", context)


@require_safe
def difference_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a part of the page of a reconciliation; nothing before its act is made."""
    user = person_of(request)
    if not permissions.can_see_reconciliations(user):
        raise PermissionDenied
    rows = ReconciliationItem.objects.visible_to(user).select_related("act")
    item = get_object_or_404(rows, pk=pk)
    if not hasattr(item, "act"):
        return HttpResponse()
    page = page_of(request, item.act.pk)
    answer = _panel(request, page, StatementFileForm())
    over = "awaited" in request.GET and not page.awaits
    return trigger_client_event(answer, EVENT, {}) if over else answer


@require_safe
def difference_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """A portion of both sides beside each other, a part of the panel."""
    page = page_of(request, pk)
    if not is_fragment(request):
        return redirect("deals:difference_list_of", pk)
    return render(request, "deals/_difference_lines.html", {"page": page, **_lines(request, page)})


@require_POST
def difference_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the act with the file of the client."""
    page = page_of(request, pk)
    if not page.may_dispute:
        raise PermissionDenied
    form = StatementFileForm(request.POST, request.FILES)
    status = _compare(request, form, page) if form.is_valid() else 422
    shown = page_of(request, pk)
    if not is_fragment(request):
        for text in [*form.errors.get("file", ())] or [_told(shown)]:
            messages.info(request, str(text))
        return redirect("deals:difference_list_of", pk)
    answer = _panel(request, shown, form, status=status)
    if status != 200:
        return answer
    trigger_client_event(answer, "toast", {"text": _told(shown), "tone": "success", "undo": ""})
    return trigger_client_event(answer, EVENT, {})


def _compare(request: HttpRequest, form: StatementFileForm, page: DifferencesPage) -> int:
    file, by = form.cleaned_data["file"], person_of(request)
    content = file.read(file_limits().file_bytes + 1)
    try:
        actions.compare_statement(
            page.act.pk, by=by, name=file.name, content=content, today=page.today
        )
    except RuleViolation as refusal:
        return beside_its_field(form, refusal)
    return 200


def _told(page: DifferencesPage) -> str:
    """What the comparison came to."""
    count = page.reading.different_count if page.reading else 0
    if not count:
        return _("Every operation agrees")
    return ngettext("%(n)s difference found", "%(n)s differences found", count) % {"n": count}


@require_safe
def difference_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The protocol for the client."""
    page = page_of(request, pk)
    name = paper.file_name(page.act, page.today, "pdf")
    return papers.as_download(paper.pdf_of(page), name, papers.PDF)


@require_safe
def difference_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The protocol as a workbook."""
    page = page_of(request, pk)
    name = paper.file_name(page.act, page.today, "xlsx")
    return papers.as_download(paper.xlsx_of(page), name, paper.XLSX)


@require_safe
def difference_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who compared, found out, corrected and closed what."""
    act = page_of(request, pk).act
    rows = Discrepancy.objects.filter(act=act)
    files = ClientStatement.objects.filter(act=act)
    return render_history(request, act, parts=[rows, files], hidden=MACHINE)


def _panel(
    request: HttpRequest, page: DifferencesPage, form: StatementFileForm, *, status: int = 200
) -> HttpResponse:
    context = {"page": page, "act": page.act, "form": form}
    return render(request, PANEL, context, status=status)


def _lines(request: HttpRequest, page: DifferencesPage) -> dict[str, object]:
    everything = request.GET.get("show") == "all"
    if page.reading is None:
        return {"groups": None}
    groups = page.reading.groups(all_of_them=everything, number=request.GET.get("page"))
    show = "all" if everything else "differences"
    here = reverse("deals:difference_lines", args=[page.act.pk])
    return {
        "groups": groups,
        "everything": everything,
        "prev": groups.has_previous()
        and f"{here}?show={show}&page={groups.previous_page_number()}",
        "next": groups.has_next() and f"{here}?show={show}&page={groups.next_page_number()}",
    }


def page_of(request: HttpRequest, pk: int) -> DifferencesPage:
    user = person_of(request)
    if not permissions.can_see_reconciliations(user):
        raise PermissionDenied
    rows = ReconciliationAct.objects.visible_to(user).select_related(
        "client", "counterparty", "item__client__manager", "item__client__org_unit",
        "item__schedule",
    )  # fmt: skip
    return DifferencesPage(get_object_or_404(rows, pk=pk), user, timezone.localdate())


def back_to(act_id: int) -> str:
    """Where a person without scripts goes on."""
    return reverse("deals:difference_list_of", args=[act_id])
