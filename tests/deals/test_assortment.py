"""The assortment matrix: whose it is, what stands outside it, what is missed, how it is changed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.states import check_move
from crm.work.actions import change_setting
from deals.actions.assortment import (
    MatrixHead,
    archive_matrix,
    create_matrix,
    edit_matrix,
    propose_change,
)
from deals.assortment import matrix_of, missing_of, outside_of, shelf_of
from deals.models import (
    ASSORTMENT_PROPOSAL_MOVES,
    AssortmentLine,
    AssortmentMatrix,
    AssortmentProposal,
    AssortmentProposalState,
)
from tests.cast import signed_in
from tests.factories import assortment, clients, deals, orders, proposals, visits
from tests.guarding import forbidden, refused

TODAY = timezone.localdate()
WHY = "Сети просят постоянную выкладку"


@pytest.fixture
def tea(db):
    return deals.product()


@pytest.fixture
def coffee(db):
    return deals.product()


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, channel="Сети", category="A", status="client")


def propose(matrix, product, by, change="obligatory", reason=WHY):
    return propose_change(
        matrix.pk, by=by, product=product, change=change, reason=reason, today=TODAY
    )


def decide(proposal, by, decision="approve", comment=""):
    approval = Approval.objects.of(proposal).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment=comment, version=approval.version,
        target_version=approval.target_version, today=TODAY,
    )  # fmt: skip
    proposal.refresh_from_db()
    return proposal


def test_the_most_precise_matrix_holds(cast, client, tea):
    goods, by = {tea: False}, cast.marketer
    assert matrix_of(client) is None
    ways = (("", ""), ("", "A"), ("сети", ""), ("Сети", "A"))
    for channel, category in ways:
        made = assortment.matrix(by, goods, channel=channel, category=category)
        assert matrix_of(client) == made, (channel, category)
    assortment.matrix(by, goods, channel="Опт")
    assortment.matrix(by, goods, channel="Сети", category="B")
    assert matrix_of(client) == made
    archive_matrix(made.pk, by=by, version=1, archived=True)
    assert matrix_of(client).channel == "сети"
    assert matrix_of(clients.client(cast.manager, channel="", category=None)).channel == ""


def test_goods_outside_the_matrix_are_told_and_without_one_nothing_is(cast, client, tea, coffee):
    assert not outside_of(client, [tea.pk, coffee.pk])
    made = assortment.matrix(cast.marketer, {tea: False})
    found = outside_of(client, [tea.pk, coffee.pk])
    assert (found.matrix, found.product_ids) == (made, {coffee.pk})
    assert not outside_of(client, [tea.pk])


def test_obligatory_goods_are_missed_after_the_days_of_the_setting(cast, client, tea, coffee):
    assert missing_of(client, TODAY) is None
    assortment.matrix(cast.marketer, {tea: True, coffee: True, deals.product(): False})
    line = {"product": tea, "name": "Чай", "quantity": 1, "price": 100, "amount": 100}
    deals.sale(client, "100.00", on=TODAY - timedelta(days=30), lines=[line])
    assert missing_of(client, TODAY).products == [coffee]
    assert (missing_of(client, TODAY).obligatory, missing_of(client, TODAY).days) == (2, 60)
    change_setting("assortment.days", value="30", by=cast.admin)
    assert missing_of(client, TODAY).products == [tea, coffee]
    assert missing_of(client, TODAY - timedelta(days=1)).products == [coffee]


def test_the_merchandiser_marks_the_obligatory_goods_of_the_client(cast, client, tea, coffee):
    assortment.matrix(cast.marketer, {tea: True, coffee: False})
    assert [goods.key for goods in shelf_of(client)] == [str(tea.pk)]
    begun = visits.started(visits.outlet(client, cast.merchandiser))
    assert [(point["title"], point["ok"]) for point in begun.goods] == [(tea.name, None)]


def test_marketing_and_the_director_write_it_others_do_not(cast, tea):
    others = ("manager", "sector_head", "department_head", "accountant", "merchandiser", "admin")
    for name in others:
        with pytest.raises(PermissionDenied):
            assortment.matrix(getattr(cast, name), {tea: True})
    key = uuid4()
    made = assortment.matrix(cast.marketer, {tea: True}, channel="Сети", key=key)
    assert assortment.matrix(cast.marketer, {tea: True}, channel="Сети", key=key) == made
    with pytest.raises(RuleViolation) as twice:
        assortment.matrix(cast.director, {tea: True}, channel="СЕТИ")
    assert twice.value.field == "channel"

    def edit(by, version=1, goods=None, head=None):
        head, rows = head or MatrixHead("Сети"), assortment.lines(goods or {tea: False})
        return edit_matrix(made.pk, by=by, version=version, head=head, lines=rows)

    refused(PermissionDenied, lambda: edit(cast.department_head), "deals_assortmentmatrix")
    refused(StaleVersion, lambda: edit(cast.director, version=7), "deals_assortmentmatrix")
    line = made.lines.get()
    edited = edit(cast.director, goods={tea: False, deals.product(): True})
    assert edited.version == 2
    assert made.lines.get(product=tea).pk == line.pk
    assert made.lines.count() == 2
    with pytest.raises(RuleViolation):
        create_matrix(by=cast.marketer, head=MatrixHead("Опт"), lines=[], key=uuid4())
    double = [*assortment.lines({tea: True}), *assortment.lines({tea: False})]
    with pytest.raises(RuleViolation):
        create_matrix(by=cast.marketer, head=MatrixHead("Опт"), lines=double, key=uuid4())
    away = archive_matrix(made.pk, by=cast.marketer, version=2, archived=True)
    with pytest.raises(RuleViolation):
        edit(cast.marketer, version=3)
    assortment.matrix(cast.marketer, {tea: True}, channel="Сети")
    with pytest.raises(RuleViolation) as taken:
        archive_matrix(away.pk, by=cast.marketer, version=3, archived=False)
    assert taken.value.field == "channel"


def test_a_head_proposes_marketing_decides_and_the_matrix_says_it(cast, tea, coffee):
    made = assortment.matrix(cast.marketer, {tea: False})
    for person in (cast.manager, cast.marketer, cast.director):
        with pytest.raises(PermissionDenied):
            propose(made, tea, person)
    for wrong, field in (
        ({"change": "allowed"}, "change"), ({"reason": "мало"}, "reason"),
    ):  # fmt: skip
        with pytest.raises(RuleViolation) as refusal:
            propose(made, tea, cast.department_head, **wrong)
        assert refusal.value.field == field
    asked = propose(made, tea, cast.department_head)
    with pytest.raises(RuleViolation) as again:
        propose(made, tea, cast.sector_head, change="out")
    assert again.value.field == "product"
    assert decide(asked, cast.marketer).state == "accepted"
    assert made.lines.get().obligatory
    added = decide(propose(made, coffee, cast.sector_head, "allowed"), cast.marketer)
    assert added.state == "accepted"
    assert list(made.lines.values_list("product", "obligatory")) == [
        (tea.pk, True), (coffee.pk, False),
    ]  # fmt: skip
    decide(propose(made, tea, cast.department_head, "out"), cast.marketer)
    assert made.lines.get().product == coffee
    made.refresh_from_db()
    assert made.version == 4


def test_what_is_returned_is_sent_again_and_what_is_rejected_changes_nothing(cast, tea):
    made = assortment.matrix(cast.marketer, {tea: False})
    asked = decide(propose(made, tea, cast.department_head), cast.marketer, "return", "Обоснуйте")
    assert asked.state == "returned"
    again = propose(made, tea, cast.department_head, "out", "Не продаётся второй квартал")
    assert (again.pk, again.change) == (asked.pk, "out")
    assert decide(again, cast.marketer, "reject", "Оставляем").state == "rejected"
    assert made.lines.count() == 1
    archive_matrix(made.pk, by=cast.marketer, version=1, archived=True)
    with pytest.raises(RuleViolation):
        propose(made, tea, cast.department_head)


def test_moves_that_the_map_has_not_are_refused(db):
    assert set(AssortmentProposalState.values) == set(ASSORTMENT_PROPOSAL_MOVES)
    for old, new in forbidden(AssortmentProposalState.values, ASSORTMENT_PROPOSAL_MOVES):
        with pytest.raises(RuleViolation):
            check_move(AssortmentProposal(state=old), ASSORTMENT_PROPOSAL_MOVES, new)


def test_the_database_knows_one_matrix_and_one_line_of_a_product(cast, tea):
    made = assortment.matrix(cast.marketer, {tea: False}, channel="Сети")
    wrong = (
        (lambda: AssortmentMatrix.objects.create(channel="сети", created_by=cast.admin),
         "assortment_matrix_once"),
        (lambda: AssortmentLine.objects.create(matrix=made, product=tea, position=9),
         "assortment_product_once"),
        (lambda: AssortmentProposal.objects.create(
            matrix=made, product=tea, change="out", reason="    коротко", author=cast.admin),
         "assortment_proposal_has_reason"),
    )  # fmt: skip
    for write, name in wrong:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            write()


def test_offers_and_the_card_say_what_the_matrix_says(cast, client, tea, coffee):
    made = assortment.matrix(cast.marketer, {tea: True})
    deals.price_list(cast.department_head, {coffee: "100.00"}, approved_by=cast.director)
    order = orders.draft(client, {coffee: 1}, by=cast.manager)
    offer = proposals.draft(client, {coffee: ("1", "0")}, by=cast.manager)
    http = signed_in(cast.manager)
    for row in (order, offer):
        page = http.get(row.get_absolute_url()).content.decode()
        assert "вне ассортиментной матрицы" in page
        assert made.get_absolute_url() in page
    card = http.get(reverse("deals:client_orders", args=[client.pk])).content.decode()
    assert tea.name in card


def test_the_matrix_is_written_on_its_page(cast, tea):
    http = signed_in(cast.marketer)
    sent = {
        "lines": "1", "channel": "Опт", "category": "B", "line-0-product": tea.sku,
        "line-0-obligatory": "on", "command": "save",
    }  # fmt: skip
    answer = http.post(reverse("deals:assortment_create"), sent)
    made = AssortmentMatrix.objects.get()
    assert answer.status_code == 302, answer.content.decode()
    assert (made.channel, made.category, made.lines.get().obligatory) == ("Опт", "B", True)
    page = http.get(made.get_absolute_url()).content.decode()
    assert tea.name in page
    twice = http.post(reverse("deals:assortment_create"), sent)
    assert twice.status_code == 422
    assert "уже есть" in twice.content.decode()
