"""Competitors: who reads and writes, what a note may say, the comparison (CL-15)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clients.actions import competitors as actions
from clients.actions.competitors import CompetitorValues, NoteValues
from clients.models import Client, Competitor, CompetitorNote
from crm.errors import RuleViolation, StaleVersion
from reports.queries.market import comparison
from tests.cast import signed_in
from tests.factories import clients, market

D = Decimal
TODAY = timezone.localdate()
READERS = {
    "manager", "manager2", "sector_head", "department_head", "director", "general_director",
    "marketer", "purchasing", "stranger", "stranger_head",
}  # fmt: skip


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A", name="ООО «Гость»")


@pytest.fixture
def competitor(cast):
    return market.competitor(cast.manager, name="Восток")


def test_who_reads_the_register_and_the_notes(cast, client, competitor):
    general = market.note(competitor, cast.marketer)
    of_client = market.note(competitor, cast.manager, client=client)
    seen = {
        who: set(CompetitorNote.objects.visible_to(person).values_list("pk", flat=True))
        for who, person in vars(cast).items()
        if hasattr(person, "role")
    }
    whole = {"manager", "sector_head", "department_head", "director", "general_director"}
    whole |= {"marketer"}
    assert {who for who, pks in seen.items() if pks} == READERS
    assert {who for who, pks in seen.items() if of_client.pk in pks} == whole
    assert all(general.pk in seen[who] for who in READERS)
    register = signed_in(cast.stranger).get("/clients/competitors/").context["list"]
    (line,) = register.rows
    assert (line.note_count, line.client_count, line.last_on) == (1, 0, TODAY)
    assert len(signed_in(cast.manager).get(competitor.get_absolute_url()).context["list"].rows) == 2


def test_sales_and_marketing_write_each_name_once(cast, competitor):
    for by in (cast.director, cast.purchasing, cast.accountant):
        with pytest.raises(PermissionDenied):
            market.competitor(by)
    with pytest.raises(RuleViolation) as refusal:
        market.competitor(cast.marketer, name="ВОСТОК")
    assert refusal.value.field == "name"
    away = actions.archive_competitor(competitor.pk, by=cast.marketer, version=competitor.version)
    again = market.competitor(cast.manager2, name="восток")
    with pytest.raises(RuleViolation):
        actions.restore_competitor(away.pk, by=cast.manager, version=away.version)
    with pytest.raises(PermissionDenied):
        market.note(away, cast.manager)
    values = CompetitorValues(name="Восток-2")
    with pytest.raises(StaleVersion):
        actions.edit_competitor(again.pk, values, by=cast.manager, version=9)
    actions.edit_competitor(again.pk, values, by=cast.manager, version=again.version)
    assert actions.restore_competitor(away.pk, by=cast.manager, version=away.version)


def test_a_note_is_written_once_for_a_form_and_says_something(cast, client, competitor):
    key = uuid4()
    values = NoteValues(aspect="deferral", value=D(45), source="Закупщик", noted_on=TODAY)
    known = {"by": cast.manager, "key": key, "today": TODAY, "client_id": client.pk}
    made = actions.add_note(competitor.pk, values, **known)
    assert actions.add_note(competitor.pk, values, **known) == made
    for field, wrong in (
        ("noted_on", {"noted_on": TODAY + timedelta(days=1), "text": "Завтра"}),
        ("text", {"aspect": "service", "text": ""}),
        ("value", {"aspect": "service", "value": D(1)}),
        ("value", {"aspect": "retro", "value": D("100.01")}),
    ):
        with pytest.raises(RuleViolation) as refusal:
            market.note(competitor, cast.manager, **wrong)
        assert refusal.value.field == field
    assert CompetitorNote.objects.count() == 1


def test_of_a_client_those_write_who_keep_its_card(cast, client, competitor):
    for by in (cast.marketer,):
        with pytest.raises(PermissionDenied):
            market.note(competitor, by, client=client)
    with pytest.raises(Client.DoesNotExist):
        market.note(competitor, cast.stranger, client=client)
    note = market.note(competitor, cast.manager, client=client)
    values = NoteValues(aspect="discount", value=D(9), source="Прайс", noted_on=TODAY)
    known = {"version": note.version, "today": TODAY}
    with pytest.raises(PermissionDenied):
        actions.edit_note(note.pk, values, by=cast.marketer, **known)
    changed = actions.edit_note(note.pk, values, by=cast.sector_head, **known)
    assert (changed.value, changed.author, changed.client) == (D(9), cast.manager, client)
    with pytest.raises(StaleVersion):
        actions.edit_note(note.pk, values, by=cast.manager, **known)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("competitor_note_says_something", {"value": None}),
        ("competitor_value_of_what_is_measured", {"aspect": "service"}),
        ("competitor_value_of_what_is_measured", {"value": D(-1)}),
        ("competitor_percentage_up_to_100", {"value": D(101)}),
    ],
)
def test_the_table_refuses_nonsense(cast, competitor, name, change):
    note = market.note(competitor, cast.manager)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        CompetitorNote.objects.filter(pk=note.pk).update(**change)


def test_the_table_has_each_name_once(cast, competitor):
    with pytest.raises(IntegrityError, match="competitor_name_once"), transaction.atomic():
        Competitor.objects.create(name="восток", author=cast.manager)


def test_the_newest_note_stands_beside_our_terms_and_leads_to_the_notes(cast, client, competitor):
    def told(days, value, **more):
        day = TODAY - timedelta(days=days)
        return market.note(competitor, cast.manager, aspect="discount", value=D(value),
                           noted_on=day, **more)  # fmt: skip

    told(200, "3")
    told(9, "5")
    told(5, "7.5", client=client)
    told(1, "6")
    market.note(competitor, cast.manager, text="Возит раз в неделю")
    us, them = comparison(cast.manager, None)
    assert (us["competitor"], us["deferral"].startswith("A: ")) == ("Наши условия", True)
    assert them["discount"] == f"6 % ({TODAY - timedelta(days=1):%d.%m.%Y})"
    assert them["service"].startswith("Возит раз в неделю")
    us, them = comparison(cast.manager, client)
    assert them["discount"].startswith("7,50 %")
    assert us["deferral"]
    shown = signed_in(cast.manager).get(them["discount_url"]).context["list"].rows
    assert [note.value for note in shown] == [D("6.00"), D("7.50"), D("5.00"), D("3.00")]
    foreign = comparison(cast.purchasing, None)[1]
    assert foreign["discount"].startswith("6 %")
    assert "deferral" not in comparison(cast.marketer, None)[0]
    page = signed_in(cast.manager).get(reverse("reports:report", args=["competitors"]))
    assert "Восток" in page.content.decode()


def test_what_is_old_is_called_so(cast, competitor):
    market.note(competitor, cast.manager, noted_on=TODAY - timedelta(days=181))
    assert "устарело" in comparison(cast.manager, None)[1]["discount"]


def test_the_card_of_the_client_shows_and_takes_notes(cast, client, competitor):
    browser = signed_in(cast.manager)
    address = reverse("clients:competitor_note_of", args=[client.pk])
    data = {"competitor": competitor.pk, "aspect": "deferral", "value": "45", "source": "Закупщик",
            "noted_on": f"{TODAY}"}  # fmt: skip
    assert browser.post(address, data | {"source": ""}).status_code == 422
    assert browser.post(address, data).status_code == 302
    tab = browser.get(reverse("clients:recommendation_tab", args=[client.pk])).content.decode()
    assert "45 дней" in tab
    note = CompetitorNote.objects.get()
    edit = reverse("clients:competitor_note_edit", args=[note.pk])
    late = browser.post(edit, data | {"version": 9})
    assert late.status_code == 409
    assert browser.post(edit, data | {"version": 1, "value": "60"}).status_code == 302
    assert CompetitorNote.objects.get().value == D(60)
    history = browser.get(f"{competitor.get_absolute_url()}history/").content.decode()
    assert "60" in history
