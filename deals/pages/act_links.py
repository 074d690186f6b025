"""What a client sees by a personal link, and what our people see of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from clients.models import ContactPerson
from clients.our_company import our_name
from crm.accounts.models import User
from crm.files import formats
from crm.notices.models import Notice
from crm.work.registry import setting
from deals import permissions
from deals.actions.act_links import letter_key
from deals.files import OF_ACTS
from deals.models import (
    WITH_CLIENT,
    ActLine,
    ActLink,
    ActLinkAnswer,
    ActLinkVisit,
    Discrepancy,
    DiscrepancyKind,
    ItemState,
    ReconciliationAct,
    ReconciliationItem,
)

LINES = 200
VISITS = 30


def _events(model: Any) -> Any:
    """The history of the rows of the model."""
    return model.pgh_event_model.objects


class PublicAct:
    """An act as its client sees it by the link."""

    def __init__(self, link: ActLink, forms: dict[str, Any], refusal: str = "") -> None:
        self.link, self.act, self.forms, self.refusal = link, link.act, forms, refusal

    @cached_property
    def company(self) -> str:
        return our_name()

    @property
    def inn(self) -> str:
        return str(setting("company.inn"))

    @cached_property
    def lines(self) -> list[ActLine]:
        return list(self.act.lines.all()[:LINES])  # type: ignore[attr-defined]

    @cached_property
    def line_count(self) -> int:
        return int(self.act.lines.count())  # type: ignore[attr-defined]

    @property
    def is_cut(self) -> bool:
        return self.line_count > LINES

    @property
    def owes(self) -> str:
        """Who owes whom at the end: `us` the client, `them` we, nothing when it is even."""
        if not self.act.closing:
            return ""
        return "us" if self.act.closing > 0 else "them"

    @property
    def may_answer(self) -> bool:
        return self.link.answered_at is None and self.act.item.state in WITH_CLIENT

    @cached_property
    def objection(self) -> str:
        """What the client wrote, as it came by this link: our people may word the difference anew.

        The answer and the difference were kept by one request, so their events have its context.
        """
        if self.link.answer != ActLinkAnswer.OBJECTED:
            return ""
        answered = _events(ActLink).filter(pgh_obj_id=self.link.pk, answer=self.link.answer)
        request = answered.order_by("pgh_id").values("pgh_context_id")[:1]
        objections = Discrepancy.objects.filter(act=self.act, kind=DiscrepancyKind.OBJECTION)
        kept = _events(Discrepancy).filter(pgh_label="insert", pgh_obj__in=objections.values("pk"))
        found = kept.filter(pgh_context_id__in=request).values_list("text", flat=True)
        return str(found.first() or "")

    @property
    def may_agree(self) -> bool:
        return self.may_answer and self.act.item.state != ItemState.DISCREPANCY

    @property
    def may_upload(self) -> bool:
        return self.act.item.state in WITH_CLIENT

    @cached_property
    def files(self) -> list[ActLinkVisit]:
        """What came by this link, by name and moment."""
        came = ActLinkVisit.objects.filter(link=self.link, what=ActLinkVisit.What.UPLOADED)
        return list({visit.details: visit for visit in came.order_by("-pk")}.values())[::-1]

    @property
    def limits(self) -> dict[str, Any]:
        return {"kinds": formats.names(OF_ACTS), "size": setting("files.max_mb")}


@dataclass
class LinkPanel:
    """The link of one reconciliation, for our people."""

    item: ReconciliationItem
    user: User
    now: datetime

    @cached_property
    def act(self) -> ReconciliationAct | None:
        return ReconciliationAct.objects.filter(item=self.item).first()

    @cached_property
    def link(self) -> ActLink | None:
        """The last one."""
        links = ActLink.objects.filter(act=self.act).select_related("created_by", "act")
        return links.order_by("-pk").first() if self.act else None

    @property
    def state(self) -> str:
        """In one word: revoked, answered, over, opened or waiting."""
        link = self.link
        if link is None:
            return ""
        if link.answered_at is not None:
            return "answered"
        if link.revoked_at is not None or link.revision != link.act.revision:
            return "revoked"
        if link.expires_at <= self.now:
            return "over"
        return "opened" if link.opened_at else "waiting"

    @cached_property
    def letter(self) -> Notice | None:
        """The letter in the outbox."""
        if self.link is None:
            return None
        return Notice.objects.filter(user=None, dedupe_key=letter_key(self.link)).first()

    @cached_property
    def visits(self) -> list[ActLinkVisit]:
        """The journal over all links of the act, newest first."""
        rows = ActLinkVisit.objects.filter(link__act=self.act).select_related("link")
        return list(rows.order_by("-pk")[:VISITS]) if self.act else []

    @property
    def may_send(self) -> bool:
        return permissions.can_send_act(self.user, self.item)

    @property
    def may_revoke(self) -> bool:
        link = self.link
        alive = link is not None and link.revoked_at is None and link.expires_at > self.now
        return alive and permissions.can_revoke_link(self.user, self.item)


def usual_address(item: ReconciliationItem) -> str:
    """Where the last act of the client went, else a person of the client with an e-mail."""
    last = ActLink.objects.filter(act__client=item.client_id).order_by("-pk").first()
    if last is not None:
        return str(last.sent_to)
    people = ContactPerson.objects.filter(client=item.client_id).exclude(email="")
    return people.values_list("email", flat=True).first() or ""
