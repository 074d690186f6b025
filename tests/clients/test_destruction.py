"""Personal data: requests, their terms, destruction that leaves no word anywhere (CL-19, D.13)."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from PIL import Image

from clients import legal_grounds
from clients.actions import destruction, subjects
from clients.actions.people import edit_person, restore_person
from clients.models import (
    ContactPerson,
    DestructionAct,
    PersonalDataConsent,
    SubjectRequest,
    SurveyInvitation,
)
from clients.personal_data.masking import DOCUMENTS, words_of
from clients.personal_data.retention import candidates
from crm.accounts.actions import log_access
from crm.calendar import add_working_days
from crm.errors import RuleViolation, StaleVersion
from crm.files.actions import add_file
from crm.history import verb
from crm.imports.actions import upload_import
from crm.imports.models import ImportRow
from crm.notices.actions import notify
from crm.notices.models import Notice
from tests.cast import everybody, signed_in
from tests.factories import claims, clients, contacts, deals, letters, surveys, work
from tests.factories.subjects import proposed, request

NOW, TODAY = timezone.now(), timezone.localdate()
NAME, PHONE, EMAIL = "Канареева Зинаида Фёдоровна", "+79161112233", "zina.canary@acme.example"
SURNAME = "анареев"  # of any case and form
WORDS = (SURNAME, "9161112233", "916) 111", "zina.canary")


def canary(cast, **more):
    """A client without contracts and debts, and the person at it."""
    client = clients.client(cast.manager, name="ООО «Тихая гавань»")
    values = {"full_name": NAME, "phone": PHONE, "email": EMAIL, "birthday": "08.03"} | more
    return surveys.agreed(client, specifics=f"{NAME} любит чай", **values)


def decided(act, by, *, approve=True, comment=""):
    return destruction.decide_destruction(
        act.pk, by=by, version=act.version, approve=approve, comment=comment, now=NOW
    )


def destroyed(cast, person, **more):
    act = decided(proposed(cast, person, **more), cast.director)
    assert destruction.carry_out(act.pk, now=NOW)
    return DestructionAct.objects.get(pk=act.pk)


def words_left(*words):
    """Every column of the whole database that says one of the words, as table.column."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN"
            " information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY')"
        )
        columns = cursor.fetchall()
        assert len(columns) > 800
        for table, column in columns:
            pattern = "|".join(word.replace(")", "\\)") for word in words)
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ~* %s', [pattern]
            )
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


def planted(cast, person):
    """The words wherever people and machines may have left them."""
    client = person.client
    contacts.done(
        client,
        cast.manager,
        NOW,
        person=person,
        summary=f"Канареевой звонили, {PHONE}, просит счёт",
    )
    talk = f"Говорили с Канареевой Зинаидой Фёдоровной, {EMAIL}"
    contacts.done(client, cast.manager, NOW, summary=talk)
    letters.incoming(
        client, cast.manager, person=person, correspondent=NAME, address=EMAIL,
        subject="Письмо Канареевой З. Ф.",
        text="С уважением, З.Ф. Канареева, тел. 8 (916) 111-22-33, 89161112233",
    )  # fmt: skip
    survey = surveys.running(cast.department_head)
    surveys.answer(SurveyInvitation.objects.get(survey=survey), text=f"Спрашивайте {NAME}")
    work.item(cast.sector_head, cast.manager, title=f"Перезвонить: {NAME}")
    with verb("test", by=cast.manager):
        edit_person(
            person.pk, by=cast.manager, version=person.version, position="Директор Канареева",
            full_name="Канареева Зинаида",
        )  # fmt: skip
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    name = "Согласие Канареева Зинаида.png"
    add_file("client", client.pk, by=cast.manager, name=name, content=picture.getvalue())
    content = "Дата;Менеджер;Результат\n01.11.2026;Иванова Анна;Заказ\n".encode()
    job = upload_import(
        by=cast.department_head, kind="contacts", file_name="a.csv", content=content
    )
    ImportRow.objects.create(job=job, number=1, raw=[NAME, PHONE], result="refused", reason="нет")
    notify(cast.manager, kind="test", params={"who": NAME, "to": [EMAIL]}, dedupe_key="canary")
    log_access(cast.manager, kind="export", target=f"clients:person_list?q={NAME}")


