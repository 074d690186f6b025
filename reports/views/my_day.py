"""My day: the home page of managers; heads may look at a subordinate's."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.contacting.next_step import rules
from clients.permissions import can_open_composer, can_see_plan
from crm.accounts.models import User
from crm.accounts.scope import scope_of
from deals.permissions import can_see_money
from reports.links import contacts_of_planner
from reports.models import PlanPart
from reports.pages.duties import DutiesPanel
from reports.pages.my_day import escalations_of, parts
from reports.pages.my_day_money import MonthMoneyPage
from reports.queries.my_day import PAGE, my_day, progress_of

MOST_SHOWN = 500


@require_safe
def my_day_page(request: HttpRequest) -> HttpResponse:
    """The queue and the week; htmx asks for them alone, the month comes after them."""
    user = cast(User, request.user)
    if not can_open_composer(user):
        raise PermissionDenied
    person = _person(request, user)
    asked = request.GET.get("reason", "")
    day = my_day(
        user,
        person,
        timezone.now(),
        reason=asked if asked in {rule.code for rule in rules()} else "",
        snoozed=request.GET.get("snoozed") == "1",
        show=_shown(request.GET.get("show", "")),
    )
    context = {"day": day, **parts(day, request.GET, is_own=person == user)}
    context["escalations"] = escalations_of(person, user, day.at.today)
    context |= {"shows_money": can_see_money(user), "shows_plan": can_see_plan(user)}
    is_part = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, f"reports/{'_' if is_part else ''}my_day.html", context)


@require_safe
def my_day_month(request: HttpRequest) -> HttpResponse:
    """Contacts of the person's month, and its money for those who may see it."""
    user, today = cast(User, request.user), timezone.localdate()
    if not can_open_composer(user):
        raise PermissionDenied
    person = _person(request, user)
    context: dict[str, Any] = {"person": person}
    if can_see_plan(user):
        context["progress"] = progress_of(user, person, today)
        context["done_url"] = contacts_of_planner(person.pk, today.replace(day=1))
    context["plan_part"] = PlanPart.objects.visible_to(user).of_managers([person]).to_hand_in()[:1]
    if can_see_money(user):
        context["page"] = MonthMoneyPage(user, person, today=today)
    return render(request, "reports/_my_day_month.html", context)


@require_safe
def my_day_duties(request: HttpRequest) -> HttpResponse:
    """What waits for the person beside the clients, a part of the home page."""
    user = cast(User, request.user)
    if not can_open_composer(user):
        raise PermissionDenied
    panel = DutiesPanel(user, timezone.localdate())
    return render(request, "reports/_my_day_duties.html", {"panel": panel})


def _person(request: HttpRequest, user: User) -> User:
    """Whose day: one's own, or of somebody in the subtree; anybody else is not found."""
    asked = request.GET.get("manager", "")
    if not asked:
        return user
    pk = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    scope = scope_of(user)
    people = User.objects.working().visible_to(user)
    if not scope.everything:
        people = people.filter(org_unit__in=scope.unit_ids) | people.filter(
            pk__in=[user.pk, *scope.manager_ids]
        )
    return get_object_or_404(people, pk=pk)


def _shown(text: str) -> int:
    """How many rows: in steps of a page, so that the address stays short and honest."""
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else PAGE
    return min(max(PAGE, asked), MOST_SHOWN)
