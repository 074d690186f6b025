"""What is pressed on the page of a return: taken back, credited, bound, closed."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims import permissions
from claims.actions import crediting
from claims.actions import returns as actions
from claims.books import awaited_by
from claims.forms.returns import BindForm, CreditForm, NameReasonForm
from claims.pages.returns import ReturnPage
from claims.views.returns import EVENT, visible_return
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.web import person_of, sent_version


@require_POST
def return_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The client keeps the goods after all."""
    back, user, today = visible_return(request, pk), person_of(request), timezone.localdate()
    version = sent_version(request)
    return pressed(
        request,
        lambda: actions.withdraw_return(pk, by=user, version=version, today=today),
        _("The request is taken back"),
        event=EVENT,
        back=back.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def return_credit(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the document that lowers debt and turnover."""
    back, user, today = visible_return(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_credit_return(user, back):
        raise PermissionDenied
    initial = {"version": back.version, "on": today}
    first = back.accepted_on or back.asked_on
    form = CreditForm(request.POST or None, first=first, today=today, initial=initial)
    status = attempt(
        request,
        form,
        lambda: crediting.credit_return(pk, by=user, today=today, **form.new_values()),
    )
    if not status:
        return saved(request, _("Credited"), event=EVENT, back=back.get_absolute_url())
    page = ReturnPage(back, user, today)
    title = _("Credit of the return %(number)s") % {"number": back.number}
    more = {"body": "claims/_return_credit.html", "page": page, "back": back}
    return dialog(request, form, title=title, submit=_("Post"), status=status, **more)


@require_http_methods(READ_AND_WRITE)
def return_bind(request: HttpRequest, pk: int) -> HttpResponse:
    """Credit it by a document that came from the books."""
    back, user = visible_return(request, pk), person_of(request)
    if not permissions.can_credit_return(user, back):
        raise PermissionDenied
    documents = awaited_by(back)
    chosen = request.GET.get("document", "")
    initial = {"version": back.version, "document": chosen or documents.first()}
    form = BindForm(request.POST or None, documents=documents, initial=initial)
    status = attempt(request, form, lambda: crediting.bind_return(pk, by=user, **form.new_values()))
    if not status:
        return saved(request, _("Credited"), event=EVENT, back=back.get_absolute_url())
    title = _("Document of the books for the return %(number)s") % {"number": back.number}
    text = _("Its amount is the one that counts.")
    return dialog(request, form, title=title, submit=_("Bind"), status=status, text=text)


@require_POST
def return_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing is left to be done."""
    back, user, version = visible_return(request, pk), person_of(request), sent_version(request)
    return pressed(
        request,
        lambda: actions.close_return(pk, by=user, version=version),
        _("The return is closed"),
        event=EVENT,
        back=back.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def return_reason(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell why goods came back of which the books say nothing."""
    back, user = visible_return(request, pk), person_of(request)
    if not permissions.can_name_reason(user, back):
        raise PermissionDenied
    form = NameReasonForm(request.POST or None, initial={"version": back.version})
    status = attempt(request, form, lambda: actions.name_reason(pk, by=user, **form.new_values()))
    if not status:
        return saved(request, _("Reason named"), event=EVENT, back=back.get_absolute_url())
    title = _("Reason for the return %(number)s") % {"number": back.number}
    return dialog(request, form, title=title, submit=_("Name it"), status=status)
