"""Dialogs that change contacts: correct, undo, plan, put off, cancel, settle, attach."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients import permissions
from clients.actions import contact_changes as actions
from clients.actions.contacts import plan_contact
from clients.forms.contacts import (
    MINUTES,
    AttachForm,
    EditForm,
    PlanForm,
    ReasonForm,
    RescheduleForm,
    kind_chips,
    next_days,
    open_people,
)
from clients.models import Client, ContactLog
from clients.views.parts import changed, client_of, refused
from crm.dialogs import attempt, dialog
from crm.errors import RuleViolation
from crm.web import person_of, sent_version

READ_AND_WRITE = ["GET", "HEAD", "POST"]


def _contact_or_404(request: HttpRequest, pk: int) -> ContactLog:
    """A visible contact of a client."""
    rows = ContactLog.objects.visible_to(person_of(request)).live().select_related("client")
    contact: ContactLog = get_object_or_404(rows, pk=pk, client__isnull=False)
    return contact


def _own_or_403(request: HttpRequest, pk: int) -> ContactLog:
    """A contact of a client that the person may work with."""
    contact = _contact_or_404(request, pk)
    client = client_of(contact)
    if not permissions.can_log_contact(person_of(request), client, kind=contact.kind):
        raise PermissionDenied
    return contact


def _first_day(client: Client) -> str:
    return f"{next(iter(next_days(client, timezone.localdate()).values())):%Y-%m-%d}"


@require_http_methods(READ_AND_WRITE)
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a contact: the author for a day, later the department head."""
    user, now = person_of(request), timezone.now()
    contact = _contact_or_404(request, pk)
    if not permissions.can_edit_contact(user, contact, now):
        raise PermissionDenied
    form = EditForm(request.POST or None, now=now, contact=contact)

    def write() -> None:
        version = form.cleaned_data["version"]
        actions.edit_contact(pk, by=user, version=version, talk=form.talk(), now=now)

    status = attempt(request, form, write)
    if not status:
        return changed(request, _("Contact corrected"), back=_card(contact))
    shown: dict[str, Any] = {"title": _("Correct the contact"), "submit": _("Save")}
    shown |= {"people": open_people(client_of(contact)), "kinds": kind_chips()}
    shown |= {"body": "clients/_talk_fields.html", "minutes_offered": MINUTES}
    return dialog(request, form, status=status, **shown)


@require_POST
def contact_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a just logged contact back."""
    rows = ContactLog.objects.visible_to(person_of(request)).filter(client__isnull=False)
    contact = get_object_or_404(rows.select_related("client"), pk=pk)
    try:
        actions.undo_contact(contact.pk, by=person_of(request), now=timezone.now())
    except RuleViolation as refusal:
        return refused(request, refusal, back=_card(contact))
    return changed(request, _("The contact was taken back"), back=_card(contact))


@require_http_methods(READ_AND_WRITE)
def contact_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a contact with a client."""
    user, now = person_of(request), timezone.now()
    client = get_object_or_404(Client.objects.visible_to(user), pk=pk)
    if not permissions.can_log_contact(user, client):
        raise PermissionDenied
    form = PlanForm(request.POST or None, client=client, initial={"on": _first_day(client)})
    status = attempt(request, form, lambda: plan_contact(pk, by=user, plan=form.plan(), now=now))
    if not status:
        return changed(request, _("Contact planned"), back=client.get_absolute_url())
    title = _("Plan a contact: %(client)s") % {"client": client}
    return dialog(request, form, title=title, submit=_("Plan"), status=status)


@require_http_methods(READ_AND_WRITE)
def contact_reschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a planned contact off, with the reason."""
    contact, by, now = _own_or_403(request, pk), person_of(request), timezone.now()
    initial = {"version": contact.version, "on": _first_day(client_of(contact))}
    form = RescheduleForm(request.POST or None, initial=initial)
    status = attempt(
        request,
        form,
        lambda: actions.reschedule_contact(pk, by=by, now=now, **form.new_values()),
    )
    if not status:
        return changed(request, _("Contact put off"), back=_card(contact))
    texts = {"title": _("Put the contact off"), "submit": _("Put off"), "text": str(contact)}
    return dialog(request, form, **texts, status=status)


@require_http_methods(READ_AND_WRITE)
def contact_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a planned contact, with the reason."""
    contact, by = _own_or_403(request, pk), person_of(request)
    form = ReasonForm(request.POST or None, initial={"version": contact.version})
    status = attempt(request, form, lambda: actions.cancel_contact(pk, by=by, **form.new_values()))
    if not status:
        return changed(request, _("Contact cancelled"), back=_card(contact))
    texts = {"title": _("Cancel the contact"), "submit": _("Cancel the contact")}
    return dialog(request, form, **texts, text=str(contact), status=status)


@require_POST
def contact_promise(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether a promise to pay was kept; anything but yes and no opens it again."""
    contact = _own_or_403(request, pk)
    kept = {"yes": True, "no": False}.get(request.POST.get("kept", ""))
    version = sent_version(request)
    try:
        actions.settle_promise(contact.pk, by=person_of(request), version=version, kept=kept)
    except RuleViolation as refusal:
        return refused(request, refusal, back=_card(contact))
    said = {
        True: _("The promise was kept"),
        False: _("The promise was broken"),
        None: _("The promise is open again"),
    }
    return changed(request, said[kept], back=_card(contact))


@require_http_methods(READ_AND_WRITE)
def contact_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Say to which client an imported contact belongs."""
    user = person_of(request)
    if not permissions.can_open_composer(user):
        raise PermissionDenied
    contact = get_object_or_404(ContactLog.objects.without_client_visible_to(user), pk=pk)
    form = AttachForm(request.POST or None, initial={"version": contact.version})
    status = attempt(request, form, lambda: _attach(request, contact, form))
    back = f"{reverse('clients:contact_list')}?tab=unassigned"
    if not status:
        return changed(request, _("The contact now belongs to the client"), back=back)
    texts = {"title": _("To which client does the contact belong?"), "submit": _("Attach")}
    body = "clients/_attach_fields.html"
    return dialog(request, form, **texts, text=str(contact), status=status, body=body)


def _attach(request: HttpRequest, contact: ContactLog, form: AttachForm) -> None:
    try:
        actions.attach_contact(contact.pk, by=person_of(request), **form.new_values())
    except Client.DoesNotExist:
        raise RuleViolation(_("Choose a client of the list."), field="client_id") from None


def _card(contact: ContactLog) -> str:
    return client_of(contact).get_absolute_url()
