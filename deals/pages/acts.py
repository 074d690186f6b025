"""What the page of one reconciliation shows; every part is read when it is shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.accounts.models import User
from crm.money import amount_in_words
from crm.shell.way import WayStep
from deals import permissions
from deals.actions.acts import Period, balances_of
from deals.models import (
    NOT_SENT,
    OPEN_ITEM,
    ActLine,
    ItemState,
    ReconciliationAct,
    ReconciliationItem,
)
from deals.papers.act import Signer, our_signer

LINES = 100
ZERO = Decimal(0)


class ActPage:
    """One visible reconciliation for one person."""

    suffixes = ("pdf", "xlsx", "docx")

    def __init__(self, item: ReconciliationItem, user: User, today: date) -> None:
        self.item, self.user, self.today = item, user, today

    @cached_property
    def act(self) -> ReconciliationAct | None:
        """The act with the people that its page names; None before it was made."""
        rows = ReconciliationAct.objects.filter(item=self.item)
        return rows.select_related(
            "client", "counterparty", "contract", "made_by", "our_signatory", "our_authority"
        ).first()

    @property
    def answerer(self) -> User | None:
        """Who answers for it."""
        return self.item.manager or self.item.client.manager

    @cached_property
    def steps(self) -> list[WayStep]:
        """From the plan to the signature."""
        item, act = self.item, self.act
        made, sent_on = act is not None, act.sent_on if act else None
        sent = sent_on is not None
        return [
            self._planned,
            self._step(_("Act made"), done=made, on=self._made_on),
            self._step(
                pgettext("act", "Sent"), done=sent, on=sent_on, until=item.send_by, after=made
            ),
            self._answer(after=sent),
            self._step(
                pgettext("act", "Signed"),
                done=self._is(ItemState.SIGNED),
                on=item.signed_on,
                until=item.sign_by,
                after=self._is(ItemState.RESOLVED),
            ),
        ]

    @property
    def _planned(self) -> WayStep:
        if self._is(ItemState.REQUESTED):
            return WayStep(str(ItemState.REQUESTED.label), "waiting", on=self.item.as_of)
        return WayStep(str(ItemState.PLANNED.label), "approved", on=self.item.as_of)

    def _step(self, label: str, *, done: bool, after: bool = True, **more: Any) -> WayStep:
        if done or self._is(ItemState.CANCELLED):
            more.pop("until", None)
        waits = after and not self._is(ItemState.CANCELLED, ItemState.REQUESTED)
        return WayStep(label, "approved" if done else "waiting" if waits else "queued", **more)

    def _answer(self, *, after: bool) -> WayStep:
        words = {
            ItemState.DISCREPANCY: (str(ItemState.DISCREPANCY.label), "returned"),
            ItemState.RESOLVED: (str(ItemState.RESOLVED.label), "approved"),
            ItemState.SIGNED: (_("Agreed"), "approved"),
        }
        label, state = words.get(
            ItemState(self.item.state),
            (_("Answer of the client"), "waiting" if after else "queued"),
        )
        on = self.act.returned_on if self.act else None
        return WayStep(label, state, on=on)

    def _is(self, *states: str) -> bool:
        return self.item.state in states

    @property
    def _made_on(self) -> date | None:
        return timezone.localtime(self.act.made_at).date() if self.act else None

    @property
    def until(self) -> date | None:
        """The next last day: of sending, then of the signature; None when it is over."""
        if self._is(*NOT_SENT):
            return self.item.send_by
        return self.item.sign_by if self._is(*OPEN_ITEM) else None

    @property
    def waits_for_schedule(self) -> bool:
        """Nothing is done before its schedule is approved."""
        schedule = self.item.schedule
        return self._is(*OPEN_ITEM) and schedule is not None and schedule.state == "draft"

    @cached_property
    def today_closing(self) -> Decimal | None:
        """The closing balance by the documents of today, where it is not that of the act."""
        act = self.act
        if act is None or self._is(ItemState.CANCELLED):
            return None
        opening, closing = balances_of(
            act.client_id, Period(act.date_from, act.date_to, act.contract_id)
        )
        return closing if (opening, closing) != (act.opening, act.closing) else None

    @cached_property
    def ours(self) -> Signer:
        """Who signs for us, as the paper names them."""
        act = self.act
        return our_signer(act.our_signatory, act.our_authority) if act else Signer()

    @property
    def closing_words(self) -> str:
        """The sum of the conclusion in words."""
        return amount_in_words(abs(self.act.closing)) if self.act else ""

    @property
    def opening_owed(self) -> Decimal:
        """The client's advance at the beginning, as a positive sum."""
        return -self.act.opening if self.act else ZERO

    @property
    def closing_owed(self) -> Decimal:
        """The client's advance at the end, as a positive sum."""
        return -self.act.closing if self.act else ZERO

    def lines(self, number: str | None) -> Page[ActLine]:
        """A portion of the documents; the first one for what is no number."""
        rows = ActLine.objects.filter(act=self.act)
        return Paginator(rows, LINES).get_page(number)

    @property
    def may_make(self) -> bool:
        """The day has come, and nobody has signed."""
        return self.item.as_of <= self.today and permissions.can_make_act(self.user, self.item)

    @property
    def may_send(self) -> bool:
        return permissions.can_send_act(self.user, self.item)

    @property
    def may_sign(self) -> bool:
        return permissions.can_sign_act(self.user, self.item)
