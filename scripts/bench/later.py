"""Escalations, terms, costs and registration sheets at volume."""

from __future__ import annotations

from django.urls import reverse

from scripts.bench.requests import Page, get


def later_pages() -> list[Page]:
    """Each as the head of a department, who has the most rows to see and to decide about."""
    return [*_escalations(), *_costs(), *_sheets(), *_terms()]


def _escalations() -> list[Page]:
    register = reverse("claims:escalation_list")
    return [
        Page("escalations of a department", "head", get(register)),
        Page("escalations: to be settled", "director", get(f"{register}?state=open")),
    ]


def _terms() -> list[Page]:
    part = reverse("reports:department_terms")
    return [
        Page("terms of a department", "head", get(reverse("reports:timeliness"))),
        Page("department dashboard: terms", "head", get(part, htmx=True)),
    ]


def _costs() -> list[Page]:
    from crm.accounts.models import User
    from reports.models import Budget

    head = User.objects.get(username="head")
    budget = Budget.objects.filter(org_unit=head.org_unit).order_by("-pk").first()
    assert budget is not None
    return [
        Page("expenses", "director", get(reverse("reports:expense_list"))),
        Page("budget of a department", "head", get(budget.get_absolute_url())),
    ]


def _sheets() -> list[Page]:
    from clients.models import RegistrationCampaign
    from crm.accounts.models import User

    head = User.objects.get(username="head")
    campaign = RegistrationCampaign.objects.filter(org_unit=head.org_unit, state="running").first()
    assert campaign is not None
    register, to_fill_in = reverse("clients:sheet_list"), "step=open&running=true&sort=deadline"
    return [
        Page("sheets of all campaigns", "head", get(register)),
        Page("sheets to be filled in", "manager", get(f"{register}?{to_fill_in}")),
        Page("sheets of a campaign", "head", get(f"{register}?campaign={campaign.pk}")),
        Page("campaign", "head", get(campaign.get_absolute_url())),
    ]
