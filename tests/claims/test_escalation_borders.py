"""Escalations where a guard begins to hold: whose turn it is, who is left out, who has left."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims import permissions
from claims.actions import escalations as actions
from claims.actions.escalations import Matter
from claims.models import Escalation
from crm.accounts.models import OrgUnit, User
from crm.notices.models import Notice
from tests.cast import everybody, fresh, signed_in
from tests.factories import accounts, categories, claims, clients
from tests.guarding import locks, refused

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 10, 29)
LATE = date(2026, 11, 20)
CONFLICT = Matter("conflict", "Спор о качестве партии", "Два звонка и встреча")


@pytest.fixture
def client(cast):
    return categories.client(cast.manager, category="B")


def handed_up(client, by, matter=CONFLICT, today=THURSDAY):
    return actions.escalate(client.pk, matter, by=by, today=today, key=uuid4())


def is_locked(row):
    """Whether this transaction has locked the row; that of a written one is a new one."""
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmax::text FROM {table} WHERE id = %s", [row.pk])
        return cursor.fetchone()[0] != "0"


def test_only_whose_turn_it_is_and_only_while_it_is_open(cast, client):
    row = handed_up(client, cast.manager)
    other = handed_up(categories.client(cast.manager, category="B"), cast.manager)
    done = actions.settle(row.pk, by=cast.sector_head, version=1, outcome="Да", today=THURSDAY)
    again = {"by": cast.sector_head, "version": done.version}
    refused(PermissionDenied, lambda: actions.take_up(row.pk, **again))
    refused(
        PermissionDenied, lambda: actions.settle(row.pk, outcome="Нет", today=THURSDAY, **again)
    )
    assert permissions.can_settle_escalation(cast.sector_head, other)
    cast.sector_head.is_active = False
    assert not permissions.can_settle_escalation(cast.sector_head, other)


def test_of_a_client_in_the_archive_nothing_is_handed_up(cast, client):
    assert permissions.can_escalate(cast.manager, client)
    gone = clients.client(cast.manager, archived=True)
    refused(PermissionDenied, lambda: handed_up(gone, cast.manager))


def test_who_sees_escalations_is_who_sees_money(cast):
    seen = {name for name, one in everybody(cast).items() if permissions.can_see_escalations(one)}
    assert {"manager", "lawyer", "director"} <= seen
    assert not seen & {"logistics", "marketer", "merchandiser", "purchasing"}


def test_nobody_is_handed_the_own_matter_as_the_head_above(cast, client):
    OrgUnit.objects.filter(pk=cast.department.pk).update(head=cast.sector_head)
    row = handed_up(client, cast.manager)
    assert row.to_user == cast.sector_head
    above = actions.hand_higher(
        row.pk, by=cast.sector_head, version=1, tried="Встреча", today=THURSDAY
    )
    assert (above.level, above.to_user) == ("director", cast.director)


def test_the_clock_takes_the_one_that_it_was_given_and_tells_of_late_ones_once(cast, client):
    second = handed_up(client, cast.manager)
    first = handed_up(categories.client(cast.manager, category="B"), cast.manager)
    assert actions.pass_over(second.pk, today=LATE).parent == second
    first.refresh_from_db()
    assert first.state == "open"
    User.objects.filter(pk=cast.general_director.pk).update(role="director", is_active=False)
    assert actions.remind_late(today=LATE) == 0, "one passes by itself, the other has just begun"
    assert Escalation.objects.late(LATE).get() == first
    assert actions.remind_late(today=date(2026, 12, 20)) > 0
    told = Notice.objects.filter(kind="escalation.late", channel="ui")
    assert set(told.values_list("user__username", "params__subject")) == {
        (name, CONFLICT.subject) for name in ("department_head", "director")
    }
    assert {row.dedupe_key for row in told} == {f"escalation:{second.above.pk}:late"}
    actions.settle(second.above.pk, by=cast.department_head, version=1, outcome="Да", today=LATE)
    assert Escalation.objects.late(date(2026, 12, 20)).get() == first, "settled ones are not late"


def test_what_awaits_a_person_is_the_own_and_that_of_whom_one_stands_in_for(cast, client):
    mine = handed_up(client, cast.sector_head)
    person = categories.client(cast.manager, category="A")
    theirs = handed_up(person, cast.sector_head)
    assert theirs.personally
    below = handed_up(categories.client(cast.manager, category="B"), cast.manager)
    assert list(Escalation.objects.handed_up_by(cast.manager)) == [below]
    period = {"first": date(2026, 1, 1), "last": timezone.localdate().replace(month=12, day=31)}
    accounts.delegation(cast.department_head, cast.sector_head, **period)
    foreign = handed_up(categories.client(cast.stranger, category="B"), cast.stranger)
    awaiting = Escalation.objects.awaiting(fresh(cast.sector_head))
    assert set(awaiting) == {mine, below}
    assert list(Escalation.objects.awaiting(fresh(cast.stranger_head))) == [foreign]


def test_a_claim_is_locked_before_its_state_is_asked_and_no_other_one(cast, client):
    claim, other = claims.claim(client), claims.claim(client)
    matter = Matter("claim", "Бой", "Звонки", claim_id=claim.pk)
    found = locks(lambda: handed_up(client, cast.manager, matter))
    assert found.count("claims_claim") == 2, "asked, then moved"
    row = claim.escalations.get()
    actions.settle(row.pk, by=cast.sector_head, version=1, outcome="Да", today=THURSDAY)
    assert not is_locked(other)


def test_a_list_of_many_names_everybody_and_costs_the_same_queries(
    cast, client, django_assert_num_queries
):
    handed_up(client, cast.manager)
    browser, url = signed_in(cast.department_head), reverse("claims:escalation_list")
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    assert len(few) <= 12
    names = {client.name}
    for n in range(9):
        other = categories.client(cast.manager, category="B", name=f"Партнёр {n}")
        handed_up(other, cast.manager)
        names.add(other.name)
    with django_assert_num_queries(len(few)):
        page = browser.get(url).content.decode()
    assert all(name in page for name in names)
    assert page.count(cast.sector_head.short_name) >= len(names)
