"""How the approval engine moves promos: marketing approves or returns them (C.5 no. 29)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.accounts.models import Role, User
from crm.approvals import registry
from crm.approvals.models import StepKind
from crm.approvals.registry import Decision, Handler, RouteStep, Section
from crm.states import moving
from deals.actions.promo_moves import approve_promo
from deals.actions.promos import KIND
from deals.models import PROMO_MOVES, PromoCampaign, PromoState
from deals.pages.promos import PromoPage


def approved(promo: PromoCampaign, decision: Decision) -> None:
    """on_marketing_approval → approved, unless the last day has gone by meanwhile."""
    approve_promo(promo, by=decision.by, today=decision.today)


def load(pk: int) -> PromoCampaign:
    """The promo with its unit."""
    promo: PromoCampaign = PromoCampaign.objects.select_related("org_unit", "author").get(pk=pk)
    return promo


def promo_section(target: PromoCampaign, user: User, today: date) -> Mapping[str, Any]:
    """Goods, clients, costs and plan, and what of the kind runs in the same days."""
    return {"promo": target, "page": PromoPage(target, user, today)}


def register_promos() -> None:
    """Called once when the app is ready."""
    handler = Handler(
        kind=KIND,
        label=gettext_lazy("Promo"),
        icon="discount-2",
        model=PromoCampaign,
        default_route=(RouteStep(StepKind.APPROVE, role=Role.MARKETER),),
        loader=load,
        summary_template="deals/_promo_summary.html",
        target_url=PromoCampaign.get_absolute_url,
        list_label=gettext_lazy("Promos"),
        list_url=lambda: reverse("deals:promo_list"),
        may_refuse=False,
        on_submitted=moving(PROMO_MOVES, PromoState.ON_APPROVAL),
        on_approved=approved,
        on_returned=moving(PROMO_MOVES, PromoState.DRAFT),
        on_withdrawn=moving(PROMO_MOVES, PromoState.DRAFT),
    )
    section = Section(
        key="promo",
        title=gettext_lazy("Plan of the promo"),
        template="deals/_evidence_promo.html",
        load=promo_section,
        order=10,
        wide=True,
    )
    registry.register(handler, evidence=[section])
