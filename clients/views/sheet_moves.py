"""Registration sheets on their way: approving one or many, returning."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from clients import permissions
from clients.actions import sheets as actions
from clients.forms.registration import ReturnForm
from clients.models import RegistrationSheet, SheetState
from clients.views.sheets import visible_sheet
from crm.accounts.models import User
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.forms import PlainForm
from crm.web import is_fragment, move_on, person_of, sent_version, whole_number

EVENT = "sheet-changed"
SHOWN_REFUSALS = 10


@require_POST
def sheet_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the version that was shown."""
    sheet, user, version = visible_sheet(request, pk), person_of(request), sent_version(request)
    return pressed(
        request,
        lambda: actions.approve_sheet(pk, by=user, version=version, now=timezone.now()),
        _("The sheet is approved"),
        event=EVENT,
        back=sheet.get_absolute_url(),
    )


@require_http_methods(READ_AND_WRITE)
def sheet_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it back with words."""
    sheet, user = visible_sheet(request, pk), person_of(request)
    if sheet.state == SheetState.SUBMITTED and not permissions.can_decide_sheet(user, sheet):
        raise PermissionDenied
    form = ReturnForm(request.POST or None, initial={"version": sheet.version})

    def write() -> None:
        actions.return_sheet(pk, by=user, now=timezone.now(), **form.new_values())

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Returned"), event=EVENT, back=sheet.get_absolute_url())
    title = _("Return the sheet: %(client)s") % {"client": sheet.client}
    return dialog(request, form, title=title, submit=_("Return it"), status=status)


@require_http_methods(READ_AND_WRITE)
def sheet_approve_many(request: HttpRequest) -> HttpResponse:
    """What would be approved and what not is shown first; then each in the version shown."""
    user = person_of(request)
    if not permissions.can_decide_sheets(user):
        raise PermissionDenied
    form = PlainForm(request.POST or None)
    status = attempt(request, form, lambda: _approve_all(request, user))
    if not status:
        return move_on(request, _back(request))
    context = _choice(request, user) if request.method != "POST" else {}
    title = _("Approve the sheets?")
    return dialog(request, form, title=title, submit=_("Approve"), status=status, **context)


def _choice(request: HttpRequest, user: User) -> dict[str, object]:
    """The chosen sheets: those that can be approved, and the others with the reason."""
    ids = [pk for pk in map(whole_number, request.GET.getlist("ids")[:1000]) if pk is not None]
    rows = RegistrationSheet.objects.visible_to(user).filter(pk__in=ids).for_page()
    found = list(rows.order_by("client__sort_key", "pk"))
    ready = [one for one in found if permissions.can_decide_sheet(user, one)]
    refused = [(one, _why(one)) for one in found if one not in ready]
    return {"body": "clients/_sheet_choice.html", "ready": ready, "refused": refused}


def _why(sheet: RegistrationSheet) -> str:
    if sheet.state != SheetState.SUBMITTED:
        return str(sheet.get_state_display())
    return _("another head decides")


def _approve_all(request: HttpRequest, user: User) -> None:
    pairs = (text.partition(":") for text in request.POST.getlist("seen")[:1001])
    read = ((whole_number(pk), whole_number(version)) for pk, _colon, version in pairs)
    seen = [(pk, version) for pk, version in read if pk is not None and version is not None]
    answers = actions.approve_sheets(seen, by=user, now=timezone.now())
    refused = [one for one in answers if one.refusal]
    if done := len(answers) - len(refused):
        text = ngettext("%(n)s sheet is approved", "%(n)s sheets are approved", done)
        messages.success(request, text % {"n": done})
    for one in refused[:SHOWN_REFUSALS]:
        values = {"client": one.client, "why": one.refusal}
        messages.warning(request, _("%(client)s: %(why)s") % values)
    if rest := len(refused[SHOWN_REFUSALS:]):
        messages.warning(request, _("and %(more)s more rows.") % {"more": rest})


def _back(request: HttpRequest) -> str:
    """The register as it was narrowed."""
    address = reverse("clients:sheet_list")
    current = request.htmx.current_url_abs_path if is_fragment(request) else ""  # type: ignore[attr-defined]
    return current if current and current.split("?")[0] == address else address
