"""Terms: kept, late, overdue, ahead by kind, unit and person (III.14, III.16, III.17, L254–260)."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from clients.models import Client, ClientAssignment, ClientTransfer
from crm.calendar import current
from crm.work.models import Setting
from crm.work.registry import forget
from deals.actions.reconciliation_schedules import days_of
from deals.models import ReconciliationItem
from deals.packages import paid_invoices, paid_invoices_without_documents
from reports import registry
from reports.days.plans import days_of_plan
from reports.days.reports import due_day
from reports.models import MonthlyPlan, PlanPart
from reports.pages import timeliness as timeliness_page
from reports.parameters import Period
from reports.timeliness import terms as math
from reports.timeliness.figures import figures
from reports.timeliness.kind import kind_of, kinds
from reports.timeliness.rows import term_rows
from tests.cast import everybody, fresh, signed_in
from tests.factories import clients, plans, terms
from tests.kernel.shared_files import shared_example
from tests.reports.behind import Behind
from tests.standing import standing

D = Decimal
DAY = timedelta(days=1)
AS_OF = date(2026, 10, 31)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
AUTUMN = Period(date(2026, 9, 1), date(2026, 12, 31))
CHIEFS = {"sector_head", "department_head", "director", "general_director", "stranger_head"}


def told(person, code, *, period=AUTUMN, today=AS_OF, **asked):
    """Standing and working days late of each row, by its own key."""
    rows = term_rows(fresh(person), period, [kind_of(code)], today=today, **asked)
    return {one.row.pk: (f"{one.due}", one.standing, one.late) for one in rows}


def counts(person, code="", *, period=AUTUMN, today=AS_OF, **asked):
    kind = [kind_of(code)] if code else kinds()
    whole = figures(fresh(person), period, kind, today=today, **asked).whole
    return (whole.kept, whole.late, whole.overdue, whole.ahead)


def test_documents_of_paid_invoices_stand_as_in_the_worked_example(cast):
    example = shared_example("DOC-1")
    as_of = date.fromisoformat(example["input"]["as_of"])
    made = {}
    for case in example["input"]["cases"]:
        day = case["documents_created_on"]
        invoice = terms.paid(
            clients.client(cast.manager),
            on=date.fromisoformat(case["paid_on"]),
            documents=date.fromisoformat(day) if day else None,
        )
        made[case["invoice"]] = invoice.pk
    found = told(cast.department_head, "documents", today=as_of)
    for name, wanted in example["expected"].items():
        due, standing, late = found[made[name]]
        assert due == wanted["deadline"], name
        assert (standing in {"late", "overdue"}) == wanted["late"] == bool(late), name
    assert [found[made[name]][1:] for name in ("S1", "S2", "S3", "S4")] == [
        ("kept", 0), ("late", 1), ("ahead", 0), ("overdue", 1)
    ]  # fmt: skip
    assert counts(cast.department_head, "documents", today=as_of) == (1, 1, 1, 1)
    # What has no documents here has none in the report of those that wait, and the other way round.
    lacking = set(paid_invoices().filter(documents_on=None).values_list("pk", flat=True))
    assert lacking == set(paid_invoices_without_documents().values_list("pk", flat=True))


def test_plans_stand_by_the_days_of_the_worked_example(cast):
    expected = shared_example("CAL-3")["expected"]
    month = date(2026, 11, 1)
    days = days_of_plan(month)
    submit, approve = (
        date.fromisoformat(expected[f"plan_{one}"]) for one in ("submission", "approval")
    )
    assert (days.submit_by, days.approve_by) == (submit, approve)
    plan = plans.plan(cast.department, month=month, submit_by=submit, approve_by=approve)
    head = cast.department_head
    terms.part(plan, clients.client(cast.manager), submitted=submit, by=cast.sector_head)
    terms.part(plan, clients.client(cast.manager2), submitted=submit + 3 * DAY, by=cast.sector_head)
    assert sorted(told(head, "plans_submitted").values()) == [
        (f"{submit}", "kept", 0), (f"{submit}", "late", 1)
    ]  # fmt: skip
    assert counts(cast.sector_head, "plans_submitted") == (1, 1, 0, 0)
    assert told(head, "plans_sent", today=approve)[plan.pk] == (f"{approve}", "ahead", 0)
    assert told(head, "plans_sent")[plan.pk] == (f"{approve}", "overdue", 0)
    rows = MonthlyPlan.objects.filter(pk=plan.pk)
    sent = {"sent_by": head, "sent_at": terms.noon(approve)}
    rows.update(state="on_approval", **sent)
    # Returned and sent again: the first sending decides.
    rows.update(state="returned")
    rows.update(state="on_approval", sent_at=terms.noon(approve + 4 * DAY))
    assert told(head, "plans_sent", today=approve + 9 * DAY)[plan.pk][1] == "kept"
    late = terms.noon(approve + 3 * DAY)
    rows.update(state="approved", approved_by=cast.director, approved_at=late)
    assert told(head, "plans_approved", today=approve + 9 * DAY)[plan.pk][1:] == ("late", 1)
    # A sector's head has no part in what the department sends.
    assert counts(cast.sector_head, "plans_sent") == counts(cast.sector_head, "plans_approved")
    assert counts(cast.sector_head, "plans_sent") == (0, 0, 0, 0)


def test_internal_reports_stand_by_the_day_of_the_worked_example(cast):
    due = due_day("working_day", 3, "month", date(2026, 10, 1))
    assert f"{due}" == shared_example("CAL-3")["expected"]["monthly_report"]
    row = terms.report(cast, due=due, handed_in=due + DAY)
    assert told(cast.department_head, "internal_reports", today=due + 9 * DAY) == {
        row.pk: (f"{due}", "late", 1)
    }
    assert counts(cast.stranger_head, "internal_reports", today=due + 9 * DAY) == (0, 0, 0, 0)


def test_acts_stand_by_the_days_of_the_worked_example(cast):
    for category, wanted in shared_example("REC-1")["expected"].items():
        for one in wanted:
            days = days_of(date.fromisoformat(one["as_of"]))
            assert (f"{days.send_by}", f"{days.sign_by}") == (one["send_by"], one["sign_by"])
            client = clients.client(cast.manager, category=category)
            item = terms.reconciliation(
                client, send_by=days.send_by, sign_by=days.sign_by, sent=days.send_by,
                signed=days.sign_by + DAY,
            )  # fmt: skip
            whole = Period(days.send_by, days.sign_by)
            later = days.sign_by + 30 * DAY
            sent = told(cast.sector_head, "acts_sent", period=whole, today=later)
            signed = told(cast.sector_head, "acts_signed", period=whole, today=later)
            assert sent[item.pk] == (one["send_by"], "kept", 0)
            assert signed[item.pk][:2] == (one["sign_by"], "late")


def test_new_clients_are_given_to_somebody_within_the_term_of_the_setting(cast):
    """CAL-4 has no figures of its own: a working day after the day on which the client was added,
    so that one of Friday is in time on Monday, and one before a holiday on the day after it."""
    friday, eve = date(2026, 10, 30), date(2026, 11, 3)
    kept = terms.added(cast.manager, friday, given=date(2026, 11, 2))
    late = terms.added(cast.manager, friday, given=date(2026, 11, 3))
    holiday = terms.added(cast.manager, eve, given=date(2026, 11, 5))
    nobody = terms.added(cast.manager, friday)
    ahead = terms.added(cast.manager, date(2026, 11, 5))
    head, today = cast.department_head, date(2026, 11, 6)
    assert told(head, "distribution", today=today) == {
        kept.pk: ("2026-11-02", "kept", 0),
        late.pk: ("2026-11-02", "late", 1),
        holiday.pk: ("2026-11-05", "kept", 0),
        nobody.pk: ("2026-11-02", "overdue", 3),
        ahead.pk: ("2026-11-06", "ahead", 0),
    }
    Setting.objects.create(key="terms.distribution_days", value=3)
    forget()
    assert told(head, "distribution", today=today)[late.pk] == ("2026-11-05", "kept", 0)


def test_hand_overs_take_effect_within_the_term_or_by_the_day_the_former_leaves(cast):
    decided, today = date(2026, 10, 30), date(2026, 11, 20)
    head = cast.department_head
    made = {}
    for name, on, kind in (
        ("kept", date(2026, 11, 5), "rebalance"),  # the fourth is a holiday
        ("late", date(2026, 11, 6), "rebalance"),
        ("left", date(2026, 11, 13), "dismissal"),
        ("ahead", date(2026, 12, 1), "rebalance"),
    ):
        client = clients.client(cast.manager)
        made[name] = terms.handed_over(
            client, cast.manager2, head, decided=decided, on=on, kind=kind
        )
    cast.manager.is_active, cast.manager.dismissed_on = False, date(2026, 11, 12)
    cast.manager.save(update_fields=["is_active", "dismissed_on"])
    found = {
        one.row.transfer_id: (f"{one.due}", one.standing, one.late)
        for one in term_rows(head, AUTUMN, [kind_of("redistribution")], today=today)
    }
    assert found == {
        made["kept"].pk: ("2026-11-05", "kept", 0),
        made["late"].pk: ("2026-11-05", "late", 1),
        made["left"].pk: ("2026-11-12", "late", 1),
        made["ahead"].pk: ("2026-11-05", "overdue", 11),
    }


def test_what_nobody_has_to_do_has_no_term(cast):
    """Taken back, replaced before its day, cancelled, asked for, a correction, a part of nobody."""
    day, today = date(2026, 10, 12), date(2026, 11, 20)
    head = cast.department_head
    waste = terms.added(cast.manager, day)
    Client.objects.filter(pk=waste.pk).update(
        status="archived", archived_at=timezone.now(), archive_reason="Двойник"
    )
    back = terms.handed_over(clients.client(cast.manager), cast.manager2, head, decided=day, on=day)
    now = timezone.now()
    ClientTransfer.objects.filter(pk=back.pk).update(undone_at=now, undone_by=head)
    never = terms.handed_over(
        clients.client(cast.manager), cast.manager2, head, decided=day, on=day
    )
    ClientAssignment.objects.filter(transfer=never).update(valid_to=day)
    for state in ("cancelled", "requested"):
        item = terms.reconciliation(clients.client(cast.manager), send_by=day, sign_by=day + DAY)
        reason = "Итог" if state == "cancelled" else ""
        ReconciliationItem.objects.filter(pk=item.pk).update(state=state, cancel_reason=reason)
    days = {"submit_by": day, "approve_by": day}
    first = plans.plan(cast.department, month=date(2026, 11, 1), **days)
    PlanPart.objects.create(plan=first, org_unit=cast.sector, manager=cast.manager)
    MonthlyPlan.objects.filter(pk=first.pk).update(revision=2, comment="Поправка")
    terms.part(first, clients.client(cast.manager2))
    assert waste.pk not in told(head, "distribution", today=today)
    others = [kind.code for kind in kinds() if kind.code != "distribution"]
    found = {code: told(head, code, today=today) for code in others}
    assert not any(found.values()), found
    MonthlyPlan.objects.filter(pk=first.pk).update(revision=1)
    due = {
        code: counts(head, code, today=today) for code in others if told(head, code, today=today)
    }
    plan_kinds = ("plans_submitted", "plans_sent", "plans_approved")
    assert due == dict.fromkeys(plan_kinds, (0, 0, 1, 0))


@pytest.mark.parametrize("days", [0, 1, 3, 10])
def test_a_start_is_asked_for_exactly_where_its_term_ends_in_the_period(db, days):
    """By trying every day of half a year, with holidays, against the two ends worked out."""
    term = lambda day: current().add(day, days)  # noqa: E731
    for first in (date(2026, 10, 31), date(2026, 11, 4), date(2026, 12, 30)):
        for length in (0, 1, 9, 40):
            last = first + length * DAY
            begin, end = math.starts_of(term, first, last)
            tried = [date(2026, 9, 1) + DAY * number for number in range(200)]
            wanted = [day for day in tried if first <= term(day) <= last]
            assert [day for day in tried if begin <= day <= end] == wanted


@standing
def missed(cast):
    """Two managers of a sector and a stranger, acts and documents, today counted from."""
    today = timezone.localdate()
    send, sign = today - 3 * DAY, today - DAY
    for who, signed in ((cast.manager, sign), (cast.manager, None), (cast.manager2, sign),
                        (cast.stranger, None)):  # fmt: skip
        terms.reconciliation(
            clients.client(who), send_by=send, sign_by=sign, sent=send, signed=signed
        )
    terms.report(cast, due=today - 2 * DAY)
    return Period(today - 40 * DAY, today)


def test_shares_are_of_sums_and_each_number_is_the_count_of_its_rows(cast, missed):
    today = timezone.localdate()
    params = {"period": missed, "kind": "", "unit": None}
    report = registry.get("timeliness")
    for who in sorted(CHIEFS):
        person = fresh(getattr(cast, who))
        rows = report.rows(person, params)
        whole = figures(person, missed, kinds(), today=today).whole
        assert sum(row["kept"] + row["late"] + row["overdue"] for row in rows) == whole.come
        assert report.totals(person, params, rows)["percent"] == whole.percent
        behind = Behind(person)
        for row in rows:
            for name in math.STANDINGS:
                url = row[f"{name}_url"]
                assert len(behind.result(url).rows) == row[name], url
    head = figures(cast.department_head, missed, kinds(), today=today)
    signed = head.of_kind("acts_signed")
    assert (signed.kept, signed.overdue, signed.percent) == (2, 1, D("66.67"))
    assert head.of_person(cast.manager.pk, "acts_signed").percent == D("50.00")
    assert (head.whole.kept, head.whole.overdue, head.whole.percent) == (5, 2, D("71.43"))


def test_numbers_of_a_unit_with_units_below_it_lead_to_its_own_rows_alone(cast, missed):
    """A manager with clients in the department itself, in a sector below it and in no unit."""
    today = timezone.localdate()
    for unit in (cast.department, None):
        client = clients.client(cast.manager, org_unit=unit)
        terms.reconciliation(client, send_by=today - 3 * DAY, sign_by=today - DAY)
    params = {"period": missed, "kind": "acts_signed", "unit": None}
    rows = registry.get("timeliness").rows(fresh(cast.director), params)
    mine = [row for row in rows if row["place"].person_id == cast.manager.pk]
    assert sorted(row["overdue"] for row in mine) == [1, 1, 1]
    behind = Behind(cast.director)
    for row in mine:
        assert len(behind.result(row["overdue_url"]).rows) == 1


def test_the_numbers_of_the_page_lead_to_as_many_rows(cast, missed):
    query = {"from": missed.first.isoformat(), "to": missed.last.isoformat()}
    for who, asked in (
        ("department_head", ({}, {"kind": "acts_signed"})),
        ("director", ({}, {"unit": cast.sector.pk})),
    ):
        behind = Behind(getattr(cast, who))
        for more in asked:
            shown = behind.http.get(reverse("reports:timeliness"), query | more)
            page = shown.context["page"]
            lines = [page.whole, *page.kinds, *page.units, *page.people]
            assert page.whole.counts.come
            for line in lines:
                for number in line.numbers:
                    assert len(behind.result(number.url).rows) == number.value, number.url
    sector = next(line for line in page.units if line.name == cast.sector.name)
    assert sector.counts == page.whole.counts


def test_where_there_are_many_people_their_table_is_loaded_when_opened(cast, missed, monkeypatch):
    browser, url = signed_in(cast.department_head), reverse("reports:timeliness")
    whole = browser.get(url, {"from": missed.first, "to": missed.last})
    monkeypatch.setattr(timeliness_page, "PEOPLE_AT_ONCE", 0)
    short = browser.get(url, {"from": missed.first, "to": missed.last})
    page = short.context["page"]
    rows = whole.context["page"].people_rows
    assert rows
    assert rows in whole.content.decode()
    assert rows not in short.content.decode()
    asked = page.people_url
    assert f'hx-get="{escape(asked)}"' in short.content.decode()
    part = browser.get(asked, headers={"HX-Request": "true"})
    assert rows in part.content.decode()
    assert "HX-Push-Url" not in part.headers
    assert 'id="terms-kinds"' not in part.content.decode()
    assert rows in browser.get(asked).content.decode(), "without scripts the whole page"


def test_each_head_sees_the_terms_of_the_own_part(cast, missed):
    today = timezone.localdate()
    seen = {who: counts(getattr(cast, who), period=missed, today=today) for who in sorted(CHIEFS)}
    assert seen == {
        "sector_head": (5, 0, 2, 0),
        "department_head": (5, 0, 2, 0),
        "stranger_head": (1, 0, 1, 0),
        "director": (6, 0, 3, 0),
        "general_director": (6, 0, 3, 0),
    }
    for name in ("timeliness", "timeliness_rows", "distribution_terms"):
        for who, person in everybody(cast).items():
            url = reverse("reports:report", args=[name])
            status = signed_in(person).get(url, headers={"HX-Request": "true"}).status_code
            assert status == (200 if who in CHIEFS else 403), (name, who)
    foreign = {"unit": cast.other_sector.pk}
    page = signed_in(cast.sector_head).get(reverse("reports:timeliness"), foreign)
    assert page.status_code == 400
    refused = signed_in(cast.manager).get(reverse("reports:timeliness"), foreign)
    assert refused.status_code == 403, "also where the address is wrong"


def test_more_rows_ask_no_more_queries(cast, missed, django_assert_max_num_queries):
    today = timezone.localdate()

    def more():
        for number in range(6):
            client = clients.client(cast.manager2)
            terms.reconciliation(client, send_by=today - 9 * DAY, sign_by=today - number * DAY)
            terms.paid(client, on=today - (3 + number) * DAY)
            terms.added(cast.manager, today - 5 * DAY, given=today)

    query = {"from": missed.first.isoformat(), "to": missed.last.isoformat()}
    browser = signed_in(cast.department_head)
    for number in range(2):
        for name, most in (("timeliness", 12), ("department_terms", 12)):
            with django_assert_max_num_queries(most):
                assert browser.get(reverse(f"reports:{name}"), query).status_code == 200
        with django_assert_max_num_queries(20):
            url = reverse("reports:report", args=["timeliness_rows"])
            assert browser.get(url, query).status_code == 200
        if not number:
            more()


def test_a_kind_joins_by_its_file_alone():
    folder = Path(math.__file__).parent / "kinds"
    names = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    assert sorted(kind.code for kind in kinds()) == names
    assert len({kind.order for kind in kinds()}) == len(names)
    assert all(len(kind.code) <= 20 for kind in kinds()), "a decision keeps it as the kind of fact"
