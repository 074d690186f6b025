"""Approach schemes: composing them, starting one for a client, stopping it (CL-10, L19, L617)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import permissions
from clients.actions.contact_dates import refresh_contact_dates
from clients.actions.contacts import NextContact, absent_owner, add_planned, check_open, lock_client
from clients.models import (
    ApproachScheme,
    ApproachStep,
    Client,
    ContactLog,
    ContactState,
    SchemeRun,
)
from crm.calendar import add_working_days, next_working_day
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb

if TYPE_CHECKING:
    from crm.accounts.models import User

MOST_STEPS = 20


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the editor; `step_id` names the stored step that it changes."""

    kind: str
    offset_days: int
    title: str
    script: str = ""
    step_id: int | None = None


@transaction.atomic
def create_scheme(*, by: User, name: str, segment: str, steps: Sequence[Step]) -> ApproachScheme:
    """A new scheme with its steps in the given order."""
    if not permissions.can_create_scheme(by):
        raise PermissionDenied
    _check(name, steps, None)
    with verb("scheme.created", by=by):
        scheme = ApproachScheme.objects.create(name=name, segment=segment, author=by)
        _write_steps(scheme, steps)
    return scheme


@transaction.atomic
def edit_scheme(
    scheme_id: int, *, by: User, version: int, name: str, segment: str, steps: Sequence[Step]
) -> ApproachScheme:
    """Rename the scheme and bring its steps to the given ones; running series keep theirs."""
    scheme = _locked(scheme_id, by, version)
    _check(name, steps, scheme)
    with verb("scheme.edited", by=by):
        scheme.name, scheme.segment = name, segment
        scheme.version += 1
        scheme.save(update_fields=["name", "segment", "version"])
        _write_steps(scheme, steps)
    return scheme


@transaction.atomic
def archive_scheme(scheme_id: int, *, by: User, version: int, archived: bool) -> ApproachScheme:
    """Take the scheme out of use, or back into it; series under way go on."""
    scheme = _locked(scheme_id, by, version)
    with verb("scheme.archived" if archived else "scheme.restored", by=by):
        scheme.archived_at = timezone.now() if archived else None
        scheme.version += 1
        scheme.save(update_fields=["archived_at", "version"])
    return scheme


def _locked(scheme_id: int, by: User, version: int) -> ApproachScheme:
    rows = ApproachScheme.objects.visible_to(by).select_for_update(of=("self",))
    scheme: ApproachScheme = rows.get(pk=scheme_id)
    if not permissions.can_edit_scheme(by, scheme):
        raise PermissionDenied
    if scheme.version != version:
        raise StaleVersion(of=scheme)
    return scheme


def _check(name: str, steps: Sequence[Step], scheme: ApproachScheme | None) -> None:
    others = ApproachScheme.objects.filter(name__iexact=name)
    if scheme is not None:
        others = others.exclude(pk=scheme.pk)
    if others.exists():
        raise RuleViolation(_("Another scheme has this name."), field="name")
    if not steps:
        raise RuleViolation(_("A scheme needs at least one step."))
    if len(steps) > MOST_STEPS:
        raise RuleViolation(_("A scheme has at most %(count)s steps.") % {"count": MOST_STEPS})
    offsets = [step.offset_days for step in steps]
    if offsets != sorted(offsets):
        raise RuleViolation(_("Each step comes on the day of the step before it or later."))


def _write_steps(scheme: ApproachScheme, steps: Sequence[Step]) -> None:
    stored = {step.pk: step for step in scheme.steps.select_for_update()}
    kept = {step.step_id for step in steps} & set(stored)
    for step_id, step in stored.items():
        if step_id not in kept:
            step.delete()
    for order, wanted in enumerate(steps, start=1):
        step = stored.get(wanted.step_id or 0) or ApproachStep(scheme=scheme)
        facts = (order, wanted.kind, wanted.offset_days, wanted.title, wanted.script)
        if facts != (step.order, step.kind, step.offset_days, step.title, step.script):
            step.order, step.kind, step.offset_days, step.title, step.script = facts
            step.save()


@transaction.atomic
def start_scheme(
    client_id: int, *, scheme_id: int, by: User, start_on: date, now: datetime
) -> SchemeRun:
    """Plan all steps of the scheme for the client on working days counted from the start."""
    client = lock_client(client_id, by)
    if not permissions.can_log_contact(by, client):
        raise PermissionDenied
    check_open(client)
    scheme: ApproachScheme = ApproachScheme.objects.visible_to(by).open().get(pk=scheme_id)
    if _is_running(client, scheme):
        raise RuleViolation(_("This scheme is already under way with the client."), field="scheme")
    with verb("scheme.started", by=by, on_behalf_of=absent_owner(client, by)):
        run = SchemeRun.objects.create(
            client=client, scheme=scheme, started_on=start_on, started_by=by
        )
        for step in scheme.steps.all():
            _plan_step(run, step, client, by, now)
    refresh_contact_dates([client.pk])
    return run


def _is_running(client: Client, scheme: ApproachScheme) -> bool:
    return (
        ContactLog.objects.planned()
        .filter(client=client, scheme_run__scheme=scheme, scheme_run__stopped_at=None)
        .exists()
    )


def _plan_step(run: SchemeRun, step: ApproachStep, client: Client, by: User, now: datetime) -> None:
    first = next_working_day(run.started_on)
    day = add_working_days(first, step.offset_days)
    plan = NextContact(on=day, kind=step.kind, purpose=step.title)
    contact = add_planned(client, plan, by=by, now=now)
    contact.scheme_run, contact.scheme_step = run, step
    contact.save(update_fields=["scheme_run", "scheme_step"])


@transaction.atomic
def stop_scheme(run_id: int, *, by: User, reason: str, now: datetime) -> SchemeRun:
    """End a series: its planned contacts are cancelled with the reason."""
    client_id = SchemeRun.objects.visible_to(by).values_list("client_id", flat=True).get(pk=run_id)
    client = lock_client(client_id, by)
    run: SchemeRun = SchemeRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    if not permissions.can_log_contact(by, client):
        raise PermissionDenied
    if run.stopped_at is not None:
        raise RuleViolation(_("This series has already been stopped."))
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    with verb("scheme.stopped", by=by, on_behalf_of=absent_owner(client, by)):
        run.stopped_at, run.stopped_by, run.stop_reason = now, by, reason.strip()
        run.save(update_fields=["stopped_at", "stopped_by", "stop_reason"])
        for contact in run.contacts.planned().select_for_update(of=("self",)):
            contact.state, contact.reason = ContactState.CANCELLED, run.stop_reason
            contact.version += 1
            contact.save(update_fields=["state", "reason", "version"])
    refresh_contact_dates([client.pk])
    return run
