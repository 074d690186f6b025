"""How the approval engine moves retro bonus agreements, and what a decision rests on (DL-15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.request_rows import with_client
from crm.accounts.models import User
from crm.approvals import registry
from crm.approvals.registry import Decision, Handler, Section
from crm.errors import RuleViolation
from crm.states import moving
from deals.actions import retro as actions
from deals.approval_handlers.guards import client_at_work, signer_is_enough
from deals.conditions.signature_limits import RETRO
from deals.models import RETRO_MOVES, RetroBonusAgreement, RetroState
from deals.pages.retro import last_period, terms_of


def approved(agreement: RetroBonusAgreement, decision: Decision) -> None:
    """on_approval → active, if the signer may still decide and the law still allows it."""
    client_at_work(agreement.client_id)
    if not signer_is_enough(decision, actions.retro_route(agreement)):
        raise RuleViolation(_("This is above your limit now: return the agreement."))
    actions.approve_retro(agreement, by=decision.by)


def load(pk: int) -> RetroBonusAgreement:
    """The agreement with client, contract and tiers."""
    shown = ("number", "deferral_days", "deferral_day_type")
    rows = with_client(RetroBonusAgreement, columns=[f"contract__{name}" for name in shown])
    agreement: RetroBonusAgreement = rows.prefetch_related("tiers").get(pk=pk)
    return agreement


def retro_section(target: RetroBonusAgreement, user: User, today: date) -> Mapping[str, Any]:
    """The terms, the bound of the law, and what the last whole period would have earned."""
    return {"terms": terms_of(target), "before": last_period(target, today)}


SECTIONS = (
    Section(
        key="retro",
        title=gettext_lazy("Terms of the retro bonus"),
        template="deals/_evidence_retro.html",
        load=retro_section,
        order=10,
        wide=True,
    ),
)


def register_retro() -> None:
    """Called once when the app is ready."""
    handler = Handler(
        kind=actions.KIND,
        label=gettext_lazy("Retro bonus"),
        icon="rosette-discount",
        model=RetroBonusAgreement,
        limits=(RETRO,),
        loader=load,
        summary_template="deals/_retro_summary.html",
        target_url=RetroBonusAgreement.get_absolute_url,
        list_label=gettext_lazy("Retro bonuses"),
        list_url=lambda: reverse("deals:retro_list"),
        on_submitted=moving(RETRO_MOVES, RetroState.ON_APPROVAL),
        on_approved=approved,
        on_returned=moving(RETRO_MOVES, RetroState.DRAFT),
        on_rejected=moving(RETRO_MOVES, RetroState.REJECTED),
        on_withdrawn=moving(RETRO_MOVES, RetroState.DRAFT),
    )
    registry.register(handler, evidence=SECTIONS)
