"""Acts of reconciliation, their differences and statements: rights, versions, days, locks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from crm.errors import RuleViolation, StaleVersion
from crm.files.actions import add_file
from deals.actions import acts, differences
from deals.actions.acts import Signature
from deals.actions.differences import Objection
from deals.actions.received_statements import compare_waiting
from deals.models import ClientStatement, Discrepancy, ReconciliationItem
from tests.approvals.racing import overtaken
from tests.cast import assemble, fresh
from tests.factories import act_links, clients, statements
from tests.factories import reconciliations as factory
from tests.guarding import locks, refused

D, TODAY, DAY = Decimal, factory.TODAY, timedelta(days=1)
ITEM, ACT, ROW = "deals_reconciliationitem", "deals_reconciliationact", "deals_discrepancy"
POWER = "power_of_attorney"
SIGNED = Signature(TODAY, "Иванов", "бухгалтер", POWER, "№ 7")


@pytest.fixture
def item(cast):
    return factory.item(clients.client(cast.manager), as_of=TODAY)


def test_steps_of_an_act(cast, item):
    def step(act, **more):
        item.refresh_from_db()
        for person in (cast.director, cast.lawyer):
            by = {"by": person, "version": item.version, **more}
            refused(PermissionDenied, lambda by=by: act(item.pk, **by), ITEM)
        stale = {"by": cast.manager, "version": item.version + 1, **more}
        refused(StaleVersion, lambda: act(item.pk, **stale), ITEM)
        for wrong in wrong_days.get(act, ()):
            args = {"by": cast.manager, "version": item.version, **more, **wrong}
            refused(RuleViolation, lambda args=args: act(item.pk, **args))
        args = {"by": cast.manager, "version": item.version, **more}
        return locks(lambda: act(item.pk, **args))

    early = Signature(TODAY - DAY, "И", "", "director")
    late = Signature(TODAY + DAY, "И", "", "director")
    wrong_days = {
        acts.make_act: [{"today": TODAY - DAY}, {"first": TODAY + DAY}],
        acts.send_act: [{"on": TODAY + DAY}, {"on": TODAY - DAY}],
        acts.sign_act: [
            {"signature": one} for one in (early, late, Signature(TODAY, "И", "", POWER))
        ],
    }
    step(acts.make_act, today=TODAY, first=TODAY)
    sending = {"channel": "paper", "sent_to": "", "on": TODAY, "today": TODAY}
    assert step(acts.send_act, **sending) == [ITEM, ACT]
    later = {"today": TODAY + DAY}
    del wrong_days[acts.send_act]
    assert step(acts.send_act, **sending | later | {"on": TODAY + DAY}) == [ITEM, ACT]
    act = item.act
    act.refresh_from_db()
    item.refresh_from_db()
    assert (item.sent_on, act.sent_on, act.version) == (TODAY, TODAY, 3), "of the first sending"
    assert step(acts.sign_act, signature=SIGNED, today=TODAY) == [ITEM, ACT]
    act.refresh_from_db()
    assert (act.authority_details, act.returned_on, act.version) == ("№ 7", TODAY, 4)


def test_steps_of_a_difference(cast):
    act = factory.sent(clients.client(cast.manager), by=cast.manager, as_of=TODAY)
    objection = Objection(" Не было ", TODAY, D(1))
    for person in (cast.director, cast.lawyer):
        by = {"by": person, "today": TODAY}
        refused(PermissionDenied, lambda by=by: differences.add_difference(act.pk, objection, **by))
    row = differences.add_difference(act.pk, objection, by=cast.accountant, today=TODAY)
    assert (row.responsible, row.text) == (cast.manager, "Не было")
    nobodys = factory.sent(clients.client(None), by=cast.accountant, as_of=TODAY)
    other = differences.add_difference(nobodys.pk, objection, by=cast.accountant, today=TODAY)
    assert other.responsible == nobodys.our_signatory == cast.accountant

    def step(action, *others, may=cast.manager, **more):
        row.refresh_from_db()
        for person in others:
            by = {"by": person, "version": row.version, **more}
            refused(PermissionDenied, lambda by=by: action(row.pk, **by))
        stale = {"by": may, "version": row.version + 1, **more}
        refused(StaleVersion, lambda: action(row.pk, **stale), ITEM, ACT, ROW)
        return action(row.pk, by=may, version=row.version, **more)

    to = {"responsible_id": cast.sector_head.pk, "due_on": TODAY, "today": TODAY}
    args = {"by": cast.manager, "version": row.version}
    for wrong in ({"due_on": TODAY - DAY}, {"responsible_id": cast.manager2.pk}):
        values = args | to | wrong
        refused(RuleViolation, lambda v=values: differences.reassign(row.pk, **v))
    given = step(differences.reassign, cast.lawyer, **to)
    assert (given.responsible, given.due_on) == (cast.sector_head, TODAY)
    # A day that has gone by stays where only the person changes.
    after = to | {"responsible_id": cast.manager.pk, "today": TODAY + DAY}
    assert step(differences.reassign, **after).due_on == TODAY
    step(differences.take_up, cast.lawyer)
    found = {"verdict": "ours_wrong", "resolution": "Задвоили"}
    row.refresh_from_db()
    for wrong in ({"verdict": "closed"}, {"resolution": " "}):
        values = {"by": cast.manager, "version": row.version, **found, **wrong}
        refused(RuleViolation, lambda v=values: differences.decide(row.pk, **v))
    step(differences.decide, cast.lawyer, **found)
    step(differences.correct, cast.manager, cast.sector_head, may=cast.accountant)
    row.refresh_from_db()
    again = {"by": cast.manager, "version": row.version, **to}
    refused(RuleViolation, lambda: differences.reassign(row.pk, **again))
    done = step(differences.close, cast.lawyer)
    done.act.item.refresh_from_db()
    assert (done.state, done.act.item.state) == ("closed", "resolved")
    later = {"today": TODAY + DAY, "version": done.act.item.version, "by": cast.manager}
    acts.sign_act(act.item_id, Signature(TODAY + DAY, "Иванов", "", "director"), **later)
    act.refresh_from_db()
    assert act.returned_on == TODAY, "the objection came back that day"


def test_a_newer_text_and_a_signature_end_the_links(cast):
    client, today = clients.client(cast.manager), timezone.localdate()
    act = factory.act(client, by=cast.accountant, today=today)
    assert act.our_signatory == cast.manager
    sign = {"signature": Signature(today, "Иванов", "", "director")}
    for step, more in ((acts.make_act, {}), (acts.sign_act, sign)):
        link = act_links.send(act.item, by=cast.manager)
        act.item.refresh_from_db()
        by = {"by": cast.manager, "version": act.item.version, "today": today}
        step(act.item_id, **by, **more)
        link.refresh_from_db()
        assert link.revoked_at is not None
    other = ReconciliationItem(client=client, as_of=act.date_to)
    assert acts.first_day(other) == date(2026, 7, 1), "what is signed for the day itself is no past"
    other.as_of += DAY
    assert acts.first_day(other) == act.date_to + DAY


class TestRaces:
    """A text made, or signed, while a statement is being compared with the one before it."""

    @pytest.fixture
    def cast(self, committed_db):
        return assemble()

    @pytest.mark.parametrize(
        ("meanwhile", "more", "error"),
        [
            (acts.make_act, {}, StaleVersion),
            (acts.sign_act, {"signature": SIGNED}, PermissionDenied),
        ],
    )
    def test_who_compares_is_told_what_became_of_the_act(self, cast, meanwhile, more, error):
        act, by = statements.act(cast.manager), fresh(cast.manager)
        version = ReconciliationItem.objects.get(pk=act.item_id).version
        content = statements.as_xlsx(statements.THEIRS)
        theirs = {"by": fresh(cast.accountant), "name": "Сверка.xlsx", "content": content}
        lost = overtaken(
            lambda: meanwhile(act.item_id, by=by, version=version, today=TODAY, **more),
            lambda: differences.compare_statement(act.pk, today=TODAY, **theirs),
        )
        assert isinstance(lost, error)
        assert not Discrepancy.objects.exists()

    def test_what_the_client_sent_is_refused_where_the_act_was_signed_meanwhile(self, cast):
        act = statements.act(cast.manager)
        link = act_links.send(act.item, by=cast.manager)
        version = ReconciliationItem.objects.get(pk=act.item_id).version
        content = statements.as_xlsx(statements.THEIRS)
        paper = {"name": "Сверка.xlsx", "content": content, "kind": "other"}
        file = add_file("reconciliation_act", act.pk, by=cast.manager, **paper)
        ClientStatement.objects.create(
            act=act, link=link, attachment=file, file_name=file.name,
            revision=act.revision, state="waiting",
        )  # fmt: skip
        sign = {"by": fresh(cast.manager), "version": version, "today": TODAY}
        done = overtaken(
            lambda: acts.sign_act(act.item_id, SIGNED, **sign),
            lambda: compare_waiting(today=TODAY),
        )
        assert done == 1
        statement = ClientStatement.objects.get()
        assert (statement.state, bool(statement.refusal)) == ("refused", True)
        assert not Discrepancy.objects.exists()
        act.item.refresh_from_db()
        assert act.item.state == "signed"
