"""What the composer shows: the form, people, plans that it may close, days that it offers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone

from clients.forms.contacts import MINUTES, ComposerForm, kind_chips, next_days, open_people
from clients.models import Client, ContactLog, ContactPerson
from clients.pages.timeline import planned_contacts


def composer_context(
    client: Client,
    now: datetime,
    place: str,
    *,
    form: ComposerForm | None = None,
    closes: int | None = None,
) -> dict[str, Any]:
    """What the composer shows besides the form; without a form it begins a new one."""
    today = timezone.localtime(now).date()
    people, planned, days = open_people(client), planned_contacts(client), next_days(client, today)
    plan = None
    if form is None:
        plan = _due_plan(planned, today, closes)
        first = _first_values(client, plan, people, days, others=len(planned) > bool(plan))
        form = ComposerForm(now=now, initial=first, auto_id=f"{place}_%s")
    return {
        "form": form,
        "client": client,
        "people": people,
        "planned": planned,
        "days": days,
        "kinds": kind_chips(),
        "minutes_offered": MINUTES,
        "today": today,
        "place": place,
        "about": _about(plan if closes else None),
    }


def _about(plan: ContactLog | None) -> str:
    """Which plan the composer was opened for: how and with whom."""
    if plan is None:
        return ""
    person = str(plan.person) if plan.person else ""
    return ", ".join(filter(None, (plan.kind_label, person)))


def _first_values(
    client: Client,
    plan: ContactLog | None,
    people: list[ContactPerson],
    days: dict[str, date],
    *,
    others: bool,
) -> dict[str, Any]:
    """The plan's own facts, the decision maker, the next contact by the norm unless one waits."""
    decider = next((person.pk for person in people if person.is_decision_maker), None)
    return {
        "key": uuid4(),
        "client_id": client.pk,
        "kind": plan.kind_key if plan else "call_out",
        "person": (plan and plan.person_id) or decider,
        "closes": plan.pk if plan else None,
        "next": "none" if others or not days else next(iter(days)),
        **{f"{code}_on": f"{day:%Y-%m-%d}" for code, day in days.items()},
    }


def _due_plan(planned: list[ContactLog], today: date, closes: int | None) -> ContactLog | None:
    """The plan that this contact most likely makes done: the one asked for, else of today."""
    for plan in planned:
        if plan.pk == closes or (closes is None and plan.local_moment.date() <= today):
            return plan
    return None
