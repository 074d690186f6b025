"""The register of exceptions from the policy."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from crm.lists import render_list
from crm.web import person_of
from deals import permissions
from deals.lists.exceptions import EXCEPTIONS
from deals.models import PolicyException


@require_safe
def exception_list(request: HttpRequest) -> HttpResponseBase:
    """Deviations of visible clients, each with who answers for it, why and until when."""
    user = person_of(request)
    if not permissions.can_see_money(user):
        raise PermissionDenied
    rows = PolicyException.objects.visible_to(user).for_list()
    return render_list(request, EXCEPTIONS, rows)
