"""What histories call columns and parts that no form shows: their models name them in code only."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

# Told by the entry itself or of no use to a reader.
NOISE = frozenset(
    {"id", "version", "created_at", "updated_at", "created_by", "updated_by"}
    | {"date_joined", "is_demo", "is_staff", "is_superuser", "last_login"}
    | {"dedupe_key", "idempotency_key"}
)
# What machines keep for themselves, where no form shows it: numbers of rows, traces of a
# calculation, addresses, the text that was read.
MACHINE = frozenset(
    {"approval", "calculation", "cancel_asked", "capability", "chain", "client_id"}
    | {
        "content_type",
        "digest",
        "duty",
        "error",
        "evidence",
        "extract",
        "facts",
        "fingerprint",
        "frame",
    }
    | {"ground_id", "ground_url", "import_job", "item", "kept", "key", "mapping", "message_id"}
    | {"object_id", "options", "owner_id", "owner_kind", "purchasing_told_at", "read"}
    | {"received_sha256", "record_id", "route", "sha256", "skipped_because", "source_id"}
    | {"stats", "subject_id", "subject_kind", "suggestion", "target_version", "thread", "url"}
    | {"verdicts"}
)
WORDS: dict[str, str | Promise] = {
    "accepted_by": _("Accepted by"),
    "act": _("Reconciliation statement"),
    "added_by": _("Added by"),
    "after_claims": _("Claims afterwards"),
    "amount": _("Amount"),
    "approved_by": _("Approved by"),
    "archived_at": _("Archived"),
    "attachment": _("File"),
    "author": _("Author"),
    "back_by": _("Brought back by"),
    "before_claims": _("Claims before"),
    "beyond_by": _("More than claimed: decided by"),
    "budget": _("Budget"),
    "cancelled_at": _("Cancelled at"),
    "category": _("Category"),
    "checked_by": _("Checked by"),
    "claim": _("Claim"),
    "client": _("Client"),
    "client_noted_by": _("The client's word noted by"),
    "closed_at": _("Closed at"),
    "comment": _("Comment"),
    "contact": _("Contact"),
    "contract": _("Contract"),
    "counterparty": _("Legal entity"),
    "decided_at": _("Decided at"),
    "decided_by": _("Decided by"),
    "department": _("Department"),
    "document": _("Document"),
    "done_by": _("Done by"),
    "due_by_hand": _("Due date set by hand"),
    "due_on": _("Due on"),
    "due_working_days": _("Working days to decide"),
    "ended_by": _("Ended by"),
    "escalated_on": _("Handed up on"),
    "escalated_role": _("Handed up to"),
    "escalated_unit": _("Unit to which it was handed up"),
    "external_id": _("External id"),
    "finished_at": _("Finished"),
    "former": _("Former limit"),
    "former_valid_to": _("Former limit was valid to"),
    "from_category": _("From category"),
    "gln": _("Global location number (GLN)"),
    "handled_by": _("Handled by"),
    "initiated_by": _("Initiated by"),
    "invitation": _("Invitation"),
    "kind": _("Kind"),
    "lawsuit": _("Lawsuit"),
    "link": _("Personal link"),
    "logged_at": _("Logged at"),
    "made_by": _("Made by"),
    "manager": _("Manager"),
    "meeting": _("Meeting"),
    "must_change_password": _("Must change the password"),
    "noted_by": _("Noted by"),
    "on_behalf_of": _("On behalf of"),
    "order": _("Step"),
    "org_unit": _("Unit"),
    "our_authority": _("Our signatory acts on the basis of"),
    "our_line": _("Our line"),
    "our_signatory": _("Our signatory"),
    "owner": _("Owner"),
    "parent": _("Above"),
    "plan": _("Plan"),
    "point": _("Point of the agenda"),
    "previous": _("Previous version"),
    "process": _("Process"),
    "question": _("Question"),
    "reasons": _("Reasons"),
    "released_by": _("Released by"),
    "request": _("Request"),
    "requested_by": _("Requested by"),
    "response": _("Answers"),
    "reverses": _("Reversed document"),
    "revision": _("Revision"),
    "revoke_reason": _("Why it was called off"),
    "revoked_at": _("Called off"),
    "revoked_by": _("Called off by"),
    "role": _("Role"),
    "schedule": _("Schedule"),
    "scheme": _("Scheme"),
    "scheme_run": _("Course of the scheme"),
    "scheme_step": _("Step of the scheme"),
    "score": _("Score"),
    "seller": _("Seller"),
    "set_by": _("Set by"),
    "sheet": _("Sheet"),
    "shipment": _("Shipment"),
    "shipment_line": _("Line of the shipment"),
    "source": _("Source"),
    "spot_check": _("Spot check"),
    "started_at": _("Started"),
    "started_by": _("Started by"),
    "state": _("State"),
    "statement": _("Bank statement"),
    "stopped_at": _("Stopped at"),
    "stopped_by": _("Stopped by"),
    "submitted_at": _("Submitted at"),
    "submitted_by": _("Submitted by"),
    "successor": _("Next contact"),
    "suggested_cash": _("Suggested receipts"),
    "suggested_ship": _("Suggested shipments"),
    "survey": _("Survey"),
    "text": _("Text"),
    "times_reopened": _("Times reopened"),
    "title": _("Title"),
    "total": _("Total"),
    "undone_by": _("Undone by"),
    "unit": _("Unit"),
    "user": _("Person"),
    "valid_from": _("From"),
    "valid_to": _("Up to"),
    "value": _("Value"),
    "withdrawn_by": _("Withdrawn by"),
}
# Parts of a record whose models name themselves in code only.
PARTS: dict[str, str | Promise] = {
    "actlink": _("Personal link"),
    "clientstatement": _("Statement of the client"),
    "lawsuitstage": _("Stage of the lawsuit"),
    "outgoingline": _("Invoice of the claim"),
    "surveyanswer": _("Answer"),
    "surveyquestion": _("Question"),
}


def is_named(field: Any) -> bool:
    """Whether the model itself calls the column by words of the catalogue."""
    return isinstance(field._verbose_name, Promise)


def is_told(field: Any) -> bool:
    """Whether a reader is told of the column."""
    return field.name not in NOISE and (is_named(field) or field.name not in MACHINE)


def label_of(field: Any) -> str:
    """What a reader calls the column."""
    name = field.verbose_name if is_named(field) else WORDS.get(field.name, field.verbose_name)
    return capfirst(str(name))


def part_of(model: type[models.Model]) -> str:
    """What a reader calls a part of the record."""
    name = model._meta.model_name or ""
    return capfirst(str(PARTS.get(name, model._meta.verbose_name)))
