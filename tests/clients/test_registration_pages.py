"""Pages of registration sheets: typed, refused, saved; every number leads to its sheets."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clients.models import (
    RegistrationCampaign,
    RegistrationQuestion,
    RegistrationSheet,
)
from crm.accounts.models import User
from crm.calendar import month_end
from reports.grounds import registry as grounds
from reports.models import IncentiveSheet
from reports.sampling import sources
from tests.cast import fresh, signed_in
from tests.factories import accounts, clients, control, registration

REGISTER = "/clients/sheets/"
HTMX = {"HX-Request": "true"}
TODAY = timezone.localdate()


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="B", phone="+79161234567", name="ООО «Василёк»")


@pytest.fixture
def sheet(client, cast):
    return registration.sheet(client, cast.department_head)


@pytest.fixture
def manager(cast):
    return signed_in(cast.manager)


def test_a_number_that_is_none_is_not_called_a_quantity(sheet, manager):
    data = {"version": "1", "q_potential": "много"}
    answer = manager.post(f"{sheet.get_absolute_url()}save/", data, headers=HTMX)
    assert answer.status_code == 422
    assert "Введите число, не больше трёх знаков после запятой." in answer.content.decode()


def test_a_new_sheet_shows_what_the_card_knows_and_saves_it_as_it_is_typed(sheet, manager):
    url = sheet.get_absolute_url()
    page = manager.get(url).content.decode()
    assert "+7 (916) 123-45-67" in page
    assert registration.current(sheet).state == "not_started"  # nothing is saved by looking
    data = {"version": "1", "q_phone": "8 916 123 45 67", "q_potential": "120 000,50"}
    answer = manager.post(f"{url}save/", data, headers=HTMX)
    assert answer.status_code == 200
    saved = registration.current(sheet)
    assert saved.answers == {"phone": "+79161234567", "potential": "120000.5"}
    assert (saved.state, saved.version) == ("in_progress", 2)
    assert 'value="2" hx-swap-oob="true"' in answer.content.decode()


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("inn", "7707083894"), ("phone", "12"), ("email", "нет"), ("potential", "много"),
        ("potential", "-5"), ("checked_on", "31.02.2026"), ("business", "Чужое"),
        ("needs", "\0"), ("legal_name", "ы" * 1001),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_at_its_field_and_nothing_is_kept(sheet, manager, code, value):
    url, data = sheet.get_absolute_url(), {"version": "1", "q_address": "Москва"}
    for step in ("save", "submit"):
        answer = manager.post(f"{url}{step}/", data | {f"q_{code}": value}, headers=HTMX)
        assert answer.status_code == 422
        place = re.search(rf'id="sheet-error-{code}"[^>]*>(.*?)</div>', answer.content.decode())
        assert place[1].strip()
    now = registration.current(sheet)
    assert (now.answers, now.version) == ({}, 1)


def test_handing_in_names_each_missing_answer_and_keeps_what_was_typed(sheet, manager):
    url, data = sheet.get_absolute_url(), registration.typed(sheet)
    del data["q_rivals"]
    refused = manager.post(f"{url}submit/", data | {"q_needs": "Чай & кофе"}, headers=HTMX)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Чай &amp; кофе" in page
    assert "исправьте отмеченные ответы" in page
    errors = dict(re.findall(r'id="sheet-error-(\w+)">(?:<div>(.*?)</div>)?', page))
    assert [code for code, text in errors.items() if text] == ["rivals"]
    assert registration.current(sheet).state == "not_started"
    done = manager.post(f"{url}submit/", data | {"q_rivals": "Сосед"}, headers=HTMX)
    assert done.headers["HX-Redirect"] == url
    assert registration.current(sheet).state == "submitted"
    # The last change of a field that comes after the handing in says and changes nothing.
    kept = registration.current(sheet)
    assert manager.post(f"{url}save/", data, headers=HTMX).status_code == 204
    assert manager.post(f"{url}save/", data).status_code == 403
    assert registration.current(sheet).version == kept.version


def test_a_stale_draft_overwrites_nothing(cast, sheet, manager):
    registration.filled(sheet, cast.manager, address="Тула")
    data = {"version": "1", "q_address": "Москва"}
    answer = manager.post(f"{sheet.get_absolute_url()}save/", data, headers=HTMX)
    assert answer.status_code == 422 or answer.status_code == 409
    assert registration.current(sheet).answers == {"address": "Тула"}


def test_the_head_reads_what_differs_approves_and_goes_on(cast, client, sheet):
    registration.submitted(sheet, cast.manager, phone="+79990000000", potential="700000")
    head, url = signed_in(cast.sector_head), sheet.get_absolute_url()
    page = head.get(url).content.decode()
    assert "В карточке: +7 (916) 123-45-67" in page
    assert "не та, что у клиента" in page
    stale = head.post(f"{url}approve/", {"version": 2}, headers=HTMX)
    assert (stale.status_code, registration.current(sheet).state) == (409, "submitted")
    empty = head.post(f"{url}return/", {"version": 3, "reason": ""}, headers=HTMX)
    assert empty.status_code == 422
    assert head.post(f"{url}approve/", {"version": 3}, headers=HTMX).status_code == 204
    mine = signed_in(cast.manager).get(url).content.decode()
    wanted = f"/clients/{client.pk}/category/request/?to=A"
    assert wanted in mine
    form = signed_in(cast.manager).get(wanted, headers=HTMX).content.decode()
    assert re.search(r'value="A"[^>]*checked', form)


def test_many_are_approved_from_the_register_in_the_versions_that_were_shown(cast, sheet):
    other = clients.client(cast.manager, category="C", name="Другой")
    page = signed_in(cast.sector_head)
    registration.submitted(sheet, cast.manager)
    shown = page.get(f"{REGISTER}approve/", {"ids": [sheet.pk, 10**12]}, headers=HTMX)
    seen = re.findall(r'name="seen" value="([0-9:]+)"', shown.content.decode())
    assert seen == [f"{sheet.pk}:3"]
    assert page.post(f"{REGISTER}approve/", {}, headers=HTMX).status_code == 422
    done = page.post(f"{REGISTER}approve/", {"seen": [*seen, "x", "5:y"]}, headers=HTMX)
    assert done.headers["HX-Redirect"] == REGISTER
    assert registration.current(sheet).state == "approved"
    assert not RegistrationSheet.objects.filter(client=other).exists()


def test_every_number_of_a_campaign_leads_to_as_many_sheets(cast, sheet):
    for number in range(3):
        clients.client(cast.manager2, category="C", name=f"К{number}")
    head = signed_in(cast.department_head)
    head.post(f"/clients/campaigns/{sheet.campaign_id}/add/", {"version": 2}, headers=HTMX)
    first, second, _third = RegistrationSheet.objects.filter(manager=cast.manager2).order_by("pk")
    registration.approved(first, cast.manager2, cast.sector_head)
    registration.submitted(second, cast.manager2)
    RegistrationSheet.objects.filter(pk=sheet.pk).update(deadline=TODAY - timedelta(days=1))
    page = head.get(sheet.campaign.get_absolute_url()).content.decode()
    cells = re.findall(r'<a href="(/clients/sheets/\?[^"]+)">([0-9]+)</a>', page)
    assert len(cells) == 35  # seven figures of two units, two managers and the total
    for address, number in cells:
        found = head.get(address.replace("&amp;", "&")).content.decode()
        rows = len(re.findall(r'<a[^>]* href="/clients/sheets/[0-9]+/', found))
        assert rows == int(number), address
    asked = parse_qs(urlsplit(cells[0][0].replace("&amp;", "&")).query)
    assert asked["campaign"] == [str(sheet.campaign_id)]


def test_the_register_of_a_campaign_leaves_no_sheet_out_whose_day_is_another(cast, sheet):
    registration.approved(sheet, cast.manager, cast.sector_head)
    for _number in range(3):
        clients.client(cast.manager2, category="C")
    head, campaign = signed_in(cast.department_head), sheet.campaign
    head.post(f"/clients/campaigns/{campaign.pk}/add/", {"version": 2}, headers=HTMX)
    early, late, _same = RegistrationSheet.objects.filter(manager=cast.manager2).order_by("-pk")
    RegistrationSheet.objects.filter(pk=early.pk).update(deadline=TODAY - timedelta(days=40))
    RegistrationSheet.objects.filter(pk=late.pk).update(deadline=TODAY + timedelta(days=90))
    for sort in ("deadline", "-deadline", "-completeness"):
        found = head.get(f"{REGISTER}?campaign={campaign.pk}&sort={sort}").content.decode()
        rows = re.findall(r'<a[^>]* href="/clients/sheets/([0-9]+)/', found)
        assert sorted(map(int, rows)) == sorted(
            RegistrationSheet.objects.values_list("pk", flat=True)
        )
        assert "1–4 из 4" in found
    empty = RegistrationCampaign.objects.create(
        year=campaign.year - 1, org_unit=cast.department, deadline=TODAY, state="running",
        started_on=TODAY, questions=campaign.questions, author=cast.department_head,
    )  # fmt: skip
    found = head.get(f"{REGISTER}?campaign={empty.pk}").content.decode()
    assert not re.search(r'<a[^>]* href="/clients/sheets/[0-9]+/', found)


def test_the_register_goes_by_the_day_page_by_page_whoever_looks(cast):
    first = TODAY.replace(month=3, day=1)
    for number in range(30):
        one = clients.client(cast.manager, category="C")
        registration.empty_sheet(one, first + timedelta(days=number * 7 % 9))
    registration.empty_sheet(clients.client(cast.stranger, category="C"), first)
    for person, count in ((cast.department_head, 30), (cast.manager, 30), (cast.director, 31)):
        by_day = RegistrationSheet.objects.visible_to(fresh(person)).order_by("deadline", "pk")
        due = [f"/clients/sheets/{pk}/" for pk in by_day.values_list("pk", flat=True)]
        assert len(due) == count
        for sort, wanted in (("deadline", due), ("-deadline", due[::-1])):
            assert walked(signed_in(person), f"{REGISTER}?sort={sort}") == wanted


def walked(browser, address):
    """The sheets of the page and of the one after it."""
    shown = browser.get(address).content.decode()
    after = re.search(r'href="([^"]*[?&;]after=[^"]*)"', shown)[1].replace("&amp;", "&")
    pages = shown + browser.get(after if after[0] == "/" else REGISTER + after).content.decode()
    return re.findall(r'<a[^>]* href="(/clients/sheets/[0-9]+/)', pages)


def test_a_client_with_a_sheet_of_another_campaign_of_the_year_misses_none(cast, client, sheet):
    head, campaign = signed_in(cast.department_head), sheet.campaign

    def missing():
        with CaptureQueriesContext(connection) as made:
            page = head.get(campaign.get_absolute_url())
        assert len(made) <= 12
        return page.context["page"].missing

    assert missing() == 0
    newcomer = clients.client(cast.manager, category="C")
    assert missing() == 1
    elsewhere = RegistrationCampaign.objects.create(
        year=campaign.year, org_unit=cast.other_department, deadline=TODAY, state="running",
        started_on=TODAY, questions=campaign.questions, author=cast.stranger_head,
    )  # fmt: skip
    RegistrationSheet.objects.create(
        campaign=elsewhere, client=newcomer, manager=cast.manager, deadline=TODAY, required_count=1
    )
    assert missing() == 0


def test_counts_are_of_the_rows_that_are_seen(cast, sheet):
    accounts.delegation(cast.stranger, cast.department_head, first=TODAY, last=TODAY)
    foreign = clients.client(cast.stranger, category="C")
    registration.sheet(foreign, cast.stranger_head)
    for person in (cast.manager, cast.manager2, cast.sector_head, cast.department_head,
                   cast.director, cast.stranger, cast.logistics):  # fmt: skip
        viewer = fresh(person)
        seen = RegistrationSheet.objects.visible_to(viewer).values_list("pk", flat=True)
        summed = RegistrationSheet.objects.in_sums_of(viewer).values_list("pk", flat=True)
        assert sorted(summed) == sorted(seen)
    assert RegistrationSheet.objects.in_sums_of(fresh(cast.department_head)).count() == 2


def test_pages_take_as_many_queries_for_many_sheets_as_for_one(cast, sheet, manager):
    addresses = [
        REGISTER, sheet.campaign.get_absolute_url(), sheet.get_absolute_url(),
        reverse("clients:sheets_tab", args=[sheet.client_id]), "/clients/campaigns/",
    ]  # fmt: skip
    head = signed_in(cast.department_head)

    def count(browser, address):
        browser.get(address)
        with CaptureQueriesContext(connection) as made:
            assert browser.get(address).status_code == 200
        return len(made)

    before = [count(browser, address) for browser in (head, manager) for address in addresses]
    for number in range(12):
        clients.client(cast.manager2 if number % 2 else cast.manager, category="A")
    head.post(f"/clients/campaigns/{sheet.campaign_id}/add/", {"version": 2}, headers=HTMX)
    after = [count(browser, address) for browser in (head, manager) for address in addresses]
    assert max(after) <= 12
    assert all(late <= early + 1 for early, late in zip(before, after, strict=True))


def test_a_campaign_is_drawn_up_begun_moved_and_closed_from_its_page(cast, client):
    head = signed_in(cast.department_head)
    data = {"year": TODAY.year, "deadline": f"{TODAY - timedelta(days=1)}"}
    data["org_unit"] = cast.department.pk
    new = "/clients/campaigns/new/"
    assert head.post(new, data, headers=HTMX).status_code == 422
    foreign = data | {"org_unit": cast.other_department.pk, "deadline": f"{TODAY}"}
    assert head.post(new, foreign, headers=HTMX).status_code == 422
    registration.seed_questions()
    made = head.post(new, data | {"deadline": f"{TODAY}"}, headers=HTMX)
    url = RegistrationCampaign.objects.get().get_absolute_url()
    assert made.headers["HX-Redirect"] == url
    twice = head.post(new, data | {"deadline": f"{TODAY}"}, headers=HTMX)
    assert twice.status_code == 422
    assert client.get_absolute_url() not in head.get(url).content.decode()
    assert head.post(f"{url}start/", {"version": 1}, headers=HTMX).status_code == 204
    later = f"{TODAY + timedelta(days=9)}"
    moved = head.post(f"{url}deadline/", {"version": 2, "deadline": later}, headers=HTMX)
    assert moved.status_code == 204
    assert f"{RegistrationSheet.objects.get().deadline}" == later
    assert head.post(f"{url}close/", {"version": 3}, headers=HTMX).status_code == 204
    assert RegistrationCampaign.objects.get().state == "closed"


def test_questions_are_a_dictionary_that_refuses_what_does_not_go_together(cast):
    admin, url = signed_in(cast.admin), "/clients/dictionaries/questions/new/"
    data = {
        "code": "shelf", "name_ru": "Полка", "name_en": "Shelf", "order": 5, "kind": "choice",
        "required": "on", "categories": ["A", "C"], "known": "",
    }  # fmt: skip
    for wrong in (
        {},
        {"options_ru": "Да\nНет", "options_en": "Yes"},
        {"options_ru": "Да\nДа", "options_en": "Yes\nNo"},
        {"kind": "text", "options_ru": "Да", "options_en": "Yes"},
        {"kind": "text", "known": "potential"},
    ):
        assert admin.post(url, data | wrong, headers=HTMX).status_code == 422
    right = data | {"options_ru": "Да\n\n Нет ", "options_en": "Yes\nNo"}
    assert admin.post(url, right, headers=HTMX).status_code == 204
    made = RegistrationQuestion.objects.get(code="shelf")
    assert (made.categories, made.required) == (["A", "C"], True)
    page = admin.get("/clients/dictionaries/").content.decode()
    assert "Полка" in page


def test_checks_reports_and_sheets_of_pay_know_the_sheets(cast, sheet):
    source = sources.get("sheets")
    assert source.frame([cast.manager.pk], TODAY, TODAY) == [sheet.pk]
    assert source.frame([cast.manager2.pk], TODAY, TODAY) == []
    before = sheet.campaign.started_on - timedelta(days=1)
    assert source.frame([cast.manager.pk], before, before) == []
    point = control.point("sheets")
    check = control.begin(control.planned(cast, point=point))
    assert "ООО «Василёк»" in check.items.get().title
    report = signed_in(cast.sector_head).get(
        reverse("reports:report", args=["registration_campaign"])
    )
    assert f"manager={cast.manager.pk}" in report.content.decode()
    pay = IncentiveSheet(
        employee=cast.manager, month=TODAY.replace(day=1), calculation={"lines": []}
    )
    assert "late_sheet" not in [kind.kind for kind, _facts in grounds.grounds_of(pay)]
    RegistrationCampaign.objects.update(deadline=month_end(TODAY.year, TODAY.month))
    RegistrationSheet.objects.update(deadline=TODAY - timedelta(days=1))
    facts = {kind.kind: found for kind, found in grounds.grounds_of(pay)}
    assert facts["late_sheet"][0].url.endswith(f"manager={cast.manager.pk}")


def test_who_may_look_sees_the_counter_of_what_waits(cast, sheet):
    registration.submitted(sheet, cast.manager)
    from clients.tasks.registration import count_sheets

    people = (cast.manager, cast.sector_head, cast.department_head, cast.stranger_head)
    assert [count_sheets(fresh(person)) for person in people] == [0, 1, 1, 0]


def test_the_history_says_which_answer_who_changed_from_what_to_what(cast, sheet, manager):
    registration.filled(sheet, cast.manager, phone="+79161234567", potential="120000.5")
    registration.returned(sheet, cast.manager, cast.sector_head, reason="Где потенциал?")
    again = {**registration.answers(sheet, potential="300000"), "rivals": "Сосед & Ко"}
    accounts.delegation(cast.manager, cast.manager2, first=TODAY, last=TODAY)
    registration.filled(sheet, cast.manager2, **again)
    registration.submitted(sheet, cast.manager, potential="300000")
    url = f"{sheet.get_absolute_url()}history/"
    page = manager.get(url, headers=HTMX).content.decode()
    entries = [_words(one) for one in page.split('<article class="history-entry">')[1:]]
    handed_in, mended, returned, first, began = entries[:5]
    potential = "Потенциал в месяц, руб."
    assert f"{potential} 250 000 → 300 000" in mended
    assert "Сосед & Ко" in mended
    both = f"{cast.manager2.short_name} (вместо: {cast.manager.short_name})"
    assert both.replace("\xa0", " ") in mended
    assert potential not in handed_in  # it was this already
    assert "Сосед & Ко →" in handed_in
    assert "Где потенциал?" in returned
    assert potential not in returned
    assert f"{potential} 120 000,50 → 250 000" in first
    assert f"{potential} — → 120 000,50" in began
    assert "— → +7 (916) 123-45-67" in began
    User.objects.filter(pk=cast.manager.pk).update(language="en")
    assert "Potential per month, roubles" in manager.get(url, headers=HTMX).content.decode()
    for person in (cast.stranger, cast.logistics, cast.purchasing):
        assert signed_in(person).get(url, headers=HTMX).status_code in {403, 404}


def _words(html):
    """What a person reads of it, every gap one blank."""
    text = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ")
    return " ".join(text.split())
