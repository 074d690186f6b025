"""The personal link of an act, for our people: its state, sending, revoking."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.web import person_of
from deals import permissions
from deals.act_letters import page_of
from deals.actions import act_links as actions
from deals.forms.act_links import RevokeLinkForm, SendLinkForm
from deals.models import ActLink, ReconciliationItem
from deals.pages.act_links import LinkPanel, usual_address

EVENT = "act-link-changed"


@require_safe
def act_link_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of the link and the journal of its visits, for the page of the reconciliation."""
    panel = LinkPanel(_visible(request, pk), person_of(request), timezone.now())
    if not permissions.can_see_reconciliations(panel.user):
        raise PermissionDenied
    return render(request, "deals/_act_links.html", {"panel": panel})


@require_http_methods(READ_AND_WRITE)
def act_link_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the act by e-mail, also once more."""
    item, user = _visible(request, pk), person_of(request)
    if not permissions.can_send_act(user, item):
        raise PermissionDenied
    initial = {"version": item.version, "email": usual_address(item)}
    form = SendLinkForm(request.POST or None, initial=initial)

    def write() -> object:
        today, now = timezone.localdate(), timezone.now()
        return actions.create_link(pk, by=user, today=today, now=now, **form.new_values())

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("The letter is on its way"), event=EVENT, back=page_of(item.act))
    title = _("Send the act by e-mail")
    return dialog(request, form, title=title, submit=_("Send"), status=status)


@require_http_methods(READ_AND_WRITE)
def act_link_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End the link at once."""
    user = person_of(request)
    links = ActLink.objects.visible_to(user).select_related("act__item__client__manager")
    link = get_object_or_404(links, pk=pk)
    if not permissions.can_revoke_link(user, link.act.item):
        raise PermissionDenied
    form = RevokeLinkForm(request.POST if request.method == "POST" else None)
    now = timezone.now()
    status = attempt(request, form, lambda: actions.revoke_link(pk, by=user, now=now))
    if not status:
        return saved(request, _("The link is revoked"), event=EVENT, back=page_of(link.act))
    text = _("The client sees nothing by it from now on: %(email)s") % {"email": link.sent_to}
    more = {"text": text, "submit": _("Revoke")}
    return dialog(request, form, title=_("Revoke the link"), status=status, **more)


def _visible(request: HttpRequest, pk: int) -> ReconciliationItem:
    rows = ReconciliationItem.objects.visible_to(person_of(request))
    item: ReconciliationItem = get_object_or_404(
        rows.select_related("client__manager", "client__org_unit", "schedule"), pk=pk
    )
    return item
