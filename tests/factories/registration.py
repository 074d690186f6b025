"""Campaigns and registration sheets in any state, made by the actions.

sheet = registration.sheet(client, cast.department_head)      # of a campaign that runs
registration.submitted(sheet, cast.manager)
"""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from clients.actions import campaigns, sheets
from clients.actions.campaigns import CampaignValues
from clients.models import RegistrationCampaign, RegistrationSheet
from clients.sheets.question_seeds import seed_questions
from clients.sheets.sheet_questions import questions_of
from crm.accounts.models import OrgUnit
from tests.cast import fresh
from tests.factories import clients

TEXTS = {
    "inn": "7707083893", "email": "a@client.example", "phone": "+79161234567",
    "decider_phone": "+79161234568", "potential": "250000",
}  # fmt: skip


def department_of(head):
    """The department that the person heads."""
    return OrgUnit.objects.get(head=head, kind="department")


def draft(head, *, days=30, year=None, today=None, **more):
    """A campaign that asks nobody yet."""
    seed_questions()
    today = today or timezone.localdate()
    values = CampaignValues(
        year=year or today.year,
        org_unit=more.pop("org_unit", None) or department_of(head),
        deadline=today + timedelta(days=days),
        **more,
    )
    return campaigns.create_campaign(values, by=fresh(head), key=uuid4(), today=today)


def running(head, **more):
    """A campaign with the sheets of all clients of the department."""
    today = more.get("today") or timezone.localdate()
    made = draft(head, **more)
    campaigns.start_campaign(made.pk, by=fresh(head), version=made.version, today=today)
    return RegistrationCampaign.objects.get(pk=made.pk)


def sheet(client, head, **more):
    """The sheet of the client in a campaign that runs."""
    return RegistrationSheet.objects.get(campaign=running(head, **more), client=client)


def empty_sheet(client, deadline):
    """A sheet of a campaign that runs, with a day of its own; written past the actions."""
    campaign, _is_new = RegistrationCampaign.objects.get_or_create(
        year=deadline.year, org_unit=client.org_unit.parent, defaults={
            "state": "running", "started_on": deadline - timedelta(days=90),
            "deadline": deadline, "questions": [{"code": "x", "ru": "?", "en": "?"}],
            "author": client.org_unit.parent.head,
        },
    )  # fmt: skip
    return RegistrationSheet.objects.create(
        campaign=campaign, client=client, manager=client.manager, deadline=deadline,
        required_count=1,
    )  # fmt: skip


def answers(sheet, **more):
    """Something for each obligatory question; `more` by the codes of questions."""
    sheet = current(sheet)
    asked = questions_of(sheet.campaign.questions, sheet.client.category)
    given = {one.code: _answer(one) for one in asked if one.required}
    return given | more


def _answer(question):
    if question.kind == "choice":
        return question.options_ru[0]
    plain = {"number": "3", "date": "2026-11-02"}.get(question.kind, "Есть")
    return TEXTS.get(question.code, plain)


def typed(sheet, **more):
    """The same as a form sends it, with the version."""
    given = answers(sheet, **more)
    return {f"q_{code}": value for code, value in given.items()} | {
        "version": str(current(sheet).version)
    }


def current(sheet):
    """The row as it stands now."""
    return RegistrationSheet.objects.select_related("campaign", "client").get(pk=sheet.pk)


def filled(sheet, by, **given):
    """A draft with these answers alone."""
    return sheets.save_sheet(sheet.pk, given, by=fresh(by), version=current(sheet).version)


def submitted(sheet, by, now=None, **more):
    """Handed in whole."""
    return sheets.submit_sheet(
        sheet.pk, answers(sheet, **more), by=fresh(by), version=current(sheet).version,
        now=now or timezone.now(),
    )  # fmt: skip


def approved(sheet, by, head, now=None, **more):
    """Handed in and approved."""
    submitted(sheet, by, now, **more)
    return sheets.approve_sheet(
        sheet.pk, by=fresh(head), version=current(sheet).version, now=now or timezone.now()
    )


def returned(sheet, by, head, reason="Уточните потенциал"):
    """Handed in and sent back."""
    submitted(sheet, by)
    return sheets.return_sheet(
        sheet.pk, by=fresh(head), version=current(sheet).version, reason=reason,
        now=timezone.now(),
    )  # fmt: skip


def of_matrix(client, cast):
    """Keys of a draft, of a campaign that runs, and of sheets in three states."""
    head = cast.department_head
    other = clients.client(cast.manager, name="CANARY второй")
    made = running(head)
    waits = made.sheets.get(client=client)
    submitted(waits, cast.manager, wishes="CANARY пожелания")
    return {
        "campaign": made.pk,
        "campaign_draft": draft(head, year=made.year + 1, days=60).pk,
        "sheet": waits.pk,
        "sheet_open": made.sheets.get(client=other).pk,
    }
