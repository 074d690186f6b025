"""The first page after sign-in: what the person's day is about."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from crm.accounts.models import Role
from crm.web import person_of

HOMES: dict[str, str] = {
    Role.MANAGER: "reports:my_day",
    Role.SECTOR_HEAD: "reports:department",
    Role.DEPARTMENT_HEAD: "reports:department",
    Role.DIRECTOR: "approvals:inbox",
    Role.GENERAL_DIRECTOR: "reports:department",
    Role.ACCOUNTANT: "reports:accounting",
    Role.LAWYER: "reports:legal",
    Role.LOGISTICS: "reports:delivery",
    Role.PURCHASING: "claims:list",
    Role.MERCHANDISER: "clients:visit_today",
    Role.ADMIN: "accounts:user_list",
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go to the home page of the person's role."""
    return redirect(HOMES.get(person_of(request).role, "clients:list"))
