"""The ABC analysis: its results, calculating it anew, proposing changes of category."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from crm.errors import RuleViolation
from crm.lists import render_list
from crm.web import is_fragment, person_of
from deals import permissions
from deals.actions import abc as actions
from deals.lists.abc import AbcPage, spec_for
from deals.models import AbcRun

MOST_CHOSEN = 500


@require_safe
def abc(request: HttpRequest) -> HttpResponseBase:
    """The last analysis: curve, assigned against calculated, the clients."""
    user = person_of(request)
    if not permissions.can_see_abc(user):
        raise PermissionDenied
    page = AbcPage(AbcRun.objects.latest_run(), user)
    return render_list(request, spec_for(user), page.rows.for_list(), context={"page": page})


@require_POST
def abc_run(request: HttpRequest) -> HttpResponse:
    """Calculate anew up to the end of the last month."""
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    run = actions.run_abc(by=person_of(request), last=last)
    text = ngettext("%(n)s client ranked", "%(n)s clients ranked", run.clients_count)
    messages.success(request, text % {"n": run.clients_count})
    return redirect("deals:abc")


@require_POST
def abc_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Send requests for the chosen clients."""
    user = person_of(request)
    if not permissions.can_run_abc(user):
        raise PermissionDenied
    run = get_object_or_404(AbcRun, pk=pk)
    ids = [int(text) for text in request.POST.getlist("ids")[:MOST_CHOSEN] if _is_key(text)]
    try:
        done = actions.propose_changes(run.pk, ids, by=user, today=timezone.localdate())
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        _tell(request, done)
    back = f"{reverse('deals:abc')}?differs=true"
    return HttpResponseClientRedirect(back) if is_fragment(request) else redirect(back)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _tell(request: HttpRequest, done: actions.Proposed) -> None:
    text = ngettext(
        "%(n)s change of category proposed", "%(n)s changes of category proposed", done.count
    )
    if done.count:
        messages.success(request, text % {"n": done.count})
    elif not done.refused:
        messages.warning(request, _("Nothing to propose: they agree, or a request is on its way."))
    for name, why in done.refused[:5]:
        messages.warning(request, _("%(client)s: %(why)s") % {"client": name, "why": why})
