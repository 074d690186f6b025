"""Discounts and deferrals beyond the policy: who decides, how long they hold (C.5 no. 11)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.notices import kinds
from crm.notices.models import Notice
from crm.states import check_move
from deals.actions import orders
from deals.actions import terms_requests as actions
from deals.conditions.client_terms import TermsTable, terms_of
from deals.models import TERMS_MOVES, CreditLimit, TermsRequest, TermsState
from deals.ordering.order_goods import Goods
from tests.cast import signed_in
from tests.factories import clients, deals

D = Decimal
TODAY = date(2026, 11, 23)
LAST = date(2026, 12, 23)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="B", name="ООО «Ромашка»")


def ask(client, by, value, kind="discount", *, known=None, send=True, today=TODAY, **more):
    values = {"valid_from": today, "valid_to": LAST, "reason": "Крупная партия"} | more
    return actions.save_terms_request(
        client.pk, by=by, today=today, kind=kind, request_id=known.pk if known else None,
        version=known.version if known else 0, send=send, value=D(value), **values,
    )  # fmt: skip


def fresh(request):
    return TermsRequest.objects.get(pk=request.pk)


def decide(request, by, decision="approve", *, comment="", today=TODAY):
    approval = Approval.objects.of(request).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment=comment, version=approval.version,
        target_version=approval.target_version, today=today,
    )  # fmt: skip
    return fresh(request)


# --- who decides ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "decides", "not_enough"),
    [
        ("discount", "3.01", "sector_head", "manager"),
        ("discount", "5.01", "department_head", "sector_head"),
        ("discount", "7.01", "director", "department_head"),
        ("deferral", "22", "director", "department_head"),
    ],
)
def test_the_smallest_role_whose_limit_covers_it_decides(
    cast, client, kind, value, decides, not_enough
):
    request = ask(client, cast.manager, value, kind)
    assert fresh(request).state == "submitted"
    with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
        decide(request, getattr(cast, not_enough))
    signer = getattr(cast, decides)
    done = decide(request, signer)
    assert (done.state, done.approved_by, done.approved_at is not None) == (
        "approved",
        signer,
        True,
    )
    assert done.evidence["turnover"] == "0.00"


def test_within_the_own_limit_nobody_is_asked(cast, client):
    request = fresh(ask(client, cast.manager, "3"))
    assert (request.state, request.approved_by) == ("approved", cast.manager)
    assert not Approval.objects.exists()
    visas = [approvals.StepDraft("visa", role="accountant")]
    approvals.change_visas("discount", by=cast.admin, visas=visas, version=1)
    assert fresh(ask(client, cast.manager, "2")).state == "submitted"  # a visa is a question
    hall = clients.client(cast.manager, status="trading_hall", category=None)
    assert actions.ladder_category(hall) == "trading_hall"


def test_above_everybodys_limit_it_is_refused_at_the_field(cast, client):
    with pytest.raises(RuleViolation, match="выше лимитов") as refusal:
        ask(client, cast.manager, "15.01")
    assert refusal.value.field == "value"
    assert not TermsRequest.objects.exists()


def test_a_signer_whose_limit_has_shrunk_sends_it_back(cast, client):
    request = ask(client, cast.manager, "7")
    client.category = "C"
    client.save(update_fields=["category"])
    with pytest.raises(RuleViolation, match="выше вашего лимита"):
        decide(request, cast.department_head)
    with pytest.raises(RuleViolation, match="Последний день"):
        decide(request, cast.department_head, today=LAST + timedelta(days=1))
    of_client = type(client).objects.filter(pk=client.pk)
    of_client.update(status="archived", archived_at=timezone.now())
    with pytest.raises(RuleViolation, match="в архиве"):
        decide(request, cast.department_head)
    of_client.update(status="active", archived_at=None)
    assert decide(request, cast.department_head, "return", comment="Выше").state == "returned"
    again = ask(client, cast.manager, "3", known=fresh(request))
    assert fresh(again).state == "approved"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": TODAY - timedelta(days=1)}, "valid_from"),
        ({"valid_to": TODAY - timedelta(days=1)}, "valid_to"),
        ({"valid_to": TODAY + timedelta(days=366)}, "valid_to"),
        ({"reason": "  "}, "reason"),
        ({"kind": "deferral", "value": "21"}, "value"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast, client, changes, field):
    values = {"value": "4", **changes}
    with pytest.raises(RuleViolation) as refusal:
        ask(client, cast.manager, **values)
    assert refusal.value.field == field


def test_who_neither_sees_the_client_nor_sells_asks_for_nothing(cast, client):
    with pytest.raises(type(client).DoesNotExist):
        ask(client, cast.stranger, "3")
    with pytest.raises(PermissionDenied):
        ask(client, cast.accountant, "3")


def test_of_a_kind_one_request_is_on_its_way_and_a_stale_page_is_refused(cast, client):
    draft = ask(client, cast.manager, "4", send=False)
    with pytest.raises(RuleViolation, match="уже есть заявка"):
        ask(client, cast.manager, "4", send=False)
    ask(client, cast.manager, "30", "deferral", send=False)
    ask(client, cast.manager, "5", known=draft, send=False)
    with pytest.raises(StaleVersion):
        ask(client, cast.manager, "6", known=draft)


def test_the_author_takes_it_back_until_it_is_decided(cast, client):
    request = ask(client, cast.manager, "4")
    actions.withdraw_terms_request(request.pk, by=cast.manager, today=TODAY)
    assert fresh(request).state == "withdrawn"
    assert not Approval.objects.of(request).running().exists()
    done = ask(client, cast.manager, "2")
    with pytest.raises(PermissionDenied):
        actions.withdraw_terms_request(done.pk, by=cast.manager, today=TODAY)


@pytest.mark.parametrize("before", TermsState.values)
@pytest.mark.parametrize("after", TermsState.values)
def test_a_move_that_the_map_does_not_know_is_refused(before, after):
    if after in TERMS_MOVES[before]:
        return
    with pytest.raises(RuleViolation):
        check_move(TermsRequest(state=before), TERMS_MOVES, after)


# --- how long it holds ---------------------------------------------------------------------------


def test_a_discount_holds_up_to_its_last_day_and_expires_by_itself(cast, client):
    deals.terms_request(client, cast.manager, "6", state="approved")
    deals.terms_request(client, cast.manager, "4", state="approved")
    most = TermsRequest.objects.in_force
    assert most(client.pk, "discount", TODAY - timedelta(days=1)) is None
    assert most(client.pk, "discount", LAST) == D("6")
    assert most(client.pk, "discount", LAST + timedelta(days=1)) is None
    assert most(client.pk, "deferral", TODAY) is None
    assert actions.expire_terms(today=LAST) == 0
    assert actions.expire_terms(today=LAST + timedelta(days=9)) == 2
    assert actions.expire_terms(today=LAST + timedelta(days=9)) == 0
    assert set(TermsRequest.objects.values_list("state", flat=True)) == {"expired"}


def test_an_approved_deferral_goes_before_limit_and_category_but_not_before_the_contract(
    cast, client
):
    CreditLimit.objects.create(
        client=client, amount=D("1"), deferral_days=30, valid_from=TODAY, set_by=cast.director
    )
    deals.terms_request(client, cast.manager, "40", kind="deferral", state="approved")
    contract = deals.contract(client, deferral_days=10)
    for own, day, days in (
        (None, TODAY, 40),
        (None, LAST, 40),
        (None, LAST + timedelta(days=1), 30),
        (contract, TODAY, 10),
    ):
        table = TermsTable()
        table.load([client.pk], [contract.pk])
        assert terms_of(client, own, day).days == days
        assert table.terms(client.pk, own.pk if own else None, day).days == days


def test_an_order_with_a_discount_that_nobody_allowed_is_not_sent_in(cast, client):
    today = timezone.localdate()
    tea = deals.product()
    deals.price_list(cast.department_head, approved_by=cast.director, prices={tea: "100.00"})
    head = orders.OrderHead(client=client)
    order = orders.create_order(
        by=cast.manager, head=head, key=uuid4(), today=today,
        goods=[Goods(tea, D(1), None, D("3")), Goods(tea, D(1), None, D("3.5"))],
    )  # fmt: skip

    def send():
        return orders.submit_order(order.pk, by=cast.manager, version=order.version, today=today)

    with pytest.raises(RuleViolation, match="Строка 2") as refusal:
        send()
    assert refusal.value.field == "line-1-discount_pct"
    deals.terms_request(
        client, cast.manager, "3.5", state="approved", valid_from=today, valid_to=today
    )
    assert send().state in ("confirmed", "on_hold")


# --- the table refuses by itself -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"value": "0"}, "terms_request_value_of_kind"),
        ({"value": "100.01"}, "terms_request_value_of_kind"),
        ({"valid_to": TODAY - timedelta(days=1)}, "terms_request_period_in_order"),
        ({"reason": ""}, "terms_request_has_reason"),
        ({"state": "approved", "approved_by": None}, "terms_request_approved_has_approver"),
    ],
)
def test_the_table_refuses(cast, client, changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        deals.terms_request(client, cast.manager, **changes)


# --- pages ---------------------------------------------------------------------------------------


def post(user, client, kind="discount", **values):
    today = timezone.localdate()
    sent = {
        "version": "0", "value": "4,5", "valid_from": today, "valid_to": today, "reason": "Партия",
    } | values  # fmt: skip
    url = reverse("deals:terms_request", args=[client.pk, kind])
    return signed_in(user).post(url, sent, headers=HTMX)


def test_the_dialog_asks_and_the_card_shows_it_with_its_buttons(cast, client):
    assert post(cast.manager, client).status_code == 204
    assert TermsRequest.objects.get().value == D("4.50")
    shown = signed_in(cast.manager).get(reverse("deals:client_terms", args=[client.pk]))
    html = shown.content.decode()
    assert "4,50" in html
    assert reverse("deals:terms_withdraw", args=[TermsRequest.objects.get().pk]) in html
    assert reverse("deals:terms_request", args=[client.pk, "deferral"]) in html
    assert reverse("deals:terms_request", args=[client.pk, "discount"]) not in html


def test_a_refusal_stands_in_the_dialog(cast, client):
    answer = post(cast.manager, client, value="16")
    assert answer.status_code == 422
    assert not TermsRequest.objects.exists()
    assert signed_in(cast.manager).get(f"/clients/{client.pk}/terms/gift/").status_code == 404


def test_the_register_costs_the_same_for_one_row_and_for_many(
    cast, client, django_assert_max_num_queries
):
    url = reverse("deals:terms_list") + "?state=approved"
    browser = signed_in(cast.manager)
    browser.get(url)
    for value in range(1, 8):
        deals.terms_request(client, cast.manager, str(value), state="approved")
    with django_assert_max_num_queries(16):
        html = browser.get(url).content.decode()
    assert html.count("Крупная партия") == 7
    assert html.count('tone-success"><span class="status-dot">') == 7, "states as in other lists"


def test_the_signer_sees_turnover_and_terms_with_the_request(cast, client):
    request = ask(client, cast.manager, "4.5", today=timezone.localdate(),
                  valid_to=timezone.localdate())  # fmt: skip
    deals.terms_request(client, cast.manager, "2", state="approved")
    approval = Approval.objects.of(request).get()
    html = signed_in(cast.sector_head).get(approval.get_absolute_url()).content.decode()
    for shown in ("4,50", "2,00", "Крупная партия"):
        assert shown in html


def test_a_decision_is_called_in_the_language_of_its_reader(cast, client):
    """Whoever asked: its page, the inbox and the notice say «44 d.» to an English reader."""
    request = ask(client, cast.manager, "25", "deferral", today=timezone.localdate(),
                  valid_to=timezone.localdate())  # fmt: skip
    approval = Approval.objects.of(request).get()
    notice = Notice.objects.filter(kind__endswith=".waiting").latest("pk")
    said = {}
    for language in ("ru", "en"):
        with override(language):
            said[language] = (approval.called, kinds.render(notice.kind, notice.params))
    assert (said["ru"][0], said["en"][0]) == ("ООО «Ромашка»: 25 дн.", "ООО «Ромашка»: 25 d.")
    assert "25 дн." in said["ru"][1]
    assert "25 d." in said["en"][1]
    User.objects.filter(pk=notice.user_id).update(language="en")
    reader = signed_in(User.objects.get(pk=notice.user_id))
    for url in (approval.get_absolute_url(), "/decisions/"):
        page = reader.get(url, follow=True).content.decode()
        assert "25 d." in page
        assert "25 дн." not in page
