"""Unpromising clients go to the trading hall by the head's decision, and back (HALL-1, L240)."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clients.actions import halls
from clients.actions.clients import archive_client
from clients.categorising.unpromising import Bounds, Prospects, bounds, prospects_of
from clients.models import HALL_MOVES, Client, HallMove, HallState
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation
from crm.states import check_move
from crm.work.actions import change_setting
from tests.cast import fresh, signed_in
from tests.factories import clients, deals
from tests.guarding import forbidden
from tests.kernel.shared_files import shared_example

D = Decimal
TODAY = timezone.localdate()
WHY = "Полгода без единого заказа"


@pytest.fixture
def weak(cast):
    return clients.client(cast.manager, category="C", name="ООО «Тихий»", potential_monthly=D(5000))


def ago(days):
    return TODAY - timedelta(days=days)


def propose(client, by, reason=WHY):
    return halls.propose_hall(client.pk, by=by, reason=reason, today=TODAY)


def decide(proposal, by, decision="approve", comment=""):
    approval = Approval.objects.of(proposal).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment=comment, version=approval.version,
        target_version=approval.target_version, today=TODAY,
    )  # fmt: skip
    proposal.refresh_from_db()
    return proposal


def test_the_rule_is_that_of_the_worked_example(db):
    example, limits = shared_example("HALL-1"), bounds()
    assert limits == Bounds(180, 3, D("10000.00"), D("10000.00"))
    for row in example["input"]:
        known = Prospects(
            row["cat"], row["days_since_shipment"], D(row["avg3"]), D(row["potential"])
        )
        assert known.unpromising(limits) == example["expected"][row["client"]], row["client"]
    edge = Prospects("C", 180, D("10000.00"), D("0"))
    assert not edge.unpromising(limits)


def test_what_the_rule_looks_at_comes_from_the_documents(cast):
    def known(**more):
        return clients.client(cast.manager, category="C", **more)

    made = SimpleNamespace(silent=known(), small=known(), newcomer=known(), never=known())
    deals.sale(made.silent, "900000.00", on=ago(181))
    deals.sale(made.small, "500000.00", on=ago(300))
    deals.sale(made.small, "36000.00", on=ago(5))
    deals.returned(made.small, "-6000.03", on=ago(2))
    deals.sale(made.newcomer, "100.00", on=ago(1))
    found = prospects_of(Client.objects.all(), today=TODAY)
    told = {name: found[one.pk] for name, one in vars(made).items()}
    assert (told["silent"].days, told["silent"].monthly) == (181, D("0.00"))
    assert (told["small"].days, told["small"].monthly) == (5, D("9999.99"))
    assert (told["newcomer"].monthly, told["never"].monthly) == (None, None)
    limits = bounds()
    unpromising = {name for name, one in told.items() if one.unpromising(limits)}
    assert unpromising == {"silent", "small"}
    later = prospects_of(Client.objects.all(), today=TODAY + timedelta(days=181))
    assert later[made.never.pk].unpromising(limits)  # known for longer than the days
    change_setting("hall.days_without_sale", value=200, by=cast.admin)
    assert not found[made.silent.pk].too_long(bounds())


def test_the_manager_proposes_the_head_moves_and_takes_back(cast, weak):
    proposal = propose(weak, cast.manager)
    assert (proposal.state, fresh_client(weak).status) == ("proposed", "client")
    assert proposal.evidence["potential"] == "5000.00"
    assert decide(proposal, cast.department_head).state == "moved"
    assert (proposal.decided_by, proposal.decided_on) == (cast.department_head, TODAY)
    assert fresh_client(weak).status == "trading_hall"
    why = "Снова заказывает"
    back = halls.bring_back(weak.pk, by=cast.department_head, reason=why, today=TODAY)
    assert (back.pk, back.state, back.back_by) == (proposal.pk, "back", cast.department_head)
    assert fresh_client(weak).status == "client"
    page = signed_in(cast.manager).get(reverse("clients:hall", args=[weak.pk]))
    for shown in (WHY, why, cast.department_head.short_name):
        assert shown in page.content.decode()


def fresh_client(client):
    return Client.objects.get(pk=client.pk)


def test_a_refusal_needs_words_and_leaves_the_client_where_it_was(cast, weak):
    rejected = decide(propose(weak, cast.manager), cast.department_head, "reject", "Ещё поработаем")
    assert (rejected.state, fresh_client(weak).status) == ("rejected", "client")
    returned = decide(propose(weak, cast.manager), cast.department_head, "return", "Нет причины")
    assert returned.state == "returned"
    again = propose(weak, cast.manager, "Закрылась последняя точка")
    assert (again.pk, again.state, again.reason) == (
        returned.pk, "proposed", "Закрылась последняя точка",
    )  # fmt: skip
    assert HallMove.objects.count() == 2


def test_the_head_moves_at_once_but_not_past_a_proposal_that_waits(cast, weak):
    for by in (cast.manager, cast.sector_head, cast.director):
        with pytest.raises(PermissionDenied):
            halls.move_to_hall(weak.pk, by=by, reason=WHY, today=TODAY)
    with pytest.raises(Client.DoesNotExist):
        halls.move_to_hall(weak.pk, by=cast.stranger_head, reason=WHY, today=TODAY)
    propose(weak, cast.sector_head)
    with pytest.raises(RuleViolation):
        halls.move_to_hall(weak.pk, by=cast.department_head, reason=WHY, today=TODAY)
    other = clients.client(cast.manager, category="C")
    made = halls.move_to_hall(other.pk, by=cast.department_head, reason=WHY, today=TODAY)
    assert (made.state, made.decided_by) == ("moved", cast.department_head)
    assert fresh_client(other).status == "trading_hall"
    with pytest.raises(RuleViolation):
        halls.move_to_hall(other.pk, by=cast.department_head, reason=WHY, today=TODAY)


def test_only_open_clients_of_category_c_go(cast, weak):
    for wrong in ({"category": "B"}, {"category": "C", "status": "prospect"},
                  {"category": None}, {"category": "C", "archived": True}):  # fmt: skip
        client = clients.client(cast.manager, **wrong)
        with pytest.raises(PermissionDenied):
            propose(client, cast.manager)
        with pytest.raises(RuleViolation):
            halls.move_to_hall(client.pk, by=cast.department_head, reason=WHY, today=TODAY)
    proposal = propose(weak, cast.manager)
    with pytest.raises(RuleViolation):
        archive_client(weak.pk, by=cast.manager, reason="Закрылся", version=weak.version)
    Client.objects.filter(pk=weak.pk).update(category="B")
    with pytest.raises(RuleViolation):  # the category has changed while the proposal waited
        decide(proposal, cast.department_head)
    assert fresh_client(weak).status == "client"


def test_a_client_that_was_imported_into_the_hall_comes_back_too(cast):
    client = clients.client(cast.manager, category="C", status="trading_hall")
    for by in (cast.manager, cast.sector_head):
        with pytest.raises(PermissionDenied):
            halls.bring_back(client.pk, by=by, reason=WHY, today=TODAY)
    with pytest.raises(RuleViolation):
        halls.bring_back(client.pk, by=cast.department_head, reason="Мало", today=TODAY)
    made = halls.bring_back(client.pk, by=cast.department_head, reason=WHY, today=TODAY)
    assert (made.state, fresh_client(client).status) == ("back", "client")


@pytest.mark.parametrize(("before", "after"), forbidden(HallState, HALL_MOVES))
def test_no_state_is_left_by_another_way(cast, weak, before, after):
    with pytest.raises(RuleViolation):
        check_move(HallMove(client=weak, state=before), HALL_MOVES, after)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"state": "moved"}, "hall_move_decided_by_somebody"),
        ({"decided_on": TODAY}, "hall_move_decided_by_somebody"),
        ({"back_on": TODAY}, "hall_move_back_with_reason"),
        ({"reason": "мало"}, "hall_move_has_reason"),
    ],
)
def test_the_table_refuses_what_nobody_decided(cast, weak, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        HallMove.objects.create(**{"client": weak, "reason": WHY, "author": cast.manager} | values)


def test_one_move_of_a_client_is_open(cast, weak):
    propose(weak, cast.manager)
    with pytest.raises(RuleViolation):
        propose(weak, cast.manager)
    with pytest.raises(IntegrityError, match="hall_move_one_open"), transaction.atomic():
        HallMove.objects.create(client=weak, reason=WHY, author=cast.manager)


def test_the_list_of_candidates_leads_to_the_decision(cast, weak):
    deals.sale(weak, "100.00", on=ago(400))
    strange = clients.client(cast.stranger, category="C", name="ООО «Чужой»")
    deals.sale(strange, "100.00", on=ago(400))
    report = reverse("reports:report", args=["hall_candidates"])
    page = signed_in(cast.department_head).get(report).content.decode()
    tab = reverse("clients:hall", args=[weak.pk])
    assert tab in page
    assert strange.name not in page
    for person, may in (("manager", "propose"), ("sector_head", "propose"),
                        ("department_head", "move"), ("director", "")):  # fmt: skip
        text = signed_in(getattr(cast, person)).get(tab).content.decode()
        shown = {name for name in ("propose", "move", "back") if f"/hall/{name}/" in text}
        assert shown == ({may} if may else set()), person
    head = signed_in(cast.department_head)
    address = reverse("clients:hall_move", args=[weak.pk])
    assert head.post(address, {"reason": "мало"}).status_code == 422
    assert head.post(address, {"reason": WHY}).status_code == 302
    assert fresh_client(weak).status == "trading_hall"
    assert weak.name not in head.get(report).content.decode()
    inbox = signed_in(fresh(cast.manager)).get(tab).content.decode()
    assert "/hall/propose/" not in inbox
