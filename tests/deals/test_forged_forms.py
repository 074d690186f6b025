"""Forms of contracts, papers, schedules, prices, proposals, terms as somebody forges them.

Rows of others, wrong choices, days and sums that do not fit, too much: each gets its message at
the field, and all together change no row.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.authz.asking import contents
from tests.cast import signed_in
from tests.deals.test_contract_pages import FORM
from tests.deals.test_proposal_pages import typed
from tests.factories import clients, contracts, deals, orders, proposals

TODAY = timezone.localdate()
PAST, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def own(cast):
    return clients.client(cast.manager, category="B")


@pytest.fixture
def foreign(cast):
    return clients.client(cast.stranger, category="B")


def attacks(cast, own, foreign):
    """(who, address, its arguments, what is sent, the field that says no: None is the form)."""
    theirs, other_plan = clients.counterparty(foreign), clients.outlet(foreign)
    tea = deals.product(sku="ЧАЙ-01")
    deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    order = orders.placed(foreign, {tea: 1}, by=cast.stranger)
    draft, active = contracts.draft(own, cast.manager), contracts.active(own, cast.manager)
    ours = {"signed_by": cast.director, "signed_by_us_on": TODAY}
    waiting = contracts.draft(own, cast.manager, state="signed_by_us", **ours)
    approved = contracts.draft(own, cast.manager, state="approved")
    clause = contracts.disagreement(draft, cast.manager)
    owed = contracts.obligation(active, cast.manager, cast.sector)
    plan, sale = contracts.delivery(own, cast.manager), deals.sale(own, on=TODAY)
    offer = proposals.draft(own, {tea: ("1", "0")}, by=cast.manager)
    sent = proposals.sent(own, {tea: ("1", "0")}, by=cast.manager)
    listed = deals.price_list(cast.director, {tea: "90.00"}, since=TOMORROW)
    held = deals.price_list(
        cast.director, {tea: "1.00"}, approved_by=cast.director, kind="chain", since=TODAY
    )
    m, v1 = cast.manager, {"version": 1}
    days = {"weekdays": ["1"], "time_from": "09:00", "time_to": "12:00", "starts_on": TODAY}
    days |= {"reason": "График"}
    power = {"number": "1", "agent": cast.manager.pk, "issued_by": "Директор"}
    power |= {"issued_on": TODAY, "valid_to": TOMORROW}
    duty = {"kind": "training", "text": "Обучить", "org_unit": cast.sector.pk, "due_on": TODAY}
    terms = {"value": "4", "valid_from": TODAY, "valid_to": TODAY, "reason": "Партия"}
    head = {"kind": "base", "name": "Прайс", "valid_from": TOMORROW}
    huge = "".join(f"НЕТ-{n}\t1\n" for n in range(10_000))
    agreed = {"state": "agreed", "proposed": "", "agreed": " "}
    said = {"signatory": "Иванов", "authority": "устав", "on": TODAY}

    def many(name, args, base, *wrong, who=m):
        return [(who, name, args, base | change, field) for field, change in wrong]

    return [
        *many("contract_create", [own.pk], FORM,
              ("counterparty", {"counterparty": theirs.pk}),
              ("kind", {"kind": "gift"}),
              ("amount", {"amount": "-1"}), ("amount", {"amount": "1" * 14}),
              ("ends_on", {"ends_on": "2026-11-30"}), ("number", {"number": "9" * 101}),
              ("number", {"number": draft.number}), ("deferral_days", {"deferral_days": "-1"}),
              ("starts_on", {"starts_on": "31.02.2026"}), ("key", {"key": "not-a-key"})),
        *many("contract_edit", [draft.pk], FORM, (None, {}), (None, {"version": "7"})),
        *many("contract_cancel", [draft.pk], v1, ("reason", {}),
              (None, {"version": 2, "reason": "Нет"}), ("reason", {"reason": MARKUP * 50})),
        *many("contract_client_sign", [waiting.pk], v1 | said, ("on", {"on": TOMORROW}),
              ("signatory", {"signatory": ""}), ("authority", {"authority": "у" * 201})),
        *many("contract_sign", [approved.pk], v1, ("on", {"on": TOMORROW}), ("on", {"on": ""}),
              (None, {"on": TODAY, "version": ""}), who=cast.director),
        *many("contract_end", [active.pk], v1 | {"reason": "Долг"}, ("on", {"on": PAST}),
              who=cast.department_head),
        *many("disagreement_add", [draft.pk], {"clause": "1", "ours": "а", "theirs": "б"},
              ("clause", {"clause": "1" * 51}), ("ours", {"ours": ""}),
              (None, {"clause": "5.1", "ours": "30 дней", "theirs": "60 дней"})),
        *many("disagreement_settle", [clause.pk], v1 | agreed, ("agreed", {}),
              ("state", {"state": "won"}), (None, {"version": 3, "agreed": "45 дней"})),
        *many("obligation_add", [active.pk], duty, ("org_unit", {"org_unit": 999_999}),
              ("kind", {"kind": "gift"}), ("due_on", {"due_on": "0000-00-00"})),
        *many("obligation_fulfil", [owed.pk], v1, ("on", {"on": TOMORROW, "evidence": "Акт"}),
              ("evidence", {"on": TODAY})),
        *many("power_add", [], power, ("agent", {"agent": 999_999}), ("limit", {"limit": "-1"}),
              ("valid_to", {"valid_to": TODAY}), ("number", {"number": ""}), who=cast.lawyer),
        *many("template_add", [], {"name": "Текст", "kind": "supply"}, ("kind", {"kind": "gift"}),
              ("name", {"name": "Т" * 201}), who=cast.lawyer),
        *many("document_add", [own.pk], {"kind": "charter"}, ("kind", {"kind": "gift"}),
              ("valid_to", {"issued_on": TODAY, "valid_to": PAST}), ("note", {"note": "н" * 501})),
        *many("delivery_propose", [own.pk], days, ("outlet", {"outlet": other_plan.pk}),
              ("weekdays", {"weekdays": ["9"]}), ("weekdays", {"weekdays": []}),
              ("time_to", {"time_to": "08:00"}), ("starts_on", {"starts_on": PAST}),
              (None, {}), ("reason", {"reason": MARKUP * 50})),
        *many("delivery_confirm", [plan.pk, "client"], v1, ("person", {"person": ""}),
              (None, {"person": "Петров", "version": 9})),
        *many("package_note", [sale.pk, "upd", "made"], {}, ("on", {"on": TOMORROW})),
        *many("package_note", [sale.pk, "upd", "handed"], {}, (None, {"on": TODAY})),
        *many("terms_request", [own.pk, "discount"], terms, ("order", {"order": order.pk}),
              ("value", {"value": "0"}), ("value", {"value": "-1"}), ("value", {"value": "1e5"}),
              ("valid_to", {"valid_to": PAST}), ("valid_from", {"valid_from": PAST}),
              ("reason", {"reason": " "})),
        *many("proposal_send", [offer.pk], v1 | {"on": TODAY}, ("channel", {"channel": "owl"}),
              ("on", {"channel": "email", "on": TOMORROW})),
        *many("proposal_decline", [sent.pk], {"version": sent.version}, ("reason", {"on": TODAY}),
              ("on", {"on": PAST, "reason": "Дорого"})),
        *many("price_list_create", [], head, ("kind", {"kind": "gift"}),
              ("change_percent", {"change_percent": "-100"}), ("name", {"name": "П" * 201}),
              who=cast.director),
        *many("price_list_fill", [listed.pk], v1, ("prices", {"prices": huge}),
              ("prices", {"prices": "ЧАЙ-01\t-5"}), ("prices", {"prices": "9" * 400_001}),
              (None, {"prices": "ЧАЙ-01\t5", "version": 9}), who=cast.director),
        *many("price_list_end", [held.pk], {"version": held.version}, ("on", {"on": TODAY}),
              who=cast.director),
    ]  # fmt: skip


def test_a_forged_form_gets_its_message_at_the_field_and_changes_nothing(cast, own, foreign):
    told, browsers = attacks(cast, own, foreign), {}
    before, wrong = contents(), []
    for who, name, args, data, field in told:
        if who.pk not in browsers:
            browsers[who.pk] = signed_in(who)
        answer = browsers[who.pk].post(reverse(f"deals:{name}", args=args), data)
        errors = answer.context["form"].errors if answer.context else {}
        if answer.status_code not in (409, 422) or list(errors) != [field or "__all__"]:
            wrong.append((name, field, str(data)[:80], answer.status_code, dict(errors)))
        elif "<script>alert" in answer.text:
            wrong.append((name, "markup"))
    assert wrong == []
    assert [n for n, (a, b) in enumerate(zip(before, contents(), strict=True)) if a != b] == []


@pytest.mark.parametrize("document", ["proposal", "order"])
def test_an_editor_takes_no_foreign_client_no_cut_lines_and_no_sum_too_great(
    cast, own, foreign, document
):
    dear = deals.product(sku="ЧАЙ-01", name="Чай чёрный")
    deals.price_list(cast.director, {dear: "9999999999.00"}, approved_by=cast.director)
    browser, url = signed_in(cast.manager), reverse(f"deals:{document}_create")
    before = contents()
    for place, wrong in (
        ("client", {"client": foreign.code}),
        ("__all__", {"lines": "201"}),
        ("__all__", {"lines": "10000"}),
        ("__all__", {"line-0-quantity": "99999999"}),
    ):
        answer = browser.post(url, typed(own, "0", kind="regular", **wrong))
        assert (answer.status_code, list(answer.context["editor"].head.errors)) == (422, [place])
    assert contents() == before
    assert browser.get(url, {"client": foreign.pk}).context["editor"].head.initial["client"] is None
