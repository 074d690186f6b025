"""The history: append-only, complete, and told in words."""

import re

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction
from django.utils import translation

from crm import history
from crm.accounts import actions
from crm.accounts.history_values import shown_fields
from crm.accounts.history_view import history_page
from crm.accounts.history_words import label_of, part_of
from crm.accounts.models import AccessEvent, OrgUnit, Role, User
from crm.history import verb, verb_label
from tests.factories import accounts

JOURNALS = sorted(
    {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, pghistory.models.Event)
    }
    | {AccessEvent._meta.db_table}
)
REWRITES = {
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def words(page):
    """Entries as plain lines: verb, who, changes."""
    return [
        (
            entry.title,
            entry.by,
            entry.on_behalf_of,
            [
                (piece.label, change.label, change.before, change.after)
                for piece in entry.pieces
                for change in piece.changes
            ],
        )
        for entry in page.entries
    ]


@pytest.mark.parametrize("operation", REWRITES)
def test_the_web_may_not_rewrite_history(db, operation):
    assert len(JOURNALS) > 20
    for table in JOURNALS:
        column = "kind" if table == "accounts_accessevent" else "pgh_label"
        statement = REWRITES[operation].format(table=table, column=column)
        with (
            pytest.raises(DatabaseError, match=f"permission denied for table {table}"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_neither_may_the_owner_by_ordinary_statements(committed_db):
    cast = accounts.user()
    accounts.unit()
    actions.log_access(cast, kind="login")
    for table in ("accounts_userevent", "accounts_orgunitevent", "accounts_accessevent"):
        column = "kind" if table == "accounts_accessevent" else "pgh_label"
        for pattern in REWRITES.values():
            with (
                pytest.raises(DatabaseError, match=r"append-only|Cannot (update|delete)"),
                transaction.atomic(using="owner"),
                connections["owner"].cursor() as cursor,
            ):
                cursor.execute(pattern.format(table=table, column=column))


def test_the_web_may_not_switch_the_guards_off(db):
    for statement in (
        "ALTER TABLE accounts_userevent DISABLE TRIGGER ALL",
        "DROP TABLE accounts_userevent",
        "SET session_replication_role = replica",
    ):
        with (
            pytest.raises(DatabaseError, match=r"must be owner|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_every_way_to_write_leaves_an_event(cast):
    person = cast.manager

    def events():
        return person.events.count()

    before = events()
    person.position = "Manager of chains"
    person.save(update_fields=["position"])
    User.objects.filter(pk=person.pk).update(position="Manager of shops")
    person.position = "Manager of kiosks"
    User.objects.bulk_update([person], ["position"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET position = 'x' WHERE id = %s", [person.pk])
    assert events() == before + 4


def test_a_history_says_who_did_what_from_what_to_what(cast):
    actions.edit_user(
        cast.manager.pk,
        by=cast.admin,
        version=cast.manager.version,
        position="Key accounts",
        role=Role.SECTOR_HEAD,
        org_unit=cast.other_sector,
    )
    newest = words(history_page(cast.manager, viewer=cast.admin))[0]
    assert newest == (
        "Employee changed",
        "Ключников\u00a0О.",
        "",
        [
            ("", "Role", "Manager", "Sector head"),
            ("", "Unit", "Сектор север", "Сектор юг"),
            ("", "Position", "—", "Key accounts"),
        ],
    )


def test_a_history_names_the_absent_person_too(cast):
    with verb("user.edited", by=cast.manager2, on_behalf_of=cast.manager):
        User.objects.filter(pk=cast.stranger.pk).update(position="Anything")
    newest = words(history_page(cast.stranger, viewer=cast.admin))[0]
    assert newest[1:3] == ("Ёлкин\u00a0Б.\u00a0С.", "Иванова\u00a0А.\u00a0П.")


def test_writes_without_a_person_are_of_the_system(cast):
    User.objects.filter(pk=cast.stranger.pk).update(position="Anything")
    newest = words(history_page(cast.stranger, viewer=cast.admin))[0]
    assert newest[:2] == ("Changed", "The system")


def test_a_verb_ends_with_its_block(cast):
    with verb("unit.edited", by=cast.admin):
        with verb("user.edited", by=cast.admin, on_behalf_of=cast.director):
            User.objects.filter(pk=cast.manager.pk).update(position="Inner")
        OrgUnit.objects.filter(pk=cast.sector.pk).update(channel="Outer")
    context = cast.sector.events.latest("pgh_id").pgh_context
    assert (context["verb"], context["on_behalf_of"]) == ("unit.edited", None)


def test_every_change_has_a_title_that_begins_like_one():
    for language in ("ru", "en"):
        with translation.override(language):
            titles = [verb_label(name) for name in history._verbs]
            assert len(titles) > 100
            assert [title for title in titles if title[:1] != title[:1].upper()] == []


def test_a_part_of_a_record_stands_in_its_history(cast):
    with verb("unit.edited", by=cast.admin):
        OrgUnit.objects.filter(pk=cast.department.pk).update(territory="North")
        OrgUnit.objects.filter(pk=cast.sector.pk).update(territory="North")
    page = history_page(cast.department, viewer=cast.admin, parts=[cast.department.children.all()])
    assert words(page)[0][3] == [
        ("", "Territory", "—", "North"),
        ("Unit: Сектор север", "Territory", "—", "North"),
    ]


def test_hidden_fields_leave_no_trace(cast):
    with verb("user.edited", by=cast.admin):
        User.objects.filter(pk=cast.manager.pk).update(phone="+79990001122", position="Key")
    page = history_page(cast.manager, viewer=cast.marketer, hidden={"phone"})
    assert "+79990001122" not in str(words(page))
    assert words(page)[0][3] == [("", "Position", "—", "Key")]


def test_pages_follow_each_other_without_gaps_and_repeats(committed_db):
    unit = accounts.unit()
    viewer = accounts.user(role=Role.ADMIN)
    for number in range(60):
        OrgUnit.objects.filter(pk=unit.pk).update(territory=f"Place {number}")
    seen, before = [], ""
    while True:
        page = history_page(unit, viewer=viewer, before=before)
        seen += [line for entry in words(page) for line in entry[3] if line[1] == "Territory"]
        before = page.more
        if not before:
            break
    assert [line[3] for line in seen] == [f"Place {number}" for number in reversed(range(60))]
    assert [line[2] for line in seen][:-1] == [f"Place {n}" for n in reversed(range(59))]


@pytest.mark.parametrize("before", ["", "x", "2026-13-45T99:99", "\x00", "2026-01-01T00:00:00"])
def test_a_made_up_cursor_shows_the_first_page(cast, before):
    assert history_page(cast.manager, viewer=cast.admin, before=before).entries


def test_a_long_history_costs_no_more_queries(cast, django_assert_num_queries):
    for number in range(30):
        with verb("unit.edited", by=cast.admin):
            OrgUnit.objects.filter(pk=cast.sector.pk).update(territory=f"Place {number}")
        if number in (0, 29):
            # events, names of parents, heads, those who acted
            with django_assert_num_queries(4):
                history_page(cast.sector, viewer=cast.admin)


def test_every_column_and_part_of_a_history_has_a_russian_name():
    """A column without one is either named or kept from readers (crm.accounts.history_words)."""
    foreign = set()
    with translation.override("ru"):
        for event in apps.get_models():
            tracked = getattr(event, "pgh_tracked_model", None)
            if tracked is None or not issubclass(event, pghistory.models.Event):
                continue
            told = {
                column.name: label_of(tracked._meta.get_field(column.name))
                for column in shown_fields(event, ())
            }
            if not getattr(tracked, "history_of", ""):
                told[""] = part_of(tracked)
            foreign |= {
                (tracked._meta.label, name, text)
                for name, text in told.items()
                if not re.search("[а-яё№]", text, re.IGNORECASE)
            }
    assert foreign == {("reports.IncentiveSheet", "coefficient", "K")}
