"""What the decisions page shows: the list of a tab, the counts and the evidence of one request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.approvals import permissions, registry
from crm.approvals.models import Approval, ApprovalStep
from crm.approvals.signers import (
    Capacity,
    Substitution,
    signing_of,
    signs_by_office,
    turn_of,
)
from crm.lists.cells import url_maker
from crm.shell.templatetags.shell import icon
from crm.sql import Kept, Statement

TABS = ("waiting", "mine", "decided")
PAGE = 30
COUNT_BOUND = 100
_kept = Kept()


@dataclass(frozen=True)
class State:
    """Everything the address says; nothing is remembered elsewhere."""

    tab: str = "waiting"
    kind: str = ""
    after: str = ""
    open: int | None = None

    @classmethod
    def of(cls, query: QueryDict) -> State:
        """Read the address; what is not understood means the first page of what waits."""
        tab, kind, chosen = query.get("tab", ""), query.get("kind", ""), query.get("open", "")
        known = {handler.kind for handler in registry.handlers()}
        return cls(
            tab=tab if tab in TABS else "waiting",
            kind=kind if kind in known else "",
            after=query.get("after", ""),
            open=int(chosen)
            if chosen.isascii() and chosen.isdigit() and len(chosen) < 18
            else None,
        )

    @property
    def query(self) -> str:
        """What stands behind the question mark."""
        facts = {
            "tab": self.tab if self.tab != "waiting" else "",
            "kind": self.kind,
            "after": self.after,
            "open": self.open,
        }
        return urlencode({key: value for key, value in facts.items() if value})

    def url(self, **changes: Any) -> str:
        """The address of this state with changes."""
        query = replace(self, **changes).query
        return reverse("approvals:inbox") + (f"?{query}" if query else "")

    @property
    def list_url(self) -> str:
        """The list without a chosen request."""
        return self.url(open=None)


@dataclass(frozen=True)
class Row:
    """One line of the list; `title` is empty where the person may not see the record."""

    approval: Approval
    title: str
    kind_label: str
    icon: str
    step: ApprovalStep | None = None
    overdue: bool = False
    capacity: Capacity | None = None
    cursor: str = ""
    url: str = ""  # the inbox with this request on the right
    detail_url: str = ""  # the request alone, with what it needs to lead back

    @property
    def key(self) -> str:
        """The number of the request as it stands in addresses."""
        return str(self.approval.pk)

    @property
    def selection(self) -> str:
        """What the page has shown, for approving several at once; empty where one must choose."""
        if registry.handler(self.approval.kind).decision_form is not None:
            return ""
        return f"{self.key}:{self.approval.version}:{self.approval.target_version}"

    @property
    def mark(self) -> SafeString:
        """The icon of the kind."""
        return icon(self.icon)

    @property
    def shown_title(self) -> str:
        """What is asked for, where the person may see the record."""
        return self.title or _("You do not see this record any more")


@dataclass(frozen=True)
class Page:
    """The rows of a tab, bounded, with the address of the next ones."""

    state: State
    rows: list[Row] = field(default_factory=list)
    more_url: str = ""

    @property
    def is_waiting(self) -> bool:
        """Whether these rows wait for a decision."""
        return self.state.tab == "waiting"

    @property
    def first_url(self) -> str:
        """The first rows of the tab."""
        return self.state.url(after="", open=None)

    @property
    def kinds(self) -> list[tuple[str, str, int | None]]:
        """What the rows can be narrowed to: label, address, how many.

        Where all rows show only the kinds that are there, else every kind, not counted.
        """
        known = {handler.kind: str(handler.label) for handler in registry.handlers()}
        there: Counter[str] = Counter()
        if not self.more_url and not self.state.after:
            there = Counter(row.approval.kind for row in self.rows)
            known = {kind: label for kind, label in known.items() if there[kind]}
        if len(known) < 2:
            return []
        return [
            (label, State(self.state.tab, kind).url(), there[kind] or None)
            for kind, label in known.items()
        ]


def page(user: User, state: State, *, today: date) -> Page:
    """The rows of the tab from the cursor on: what waits by its term, the rest newest first."""
    load = {"waiting": _waiting, "mine": _mine, "decided": _decided}[state.tab]
    rows = load(user, state, today)
    more = len(rows) > PAGE
    query = replace(state, open=None).query
    opened = f"{state.list_url}{'&' if query else '?'}open="
    detail = url_maker("approvals:detail", f"?{query}" if query else "")
    rows = [
        replace(row, url=f"{opened}{row.approval.pk}", detail_url=detail(row.approval))
        for row in rows[:PAGE]
    ]
    more_url = state.url(after=rows[-1].cursor, open=None) if more else ""
    return Page(state, rows, more_url)


def _waiting(user: User, state: State, today: date) -> list[Row]:
    steps = ApprovalStep.objects.signable_by(user, today=today).filter(
        _of_kind(state, "approval__")
    )
    if cursor := _cursor(state.after, parse_date):
        day, pk = cursor
        steps = steps.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=pk))
    steps = steps.for_inbox().order_by("due_on", "pk")
    return [
        _row(
            step.approval,
            step=step,
            overdue=step.due_on < today,
            capacity=_in_whose_name(user, step, today),
            cursor=f"{step.due_on.isoformat()}_{step.pk}",
        )
        for step in steps[: PAGE + 1]
    ]


def _mine(user: User, state: State, today: date) -> list[Row]:
    approvals = Approval.objects.filter(_of_kind(state), author=user)
    if state.after.isascii() and state.after.isdigit():
        approvals = approvals.filter(pk__lt=int(state.after[:18]))
    approvals = approvals.for_panel().with_steps()
    rows = []
    for approval in approvals.order_by("-pk")[: PAGE + 1]:
        step = permissions.waiting_step(approval)
        late = bool(step and step.due_on and step.due_on < today)
        rows.append(_row(approval, step=step, overdue=late, cursor=str(approval.pk)))
    return _masked(user, rows)


def _decided(user: User, state: State, today: date) -> list[Row]:
    signed = Q(decided_by=user) | Q(on_behalf_of=user)
    steps = ApprovalStep.objects.filter(signed, _of_kind(state, "approval__"))
    steps = steps.for_inbox("decided_by", "on_behalf_of")
    if cursor := _cursor(state.after, parse_datetime):
        moment, pk = cursor
        steps = steps.filter(Q(decided_at__lt=moment) | Q(decided_at=moment, pk__lt=pk))
    rows = [
        _row(
            step.approval,
            step=step,
            cursor=f"{step.decided_at.isoformat()}_{step.pk}" if step.decided_at else "",
        )
        for step in steps.order_by("-decided_at", "-pk")[: PAGE + 1]
    ]
    return _masked(user, rows)


def _of_kind(state: State, prefix: str = "") -> Q:
    kinds = [state.kind] if state.kind else [handler.kind for handler in registry.handlers()]
    return Q(**{f"{prefix}kind__in": kinds})


def _cursor(text: str, parse: Any) -> tuple[Any, int] | None:
    """The sort value and the key of the last row seen; None when it is not understood."""
    value, _separator, pk = text.rpartition("_")
    try:
        moment = parse(value)
        naive = isinstance(moment, datetime) and moment.tzinfo is None
        return None if moment is None or naive else (moment, int(pk[:18]))
    except ValueError:
        return None


def _row(approval: Approval, **more: Any) -> Row:
    handler = registry.handler(approval.kind)
    return Row(approval, approval.called, str(handler.label), handler.icon, **more)


def _masked(user: User, rows: list[Row]) -> list[Row]:
    """Without titles where the person does not see the record any more."""
    seen: dict[str, set[int]] = {}
    for kind in {row.approval.kind for row in rows}:
        ids = [row.approval.object_id for row in rows if row.approval.kind == kind]
        seen[kind] = registry.handler(kind).visible_ids(user, ids)
    return [
        row if row.approval.object_id in seen[row.approval.kind] else replace(row, title="")
        for row in rows
    ]


def _in_whose_name(user: User, step: ApprovalStep, today: date) -> Capacity:
    """For a step that the person may decide: the own name first, else the absent person's."""
    substitutions = signing_of(user, today).substitutions
    if not substitutions or signs_by_office(user, step, step.approval):
        return Capacity()
    for substitution in substitutions:
        if signs_by_office(substitution.owner, step, step.approval):
            return Capacity(substitution.owner, substitution.until)
    return Capacity()


