"""Leads in any state, scored ones, campaigns; brought there by the actions."""

from datetime import timedelta
from itertools import count
from uuid import uuid4

from django.utils import timezone

from clients.actions import leads as actions
from clients.actions import searching
from clients.actions.lead_conversion import ask_conversion
from clients.actions.leads import Said
from clients.actions.reliability import Found, score_lead
from clients.models import Lead, SearchChannel
from tests.factories import clients

_numbers = count(1)
GOOD = {
    "age_years": "over_3",
    "financials": "one_year",
    "court_claims": "none",
    "bailiff_debts": "none",
    "tax_debts": "any",
    "references": "one",
    "assets": "own",
}  # LEAD-1: 77


def channel(code="exhibition"):
    """One of the channels that every installation begins with."""
    found, _made = SearchChannel.objects.get_or_create(
        code=code, defaults={"kind": code, "name_ru": "Выставка", "name_en": "Exhibition"}
    )
    return found


def lead(by, **more):
    """A new lead of the person."""
    number = next(_numbers)
    more.setdefault("name", f"ООО «Находка {number}»")
    more.setdefault("channel", channel())
    more.setdefault("inn", clients.inn(500_000 + number))
    today = more.pop("today", timezone.localdate())
    return actions.create_lead(by=by, today=today, key=more.pop("key", uuid4()), **more)


def score(found, by, answers=GOOD, **more):
    """Score a lead as it stands."""
    row = fresh(found)
    today = more.pop("today", timezone.localdate())
    return score_lead(row.pk, Found(answers, **more), by=by, version=row.version, today=today)


def to_state(state, by, **more):
    """A lead that has come as far as this open state."""
    found = lead(by, **more)
    if state == "new":
        return found
    score(found, by)
    for to in ("negotiating", "offer_accepted"):
        if state in {"qualified"} or fresh(found).state == state:
            break
        move(found, to, by)
    return fresh(found)


def move(found, to, by):
    """Go on by one step."""
    row = fresh(found)
    said = Said("Встретились", timezone.localdate() + timedelta(days=5), "Позвонить")
    return actions.move_lead(
        row.pk, said, to=to, by=by, version=row.version, today=timezone.localdate()
    )


def convert(found, by):
    """Ask for the client, or make it as the head."""
    row = fresh(found)
    return ask_conversion(row.pk, by=by, version=row.version, today=timezone.localdate())


def fresh(found):
    """As it stands in the table."""
    return Lead.objects.get(pk=found.pk)


def campaign(by, **more):
    """A campaign of this month on the exhibition."""
    today = timezone.localdate()
    more.setdefault("name", "CANARY осенняя выставка")
    more.setdefault("channel", channel())
    more.setdefault("starts_on", today - timedelta(days=5))
    more.setdefault("ends_on", today + timedelta(days=25))
    more.setdefault("target_leads", 10)
    return searching.create_campaign(by=by, key=uuid4(), **more)


def of_matrix(cast):
    """Rows for the matrix of rights."""
    made = campaign(cast.department_head)
    found = lead(cast.manager, name="CANARY находка", contact_name="CANARY Иван", campaign=made)
    score(found, cast.manager)
    return {"lead": found.pk, "search_campaign": made.pk, "search_channel": channel().pk}