def test_after_destruction_the_name_is_found_in_no_table_and_no_history(cast):
    person = canary(cast)
    planted(cast, person)
    before = words_left(*WORDS)
    assert len(before) > 20
    act = destroyed(cast, person)
    assert words_left(*WORDS) == []
    person.refresh_from_db()
    assert person.full_name == f"Контакт №{person.pk} (обезличен)"
    assert (person.phone, person.email, person.birthday, person.specifics) == ("", "", "", "")
    assert person.anonymised_at
    assert not PersonalDataConsent.objects.in_force().filter(person=person).exists()
    assert act.state == "done"
    tables = {(row["table"], row["history"]) for row in act.extract}
    assert {("clients.ContactLog", False), ("clients.ContactLog", True)} <= tables
    assert ("accounts.AccessEvent", True) in tables
    assert {row["table"] for row in act.kept} >= DOCUMENTS


def test_documents_that_the_law_keeps_and_other_people_stay_as_they_are(cast):
    person = canary(cast)
    other = clients.person(person.client, full_name="Канареечкин Павел Ильич", phone="+79160000001")
    over = {"state": "terminated", "end_reason": "Срок", "is_imported": True}
    sale = deals.contract(person.client, client_signatory=NAME, **over)
    contacts.done(person.client, cast.manager, summary="Звонил Канареечкин Павел Ильич")
    destroyed(cast, person)
    sale.refresh_from_db()
    assert sale.client_signatory == NAME
    other.refresh_from_db()
    assert (other.full_name, other.phone) == ("Канареечкин Павел Ильич", "+79160000001")
    assert "contract" in "".join(words_left("Канареева Зинаида"))
    assert words_left("Канареечкин Павел Ильич")


def test_a_namesake_keeps_the_own_name(cast):
    person = canary(cast)
    elsewhere = clients.client(cast.stranger)
    clients.person(elsewhere, full_name=NAME, phone="+79160000002")
    talk = contacts.done(elsewhere, cast.stranger, summary=f"Говорили: {NAME}")
    own = contacts.done(person.client, cast.manager, summary=f"Говорили: {NAME}, {EMAIL}")
    assert words_of(person).has_namesake
    act = destroyed(cast, person)
    talk.refresh_from_db()
    own.refresh_from_db()
    assert NAME in talk.summary
    assert own.summary == "Говорили: ***, ***"
    assert {"table": "", "why": "namesake"} in act.kept
    assert ContactPerson.objects.filter(full_name=NAME).count() == 1


@pytest.mark.parametrize("ground", ["contract", "debt", "claim"])
def test_nothing_is_destroyed_while_a_legal_ground_lives(cast, ground):
    person = canary(cast)
    act = proposed(cast, person)
    {
        "contract": lambda: deals.contract(person.client, state="active"),
        "debt": lambda: deals.invoice(person.client),
        "claim": lambda: claims.claim(person.client),
    }[ground]()
    assert legal_grounds.grounds_of([person.client_id])
    other = clients.person(person.client, full_name="Второй Иван Иванович")
    with pytest.raises(RuleViolation):
        proposed(cast, other)
    with pytest.raises(RuleViolation):
        decided(act, cast.director)
    # Approved before, the ground came up afterwards: declined by itself, nothing is lost.
    DestructionAct.objects.filter(pk=act.pk).update(
        state="approved", decided_by=cast.director, decided_at=NOW
    )
    assert destruction.carry_out_acts(today=TODAY) == 0
    act.refresh_from_db()
    assert act.state == "declined"
    person.refresh_from_db()
    assert (person.full_name, person.anonymised_at) == (NAME, None)


