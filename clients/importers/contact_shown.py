"""How the preview shows what becomes of a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, ContactLog
from crm.imports.registry import Change, Outcome

if TYPE_CHECKING:
    from clients.importers.contact_rows import Plan

SHOWN = (
    *("done_at", "client", "manager", "kind", "direction", "result", "topic", "person"),
    *("summary", "duration_seconds", "wait_seconds", "resolved", "rating"),
)


def explain(outcome: Outcome) -> list[Change]:
    """Values before and after; for a new contact what it gets."""
    plan: Plan | None = outcome.plan
    if plan is None:
        return []
    if plan.known is not None:
        return [
            _change(name.removesuffix("_id"), plan.known, plan.contact) for name in plan.changes
        ]
    found = [_change(name, None, plan.contact) for name in SHOWN if name != "manager"]
    label = str(ContactLog._meta.get_field("manager").verbose_name)  # type: ignore[union-attr]
    contact = plan.contact
    who = plan.manager_name or (contact.manager.full_name if contact.manager_id else "")
    found.insert(2, Change(label, "", who))
    if plan.next_at:
        found.append(Change(_("Next contact"), "", f"{plan.next_at:%d.%m.%Y}"))
    return [change for change in found if change.after]


def _change(name: str, before: ContactLog | None, after: ContactLog) -> Change:
    label = str(ContactLog._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return Change(label, _words(before, name) if before else "", _words(after, name))


def _words(contact: ContactLog, name: str) -> str:
    """A value as the timeline shows it."""
    if name == "client":
        return (
            Client.objects.get(pk=contact.client_id).name if contact.client_id else _("not named")
        )
    value: Any = getattr(contact, name)
    if value is None or value == "":
        return ""
    if name == "done_at":
        return f"{timezone.localtime(value):%d.%m.%Y %H:%M}"
    if name in {"kind", "direction"}:
        return str(getattr(contact, f"get_{name}_display")())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name in {"duration_seconds", "wait_seconds"}:
        return _("%(seconds)s s") % {"seconds": value}
    return str(value)
