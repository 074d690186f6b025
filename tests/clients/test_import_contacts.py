"""Contacts of files: who, when, with whom; without a client they wait; each once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clients.models import (
    Client,
    ContactLog,
    ContactPerson,
    ContactResult,
    ContactTopic,
    Counterparty,
)
from crm.accounts.models import User
from crm.calendar import is_working_day
from crm.imports.models import ImportRow
from tests.cast import fresh
from tests.factories import categories
from tests.imports.test_lifecycle import applied, checked, counts, undone

CALLS = (
    "Call Id,Agent,Date,Time,Topic,Answered (Y/N),Resolved,Speed of answer in seconds,"
    "AvgTalkDuration,Satisfaction rating\n"
    "ID1,manager,2021-01-01,9:12:58,Contract related,Y,Y,109,0:02:23,3\n"
    "ID2,manager2,2021-01-01,10:00:29,Payment,N,N,,,\n"
    "ID3,Becky,2021-01-02,11:15:22,Payment,Y,N,10,0:01:00,5\n"
)
LOG = "Дата и время;Клиент;Менеджер;Вид;Результат;Примечание;Следующий контакт\n"


def contacts(by, content, **options):
    return applied(fresh(by), content.encode(), "contacts", **options)


def reasons():
    return " ".join(ImportRow.objects.values_list("reason", flat=True))


@pytest.fixture
def romashka(manager):
    return categories.client(manager, name="ООО «Ромашка»", code="K-000777", external_id="R-1")


def test_calls_are_read_and_unknown_people_refused(department_head, manager):
    job = contacts(department_head, CALLS)
    assert counts(job) == {"created": 2, "updated": 0, "unchanged": 0, "refused": 1}
    call = ContactLog.objects.get(external_id="ID1")
    assert (call.manager, call.kind, call.direction, call.state) == (manager, "call", "in", "done")
    assert timezone.localtime(call.done_at).isoformat() == "2021-01-01T09:12:58+03:00"
    assert (call.duration_seconds, call.wait_seconds, call.rating, call.resolved) == (
        143,
        109,
        3,
        True,
    )
    assert (call.client, call.created_by) == (None, department_head)
    assert call.result.code == "information"
    missed = ContactLog.objects.get(external_id="ID2")
    assert (missed.result.code, missed.result.reached, missed.topic.code) == (
        "no_answer",
        False,
        "payment",
    )
    assert "Becky" in reasons()
    assert "Becky" in job.stats["notes"][-1]


def test_the_same_calls_again_change_nothing(department_head):
    contacts(department_head, CALLS)
    again = contacts(department_head, CALLS)
    assert counts(again) == {"created": 0, "updated": 0, "unchanged": 2, "refused": 1}


def test_people_are_added_only_by_those_who_may(department_head, admin):
    contacts(department_head, CALLS, create_people="on")
    assert not User.objects.filter(last_name="Becky").exists()
    job = contacts(admin, CALLS, create_people="on")
    becky = User.objects.get(last_name="Becky")
    assert (becky.role, becky.has_usable_password(), becky.must_change_password) == (
        "manager",
        False,
        True,
    )
    assert job.stats["facts"]["people_created"] == 1
    assert ContactLog.objects.get(external_id="ID3").manager == becky


def test_unknown_topics_become_words_and_known_ones_stay(department_head):
    job = contacts(department_head, CALLS)
    topic = ContactTopic.objects.get(name_en="Contract related")
    assert topic.code == "contract-related"
    assert job.stats["facts"]["topics_created"] == 1
    assert "Contract related" in " ".join(job.stats["notes"])
    assert undone(department_head, job).state == "rolled_back"
    assert not ContactTopic.objects.filter(pk=topic.pk).exists()


def test_a_column_of_notes_taken_for_topics_refuses_the_file(department_head):
    rows = "".join(f"ID{n},manager,2021-01-01,9:00,Topic {n},Y,Y,1,1,3\n" for n in range(60))
    job = checked(
        department_head, (CALLS.split("\n", maxsplit=1)[0] + "\n" + rows).encode(), "contacts"
    )
    assert job.state == "failed"
    assert not ContactTopic.objects.filter(name_en="Topic 1").exists()


@pytest.mark.parametrize(
    "text", ["ООО «Ромашка»", "ооо ромашка", "Ромашка", "K-000777", "k-000777", "R-1", "7707083893",
             "7707083893/775001001"],
)  # fmt: skip
def test_a_client_is_found_by_whatever_it_is_called(department_head, romashka, text):
    Counterparty.objects.create(client=romashka, full_name="A", inn="7707083893", kpp="775001001")
    from clients.keys import set_client_keys

    set_client_keys(romashka)
    romashka.save(update_fields=["sort_key", "search_key"])
    contacts(department_head, LOG + f"01.10.2026 9:00;{text};manager;Звонок;Заказ;;\n")
    assert ContactLog.objects.get().client == romashka


def test_an_unknown_client_and_one_of_several_are_refused(department_head, manager):
    for _n in range(2):
        categories.client(manager, name="Двойник")
    rows = "01.10.2026;Двойник;manager;;;;\n02.10.2026;Никто;manager;;;;\n"
    assert contacts(department_head, LOG + rows).stats["refused"] == 2


def test_a_client_of_another_department_is_unknown(department_head, stranger):
    categories.client(stranger, name="Чужой")
    job = contacts(department_head, LOG + "01.10.2026;Чужой;manager;;;;\n")
    assert job.stats["refused"] == 1
    assert not ContactLog.objects.exists()


def test_a_manager_of_another_department_is_refused(department_head, stranger):
    job = contacts(department_head, LOG + "01.10.2026;;stranger;;;;\n")
    assert job.stats["refused"] == 1


def test_the_dates_of_the_client_follow_and_come_back(department_head, romashka):
    rows = (
        "01.10.2026 9:00;R-1;manager;Звонок;Заказ;;\n"
        "05.10.2026 9:00;R-1;manager;Звонок;Нет ответа;;\n"
    )
    job = contacts(department_head, LOG + rows)
    romashka.refresh_from_db()
    assert timezone.localtime(romashka.last_contact_at).day == 1  # nobody answered later
    undone(department_head, job)
    romashka.refresh_from_db()
    assert romashka.last_contact_at is None


def test_the_next_contact_is_planned_on_a_working_day(department_head, romashka):
    today = timezone.localdate()
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 + 7)
    row = f"01.10.2026 9:00;R-1;manager;Встреча;Договорённость;;{saturday:%d.%m.%Y}\n"
    contacts(department_head, LOG + row)
    done = ContactLog.objects.get(state="done")
    planned = ContactLog.objects.get(state="planned")
    assert done.successor == planned
    assert (planned.kind, planned.client) == ("meeting", romashka)
    assert is_working_day(timezone.localtime(planned.planned_at).date())
    romashka.refresh_from_db()
    assert romashka.next_contact_at == planned.planned_at


def test_a_past_next_contact_is_not_planned(department_head, romashka):
    contacts(department_head, LOG + "01.10.2026 9:00;R-1;manager;;;;02.10.2026\n")
    assert not ContactLog.objects.filter(state="planned").exists()


def test_a_row_without_an_id_is_known_by_what_it_says(department_head, romashka):
    row = "01.10.2026 9:00;R-1;manager;Звонок;Заказ;Звонил;\n"
    contacts(department_head, LOG + row)
    job = contacts(department_head, LOG + row + row.replace("Звонил", "Перезвонил"))
    assert counts(job) == {"created": 1, "updated": 0, "unchanged": 1, "refused": 0}
    twice = contacts(department_head, LOG + row + row)
    assert counts(twice)["refused"] == 1


def test_an_id_that_means_another_contact_is_refused(department_head):
    contacts(department_head, CALLS)
    job = contacts(department_head, CALLS.replace("2021-01-01,9:12:58", "2021-02-01,9:12:58"))
    assert counts(job) == {"created": 0, "updated": 0, "unchanged": 1, "refused": 2}


def test_a_corrected_file_corrects_contacts_that_nobody_touched(department_head):
    contacts(department_head, CALLS)
    ContactLog.objects.filter(external_id="ID2").update(version=2)
    changed = CALLS.replace("0:02:23,3", "0:02:24,4").replace("Payment,N", "Price,Y")
    job = contacts(department_head, changed)
    assert counts(job) == {"created": 0, "updated": 1, "unchanged": 1, "refused": 1}
    assert ContactLog.objects.get(external_id="ID1").rating == 4
    assert undone(department_head, job).state == "rolled_back"
    assert ContactLog.objects.get(external_id="ID1").rating == 3


def test_a_contact_gets_its_client_from_a_later_file(department_head, romashka):
    header, first = CALLS.split("\n")[:2]
    contacts(department_head, f"{header}\n{first}\n")
    job = contacts(department_head, f"{header},Клиент\n{first},R-1\n")
    assert counts(job)["updated"] == 1
    assert ContactLog.objects.get().client == romashka
    romashka.refresh_from_db()
    assert romashka.last_contact_at is not None


def test_a_person_of_the_client_is_named(department_head, romashka):
    from crm.names import search_key

    person = ContactPerson.objects.create(
        client=romashka, full_name="Совин Олег", search_key=search_key("Совин Олег")
    )
    header = "Дата;Клиент;Менеджер;Контактное лицо\n"
    contacts(
        department_head,
        header + "01.10.2026;R-1;manager;совин олег\n02.10.2026;R-1;manager;Кто-то\n",
    )
    first, second = ContactLog.objects.order_by("done_at")
    assert first.person == person
    assert (second.person, second.summary) == (None, "Контактное лицо: Кто-то")


def test_times_of_another_zone_are_moved(department_head):
    contacts(department_head, CALLS, time_zone="Asia/Vladivostok")
    call = ContactLog.objects.get(external_id="ID1")
    assert timezone.localtime(call.done_at).isoformat() == "2021-01-01T02:12:58+03:00"


def test_options_speak_where_rows_are_silent(department_head, manager2, romashka):
    contacts(
        department_head,
        "Дата;Комментарий\n01.10.2026;x\n",
        client="K-000777",
        manager=str(manager2.pk),
        kind="visit",
        direction="in",
    )
    contact = ContactLog.objects.get()
    assert (contact.client, contact.manager, contact.kind, contact.direction) == (
        romashka,
        manager2,
        "visit",
        "in",
    )


@pytest.mark.parametrize(
    "row",
    [
        "31.02.2026;;manager;;;;",
        ";;manager;;;;",
        "01.10.2099;;manager;;;;",
        "01.10.2026 25:00;;manager;;;;",
        "01.10.2026;;;;;;",
        "01.10.2026;;manager;Полёт;;;",
        "01.10.2026;;manager;;Чудо;;",
        "01.10.2026;;manager;;;A\x07;",
        "01.10.2026;;lawyer;;;;",
        "01.10.2026;;manager;;;;99.99.2026",
    ],
)
def test_a_wrong_row_is_refused_and_the_others_are_taken(department_head, row):
    job = contacts(department_head, LOG + row + "\n02.10.2026;;manager;;;;\n")
    assert counts(job) == {"created": 1, "updated": 0, "unchanged": 0, "refused": 1}
    assert ImportRow.objects.refused().get().reason


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [("143", 143), ("0:02:23", 143), ("2:23", 143), ("01:00:00", 3600), ("143.0", 143)],
)
def test_durations_are_read_in_any_writing(department_head, cell, seconds):
    contacts(department_head, f"Дата;Менеджер;Длительность\n01.10.2026;manager;{cell}\n")
    assert ContactLog.objects.get().duration_seconds == seconds


def test_contacts_of_the_command_line_have_no_author_and_everybodys_clients(stranger, db):
    from crm.imports import actions

    hidden = categories.client(stranger, name="Чужой", external_id="X")
    done = actions.import_file(
        "contacts",
        by=None,
        file_name="c.csv",
        content=(LOG + "01.10.2026;X;stranger;;;;\n").encode(),
        columns={},
        options={},
        now=timezone.now(),
        dry=False,
    )
    assert done.summary.created == 1
    assert ContactLog.objects.get().client == hidden


def test_a_result_archived_since_is_still_understood(department_head):
    ContactResult.objects.filter(code="order").update(archived_at=timezone.now())
    contacts(department_head, LOG + "01.10.2026;;manager;;Заказ;;\n")
    assert ContactLog.objects.get().result.code == "order"


def test_queries_do_not_grow_with_the_rows(department_head, manager, django_assert_max_num_queries):
    from crm.imports import actions
    from tests.imports.test_lifecycle import uploaded

    names = [categories.client(manager, external_id=f"X{n}").external_id for n in range(30)]
    rows = "".join(
        f"01.10.2026 9:{n % 60:02d};{names[n % 30]};manager;;;{n};\n" for n in range(900)
    )
    job = uploaded(department_head, (LOG + rows).encode(), "contacts")
    job = actions.check_columns(
        job.pk, by=department_head, version=job.version, columns=job.mapping, options={}
    )
    with django_assert_max_num_queries(70):
        actions.perform(job.pk)
    assert Client.objects.count() == 30