def test_another_person_decides_than_the_one_who_asked(cast):
    person = canary(cast)
    asked = request(cast, person, by=cast.director)
    act = proposed(cast, person, request_id=asked.pk)
    for who in ("lawyer", "department_head", "general_director", "director"):
        with pytest.raises(PermissionDenied):
            decided(act, getattr(cast, who))
    with pytest.raises(IntegrityError, match="destruction_by_four_eyes"), transaction.atomic():
        DestructionAct.objects.filter(pk=act.pk).update(
            state="approved", decided_by=act.proposed_by, decided_at=NOW
        )
    with pytest.raises(RuleViolation):
        proposed(cast, person)  # one at a time
    with pytest.raises(StaleVersion):
        destruction.decide_destruction(
            act.pk, by=cast.admin, version=99, approve=True, comment="", now=NOW
        )
    with pytest.raises(RuleViolation) as refusal:
        decided(act, cast.admin, approve=False)
    assert refusal.value.field == "comment"
    act = decided(act, cast.admin)
    assert destruction.carry_out_acts(today=TODAY) == 1
    assert destruction.carry_out_acts(today=TODAY) == 0  # the second run finds nothing
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("answered", cast.admin)
    with pytest.raises(RuleViolation):
        restore_person(person.pk, by=cast.manager)
    with pytest.raises(RuleViolation):
        request(cast, person, "access")


def masks(act, words, table="clients_contactlogevent", of_person=False):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT klientura_mask_history(%s, %s, %s, %s)", [act, table, words, of_person]
        )
        return cursor.fetchone()[0]


def test_the_door_into_history_opens_for_an_approved_act_and_words_of_its_person_alone(cast):
    person = canary(cast)
    contacts.done(person.client, cast.manager, summary="Обычная запись о деле")
    act = proposed(cast, person)
    with pytest.raises(DatabaseError, match="no approved act"):
        masks(act.pk, [NAME])
    act = decided(act, cast.director)
    with pytest.raises(DatabaseError, match="words that are not of the person"):
        masks(act.pk, ["Обычная запись"])
    with pytest.raises(DatabaseError, match="words that are not of the person"):
        masks(act.pk, ["з"])  # too short to name anybody
    with pytest.raises(DatabaseError, match="not a history"):
        masks(act.pk, [NAME], "clients_contactlog")
    assert masks(act.pk, [NAME]) == 0
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE clients_contactlogevent SET summary = ''")
    destruction.carry_out(act.pk, now=NOW)
    with pytest.raises(DatabaseError, match="no approved act"):
        masks(act.pk, [NAME])


def test_terms_are_working_days_of_the_settings_and_extended_once(cast):
    person = canary(cast)
    day = date(2026, 11, 2)  # 4 November is a holiday
    made = {
        kind: request(cast, person, kind, received_on=day).due_on
        for kind in ("access", "rectify", "block", "destroy", "withdraw")
    }
    assert made["access"] == add_working_days(day, 10) == date(2026, 11, 17)
    assert made["rectify"] == date(2026, 11, 12)
    assert made["withdraw"] == date(2026, 12, 2)
    asked = SubjectRequest.objects.get(kind="access")
    later = subjects.extend_request(asked.pk, by=cast.lawyer, version=1, reason="Архив")
    assert later.due_on == date(2026, 11, 24)
    with pytest.raises(RuleViolation):
        subjects.extend_request(asked.pk, by=cast.lawyer, version=2, reason="Ещё")
    with pytest.raises(RuleViolation) as refusal:
        request(cast, person, "access", received_on=TODAY + timedelta(days=1))
    assert refusal.value.field == "received_on"


@pytest.mark.parametrize("kind", ["withdraw", "block", "destroy"])
def test_whoever_asks_to_stop_is_not_written_to_from_that_moment(cast, kind):
    person = canary(cast)
    survey = surveys.running(cast.department_head)
    assert SurveyInvitation.objects.usable(NOW).filter(survey=survey).exists()
    request(cast, person, kind)
    assert not PersonalDataConsent.objects.in_force().exists()
    assert not SurveyInvitation.objects.usable(NOW).filter(survey=survey).exists()
    person.refresh_from_db()
    assert (person.archived_at is not None) == (kind == "block")


