"""What the engine must know about a kind of request; apps register theirs in AppConfig.ready().

    registry.register(Handler(
        kind="category.change", label=_("Change of category"), model=CategoryChangeRequest,
        default_route=(RouteStep(StepKind.VISA, unit_kind=OrgUnitKind.DEPARTMENT),
                       RouteStep(StepKind.APPROVE, role=Role.DIRECTOR)),
        on_submitted=…, on_endorsed=…, on_approved=…, on_returned=…, on_rejected=…, on_withdrawn=…,
    ), evidence=[Section("contacts", _("Contacts"), "clients/_evidence_contacts.html", load)])

A kind whose signer depends on an amount, a discount or a term names its limit matrices in `limits`
instead of a default route and is submitted with `limits.route_for(…)` (crm.approvals.limits).

The model has `version` and a manager with `visible_to`. A hook gets the locked record and the
`Decision` inside the transaction of the engine; it moves the record, bumps its version and raises
RuleViolation to refuse. Nothing else of the engine changes when a kind joins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm import history
from crm.approvals.models import StepKind
from crm.declaring import declare
from crm.notices import kinds as notice_kinds

if TYPE_CHECKING:
    from django.forms import Form

    from crm.accounts.models import User
    from crm.approvals.models import Approval, ApprovalStep

Text = str | Promise


@dataclass(frozen=True)
class Decision:
    """What happened to an approval: by whom, in whose name, with which words and values."""

    approval: Approval
    by: User
    today: date
    step: ApprovalStep | None = None
    on_behalf_of: User | None = None
    comment: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


Hook = Callable[[Any, Decision], None]


def nothing(target: Any, decision: Decision) -> None:
    """The hook of a kind that has nothing to do."""


@dataclass(frozen=True)
class RouteStep:
    """A step of the route that an installation starts with."""

    kind: str
    role: str = ""
    unit_kind: str = ""
    due_working_days: int = 2


@dataclass(frozen=True, kw_only=True)
class Section:
    """A piece of evidence; `load(target, user, today)` gives its context, None hides it."""

    key: str
    title: Text
    template: str
    load: Callable[..., Mapping[str, Any] | None]
    order: int = 50
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Handler:
    """A kind of request; see the module's docstring."""

    kind: str
    label: Text
    model: type[models.Model]
    default_route: tuple[RouteStep, ...] = ()
    # Names of the limit matrices that make its route instead of a fixed one (crm.approvals.limits).
    limits: tuple[str, ...] = ()
    icon: str = "checkbox"
    # Reads the record with what its evidence shows; a plain read by key without it.
    loader: Callable[[int], Any] | None = None
    summary_template: str = ""
    target_url: Callable[[Any], str] | None = None
    # A list that belongs to the kind, offered where the inbox is narrowed to it.
    list_label: Text = ""
    list_url: Callable[[], str] | None = None
    # Words of the button that says yes, by kind of step.
    approve_labels: Mapping[str, Text] = field(default_factory=dict)
    may_refuse: bool = True
    can_withdraw: Callable[[Any], bool] = lambda target: True
    # Whether what was approved has not taken effect yet, so that the decider may take it back.
    can_revoke: Callable[[Any], bool] = lambda target: False
    # Form of values that the signer adds, built as decision_form(data, target=…).
    decision_form: Callable[..., Form] | None = None
    on_submitted: Hook = nothing
    on_endorsed: Hook = nothing
    on_step_approved: Hook = nothing
    on_approved: Hook = nothing
    on_returned: Hook = nothing
    on_rejected: Hook = nothing
    on_withdrawn: Hook = nothing
    on_revoked: Hook = nothing

    def load(self, pk: int) -> Any:
        """The record with what its evidence reads."""
        return self.loader(pk) if self.loader else self.model._default_manager.get(pk=pk)

    def lock(self, pk: int) -> Any:
        """The record, locked until the end of the transaction."""
        return self.model._default_manager.select_for_update(of=("self",)).get(pk=pk)

    def visible_ids(self, user: User, ids: Iterable[int]) -> set[int]:
        """Those of the records that the person may see by the rules of the record itself."""
        rows: Any = self.model._default_manager
        return set(rows.visible_to(user).filter(pk__in=list(ids)).values_list("pk", flat=True))

    def decisions(self, step_kind: str) -> list[str]:
        """What may be decided at a step: a visa is given or the request returned (C.5.2)."""
        if step_kind == StepKind.VISA or not self.may_refuse:
            return ["approve", "return"]
        return ["approve", "return", "reject"]

    def approve_label(self, step_kind: str) -> Text:
        """Words of the button that says yes."""
        if step_kind in self.approve_labels:
            return self.approve_labels[step_kind]
        return _("Endorse") if step_kind == StepKind.VISA else _("Approve")


_handlers: dict[str, Handler] = {}
_evidence: dict[str, dict[str, Section]] = {}


def register(handler: Handler, *, evidence: Iterable[Section] = ()) -> None:
    """Let requests of the kind be submitted."""
    declare(_handlers, handler.kind, handler)
    for section in evidence:
        register_evidence(handler.kind, section)
    for event, sentence in _SENTENCES.items():
        title = format_lazy("{}: {}", handler.label, sentence)
        notice_kinds.register(f"{handler.kind}.{event}", title=title)
    words = {
        f"{handler.kind}.{name}": format_lazy("{}: {}", handler.label, word)
        for name, word in _VERBS.items()
    }
    history.name_verbs(words)


def handler(kind: str) -> Handler:
    """The handler of a kind; KeyError for an unknown one."""
    return _handlers[kind]


def handlers() -> list[Handler]:
    """All registered kinds."""
    return list(_handlers.values())


def register_evidence(kind: str, section: Section) -> None:
    """Add a piece of evidence to a kind; later apps add theirs to the kinds of earlier ones."""
    declare(_evidence.setdefault(kind, {}), section.key, section)


def evidence(kind: str) -> list[Section]:
    """Pieces of evidence of a kind in their order."""
    return sorted(_evidence.get(kind, {}).values(), key=lambda section: section.order)


# Notices name the request by its title; the kind stands before them.
_SENTENCES: dict[str, Text] = {
    "waiting": _("waits for your decision: %(title)s (asks %(author)s)"),
    "overdue": _("decision overdue since %(due)s: %(title)s"),
    "stuck": _("nobody can decide since %(due)s: %(title)s. Tell the administrator"),
    "endorsed": _("%(who)s has endorsed: %(title)s"),
    "approved": _("%(who)s has approved: %(title)s"),
    "returned": _("%(who)s returns for rework: %(title)s. %(comment)s"),
    "rejected": _("%(who)s has rejected: %(title)s. %(comment)s"),
    "withdrawn": _("%(author)s has withdrawn: %(title)s"),
    "revoked": _("%(who)s has taken the approval back: %(title)s. %(comment)s"),
    "escalated": _("not decided until %(due)s, %(who)s may decide now too: %(title)s"),
}
_VERBS: dict[str, Text] = {
    "submitted": _("sent for approval"),
    "endorsed": _("endorsed"),
    "approved": _("approved"),
    "returned": _("returned for rework"),
    "rejected": _("rejected"),
    "withdrawn": _("withdrawn"),
    "revoked": _("approval taken back"),
    "escalated": _("passed on to the superior"),
}
