"""People, outlets and needs: create, edit, archive, bring back; refusals change nothing."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from clients.actions import needs, outlets, people
from clients.models import ClientNeed, ContactPerson, Outlet
from crm.errors import RuleViolation, StaleVersion
from tests.factories import clients

DAY = clients.TODAY
NOUNS = {
    "person": (
        ContactPerson,
        people.create_person,
        people.edit_person,
        people.archive_person,
        people.restore_person,
        {"full_name": "Ёжиков Олег", "is_decision_maker": True},
        {"position": "Директор"},
        clients.person,
    ),
    "outlet": (
        Outlet,
        outlets.create_outlet,
        outlets.edit_outlet,
        outlets.archive_outlet,
        outlets.restore_outlet,
        {"name": "Магазин у дома"},
        {"address": "Тверская, 1"},
        clients.outlet,
    ),
    "need": (
        ClientNeed,
        needs.create_need,
        needs.edit_need,
        needs.archive_need,
        needs.restore_need,
        {"subject": "Сыр", "noted_on": DAY},
        {"level": 5},
        clients.need,
    ),
}
nouns = pytest.mark.parametrize("noun", sorted(NOUNS))


@nouns
def test_the_whole_life(cast, noun):
    model, create, edit, archive, restore, values, change, _make = NOUNS[noun]
    client = clients.client(cast.manager)
    made = create(client.pk, by=cast.manager, **values)
    assert made.client_id == client.pk
    edited = edit(made.pk, by=cast.sector_head, version=1, **change)
    (name, value), *_rest = change.items()
    edited.refresh_from_db()
    assert (getattr(edited, name), edited.version) == (value, 2)
    archive(made.pk, by=cast.manager)
    assert not model.objects.open().filter(client=client).exists()
    restore(made.pk, by=cast.manager)
    assert model.objects.open().filter(client=client).exists()
    verbs = [event.pgh_context["verb"] for event in made.events.order_by("pgh_id")]
    assert verbs == [f"{noun}.{verb}" for verb in ("created", "edited", "archived", "restored")]


@nouns
def test_one_render_of_the_form_makes_one_row(cast, noun):
    model, create, _edit, _archive, _restore, values, _change, _make = NOUNS[noun]
    client, key = clients.client(cast.manager), uuid4()
    first = create(client.pk, by=cast.manager, key=key, **values)
    assert create(client.pk, by=cast.manager, key=key, **values) == first
    assert model.objects.count() == 1
    other = clients.client(cast.manager)
    with pytest.raises(RuleViolation):
        create(other.pk, by=cast.manager, key=key, **values)


@nouns
def test_a_stale_version_is_refused(cast, noun):
    _model, _create, edit, _archive, _restore, _values, change, make = NOUNS[noun]
    row = make(clients.client(cast.manager))
    edit(row.pk, by=cast.manager, version=1, **change)
    with pytest.raises(StaleVersion):
        edit(row.pk, by=cast.sector_head, version=1, **change)
    row.refresh_from_db()
    assert row.version == 2


@nouns
@pytest.mark.parametrize("who", ["director", "general_director", "accountant", "lawyer"])
def test_readers_write_nothing(cast, noun, who):
    model, create, edit, archive, _restore, values, change, make = NOUNS[noun]
    row, user = make(clients.client(cast.manager)), getattr(cast, who)
    for attempt in (
        lambda: create(row.client_id, by=user, **values),
        lambda: edit(row.pk, by=user, version=1, **change),
        lambda: archive(row.pk, by=user),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert model.objects.count() == 1
    assert row.events.count() == 1


@nouns
@pytest.mark.parametrize("who", ["stranger", "stranger_head", "manager2", "admin", "purchasing"])
def test_those_who_do_not_see_it_do_not_find_it(cast, noun, who):
    _model, create, edit, archive, _restore, values, change, make = NOUNS[noun]
    row, user = make(clients.client(cast.manager)), getattr(cast, who)
    with pytest.raises(type(row.client).DoesNotExist):
        create(row.client_id, by=user, **values)
    with pytest.raises(type(row).DoesNotExist):
        edit(row.pk, by=user, version=1, **change)
    with pytest.raises(type(row).DoesNotExist):
        archive(row.pk, by=user)
    assert row.events.count() == 1


@nouns
def test_nothing_is_added_to_an_archived_client(cast, noun):
    model, create, _edit, _archive, _restore, values, _change, _make = NOUNS[noun]
    client = clients.client(cast.manager, archived=True)
    with pytest.raises(RuleViolation):
        create(client.pk, by=cast.manager, **values)
    assert not model.objects.exists()


def test_a_person_has_a_name_of_letters(cast):
    client = clients.client(cast.manager)
    with pytest.raises(RuleViolation) as refusal:
        people.create_person(client.pk, by=cast.manager, full_name="—")
    assert refusal.value.field == "full_name"


def test_a_new_name_is_found(cast):
    person = clients.person(clients.client(cast.manager))
    people.edit_person(person.pk, by=cast.manager, version=1, full_name="Ёлкина Зоя")
    person.refresh_from_db()
    assert person.search_key == "елкина зоя"
    person.client.refresh_from_db()
    assert "елкина зоя" in person.client.search.text


def test_decision_makers_complete_the_card_of_a_client(cast):
    from clients.models import Client

    client = clients.client(cast.manager, category="A")
    assert client in Client.objects.without_decision_maker()
    person = clients.person(client, is_decision_maker=True)
    assert client not in Client.objects.without_decision_maker()
    people.archive_person(person.pk, by=cast.manager)
    assert client in Client.objects.without_decision_maker()
