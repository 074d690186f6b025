"""Documents and their versions: register, reading, writing, publishing, withdrawing."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.library import actions, permissions
from crm.library.forms import DocumentForm, VersionTextForm, WithdrawForm
from crm.library.models import DocumentVersion, PolicyDocument
from crm.library.pages import VersionPage
from crm.library.tables import DOCUMENTS
from crm.lists import render_list
from crm.people.forms import VersionForm
from crm.web import person_of

EVENT = "library-changed"


@require_safe
def document_list(request: HttpRequest) -> HttpResponseBase:
    """All documents that the person may read."""
    user, today = person_of(request), timezone.localdate()
    rows = PolicyDocument.objects.visible_to(user).for_list(user, today)
    context = {
        "may_write": permissions.can_write(user),
        "may_review": permissions.can_review_duties(user),
    }
    return render_list(request, DOCUMENTS, rows, context=context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A document in the version in force, else its latest."""
    document, user = visible_document(request, pk), person_of(request)
    today = timezone.localdate()
    rows = DocumentVersion.objects.visible_to(user).filter(document=document)
    found = rows.in_force(today).first() or rows.exclude(state="discarded").first()
    page = VersionPage(document, found, user, today)
    return render(request, "library/detail.html", {"page": page, "document": document})


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version, a former one or a draft."""
    shown, user = visible_version(request, pk), person_of(request)
    page = VersionPage(shown.document, shown, user, timezone.localdate())
    return render(request, "library/detail.html", {"page": page, "document": shown.document})


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who wrote, published and withdrew; acknowledgements stand on the sheet."""
    document = kept_document(request, pk)
    return render_history(request, document, parts=[document.versions.all()])


@require_http_methods(READ_AND_WRITE)
def create(request: HttpRequest) -> HttpResponse:
    """A new document."""
    user, today, made = person_of(request), timezone.localdate(), []
    if not permissions.can_write(user):
        raise PermissionDenied
    form = DocumentForm(request.POST or None, user=user, today=today)
    status = attempt(
        request, form, lambda: made.append(actions.create_document(by=user, **form.values()))
    )
    if not status:
        return redirect(made[0])
    return render(request, "library/form.html", {"form": form}, status=status)


@require_http_methods(READ_AND_WRITE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a draft."""
    draft, user = kept_version(request, pk), person_of(request)
    form = VersionTextForm(request.POST or None, draft=draft, today=timezone.localdate())

    def write() -> None:
        stamp = form.cleaned_data["version"]
        actions.change_draft(pk, by=user, version=stamp, new=form.new_text())

    status = attempt(request, form, write)
    if not status:
        return redirect(draft)
    return render(request, "library/form.html", {"form": form, "draft": draft}, status=status)


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a new version, or go on with the one that is there."""
    kept_document(request, pk)
    user, today = person_of(request), timezone.localdate()
    made: list[DocumentVersion] = []

    def write() -> None:
        made.append(actions.start_version(pk, by=user, today=today))

    back = PolicyDocument(pk=pk).get_absolute_url()
    answer = pressed(request, write, _("A draft has been made"), event=EVENT, back=back)
    return redirect("library:edit", made[0].pk) if made and answer.status_code == 302 else answer


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft in force."""
    draft, user, now = kept_version(request, pk), person_of(request), timezone.now()
    stamp = _stamp(request)
    return pressed(
        request,
        lambda: actions.publish_version(pk, by=user, version=stamp, now=now),
        _("Published. Those who have to acknowledge it are notified."),
        event=EVENT,
        back=draft.get_absolute_url(),
    )


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    draft, user, stamp = kept_version(request, pk), person_of(request), _stamp(request)
    return pressed(
        request,
        lambda: actions.discard_draft(pk, by=user, version=stamp),
        _("Thrown away"),
        event=EVENT,
        back=draft.document.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a document out of force."""
    document, user = kept_document(request, pk), person_of(request)
    form = WithdrawForm(request.POST or None, initial={"version": document.version})
    today = timezone.localdate()
    status = attempt(
        request,
        form,
        lambda: actions.withdraw_document(pk, by=user, today=today, **form.cleaned_data),
    )
    if not status:
        return saved(request, _("Withdrawn"), event=EVENT, back=document.get_absolute_url())
    title, submit = _("Withdraw the document"), _("Withdraw it")
    return dialog(request, form, title=title, submit=submit, status=status, text=document.title)


def visible_document(request: HttpRequest, pk: int) -> PolicyDocument:
    """One that the person may read, else 404."""
    rows = PolicyDocument.objects.visible_to(person_of(request)).select_related(
        "unit", "withdrawn_by"
    )
    document: PolicyDocument = get_object_or_404(rows, pk=pk)
    return document


def kept_document(request: HttpRequest, pk: int) -> PolicyDocument:
    """One that the person keeps, else 403."""
    document = visible_document(request, pk)
    if not permissions.can_keep(person_of(request), document):
        raise PermissionDenied
    return document


def visible_version(request: HttpRequest, pk: int) -> DocumentVersion:
    """A version that the person may read, else 404."""
    rows = DocumentVersion.objects.visible_to(person_of(request))
    shown: DocumentVersion = get_object_or_404(
        rows.select_related("document__unit", "document__withdrawn_by", "published_by"), pk=pk
    )
    return shown


def kept_version(request: HttpRequest, pk: int) -> DocumentVersion:
    """A version of a document that the person keeps, else 403."""
    shown = visible_version(request, pk)
    if not permissions.can_keep(person_of(request), shown.document):
        raise PermissionDenied
    return shown


def _stamp(request: HttpRequest) -> int:
    form = VersionForm(request.POST)
    return int(form.cleaned_data["version"]) if form.is_valid() else 0
