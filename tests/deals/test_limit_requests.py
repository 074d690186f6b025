"""The request for a credit limit: who asks, who signs, what then holds (C.5 no. 16, C.9)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from deals.actions import limit_requests as actions
from deals.invariants import limits_were_approved
from deals.models import (
    LIMIT_REQUEST_MOVES,
    CreditLimit,
    LimitRequest,
    LimitRequestState,
    PolicyException,
    StopShipping,
)
from tests.cast import everybody, signed_in
from tests.factories import clients, deals
from tests.guarding import forbidden
from tests.standing import standing

D = Decimal
TODAY = date(2026, 11, 23)
HTMX = {"HX-Request": "true"}


@standing
def client(cast):
    """Category B, 400 roubles a month: a norm of 400."""
    made = clients.client(cast.manager, category="B", name="ООО «Ромашка»")
    deals.sale(made, "400.00", on=date(2026, 10, 10))
    return made


def ask(
    client, by, amount="400.00", *, since=TODAY, known=None, send=True, reason="Рост", today=TODAY
):
    actions.save_limit_request(
        client.pk, by=by, today=today, request_id=known.pk if known else None,
        version=known.version if known else 0, send=send, amount=D(amount), valid_from=since,
        deferral_days=None, deferral_day_type="calendar", reason=reason,
    )  # fmt: skip
    return LimitRequest.objects.filter(client=client).latest("pk")


def decide(request, by, decision="approve", *, comment="", today=TODAY):
    approval = Approval.objects.of(request).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment=comment, version=approval.version,
        target_version=approval.target_version, today=today,
    )  # fmt: skip
    request.refresh_from_db()
    return request


# --- the way -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "decides", "others"),
    [("400.00", "department_head", "director"), ("400.01", "director", "department_head")],
)
def test_the_accountant_gives_a_visa_then_the_norm_says_who_decides(
    cast, client, amount, decides, others
):
    request = ask(client, cast.manager, amount)
    kinds = {"400.00": "limit.within_norm", "400.01": "limit.above_norm"}
    assert Approval.objects.of(request).get().kind == kinds[amount]
    for nobody in (cast.manager, cast.sector_head, cast.department_head, cast.director):
        with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
            decide(request, nobody)
    assert decide(request, cast.accountant).state == "endorsed"
    assert not CreditLimit.objects.exists(), "a visa sets nothing"
    with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
        decide(request, getattr(cast, others))
    assert decide(request, getattr(cast, decides)).state == "approved"
    limit, who = CreditLimit.objects.get(), getattr(cast, decides)
    assert (limit.amount, limit.set_by, limit.request) == (D(amount), who, request)
    owners = [row.owner for row in PolicyException.objects.filter(kind="limit")]
    assert owners == ([cast.manager] if decides == "director" else [])
    assert not list(limits_were_approved(timezone.now()))


def test_the_director_decides_what_the_head_asks(cast, client):
    request = ask(client, cast.department_head)
    decide(request, cast.accountant)
    with pytest.raises(PermissionDenied):
        decide(request, cast.department_head)
    assert decide(request, cast.director).state == "approved"


def test_approval_supersedes_the_former_limit_and_switches_the_flag(cast, client):
    former = deals.credit_limit(client, "5000.00", by=cast.director)
    deals.invoice(client, "500.00", on=TODAY, due=TODAY)
    deals.invoice(client, "500.00", on=TODAY, due=TODAY)
    request = ask(client, cast.manager)
    decide(request, cast.accountant)
    decide(request, cast.department_head)
    former.refresh_from_db()
    assert former.valid_to == TODAY
    assert CreditLimit.objects.filter(client=client).on(TODAY).get().amount == D(400)
    assert StopShipping.objects.standing().filter(reason="limit").exists()
    wider = ask(client, cast.manager, "5000.00")
    decide(wider, cast.accountant)
    decide(wider, cast.director)
    assert CreditLimit.objects.count() == 2, "of the same day it is corrected in place"
    assert not StopShipping.objects.standing().filter(reason="limit").exists()


def test_a_limit_that_has_ended_stays_as_it_was(cast, client):
    ended = deals.credit_limit(client, "100.00", by=cast.director, valid_to=TODAY)
    request = ask(client, cast.manager)
    decide(request, cast.accountant)
    decide(request, cast.department_head)
    ended.refresh_from_db()
    assert (ended.valid_to, ended.version) == (TODAY, 1)
    assert CreditLimit.objects.get(request=request).former is None


def test_a_day_gone_by_meanwhile_becomes_the_day_of_the_decision(cast, client):
    later = TODAY + timedelta(days=3)
    request = ask(client, cast.manager)
    decide(request, cast.accountant)
    decide(request, cast.department_head, today=later)
    assert CreditLimit.objects.get().valid_from == later


def test_a_limit_of_a_coming_day_leaves_the_former_one_until_then(cast, client):
    deals.credit_limit(client, "100.00", by=cast.director)
    soon = TODAY + timedelta(days=9)
    request = ask(client, cast.manager, since=soon)
    decide(request, cast.accountant)
    decide(request, cast.department_head)
    held = [CreditLimit.objects.on(day).get().amount for day in (soon - timedelta(days=1), soon)]
    assert held == [D(100), D(400)]
    under_it = ask(client, cast.manager)
    decide(under_it, cast.accountant)
    with pytest.raises(RuleViolation):
        decide(under_it, cast.department_head)
    assert decide(under_it, cast.department_head, "return", comment="Рано").state == "returned"


def test_a_norm_that_fell_meanwhile_takes_the_decision_from_the_head(cast, client):
    request = ask(client, cast.manager)
    decide(request, cast.accountant)
    Client.objects.filter(pk=client.pk).update(category="C")
    with pytest.raises(RuleViolation, match="200,00"):
        decide(request, cast.department_head)
    decide(request, cast.department_head, "return", comment="Норма снизилась")
    ask(client, cast.manager, known=request)
    decide(request, cast.accountant)
    assert decide(request, cast.director).state == "approved"


def test_a_client_archived_meanwhile_gets_no_limit(cast, client):
    request = ask(client, cast.manager)
    decide(request, cast.accountant)
    Client.objects.filter(pk=client.pk).update(status="archived", archived_at=timezone.now())
    with pytest.raises(RuleViolation):
        decide(request, cast.department_head)
    assert not CreditLimit.objects.exists()


@pytest.mark.parametrize("who", ["accountant", "department_head"])
def test_a_returned_request_is_corrected_and_sent_again(cast, client, who):
    request = ask(client, cast.manager)
    if who != "accountant":
        decide(request, cast.accountant)
    with pytest.raises(RuleViolation):
        decide(request, getattr(cast, who), "return")
    assert decide(request, getattr(cast, who), "return", comment="Много").state == "returned"
    ask(client, cast.manager, "100.00", known=request)
    request.refresh_from_db()
    assert (request.state, request.amount) == ("submitted", D(100))
    assert Approval.objects.of(request).count() == 2


def test_a_visa_is_not_a_refusal_and_a_refusal_ends_the_request(cast, client):
    request = ask(client, cast.manager)
    with pytest.raises(RuleViolation):
        decide(request, cast.accountant, "reject", comment="Нет")
    decide(request, cast.accountant)
    assert decide(request, cast.department_head, "reject", comment="Долг").state == "rejected"
    assert not CreditLimit.objects.exists()
    assert ask(client, cast.manager).pk != request.pk


def test_the_author_withdraws_until_somebody_has_signed(cast, client):
    draft = ask(client, cast.manager, send=False)
    actions.withdraw_limit_request(draft.pk, by=cast.manager, today=TODAY)
    request = ask(client, cast.manager)
    for person in (cast.sector_head, cast.department_head, cast.accountant):
        with pytest.raises(PermissionDenied):
            actions.withdraw_limit_request(request.pk, by=person, today=TODAY)
    actions.withdraw_limit_request(request.pk, by=cast.manager, today=TODAY)
    states = LimitRequest.objects.values_list("state", flat=True)
    assert set(states) == {"withdrawn"}
    signed = ask(client, cast.manager)
    decide(signed, cast.accountant)
    with pytest.raises(RuleViolation):
        actions.withdraw_limit_request(signed.pk, by=cast.manager, today=TODAY)


def test_the_figures_of_the_day_are_kept_with_the_request(cast, client):
    deals.invoice(client, "150.00", on=date(2026, 11, 1), due=date(2026, 11, 13))
    deals.credit_limit(client, "300.00", by=cast.director)
    kept = ask(client, cast.manager).evidence
    owed = {"debt": "550.00", "overdue": "550.00", "limit": "300.00", "norm": "400.00"}
    assert owed.items() <= kept.items()


# --- who may -------------------------------------------------------------------------------------

ASKS = {"manager", "sector_head", "department_head"}
SEES = ASKS | {
    "director", "general_director", "accountant", "lawyer", "marketer", "logistics",
}  # fmt: skip


def test_who_may_ask_for_a_limit(cast, client):
    for name, person in everybody(cast).items():
        if name in ASKS:
            with transaction.atomic():
                assert ask(client, person).author == person
                transaction.set_rollback(True)
            continue
        with pytest.raises(PermissionDenied if name in SEES else Client.DoesNotExist):
            ask(client, person)
    assert not LimitRequest.objects.exists()


def test_only_the_author_corrects_and_sends(cast, client):
    request = ask(client, cast.manager, send=False)
    for person in (cast.sector_head, cast.department_head, cast.director, cast.accountant):
        with pytest.raises(PermissionDenied):
            ask(client, person, known=request, send=False)
        with pytest.raises(PermissionDenied):
            actions.submit_limit_request(request.pk, by=person, version=1, today=TODAY)
    with pytest.raises(LimitRequest.DoesNotExist):
        actions.submit_limit_request(request.pk, by=cast.stranger, version=1, today=TODAY)
    with pytest.raises(StaleVersion):
        actions.submit_limit_request(request.pk, by=cast.manager, version=7, today=TODAY)
    ask(client, cast.manager, known=request, send=False)
    with pytest.raises(StaleVersion):  # the page before
        ask(client, cast.manager, "80.00", known=request, send=False)
    with pytest.raises(LimitRequest.DoesNotExist):
        actions.withdraw_limit_request(request.pk, by=cast.stranger, today=TODAY)
    Client.objects.filter(pk=client.pk).update(status="archived", archived_at=timezone.now())
    with pytest.raises(PermissionDenied):
        actions.submit_limit_request(request.pk, by=cast.manager, version=2, today=TODAY)
    assert not Approval.objects.exists()


def test_what_is_on_its_way_or_decided_is_not_sent_again(cast, client):
    for state in set(LimitRequestState.values) - {"draft", "returned"}:
        request = deals.limit_request(client, cast.manager, state=state)
        with pytest.raises(RuleViolation):
            actions.submit_limit_request(request.pk, by=cast.manager, version=1, today=TODAY)
        with pytest.raises(PermissionDenied):
            ask(client, cast.manager, known=request, send=False)
        request.refresh_from_db()
        assert (request.state, request.evidence) == (state, {})
        LimitRequest.objects.filter(pk=request.pk).update(state="withdrawn")
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"since": TODAY - timedelta(days=1)}, "valid_from"), ({"reason": "  "}, "reason")],
)
def test_a_wrong_request_is_refused_at_its_field(cast, client, values, field):
    with pytest.raises(RuleViolation) as refusal:
        ask(client, cast.manager, **values)
    assert refusal.value.field == field


def test_one_open_request_per_client(cast, client):
    ask(client, cast.manager, send=False)
    with pytest.raises(RuleViolation):
        ask(client, cast.sector_head)


@pytest.mark.parametrize(("before", "after"), forbidden(LimitRequestState, LIMIT_REQUEST_MOVES))
def test_no_move_outside_the_map(cast, client, before, after):
    request = deals.limit_request(client, cast.manager, state=before)
    with pytest.raises(RuleViolation):
        actions.move_request(request, after)
    request.refresh_from_db()
    assert (request.state, request.version) == (before, 1)


def test_the_database_refuses_nonsense(cast, client):
    def refused(name, **values):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            deals.limit_request(client, cast.manager, **values)

    refused("limit_request_not_negative", amount=D(-1))
    refused("limit_request_has_reason", reason="")
    deals.limit_request(client, cast.manager)
    for state in ("draft", "submitted", "endorsed", "returned"):
        refused("limit_request_one_open_per_client", state=state)
    deals.limit_request(client, cast.manager, state="approved")


def text(response):
    return response.content.decode().replace("\u00a0", " ")


def page(person, client, name="credit"):
    return text(signed_in(person).get(reverse(f"deals:{name}", args=[client.pk])))


def form(client, today, **more):
    return {"amount": "2 000,50", "valid_from": today.isoformat(), "deferral_days": "",
            "deferral_day_type": "calendar", "reason": "Рост"} | more  # fmt: skip


def test_a_manager_asks_corrects_and_takes_back_on_the_page(cast, client):
    today = timezone.localdate()
    browser, address = signed_in(cast.manager), reverse("deals:limit_request", args=[client.pk])
    wrong = browser.post(address, form(client, today, reason=""), headers=HTMX)
    assert wrong.status_code == 422
    assert "2 000,50" in text(wrong), "what was typed stays"
    assert browser.post(address, form(client, today, draft="1"), headers=HTMX).status_code == 204
    assert LimitRequest.objects.get().state == "draft"
    assert browser.post(address, form(client, today, version="5"), headers=HTMX).status_code == 409
    assert browser.post(address, form(client, today, version="1"), headers=HTMX).status_code == 204
    assert LimitRequest.objects.get().state == "submitted"
    assert browser.get(address).status_code == 403, "it is on its way"
    assert "Отправлен" in page(cast.manager, client) or "Подан" in page(cast.manager, client)
    back = reverse("deals:limit_withdraw", args=[client.pk])
    assert browser.post(back, headers=HTMX).status_code == 204
    assert LimitRequest.objects.get().state == "withdrawn"


def test_the_decider_sees_the_figures(cast, client):
    today = timezone.localdate()
    deals.credit_limit(client, "1000.00", by=cast.director)
    due = today - timedelta(days=10)
    deals.invoice(client, "1500.00", on=due, due=due)
    url = reverse("deals:limit_request", args=[client.pk])
    signed_in(cast.manager).post(url, form(client, today), headers=HTMX)
    approval = Approval.objects.get()
    shown = text(signed_in(cast.accountant).get(approval.get_absolute_url()))
    for words in ("2 000,50", "1 900,00", "190 %", "Рост", "1 000,00"):
        assert words in shown, words
    assert "Отказать" not in shown, "a visa is given or returned"


def test_a_form_opened_as_a_page_names_itself_once_and_leads_back(cast, client):
    limit = deals.credit_limit(client, "1000.00", by=cast.director)
    address = reverse("deals:limit_close", args=[limit.pk])
    browser = signed_in(cast.director)
    shown = text(browser.get(address))
    assert shown.count("Закрыть лимит: ООО «Ромашка»") == 3, (
        "the tab, the breadcrumb and the heading"
    )
    assert "data-dialog-close" not in shown.split("<main")[1].split("</main>")[0]
    own = HTMX | {"HX-Current-URL": f"http://testserver{address}"}
    assert "sheet-title" not in text(browser.post(address, {}, headers=own))
    assert "sheet-title" in text(browser.get(address, headers=HTMX))
    address = reverse("deals:limit_request", args=[client.pk])
    own = HTMX | {"HX-Current-URL": f"http://testserver{address}"}
    answer = signed_in(cast.manager).post(address, form(client, timezone.localdate()), headers=own)
    assert answer.headers["HX-Redirect"] == reverse("deals:credit", args=[client.pk])
