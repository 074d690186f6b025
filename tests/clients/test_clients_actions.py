"""Creating, editing, archiving clients: what is written, and that a refusal writes nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from clients.actions import clients as actions
from clients.models import (
    CategoryProposal,
    Client,
    ClientAssignment,
    ContactPerson,
    Counterparty,
)
from crm.accounts.models import Role
from crm.errors import RuleViolation, StaleVersion
from tests.cast import everybody, fresh
from tests.factories import accounts, clients

TODAY = clients.TODAY
TABLES = (
    *("clients_client", "clients_counterparty", "clients_contactperson", "clients_outlet"),
    *("clients_clientneed", "clients_bankaccount", "clients_clientassignment"),
    *("clients_clienttransfer", "clients_categoryproposal", "notices_notice"),
    *("approvals_approval", "work_numbersequence"),
)


def contents():
    """Everything that the actions of this file may write."""
    with connection.cursor() as cursor:
        found = []
        for table in TABLES:
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            found.append((table, cursor.fetchone()[0]))
    return found


def create(by, **more):
    new = more.pop("new", None)
    values = {"name": "ООО «Новый»", "kind": "legal", "status": "prospect", **more}
    return actions.create_client(by=by, today=TODAY, new=new, **values)


def test_a_manager_adds_a_client_with_owner_requisites_person_and_a_proposal(cast):
    inn = clients.inn()
    new = actions.NewClient(
        category="A",
        category_reason="Крупная сеть",
        counterparty={"full_name": "ООО «Новый»", "inn": inn, "kpp": "770101001"},
        person={"full_name": "Кузнецов Иван", "is_decision_maker": True},
    )
    made = create(cast.manager, new=new, phone="+74951234567", tags=["сеть"])
    assert made.code.startswith("K-")
    assert (made.manager, made.org_unit) == (cast.manager, cast.sector)
    assert made.actualised_on == TODAY
    assert made.created_by == cast.manager
    assert made.category is None
    row = ClientAssignment.objects.get(client=made)
    assert (row.manager, row.valid_from, row.valid_to) == (cast.manager, TODAY, None)
    assert Counterparty.objects.get(client=made).is_main
    assert ContactPerson.objects.get(client=made).is_decision_maker
    proposal = CategoryProposal.objects.get(client=made)
    assert (proposal.category, proposal.reason) == ("A", "Крупная сеть")


def test_a_department_head_who_names_a_category_decides_it(cast):
    made = create(
        cast.department_head, new=actions.NewClient(manager_id=cast.manager2.pk, category="B")
    )
    assert (made.category, made.category_since) == ("B", TODAY)
    assert made.manager == cast.manager2


def test_codes_follow_one_another(cast):
    first, second = create(cast.manager), create(cast.manager)
    assert int(second.code[2:]) == int(first.code[2:]) + 1


def test_a_manager_cannot_give_a_new_client_to_another(cast):
    before = contents()
    with pytest.raises(RuleViolation):
        create(cast.manager, new=actions.NewClient(manager_id=cast.manager2.pk))
    assert contents() == before


def test_a_head_cannot_give_a_new_client_outside_the_subtree(cast):
    before = contents()
    with pytest.raises(RuleViolation) as refusal:
        create(cast.sector_head, new=actions.NewClient(manager_id=cast.stranger.pk))
    assert refusal.value.field == "manager"
    assert contents() == before


@pytest.mark.parametrize(
    "who",
    [
        *("director", "general_director", "accountant", "lawyer", "marketer", "logistics"),
        *("purchasing", "merchandiser", "admin"),
    ],
)
def test_other_roles_add_no_clients(cast, who):
    before = contents()
    with pytest.raises(PermissionDenied):
        create(getattr(cast, who))
    assert contents() == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "«»"}, "name"),
        ({"status": "trading_hall"}, "status"),
        ({"status": "archived"}, "status"),
    ],
)
def test_a_refused_new_client_leaves_nothing_behind(cast, values, field):
    before = contents()
    with pytest.raises(RuleViolation) as refusal:
        create(cast.manager, **values)
    assert refusal.value.field == field
    assert contents() == before


def test_wrong_requisites_refuse_the_whole_client(cast):
    before = contents()
    new = actions.NewClient(counterparty={"full_name": "Х", "inn": "7707083890", "kpp": ""})
    with pytest.raises(RuleViolation) as refusal:
        create(cast.manager, new=new)
    assert refusal.value.field == "inn"
    assert contents() == before


def test_one_render_of_the_form_makes_one_client(cast):
    key = uuid4()
    first = create(cast.manager, key=key)
    again = create(cast.manager, key=key, name="Другое имя")
    assert again == first
    assert Client.objects.count() == 1


def test_the_key_of_another_person_opens_nothing(cast):
    key = uuid4()
    create(cast.stranger, key=key)
    with pytest.raises(RuleViolation):
        create(cast.manager, key=key)


def test_editing_changes_the_fields_and_counts_as_a_check(cast):
    client = clients.client(cast.manager)
    edited = actions.edit_client(
        client.pk, by=cast.manager, version=1, today=TODAY, name="ООО «Ёж»", potential_monthly=5
    )
    edited.refresh_from_db()
    assert (edited.name, edited.potential_monthly, edited.version) == ("ООО «Ёж»", 5, 2)
    assert edited.search_key == "еж"
    assert edited.actualised_on == TODAY


def test_a_stale_edit_is_refused(cast):
    client = clients.client(cast.manager)
    actions.edit_client(client.pk, by=cast.manager, version=1, today=TODAY, name="Первый")
    before = contents()
    with pytest.raises(StaleVersion):
        actions.edit_client(client.pk, by=cast.sector_head, version=1, today=TODAY, name="Второй")
    assert contents() == before


EDITORS = {"manager", "sector_head", "department_head"}


def test_who_may_edit_a_client(cast):
    client = clients.client(cast.manager)
    for name, user in everybody(cast).items():
        client.refresh_from_db()
        before = contents()
        try:
            actions.edit_client(
                client.pk, by=user, version=client.version, today=TODAY, territory=name
            )
        except (PermissionDenied, Client.DoesNotExist):
            assert name not in EDITORS, name
            assert contents() == before, name
        else:
            assert name in EDITORS, name


def test_a_stranger_does_not_find_the_client_at_all(cast):
    client = clients.client(cast.manager)
    with pytest.raises(Client.DoesNotExist):
        actions.edit_client(client.pk, by=cast.stranger, version=1, today=TODAY, name="Моё")


def test_a_substitute_edits_in_the_name_of_the_absent_manager(cast):
    today = timezone.localdate()
    client = clients.client(cast.stranger)
    accounts.delegation(cast.stranger, cast.manager, first=today, last=today, by=cast.stranger_head)
    actions.edit_client(
        client.pk, by=fresh(cast.manager), version=1, today=TODAY, territory="Тверь"
    )
    event = client.events.order_by("-pgh_id").first()
    assert event.pgh_context["on_behalf_of"] == cast.stranger.pk
    assert event.pgh_context["user"] == cast.manager.pk


def test_who_substitutes_a_director_still_edits_nothing_of_others(cast):
    today = timezone.localdate()
    client = clients.client(cast.stranger)
    accounts.delegation(cast.director, cast.manager, first=today, last=today, by=cast.director)
    with pytest.raises(PermissionDenied):
        actions.edit_client(
            client.pk, by=fresh(cast.manager), version=1, today=TODAY, territory="Тверь"
        )


def test_checking_a_card_makes_it_fresh(cast):
    old = TODAY - timedelta(days=400)
    client = clients.client(cast.manager, actualised_on=old)
    assert client in Client.objects.stale(180, TODAY)
    actions.confirm_client(client.pk, by=cast.manager, today=TODAY)
    assert client not in Client.objects.stale(180, TODAY)


def test_archiving_keeps_the_status_for_the_way_back(cast):
    client = clients.client(cast.manager, status="trading_hall")
    actions.archive_client(client.pk, by=cast.manager, reason="Закрылись", version=1)
    client.refresh_from_db()
    assert (client.status, client.archive_reason) == ("archived", "Закрылись")
    assert client not in Client.objects.open()
    actions.restore_client(client.pk, by=cast.manager)
    client.refresh_from_db()
    assert (client.status, client.archived_at, client.archive_reason) == ("trading_hall", None, "")


@pytest.mark.parametrize("reason", ["", "   "])
def test_archiving_needs_a_reason(cast, reason):
    client = clients.client(cast.manager)
    before = contents()
    with pytest.raises(RuleViolation):
        actions.archive_client(client.pk, by=cast.manager, reason=reason, version=1)
    assert contents() == before


def test_an_archived_client_is_not_edited(cast):
    client = clients.client(cast.manager, archived=True)
    before = contents()
    for attempt in (
        lambda: actions.edit_client(client.pk, by=cast.manager, version=1, today=TODAY, name="А1"),
        lambda: actions.confirm_client(client.pk, by=cast.manager, today=TODAY),
        lambda: actions.archive_client(client.pk, by=cast.manager, reason="Ещё", version=1),
    ):
        with pytest.raises(RuleViolation):
            attempt()
    assert contents() == before


def test_a_client_outside_the_archive_is_not_brought_back(cast):
    client = clients.client(cast.manager)
    with pytest.raises(RuleViolation):
        actions.restore_client(client.pk, by=cast.manager)


def test_chains_are_two_levels_deep(cast):
    chain = clients.client(cast.manager, kind="chain")
    shop = clients.client(cast.manager, parent=chain)
    other = clients.client(cast.manager)
    cases = [
        (chain, other),  # a chain is not a part
        (other, shop),  # a part has no parts
        (other, other),  # nobody is a part of itself
    ]
    for child, parent in cases:
        with pytest.raises(RuleViolation) as refusal:
            actions.edit_client(child.pk, by=cast.manager, version=1, today=TODAY, parent=parent)
        assert refusal.value.field == "parent"
    plain = clients.client(cast.manager)
    clients.client(cast.manager, parent=plain)
    with pytest.raises(RuleViolation):
        actions.edit_client(plain.pk, by=cast.manager, version=1, today=TODAY, parent=chain)


def test_every_write_names_its_verb(cast):
    client = create(cast.manager)
    actions.edit_client(
        client.pk, by=cast.manager, version=client.version, today=TODAY, territory="Тула"
    )
    client.refresh_from_db()
    actions.archive_client(client.pk, by=cast.manager, reason="Нет", version=client.version)
    actions.restore_client(client.pk, by=cast.manager)
    verbs = [event.pgh_context["verb"] for event in client.events.order_by("pgh_id")]
    assert verbs == ["client.created", "client.edited", "client.archived", "client.restored"]


def test_a_head_of_two_levels_may_own_clients(cast):
    boss = accounts.user(role=Role.SECTOR_HEAD, org_unit=cast.sector)
    made = create(cast.department_head, new=actions.NewClient(manager_id=boss.pk))
    assert made.manager == boss
