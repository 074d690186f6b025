"""Variable pay: drafted once, decided with grounds, approved by a third, objected to, sent once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import AlreadyDecided, RuleViolation, StaleVersion
from crm.money import format_money, format_number
from crm.notices.models import Notice
from reports.actions import incentive_lines as lines
from reports.actions import incentive_moves as moves
from reports.actions import schemes
from reports.actions.incentive_drafts import month_end_close
from reports.models import (
    SHEET_MOVES,
    IncentiveDecision,
    IncentiveSheet,
    PayrollTransfer,
)
from reports.pages.incentives import FIGURES, SheetPage
from tests.approvals.racing import failures, race
from tests.cast import assemble, fresh, signed_in
from tests.factories import facts, incentives
from tests.kernel.shared_files import shared_example

D = Decimal
TODAY = timezone.localdate()
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 2)


def wanted(kind="reduction", amount="2000", **more):
    values = {"ground": "kpi:1", "grounds": "План отгрузок не выполнен.", "amount": D(amount)}
    return lines.Wanted(kind=kind, **values | more)


def penalty(amount, **more):
    order = {"disciplinary_order": "12-к", "order_on": date(2026, 10, 20)}
    return wanted(amount=amount, **order | {"acknowledged_on": date(2026, 10, 21)} | more)


def add(sheet, what, by):
    lines.add_decision(sheet.pk, what, by=by, version=sheet.version, today=TODAY)
    sheet.refresh_from_db()
    return sheet


def decide(sheet, by):
    moves.decide_sheet(sheet.pk, by=by, version=sheet.version, today=TODAY)
    sheet.refresh_from_db()
    return sheet


def sign(sheet, by, decision="approve"):
    approval = Approval.objects.of(sheet).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment="" if decision == "approve" else "Мало",
        version=approval.version, target_version=sheet.version, today=TODAY,
    )  # fmt: skip
    sheet.refresh_from_db()
    return sheet


def test_the_worked_example_from_the_documents_to_the_page(db):
    example, plan = shared_example("INC-1")["expected"], shared_example("PLAN-1")
    made = facts.october(plan)
    facts.planned(plan, made)
    schemes.seed_schemes()
    assert month_end_close(today=date(2026, 10, 31)) == 0
    assert month_end_close(today=NOVEMBER) == 1 + 4  # the month, three managers, the head
    assert month_end_close(today=NOVEMBER) == month_end_close(today=NOVEMBER + timedelta(3)) == 0
    sheet = IncentiveSheet.objects.get(employee=made.managers["M1"])
    assert (str(sheet.composite), str(sheet.coefficient)) == (example["composite"], example["K"])
    assert str(sheet.bonus) == example["bonus"]
    # Debts of the worked example are a fixture of their own; over the limit they cost as much.
    IncentiveSheet.objects.filter(pk=sheet.pk).update(
        correction=D(example["overdue_correction"]),
        after_correction=D(example["after_correction"]),
        variable_total=D(example["after_correction"]),
    )
    sheet.refresh_from_db()
    why = {"exception_reason": "Сектор без руководителя"}
    add(sheet, wanted("reward", "1500", **why), made.head)
    add(sheet, wanted(**why), made.head)
    assert str(sheet.reduction_cap) == example["reduction_cap"]
    assert str(sheet.variable_total) == example["variable_total"]
    page = signed_in(made.head).get(sheet.get_absolute_url()).content.decode()
    page = page.replace("\xa0", " ").replace("&nbsp;", " ")
    for shown in ("88,62", "0,8862", "35 448,00", "31 903,20", "31 403,20", "91 403,20"):
        assert shown in page, shown
    assert "fact_documents" in page
    total = [text for pair in SheetPage(sheet, made.head, NOVEMBER).rows_total for text in pair]
    results = {line["metric"]: line for line in sheet.calculation["lines"]}
    for name, plan_text, fact_text in zip(FIGURES, total[::2], total[1::2], strict=True):
        show = format_number if name == "active" else format_money
        assert plan_text == show(D(results[name]["plan"]))
        assert fact_text == show(D(results[name]["fact"]))
    foot = page.partition('id="rows-title"')[2].partition("<tfoot")[2]
    assert all(text.replace("\xa0", " ") in foot for text in total)
    head = IncentiveSheet.objects.get(employee=made.head)
    kept = {line["metric"]: line for line in head.calculation["lines"]}
    assert set(kept) == {"ship", "cash", "active", "debt", "tasks"}
    assert kept["ship"]["percent"] == str(
        D(plan["expected"]["D1"]["ship_pct"])
        if "D1" in plan["expected"]
        else kept["ship"]["percent"]
    )
    assert kept["tasks"]["percent"] is None  # nobody set any: their weight is spread
    assert len(head.calculation["rows"]) == 2


def test_a_sheet_goes_its_way_and_stays(cast):
    head, director, employee = cast.department_head, cast.director, cast.manager
    sheet = incentives.sheet(employee, superior=head)
    assert not IncentiveSheet.objects.visible_to(employee).exists()
    add(sheet, wanted("reward", "1500"), head)
    with pytest.raises(StaleVersion):
        lines.add_decision(sheet.pk, wanted(), by=head, version=1, today=TODAY)
    decide(sheet, head)
    with pytest.raises(RuleViolation):
        decide(sheet, head)
    with pytest.raises(PermissionDenied):
        add(sheet, wanted(), head)
    sheet = sign(sheet, director, "return")
    assert (sheet.state, sheet.comment) == ("drafted", "Мало")
    sheet = sign(decide(sheet, head), director)
    assert (sheet.state, sheet.approved_by) == ("approved", director)
    assert Notice.objects.filter(kind="incentive.shown", user=employee, channel="ui").count() == 1
    mine = signed_in(employee)
    page = mine.get(sheet.get_absolute_url())
    assert page.status_code == 200
    assert reverse("reports:incentive_object", args=[sheet.pk]) in page.content.decode()
    assert "штраф" not in page.content.decode().lower()
    late = sheet.objection_until + timedelta(days=1)
    with pytest.raises(RuleViolation, match=r"\d\d\.\d\d"):
        moves.object_to_sheet(
            sheet.pk, by=employee, version=sheet.version, objection="Нет", today=late
        )
    sent = {"version": sheet.version, "objection": "Отгрузка задержана складом."}
    url = reverse("reports:incentive_object", args=[sheet.pk])
    assert mine.post(url, {"version": sheet.version, "objection": " "}).status_code == 422
    assert mine.post(url, sent).status_code == 302
    assert Notice.objects.filter(kind="incentive.objected", user=head).exists()
    sheet.refresh_from_db()
    assert sheet.state == "objection"
    add(sheet, wanted("reward", "500"), head)
    sheet = sign(decide(sheet, head), director)
    assert (sheet.state, sheet.rewards) == ("approved", D(2000))
    moves.acknowledge_sheet(sheet.pk, by=employee, version=sheet.version)
    sheet.refresh_from_db()
    with pytest.raises(RuleViolation):
        moves.object_to_sheet(
            sheet.pk, by=employee, version=sheet.version, objection="Нет", today=TODAY
        )
    changes = {"bonus": 1}, {"rewards": 0, "variable_total": D("31903.20")}, {"state": "drafted"}
    for change in (*changes, {"calculation": {}}):
        with (
            pytest.raises(IntegrityError, match="a sheet that was decided stays"),
            transaction.atomic(),
        ):
            IncentiveSheet.objects.filter(pk=sheet.pk).update(**change)
    for change in (sheet.decisions.all().update, sheet.decisions.all().delete):
        more = {"amount": 1} if change.__name__ == "update" else {}
        with (
            pytest.raises(IntegrityError, match="of a decided sheet do not change"),
            transaction.atomic(),
        ):
            change(**more)


def test_a_reduction_is_lawful(cast):
    head = cast.department_head
    sheet = incentives.sheet(cast.manager, superior=head)
    refused = {
        "amount": [wanted(amount="0"), penalty("18380.65")],
        "grounds": [wanted(grounds=" ")],
        "ground": [wanted(ground="kpi:5"), wanted(ground="claim:1"), wanted(ground="")],
        "what": [wanted("nonmaterial", "0")],
        "order_on": [penalty("1", order_on=date(2026, 9, 30)), penalty("1", order_on=None)],
        "acknowledged_on": [
            penalty("1", acknowledged_on=None),
            penalty("1", acknowledged_on=date(2026, 10, 19)),
            penalty("1", acknowledged_on=TODAY + timedelta(days=1)),
        ],
        "disciplinary_order": [
            wanted("reward", "1", disciplinary_order="1"),
            wanted(acknowledged_on=date(2026, 10, 21)),
        ],
    }
    for field, wrong in refused.items():
        for one in wrong:
            with pytest.raises(RuleViolation) as refusal:
                add(sheet, one, head)
            assert refusal.value.field == field, one
    add(sheet, wanted("reward", "1500"), head)
    reward = sheet.decisions.get()
    add(sheet, penalty("18680.64"), head)  # 20 % of 93 403.20
    assert (sheet.reduction_cap, sheet.reductions) == (D("18680.64"), D("18680.64"))
    with pytest.raises(RuleViolation, match=r"18.680,64"):
        add(sheet, penalty("0.01"), head)
    with pytest.raises(RuleViolation):  # without the reward it would be above the cap
        lines.withdraw_decision(reward.pk, by=head, version=sheet.version)
    add(sheet, wanted(amount="99999"), head)
    assert sheet.variable_total == 0
    add(sheet, wanted("nonmaterial", "0", what="Благодарность"), head)
    last = sheet.decisions.get(amount=99999)
    lines.withdraw_decision(last.pk, by=head, version=sheet.version)
    sheet.refresh_from_db()
    assert sheet.variable_total == D("31903.20") + 1500 - D("18680.64")


def test_about_somebody_elses_subordinate_a_reason_is_given(cast):
    sheet = incentives.sheet(cast.manager, superior=cast.sector_head)
    with pytest.raises(RuleViolation) as refusal:
        add(sheet, wanted(), cast.department_head)
    assert refusal.value.field == "exception_reason"
    client = signed_in(cast.department_head)
    url = reverse("reports:incentive_add", args=[sheet.pk])
    sent = {"version": 1, "kind": "reduction", "amount": "2 000,00", "ground": "kpi:1",
            "grounds": "План", "exception_reason": ""}  # fmt: skip
    assert client.post(url, sent).status_code == 422
    for missing in ({"amount": ""}, {"kind": "nonmaterial", "amount": ""}):
        refused = client.post(url, sent | missing)
        wrong = refused.content.decode().count('class="invalid-feedback')
        assert wrong == 2, missing
    sent["exception_reason"] = "Руководитель сектора в отпуске"
    assert client.post(url, sent).status_code == 302
    assert "Руководитель сектора в отпуске" in client.get(sheet.get_absolute_url()).content.decode()
    own = incentives.sheet(cast.sector_head, superior=cast.department_head)
    add(own, wanted(), cast.department_head)
    assert own.decisions.get().exception_reason == ""


def test_nobody_sees_or_decides_what_is_not_theirs(cast):
    head = cast.department_head
    draft = incentives.sheet(cast.manager, superior=cast.sector_head)
    ready = incentives.approved(cast.manager2, head, cast.director)
    above = incentives.sheet(head, superior=cast.director)
    seen = {
        "manager": set(), "manager2": {ready}, "sector_head": set(), "lawyer": set(),
        "department_head": {draft, ready}, "stranger_head": set(), "admin": set(),
        "director": {draft, ready, above}, "general_director": {draft, ready, above},
        "accountant": {ready},
    }  # fmt: skip
    for who, rows in seen.items():
        assert set(IncentiveSheet.objects.visible_to(getattr(cast, who))) == rows, who
    line = add(draft, wanted("reward", "1", exception_reason="да"), head).decisions.get()
    sheet_page = signed_in(head).get(draft.get_absolute_url()).content.decode()
    assert "Отменить" in sheet_page.split(line.grounds)[0][-900:]
    assert "Принять возврат" not in sheet_page, "a reward is no paper that was given out"
    turns = {"manager2": 1, "department_head": 1, "director": 1, "manager": 0, "accountant": 0}
    for who, count in turns.items():  # the badge of the rail
        assert IncentiveSheet.objects.waiting_for(getattr(cast, who)) == count, who
    names = ("detail", "history", "add", "decide", "recount", "agree", "object")
    urls = [reverse(f"reports:incentive_{name}", args=[draft.pk]) for name in names]
    urls.append(reverse("reports:incentive_withdraw", args=[line.pk]))
    for who in ("manager", "manager2", "sector_head", "accountant", "stranger_head"):
        client = signed_in(getattr(cast, who))
        for url in urls:
            assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}, url
        register = client.get(reverse("reports:incentive_list")).content.decode()
        report = reverse("reports:report", args=["incentive_sheet"])
        report = client.get(f"{report}?month=2026-10").content.decode()
        for page in (register, report):
            assert draft.get_absolute_url() not in page, who
    for who in (cast.director, cast.general_director):  # they see, and decide nothing
        with pytest.raises(PermissionDenied):
            decide(draft, who)
    with pytest.raises(IncentiveSheet.DoesNotExist):
        decide(above, head)
    decide(above, cast.director)
    with pytest.raises(PermissionDenied):  # four eyes
        sign(above, cast.director)
    assert sign(above, cast.general_director).approved_by == cast.general_director


@pytest.mark.parametrize("state", SHEET_MOVES)
def test_a_sheet_goes_only_where_its_map_lets_it(cast, state):
    head, employee, director = cast.department_head, cast.manager, cast.director
    if state == "drafted":
        sheet = incentives.sheet(employee, superior=head)
    else:
        sheet = incentives.approved(employee, head, director)
    if state == "sent":
        transfer = PayrollTransfer.objects.create(
            month=OCTOBER, sheets_count=1, total=1, created_by=cast.accountant
        )
        IncentiveSheet.objects.filter(pk=sheet.pk).update(state="sent", transfer=transfer)
    elif state == "objection":
        IncentiveSheet.objects.filter(pk=sheet.pk).update(state="objection", objection="Нет")
    elif state == "decided":
        IncentiveSheet.objects.filter(pk=sheet.pk).update(state="objection", objection="Нет")
        IncentiveSheet.objects.filter(pk=sheet.pk).update(state="decided")
    sheet.refresh_from_db()
    assert sheet.state == state
    actions = {
        "decided": lambda: decide(sheet, head),
        "approved": lambda: moves.approved(sheet, by=director, today=TODAY),
        "drafted": lambda: moves.sent_back(sheet),
        "objection": lambda: moves.object_to_sheet(
            sheet.pk, by=employee, version=sheet.version, objection="Нет", today=TODAY),
        "sent": lambda: moves.send_to_payroll(OCTOBER, by=cast.accountant, today=date(2100, 1, 1)),
    }  # fmt: skip
    for target in set(actions) - SHEET_MOVES[state]:
        with pytest.raises((RuleViolation, PermissionDenied, IncentiveSheet.DoesNotExist)):
            actions[target]()
    sheet.refresh_from_db()
    assert sheet.state == state


def test_payroll_takes_each_sheet_once(cast):
    head, director = cast.department_head, cast.director
    first = incentives.approved(cast.manager, head, director)
    second = incentives.approved(cast.manager2, head, director)
    client, url = signed_in(cast.accountant), reverse("reports:payroll_send")
    assert client.post(url, {"month": "2026-10"}).status_code == 422  # they may still object
    day = f"{max(first.objection_until, second.objection_until):%d.%m.%Y}"
    page = client.get(reverse("reports:payroll_list")).content.decode()
    assert "К передаче ничего не готово" in page
    assert f"2 утверждённых листа ещё ждут: сотрудники могут возразить до {day}." in page
    assert url not in page, "nothing is to be sent"
    moves.acknowledge_sheet(first.pk, by=cast.manager, version=1)
    page = client.get(reverse("reports:payroll_list")).content.decode()
    assert "1 утверждённый лист готов к передаче. 1 утверждённый лист ещё ждёт" in page
    assert url in page
    assert client.post(url, {"month": "2026-10"}).status_code == 302
    again = client.post(url, {"month": "2026-10"})
    assert again.status_code == 422
    transfer = PayrollTransfer.objects.get()
    assert (transfer.sheets_count, transfer.total) == (1, D("31903.20"))
    files = reverse("reports:payroll_file", args=[transfer.pk])
    texts = [client.get(f"{files}?format=csv").getvalue() for _ in range(2)]
    assert texts[0] == texts[1]
    assert "31903,20" in texts[0].decode("utf-8-sig").replace("\xa0", "").replace(" ", "")
    assert cast.manager2.last_name not in texts[0].decode("utf-8-sig")
    book = client.get(files)
    assert book["Content-Type"].endswith("sheet")
    assert book.getvalue()[:2] == b"PK"
    with pytest.raises(RuleViolation):
        moves.object_to_sheet(first.pk, by=cast.manager, version=3, objection="Нет", today=TODAY)
    moves.send_to_payroll(OCTOBER, by=cast.accountant, today=TODAY + timedelta(days=1))
    second.refresh_from_db()
    assert second.state == "sent"
    for who in (head, director):
        with pytest.raises(PermissionDenied):
            moves.send_to_payroll(OCTOBER, by=who, today=TODAY)
    with (
        pytest.raises(IntegrityError, match="a sheet that was decided stays"),
        transaction.atomic(),
    ):
        IncentiveSheet.objects.filter(pk=second.pk).update(state="approved", transfer=None)


@pytest.fixture
def committed(committed_db):
    """The cast in a database of its own, because threads commit."""
    return assemble()


def test_of_two_at_once_one_decides_one_approves_and_one_sends(committed):
    cast = committed
    from crm.approvals.actions.routes import seed_routes

    seed_routes()
    head, director = cast.department_head, cast.director
    sheet = incentives.sheet(cast.manager, superior=head)
    heads = [fresh(head), fresh(head)]
    lost = failures(race(*(
        lambda by=by: moves.decide_sheet(sheet.pk, by=by, version=1, today=TODAY) for by in heads
    )))  # fmt: skip
    assert [type(one) for one in lost] == [StaleVersion]
    sheet.refresh_from_db()
    directors = [fresh(director), fresh(director)]
    lost = failures(race(*(lambda by=by: sign(sheet, by) for by in directors)))
    assert {type(one) for one in lost} <= {AlreadyDecided, Approval.DoesNotExist}
    assert len(lost) == 1
    late = TODAY + timedelta(days=30)
    people = [fresh(cast.accountant), fresh(cast.accountant)]
    lost = failures(race(*(
        lambda by=by: moves.send_to_payroll(OCTOBER, by=by, today=late) for by in people
    )))  # fmt: skip
    assert [type(one) for one in lost] == [RuleViolation]
    assert PayrollTransfer.objects.count() == 1
    assert IncentiveDecision.objects.count() == 0