def count_waiting(user: User, *, today: date) -> int:
    """How many requests wait for the person, counted up to a hundred."""
    steps = ApprovalStep.objects.signable_by(user, today=today).filter(
        _of_kind(State(), "approval__")
    )
    return len(steps.values_list("pk", flat=True)[:COUNT_BOUND])


def count_all_waiting(user: User, *, today: date) -> int:
    """How many requests the person may decide today; the SQL is kept for the same signers."""

    def build() -> Statement:
        rows = Approval.objects.waiting_for(user, today=today).order_by().values("pk")
        found = Statement.of(rows)
        return Statement(f"SELECT count(*) FROM ({found.sql}) AS waiting", found.params)  # noqa: S608

    if not user.is_active:
        return 0
    signers = ((person.pk, person.role) for person in signing_of(user, today).people)
    statement: Statement = _kept.get(tuple(signers), build)
    ((count,),) = statement.rows()
    return count  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Evidence:
    """A section with what its template reads."""

    section: registry.Section
    data: Any


@dataclass(frozen=True)
class Panel:
    """One request on the right: the record, the way it has gone, and what may be done."""

    approval: Approval
    handler: registry.Handler
    steps: list[ApprovalStep]
    target: Any = None
    sections: list[Evidence] = field(default_factory=list)
    step: ApprovalStep | None = None
    capacity: Capacity | None = None
    people: list[User] = field(default_factory=list)
    substitutes: list[Substitution] = field(default_factory=list)
    withdrawable: bool = False
    revocable: bool = False

    @property
    def approve_label(self) -> str:
        """Words of the button that says yes."""
        return str(self.handler.approve_label(self.step.kind)) if self.step else ""

    @property
    def decisions(self) -> list[str]:
        """What may be decided at the current step."""
        return self.handler.decisions(self.step.kind) if self.step else []

    @property
    def target_url(self) -> str:
        """The page of the record."""
        return self.handler.target_url(self.target) if self.handler.target_url else ""


