"""How the approval engine moves returns (C.5 no. 20): the head decides whether it is worth it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.actions.returns import KIND
from claims.models import RETURN_MOVES, Return, ReturnState
from claims.pages.return_evidence import client_part, goods_part
from crm.accounts.models import OrgUnitKind, Role, User
from crm.approvals import registry
from crm.approvals.models import StepKind
from crm.approvals.registry import Decision, Handler, RouteStep, Section
from crm.errors import RuleViolation
from crm.notices.actions import notify_many
from crm.states import may_move, move, moving
from deals.approval_handlers.contracts import SECTIONS as OF_CONTRACTS
from deals.approval_handlers.guards import client_at_work
from deals.models import Shipment, ShipmentState


def load(pk: int) -> Return:
    """The return with the client, the sale, the claim and who asked."""
    rows = Return.objects.select_related(
        "client__manager", "client__org_unit", "shipment", "claim__reason", "reason", "created_by"
    )
    back: Return = rows.get(pk=pk)
    return back


def approved(back: Return, decision: Decision) -> None:
    """requested → approved, unless the sale was reversed meanwhile; the delivery is told."""
    client = client_at_work(back.client_id)
    posted = Shipment.objects.filter(state=ShipmentState.POSTED, returns=back)
    if not posted.exists():
        raise RuleViolation(_("The sale was reversed meanwhile: reject the return."))
    _decide(back, ReturnState.APPROVED, decision)
    notify_many(
        User.objects.working().filter(role=Role.LOGISTICS),
        kind="return.to_receive",
        params={"number": back.number, "client": client.name},
        url=back.receiving_url,
        dedupe_key=f"return.to_receive:{back.pk}",
        email=False,
    )


def refused(back: Return, decision: Decision) -> None:
    """requested → refused, with the words of the decision; whoever asked may ask anew."""
    _decide(back, ReturnState.REJECTED, decision)


def goods(back: Return, user: User, today: date) -> Mapping[str, Any]:
    """What comes back of which sale, and the claim that it follows from."""
    return goods_part(back, user)


def of_client(back: Return, user: User, today: date) -> Mapping[str, Any]:
    """How much the client gives back, and its returns before."""
    return client_part(back, user, today)


def _decide(back: Return, state: str, decision: Decision) -> None:
    move(
        back,
        RETURN_MOVES,
        state,
        decided_by=decision.by,
        decided_on=decision.today,
        decision_comment=decision.comment[:1000],
    )


HANDLER = Handler(
    kind=KIND,
    label=gettext_lazy("Return of goods"),
    icon="truck-return",
    model=Return,
    default_route=(RouteStep(StepKind.APPROVE, unit_kind=OrgUnitKind.DEPARTMENT),),
    loader=load,
    summary_template="claims/_return_summary.html",
    target_url=Return.get_absolute_url,
    can_withdraw=may_move(RETURN_MOVES, ReturnState.WITHDRAWN),
    on_approved=approved,
    on_returned=refused,
    on_rejected=refused,
    on_withdrawn=moving(RETURN_MOVES, ReturnState.WITHDRAWN),
)
SECTIONS = (
    Section(
        key="goods",
        title=gettext_lazy("What comes back"),
        template="claims/_evidence_return.html",
        load=goods,
        order=10,
        wide=True,
    ),
    Section(
        key="client",
        title=gettext_lazy("Returns of the client"),
        template="claims/_evidence_return_client.html",
        load=of_client,
        order=20,
    ),
)


def register_returns() -> None:
    """Called once when the app is ready."""
    debt = [section for section in OF_CONTRACTS if section.key == "debt"]
    registry.register(HANDLER, evidence=[*SECTIONS, *debt])
