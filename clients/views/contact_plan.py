"""The contact plan of a month: levels, clients of a manager, changes, how it was counted."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients import permissions
from clients.actions.contact_plan import edit_plan_line
from clients.contacting.norms import contact_norms
from clients.forms.plan import PlanLineForm
from clients.models import ContactPlanLine
from clients.pages.contact_plan import following, manager_plan, plan_table, read_month
from clients.policy.contacts import NORMS
from clients.views.parts import changed
from crm.accounts.models import OrgUnit, Role, User
from crm.dialogs import attempt, dialog
from crm.web import is_fragment, person_of, whole_number


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Managers under their units, or the clients of one manager."""
    user = person_of(request)
    if not permissions.can_see_plan(user):
        raise PermissionDenied
    today = timezone.localdate()
    month = read_month(request.GET.get("month"), today)
    context = {"month": month, "month_key": f"{month:%Y-%m}", **_neighbours(month)}
    manager = _manager(request)
    if manager is not None:
        plan = manager_plan(user, manager, month, today)
        name = "_plan_manager" if is_fragment(request) else "plan_manager"
        return render(request, f"clients/{name}.html", {**context, "plan": plan})
    context |= {"plan": plan_table(user, month, unit := _unit(request), today), "unit": unit}
    return render(request, "clients/plan_list.html", context)


def _manager(request: HttpRequest) -> User | None:
    """Whose plan is asked for; a manager's own without asking."""
    user = person_of(request)
    pk = whole_number(request.GET.get("manager"))
    if pk is not None:
        return get_object_or_404(User.objects.visible_to(user), pk=pk)
    return user if user.role == Role.MANAGER and "unit" not in request.GET else None


def _unit(request: HttpRequest) -> OrgUnit | None:
    if "unit" not in request.GET:
        return None
    pk = whole_number(request.GET["unit"])
    unit: OrgUnit = get_object_or_404(OrgUnit.objects.visible_to(person_of(request)), pk=pk)
    return unit


def _neighbours(month: date) -> dict[str, date]:
    return {
        "previous": (month - timedelta(days=1)).replace(day=1),
        "following": following(month),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the planned number of a client's contacts."""
    user = person_of(request)
    rows = ContactPlanLine.objects.visible_to(user).select_related("client", "manager")
    line = get_object_or_404(rows, pk=pk)
    if not permissions.can_edit_plan_line(user, line.manager_id, line.client.org_unit_id):
        raise PermissionDenied
    names = ("version", "planned_count", "planned_visits")
    form = PlanLineForm(request.POST or None, initial={n: getattr(line, n) for n in names})
    today = timezone.localdate()
    status = attempt(
        request, form, lambda: edit_plan_line(pk, by=user, today=today, **form.new_values())
    )
    if not status:
        back = f"{reverse('clients:plan_list')}?manager={line.manager_id}&month={line.month:%Y-%m}"
        return changed(request, _("Plan changed"), back=back)
    title = _("Contact plan: %(client)s") % {"client": line.client}
    return dialog(request, form, title=title, submit=_("Save"), status=status)


@require_safe
def plan_how(request: HttpRequest) -> HttpResponse:
    """How plan and fact are counted, with the norms in force."""
    if not permissions.can_see_plan(person_of(request)):
        raise PermissionDenied
    norms = contact_norms()
    rows = [(NORMS[key][0], norm) for key, norm in norms.items() if key != "new"]
    name = "_plan_how" if is_fragment(request) else "plan_how"
    return render(request, f"clients/{name}.html", {"norms": rows})