def test_who_sees_and_does_what(cast):
    asked = request(cast, canary(cast), "access")
    sees = {
        who
        for who, person in everybody(cast).items()
        if SubjectRequest.objects.visible_to(person).filter(pk=asked.pk).exists()
    }
    assert sees == {"lawyer", "admin", "department_head", "director", "general_director"}
    for who in ("manager", "sector_head", "admin", "general_director", "accountant"):
        with pytest.raises((PermissionDenied, ContactPerson.DoesNotExist)):
            request(cast, asked.person, "access", by=getattr(cast, who))
    with pytest.raises(ContactPerson.DoesNotExist):
        request(cast, asked.person, "access", by=cast.stranger_head)
    answered = subjects.answer_request(
        asked.pk,
        by=cast.department_head,
        version=1,
        outcome="answered",
        answer="Ответ",
        today=TODAY,
    )
    with pytest.raises(RuleViolation):
        subjects.answer_request(
            asked.pk, by=cast.lawyer, version=answered.version, outcome="refused", answer="Нет",
            today=TODAY,
        )  # fmt: skip


def test_the_clock_recalls_requests_and_names_candidates_once(cast):
    person = canary(cast)
    asked = request(cast, person, "access")
    soon = add_working_days(asked.due_on, -2)
    assert subjects.remind_of_requests(today=asked.received_on) == 0
    assert subjects.remind_of_requests(today=soon) > 0
    assert subjects.remind_of_requests(today=soon) == 0
    assert subjects.remind_of_requests(today=asked.due_on + timedelta(days=1)) > 0
    assert candidates(TODAY) == []
    long_ago = NOW - timedelta(days=400)
    ContactPerson.objects.filter(pk=person.pk).update(archived_at=long_ago)
    held = clients.person(clients.client(cast.manager), archived_at=long_ago)
    deals.invoice(held.client)
    assert [one.person for one in candidates(TODAY)] == [person]
    assert destruction.tell_candidates(today=TODAY) > 0
    assert destruction.tell_candidates(today=TODAY) == 0
    told = Notice.objects.filter(kind="destruction.candidates")
    assert set(told.values_list("user", flat=True)) == {cast.lawyer.pk, cast.admin.pk}
    person.refresh_from_db()
    assert (person.full_name, person.anonymised_at) == (NAME, None)  # nobody destroys by the clock


def test_pages_and_papers_of_a_request_and_of_an_act(cast):
    person = canary(cast)
    contacts.done(person.client, cast.manager, NOW, person=person, summary=f"Была {NAME}")
    asked = request(cast, person, note="Удалите меня")
    browser = signed_in(cast.lawyer)
    page = browser.get(asked.get_absolute_url()).content.decode()
    assert NAME in page
    url = f"/clients/people/{person.pk}/destroy/"
    assert f"{url}?request={asked.pk}" in page
    paper = browser.get(f"/clients/subjects/{asked.pk}/stored.pdf")
    assert paper.content.startswith(b"%PDF")
    for_admin = signed_in(cast.admin).get(asked.get_absolute_url()).content.decode()
    assert NAME not in for_admin  # the administrator sees no clients
    sent = {"reason": "По обращению", "request": asked.pk}
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, sent).status_code == 302
    act = DestructionAct.objects.get()
    assert (act.request, act.ground) == (asked, "demand")
    admin = signed_in(cast.admin)
    decide = f"/clients/destruction/{act.pk}/decide/"
    assert admin.post(decide, {"version": 1, "decision": "decline"}).status_code == 422
    assert admin.post(decide, {"version": 1, "decision": "approve"}).status_code == 302
    assert destruction.carry_out_acts(today=TODAY) == 1
    shown = admin.get(act.get_absolute_url()).content.decode()
    assert f"№{person.pk}" in shown
    assert "Контакты" in shown
    assert "Канареева" not in shown
    assert admin.get(f"/clients/destruction/{act.pk}/act.pdf").content.startswith(b"%PDF")
    tab = browser.get(f"/clients/{person.client_id}/people/").content.decode()
    assert "(обезличен)" in tab
    assert f"/clients/people/{person.pk}/subject/" not in tab
    listed = browser.get("/clients/subjects/").context["list"].rows
    assert [row.pk for row in listed] == [asked.pk]
