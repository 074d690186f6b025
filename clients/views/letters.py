"""Correspondence: the register, one letter with its thread, registering, the tab of the card."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients import permissions
from clients.actions import letters as actions
from clients.forms.letters import RegisterForm
from clients.lists.letters import LETTERS
from clients.models import Client, Correspondence, LetterDirection
from clients.pages.letters import LetterPage, LettersOfClient
from clients.papers.letter import docx_of, pdf_of
from clients.views.answers import card_tab, visible_client
from crm import papers
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.errors import RuleViolation
from crm.lists import render_list
from crm.web import move_on, person_of

EVENT = "letter-changed"
TAB = "letters"
FIELDS = "clients/_letter_fields.html"


@require_safe
def letter_list(request: HttpRequest) -> HttpResponseBase:
    """The register of correspondence."""
    user = person_of(request)
    if not permissions.can_see_letters(user):
        raise PermissionDenied
    rows = Correspondence.objects.visible_to(user).for_list()
    context = {"may_register": permissions.can_register_letters(user)}
    return render_list(request, LETTERS, rows, context=context)


@require_safe
def letter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter with its thread and files."""
    letter = visible_letter(request, pk)
    page = LetterPage(letter, person_of(request), timezone.localdate())
    return render(request, "clients/letter_detail.html", {"letter": letter, "page": page})


@require_safe
def letter_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what with the letter."""
    return render_history(request, visible_letter(request, pk), hidden={"thread", "message_id"})


@require_safe
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """An outgoing letter on our paper; what came has its own."""
    letter = _of_ours(request, pk)
    return papers.as_download(pdf_of(letter), f"{letter.reg_no or letter.pk}.pdf", papers.PDF)


@require_safe
def letter_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The same in the office's template, to be worked on in Word."""
    letter = _of_ours(request, pk)
    try:
        content = docx_of(letter)
    except RuleViolation as refusal:
        messages.error(request, _("DOCX: %(why)s") % {"why": refusal})
        return redirect(letter)
    return papers.as_download(content, f"{letter.reg_no or letter.pk}.docx", papers.DOCX)


def _of_ours(request: HttpRequest, pk: int) -> Correspondence:
    letter = visible_letter(request, pk)
    if letter.direction != LetterDirection.OUT:
        raise Http404
    return letter


@require_safe
def letters_tab(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters of a client."""
    user, client = person_of(request), visible_client(request, pk)
    if not permissions.can_see_letters(user):
        raise PermissionDenied
    context = {"client": client, "page": LettersOfClient(client, user)}
    return render(request, "clients/_letter_tab.html", context)


@require_http_methods(READ_AND_WRITE)
def letter_register(request: HttpRequest) -> HttpResponse:
    """A letter that has come or gone; whose it is may be said later."""
    if not permissions.can_register_letters(person_of(request)):
        raise PermissionDenied
    return _register(request, None)


@require_http_methods(READ_AND_WRITE)
def letter_register_of(request: HttpRequest, pk: int) -> HttpResponse:
    """The same of a known client, from its card."""
    client = visible_client(request, pk)
    if not permissions.can_write_to(person_of(request), client):
        raise PermissionDenied
    return _register(request, client)


def _register(request: HttpRequest, client: Client | None) -> HttpResponse:
    user, today, made = person_of(request), timezone.localdate(), dict[str, Correspondence]()
    form = RegisterForm(request.POST or None, user=user, client=client, today=today)

    def write() -> None:
        key = form.cleaned_data["key"]
        made["letter"] = actions.register_letter(
            form.client_id, form.new_letter(), by=user, key=key, today=today
        )

    status = attempt(request, form, write)
    if not status:
        letter = made["letter"]
        if client is None:
            return move_on(request, letter.get_absolute_url())
        text = _("Registered: %(number)s") % {"number": letter.reg_no}
        return saved(request, text, event=EVENT, back=card_tab(client.pk, TAB))
    title = _("Register a letter: %(client)s") % {"client": client} if client else _("New letter")
    return dialog(request, form, title=title, submit=_("Register it"), status=status, body=FIELDS)


def visible_letter(request: HttpRequest, pk: int) -> Correspondence:
    """The letter with the names that a page shows; 404 for one that is not seen."""
    rows: Any = Correspondence.objects.visible_to(person_of(request)).for_page()
    letter: Correspondence = get_object_or_404(rows, pk=pk)
    return letter
