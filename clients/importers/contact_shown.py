"""How the preview shows what becomes of a contact."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from clients.importers.contact_plans import Plan
from clients.models import ContactLog
from crm.imports import registry
from crm.imports.registry import Change, Outcome
from crm.said import gettext as _
from crm.said import label, said

SHOWN = (
    *("done_at", "client", "manager", "kind", "direction", "result", "topic", "person"),
    *("summary", "duration_seconds", "wait_seconds", "resolved", "rating"),
)

LABELS = {"done_at": "moment", "duration_seconds": "duration", "wait_seconds": "wait"}


Names = dict[tuple[str, int], str]  # what was looked up for the sample


def explain(outcome: Outcome, names: Names) -> list[Change]:
    """Values before and after; for a new contact what it gets."""
    plan: Plan | None = outcome.plan
    if plan is None:
        return []
    after = plan.draft.record()
    if plan.known is not None:
        before = ContactLog(**{name: pair[0] for name, pair in plan.changes.items()})
        return [
            _change(plan, name.removesuffix("_id"), before, after, names) for name in plan.changes
        ]
    found = [_change(plan, name, None, after, names) for name in SHOWN]
    if plan.next_at:
        found.append(Change(_("Next contact"), "", f"{plan.next_at:%d.%m.%Y}"))
    return [change for change in found if change.after]


def _change(
    plan: Plan, name: str, before: ContactLog | None, after: ContactLog, names: Names
) -> Change:
    what = label(registry.get("contacts").field(LABELS.get(name, name)).label)
    shown = _words(after, name, names)
    if name == "client" and not shown:
        shown = _("not named")
    if name == "manager":
        shown = plan.manager_name or shown
    if name == "topic" and plan.draft.topic:
        shown = str(plan.draft.topic)
    return Change(what, _words(before, name, names) if before else "", shown)


def _words(contact: ContactLog, name: str, names: Names) -> str:
    """A value as the timeline shows it."""
    field: Any = contact._meta.get_field(name)
    value: Any = getattr(contact, field.attname)
    if value is None or value == "":
        return ""
    if field.is_relation:
        if (name, value) not in names:
            record = getattr(contact, name)
            names[(name, value)] = str(getattr(record, "full_name", record))
        return names[(name, value)]
    if name == "done_at":
        return f"{timezone.localtime(value):%d.%m.%Y %H:%M}"
    if name in {"kind", "direction"}:
        return said(getattr(contact, f"get_{name}_display"))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name in {"duration_seconds", "wait_seconds"}:
        return _("%(seconds)s s") % {"seconds": value}
    return str(value)