def panel(user: User, approval_id: int, *, today: date) -> Panel | None:
    """The request with its evidence; None when the person may not see it.

    A person who neither sees the record nor may decide gets the way without any details.
    """
    rows = Approval.objects.visible_to(user, today=today).filter(_of_kind(State()), pk=approval_id)
    found = rows.with_steps().for_panel().first()
    if found is None:
        return None
    handler, step = registry.handler(found.kind), permissions.waiting_step(found)
    capacity = permissions.deciding_capacity(user, found, today=today)
    steps = list(found.steps.all())
    plain = Panel(found, handler, steps, step=step, capacity=capacity)
    if capacity is None and found.object_id not in handler.visible_ids(user, [found.object_id]):
        return plain
    target = handler.load(found.object_id)
    people, substitutes = ([], []) if capacity else turn_of(found, today)
    return replace(
        plain,
        target=target,
        sections=list(_sections(handler, target, user, today)),
        people=people,
        substitutes=substitutes,
        withdrawable=permissions.can_withdraw(user, found, target),
        revocable=permissions.can_revoke(user, found, target),
    )


def _sections(
    handler: registry.Handler, target: Any, user: User, today: date
) -> Iterable[Evidence]:
    for section in registry.evidence(handler.kind):
        data = section.load(target, user, today)
        if data is not None:
            yield Evidence(section, data)
