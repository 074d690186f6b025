"""Contact persons: the directory, the tab of the card, create, edit, archive."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import consents
from clients.actions import people as actions
from clients.forms.people import PersonForm
from clients.forms.surveys import ConsentForm
from clients.lists import clients as lists
from clients.models import ContactPerson, PersonalDataConsent
from clients.permissions.subjects import keeps_subjects
from clients.views.answers import card_tab, editable_client, editable_part, visible_client
from clients.views.card_parts import CardPart
from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.lists import render_list
from crm.web import person_of

PART = CardPart(
    "people",
    "people-changed",
    "clients/_person_fields.html",
    new=gettext_lazy("New contact person"),
    added=gettext_lazy("Contact person added"),
)


@require_safe
def person_list(request: HttpRequest) -> HttpResponseBase:
    """The directory of contact persons (L494)."""
    user = person_of(request)
    if not permissions.sees_all_fields(user):
        raise PermissionDenied
    rows = ContactPerson.objects.visible_to(user).filter(archived_at=None, client__archived_at=None)
    return render_list(request, lists.PEOPLE, rows.select_related("client__manager"))


@require_safe
def people_tab(request: HttpRequest, pk: int) -> HttpResponse:
    """People of the client, decision makers first, those who left apart."""
    user, client = person_of(request), visible_client(request, pk)
    if not permissions.sees_all_fields(user):
        raise PermissionDenied
    everybody = list(ContactPerson.objects.visible_to(user).filter(client=client))
    rows = PersonalDataConsent.objects.visible_to(user).in_force().filter(person__client=client)
    given = {consent.person_id: consent for consent in rows}
    for person in everybody:
        person.consent = given.get(person.pk)
    context = {
        "client": client,
        "people": [person for person in everybody if person.archived_at is None],
        "former": [person for person in everybody if person.archived_at is not None],
        "may_edit": client.archived_at is None and permissions.can_edit_client(user, client),
        "keeps_subjects": keeps_subjects(user),
    }
    return render(request, "clients/_person_tab.html", context)


@require_http_methods(READ_AND_WRITE)
def person_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a person to the client."""
    client = editable_client(request, pk)
    return PART.add(
        request,
        PersonForm(request.POST or None),
        actions.create_person,
        to=pk,
        client=client.pk,
    )


@require_http_methods(READ_AND_WRITE)
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known about a person."""
    person = _editable(request, pk)
    form = PersonForm(request.POST or None, record=person)
    return PART.edit(request, form, actions.edit_person, client=person.client_id)


@require_http_methods(READ_AND_WRITE)
def person_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the person agrees to be written to."""
    person, user, today = _editable(request, pk), person_of(request), timezone.localdate()
    form = ConsentForm(request.POST or None, initial={"given_on": today})
    status = attempt(
        request,
        form,
        lambda: consents.give_consent(pk, by=user, today=today, **form.new_values()),
    )
    if not status:
        back = card_tab(person.client_id, PART.tab)
        return saved(request, _("Consent recorded"), event=PART.event, back=back)
    title = _("Consent to mailings and surveys: %(person)s") % {"person": person}
    return dialog(request, form, title=title, submit=_("Note"), status=status)


@require_POST
def person_consent_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The person does not want to be written to."""
    person, user = _editable(request, pk), person_of(request)
    return PART.press(
        request,
        lambda: consents.withdraw_consent(pk, by=user, now=timezone.now()),
        _("Consent withdrawn"),
        client=person.client_id,
    )


@require_POST
def person_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """The person has left the client."""
    person, user = _editable(request, pk), person_of(request)
    return PART.press(
        request,
        lambda: actions.archive_person(pk, by=user),
        _("%(person)s does not work there any more") % {"person": person},
        client=person.client_id,
        undo=reverse("clients:person_restore", args=[pk]),
    )


@require_POST
def person_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """The person works for the client again."""
    person, user = _editable(request, pk), person_of(request)
    return PART.press(
        request,
        lambda: actions.restore_person(pk, by=user),
        _("%(person)s is back") % {"person": person},
        client=person.client_id,
    )


def _editable(request: HttpRequest, pk: int) -> ContactPerson:
    person: ContactPerson = editable_part(request, ContactPerson, pk)
    return person
