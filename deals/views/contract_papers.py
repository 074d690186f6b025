"""Contracts on paper: DOCX and PDF, the draft among the files, the templates."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import papers
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed
from crm.errors import RuleViolation
from crm.web import move_on, person_of
from deals import permissions
from deals.actions import contract_papers as actions
from deals.forms.contracts import TemplateForm
from deals.models import Contract, ContractTemplate
from deals.papers import act
from deals.papers.contract import FIELDS, docx_of, pdf_of
from deals.views.contracts import visible_contract

FILES = "files-changed"


@require_safe
def contract_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract as a PDF."""
    contract = visible_contract(request, pk)
    return papers.as_download(pdf_of(contract), f"{_name(contract)}.pdf", papers.PDF)


@require_safe
def contract_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract in the template of its kind, to be edited in Word."""
    contract = visible_contract(request, pk)
    try:
        content = docx_of(contract)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect(contract)
    return papers.as_download(content, f"{_name(contract)}.docx", papers.DOCX)


@require_POST
def contract_keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the DOCX of today among the files of the contract."""
    contract, user = visible_contract(request, pk), person_of(request)
    if not permissions.can_keep_papers(user, contract):
        raise PermissionDenied
    return pressed(
        request,
        lambda: actions.keep_draft(pk, by=user),
        _("The draft stands among the files"),
        event=FILES,
        back=contract.get_absolute_url(),
    )


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """Texts that contracts are made from."""
    user = person_of(request)
    if not permissions.can_see_contracts(user):
        raise PermissionDenied
    context = {
        "templates": ContractTemplate.objects.visible_to(user).open(),
        "may_manage": permissions.can_manage_templates(user),
    }
    return render(request, "deals/template_list.html", context)


@require_safe
def template_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One template with its files, and the fields that it may name."""
    template = _template(request, pk)
    context = {
        "template": template,
        "fields": act.FIELDS if template.kind == act.KIND else FIELDS,
        "may_change": permissions.can_change_template(person_of(request), template),
    }
    return render(request, "deals/template_detail.html", context)


@require_http_methods(READ_AND_WRITE)
def template_add(request: HttpRequest) -> HttpResponse:
    """A new template; its DOCX is uploaded on its page."""
    user = person_of(request)
    if not permissions.can_manage_templates(user):
        raise PermissionDenied
    form = TemplateForm(request.POST or None)
    made: list[ContractTemplate] = []
    status = attempt(
        request, form, lambda: made.append(actions.add_template(by=user, **form.new_values()))
    )
    if not status:
        return move_on(request, made[0].get_absolute_url())
    title = _("Contract template")
    return dialog(request, form, title=title, submit=_("Save"), status=status)


@require_POST
def template_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use."""
    template, user = _template(request, pk), person_of(request)
    if not permissions.can_change_template(user, template):
        raise PermissionDenied
    actions.archive_template(template.pk, by=user, now=timezone.now())
    return move_on(request, reverse("deals:template_list"))


def _template(request: HttpRequest, pk: int) -> ContractTemplate:
    if not permissions.can_see_contracts(person_of(request)):
        raise PermissionDenied
    rows = ContractTemplate.objects.visible_to(person_of(request))
    template: ContractTemplate = get_object_or_404(rows, pk=pk)
    return template


def _name(contract: Contract) -> str:
    return contract.number.replace("/", "-").replace("\\", "-")
