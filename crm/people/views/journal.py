"""The access journal."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from crm.accounts import permissions
from crm.accounts.models import AccessEvent
from crm.lists import render_list
from crm.people.tables import JOURNAL
from crm.web import person_of


@require_safe
def access_list(request: HttpRequest) -> HttpResponseBase:
    """Sign-ins, refusals and exports, newest first (CR-06)."""
    user = person_of(request)
    if not permissions.can_see_journal(user):
        raise PermissionDenied
    rows = AccessEvent.objects.visible_to(user).select_related("user")
    return render_list(request, JOURNAL, rows)


@login_not_required
def closed(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Pages of django-allauth that this product does not have: sign-up, own e-mails."""
    raise Http404
