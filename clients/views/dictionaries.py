"""Dictionaries of all apps on one page, kept by the administrator."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import books, permissions
from clients.actions import dictionaries as actions
from clients.forms.dictionaries import WordForm
from clients.views.parts import changed, refused
from crm.dialogs import attempt, dialog
from crm.errors import RuleViolation
from crm.web import person_of, sent_version

READ_AND_WRITE = ["GET", "HEAD", "POST"]


@require_safe
def dictionary_list(request: HttpRequest) -> HttpResponse:
    """Each dictionary with its words."""
    user = person_of(request)
    if not permissions.can_see_dictionaries(user):
        raise PermissionDenied
    context = {"books": books.all_books(), "may_edit": permissions.can_edit_dictionaries(user)}
    name = "_dictionaries" if request.htmx else "dictionary_list"  # type: ignore[attr-defined]
    return render(request, f"clients/{name}.html", context)


@require_http_methods(READ_AND_WRITE)
def word_create(request: HttpRequest, book: str) -> HttpResponse:
    """Add a word."""
    kept, by = _book_or_404(request, book), person_of(request)
    form = WordForm(request.POST or None, book=kept)
    status = attempt(request, form, lambda: actions.create_word(kept, by=by, **form.new_values()))
    if not status:
        return changed(request, _("Entry added"), back=reverse("clients:dictionary_list"))
    return dialog(request, form, title=kept.title, submit=_("Add"), status=status)


@require_http_methods(READ_AND_WRITE)
def word_edit(request: HttpRequest, book: str, pk: int) -> HttpResponse:
    """Correct a word."""
    kept, by = _book_or_404(request, book), person_of(request)
    word = get_object_or_404(kept.words, pk=pk)
    form = WordForm(request.POST or None, book=kept, word=word)

    def write() -> None:
        version = form.cleaned_data["version"] or 0
        actions.edit_word(kept, pk, by=by, version=version, **form.new_values())

    status = attempt(request, form, write)
    if not status:
        return changed(request, _("Entry corrected"), back=reverse("clients:dictionary_list"))
    return dialog(request, form, title=kept.title, submit=_("Save"), status=status)


@require_POST
def word_archive(request: HttpRequest, book: str, pk: int) -> HttpResponse:
    """Offer a word no more, or again."""
    kept, by = _book_or_404(request, book), person_of(request)
    get_object_or_404(kept.words, pk=pk)
    version = sent_version(request)
    archived = request.POST.get("archived") == "1"
    back = reverse("clients:dictionary_list")
    try:
        actions.archive_word(kept, pk, by=by, version=version, archived=archived)
    except RuleViolation as refusal:
        return refused(request, refusal, back=back)
    text = _("The entry is no longer offered") if archived else _("The entry is offered again")
    return changed(request, text, back=back)


def _book_or_404(request: HttpRequest, key: str) -> books.Book:
    if not permissions.can_edit_dictionaries(person_of(request)):
        raise PermissionDenied
    book = books.get(key)
    if book is None:
        raise Http404
    return book
