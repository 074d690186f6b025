"""Campaigns and channels of the search, leads that go along with people, what dialogs refuse."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clients.actions import leads as actions
from clients.actions import searching
from clients.actions.reliability import Found, score_client
from clients.models import Lead, ReliabilityScore, SearchCampaign, SearchChannel
from clients.tasks.leads import leads_of_person, seed_channels
from crm.errors import RuleViolation, StaleVersion
from tests.cast import signed_in
from tests.factories import clients, leads
from tests.factories.leads import GOOD, fresh

D = Decimal
TODAY = timezone.localdate()
HTMX = {"HTTP_HX_REQUEST": "true"}


def test_heads_of_departments_plan_campaigns_and_channels_nobody_else(cast):
    channel = leads.channel()
    for by in (cast.manager, cast.sector_head, cast.marketer, cast.general_director, cast.admin):
        with pytest.raises(PermissionDenied):
            leads.campaign(by)
        with pytest.raises(PermissionDenied):
            searching.plan_channel(channel.pk, by=by, version=1, priority=1, plan="")
    made = leads.campaign(cast.department_head)
    for by in (cast.manager, cast.marketer):
        with pytest.raises(PermissionDenied):
            searching.edit_campaign(made.pk, by=by, version=1, cost=D("1.00"))
    version = channel.version
    planned = searching.plan_channel(
        channel.pk, by=cast.director, version=version, priority=1, plan="Две выставки в год"
    )
    assert (planned.priority, planned.plan) == (1, "Две выставки в год")
    with pytest.raises(StaleVersion):
        searching.plan_channel(channel.pk, by=cast.director, version=version, priority=2, plan="")


def test_a_campaign_is_planned_once_and_stays_on_its_channel_once_leads_came(cast):
    head, key = cast.department_head, uuid4()
    values = {
        "name": "Обзвон", "channel": leads.channel("phone"), "starts_on": TODAY,
        "ends_on": TODAY, "target_leads": 5,
    }  # fmt: skip
    one = searching.create_campaign(by=head, key=key, **values)
    assert searching.create_campaign(by=head, key=key, **values) == one
    other = leads.channel()
    with pytest.raises(RuleViolation) as refusal:
        leads.lead(cast.manager, channel=other, campaign=one)
    assert refusal.value.field == "campaign"
    moved = searching.edit_campaign(one.pk, by=head, version=1, channel=other)
    leads.lead(cast.manager, channel=other, campaign=moved)
    with pytest.raises(RuleViolation) as refusal:
        searching.edit_campaign(one.pk, by=head, version=2, channel=leads.channel("phone"))
    assert refusal.value.field == "channel"
    with pytest.raises(RuleViolation) as refusal:
        searching.edit_campaign(one.pk, by=head, version=2, ends_on=TODAY - timedelta(days=1))
    assert refusal.value.field == "ends_on"
    with pytest.raises(StaleVersion):
        searching.edit_campaign(one.pk, by=head, version=1, cost=D("1.00"))


def test_the_channels_of_the_first_day_are_added_once(db):
    SearchChannel.objects.filter(code="fax", leads=None).delete()
    assert seed_channels() == 1
    assert seed_channels() == 0
    fax = SearchChannel.objects.get(code="fax")
    assert (fax.name_ru, fax.name_en, fax.kind) == ("Факс", "Fax", "fax")


def test_a_campaign_tells_the_figures_of_the_company_and_leads_to_what_is_seen(cast):
    campaign = leads.campaign(cast.department_head, target_leads=4)
    for by in (cast.manager, cast.manager2, cast.stranger):
        leads.lead(by, campaign=campaign)
    row = SearchCampaign.objects.for_list().get(pk=campaign.pk)
    assert (row.leads_count, row.converted_count) == (3, 0)
    text = signed_in(cast.manager).get(campaign.get_absolute_url()).content.decode()
    assert f'?campaign={campaign.pk}">' in text
    rows = signed_in(cast.manager).get(
        reverse("clients:lead_list"), {"campaign": campaign.pk}
    ).context["list"].rows  # fmt: skip
    assert len(rows) == 1
    text = signed_in(cast.marketer).get(campaign.get_absolute_url()).content.decode()
    assert "/leads/" not in text


def test_leads_keep_their_owner_from_leaving_and_go_along_to_the_new_unit(cast):
    lead = leads.lead(cast.manager)
    assert leads_of_person(cast.manager2) == []
    assert "1" in leads_of_person(cast.manager)[0].text
    cast.manager.org_unit = cast.other_sector
    actions.follow_owner(cast.manager, cast.admin)
    assert fresh(lead).org_unit == cast.other_sector
    assert Lead.objects.visible_to(cast.stranger_head).filter(pk=lead.pk).exists()


def test_a_client_is_scored_by_who_keeps_its_card(cast):
    client = clients.client(cast.manager)
    for by in (cast.director, cast.accountant):
        with pytest.raises(PermissionDenied):
            score_client(client.pk, Found(GOOD), by=by, today=TODAY)
    first = score_client(client.pk, Found(GOOD), by=cast.manager, today=TODAY)
    second = score_client(client.pk, Found(GOOD), by=cast.sector_head, today=TODAY)
    assert ReliabilityScore.objects.current().get(client=client) == second
    with pytest.raises(IntegrityError, match="reliability_one_of_client"), transaction.atomic():
        ReliabilityScore.objects.filter(pk=first.pk).update(replaced_at=None)
    seen = {
        name for name in ("manager", "manager2", "director", "accountant", "marketer", "stranger")
        if ReliabilityScore.objects.visible_to(getattr(cast, name)).exists()
    }  # fmt: skip
    assert seen == {"manager", "director", "accountant"}
    with pytest.raises(RuleViolation) as refusal:
        score_client(client.pk, Found({**GOOD, "assets": "castle"}), by=cast.manager, today=TODAY)
    assert refusal.value.field == "assets"


def test_dialogs_refuse_at_the_field_and_keep_what_was_typed(cast):
    known = clients.counterparty(clients.client(cast.manager))
    manager = signed_in(cast.manager)
    sent = {
        "name": "ООО «Двойник»", "inn": known.inn, "channel": leads.channel().pk,
        "need_level": "3", "key": str(uuid4()),
    }  # fmt: skip
    answer = manager.post(reverse("clients:lead_create"), sent, **HTMX)
    assert answer.status_code == 422
    assert "inn" in answer.context["form"].errors
    assert "ООО «Двойник»" in answer.content.decode().replace("&quot;", '"')
    assert not Lead.objects.filter(inn=known.inn).exists()
    sent["inn"] = ""
    assert manager.post(reverse("clients:lead_create"), sent, **HTMX).status_code < 400
    lead = Lead.objects.get(name="ООО «Двойник»")
    lost = reverse("clients:lead_act", args=[lead.pk, "lose"])
    assert manager.post(lost, {"version": 1, "reason": " "}, **HTMX).status_code == 422
    score = reverse("clients:lead_score", args=[lead.pk])
    part = {key: value for key, value in GOOD.items() if key != "assets"}
    answer = manager.post(score, {**part, "version": 1}, **HTMX)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["assets"])
    assert manager.post(score, {**GOOD, "version": 1}, **HTMX).status_code == 204
    assert fresh(lead).state == "qualified"
    assert manager.get(reverse("clients:lead_act", args=[lead.pk, "fly"])).status_code == 404


def test_a_page_of_leads_asks_as_much_for_many_as_for_one(cast):
    head = signed_in(cast.department_head)
    address = reverse("clients:lead_list")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert head.get(address).status_code == 200
        return len(queries)

    leads.score(leads.lead(cast.manager), cast.manager)
    asked()
    few = asked()
    for number in range(6):
        one = leads.lead(cast.manager if number % 2 else cast.manager2)
        leads.score(one, cast.department_head)
    assert asked() == few <= 12
