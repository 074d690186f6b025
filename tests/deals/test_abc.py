"""The ABC analysis as the product does it: runs, disagreements, proposals, evidence."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from clients.actions import categories
from clients.models import CategoryChangeRequest, Client
from clients.pages import category_evidence
from clients.pages.card import card_of
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation
from crm.work import registry
from crm.work.actions import change_setting
from deals.abc import suggesting as abc_suggesting
from deals.actions import abc
from deals.models import AbcResult, AbcRun
from deals.receivables.client_figures import figures_of
from tests.cast import signed_in
from tests.factories import categories as requests
from tests.factories import clients, deals
from tests.factories.spreading import allocate_payment
from tests.standing import standing

D = Decimal
TODAY = date(2026, 11, 3)
LAST = date(2026, 10, 31)
# Amounts of ABC-1 with the assigned categories of ABC-4.
CLIENTS = {
    "C1": ("9600000.00", "A"),
    "C2": ("3150000.00", "B"),
    "C3": ("480000.00", "C"),
    "C4": ("7200000.00", "B"),
    "C5": ("720000.00", "B"),
    "C6": ("2400000.00", "B"),
    "C7": ("900000.00", "C"),
}


@standing
def base(cast):
    """The clients of ABC-4 with a sale each; C8 bought and gave everything back."""
    found = {}
    for code, (amount, category) in CLIENTS.items():
        found[code] = clients.client(
            cast.manager, category=category, code=code, since=date(2025, 1, 13)
        )
        deals.sale(found[code], amount, on=date(2026, 5, 12))
    found["C8"] = clients.client(cast.manager2, category="C", code="C8")
    deals.sale(found["C8"], "500.00", on=date(2026, 6, 1))
    deals.returned(found["C8"], "-500.00", on=date(2026, 6, 2))
    return found


@standing
def run(cast, base):
    return abc.run_abc(by=cast.director, last=LAST)


def differing(run):
    rows = AbcResult.objects.filter(run=run).disagreeing().order_by("client__code")
    return [(row.client.code, row.assigned, row.category) for row in rows]


def ids(run, *codes):
    rows = AbcResult.objects.filter(run=run, client__code__in=codes)
    return list(rows.values_list("pk", flat=True))


def test_a_run_keeps_places_shares_and_thresholds(run):
    rows = {row.client.code: row for row in run.results.select_related("client")}
    assert {code: row.category for code, row in rows.items()} == {
        "C1": "A", "C4": "A", "C2": "B", "C6": "B", "C7": "C", "C5": "C", "C3": "C", "C8": "C",
    }  # fmt: skip
    assert (rows["C4"].rank, rows["C4"].share, rows["C4"].cumulative) == (
        2,
        D("29.4479"),
        D("68.7117"),
    )
    assert (run.date_from, run.date_to, run.total) == (
        date(2025, 11, 1),
        LAST,
        D("24450000.00"),
    )
    assert (run.share_a, run.share_b, run.border_inside) == (D(80), D(95), False)
    assert rows["C8"].net_amount == 0


def test_shipments_outside_the_months_drafts_and_strangers_do_not_count(cast, base):
    deals.sale(base["C3"], "90000000.00", on=date(2025, 10, 31))
    deals.sale(base["C3"], "90000000.00", on=date(2026, 11, 1))
    deals.draft(base["C3"], "90000000.00", on=date(2026, 5, 12))
    deals.unassigned("90000000.00", on=date(2026, 5, 12))
    run = abc.run_abc(by=None, last=LAST)
    assert run.total == D("24450000.00")


def test_disagreements_are_those_of_the_example(run):
    assert differing(run) == [("C4", "B", "A"), ("C5", "B", "C")]


def test_a_new_client_without_shipments_is_not_judged_by_its_silence(cast, base):
    long_known = clients.client(cast.manager, category="A", code="X1", since=date(2025, 3, 3))
    clients.client(cast.manager, category="A", code="X2", since=date(2026, 9, 1))
    clients.client(cast.manager, category="A", archived=True, since=date(2025, 3, 3))
    run = abc.run_abc(by=None, last=LAST)
    assert ("X1", "A", "C") in differing(run)
    assert {code for code, *_rest in differing(run)} == {"C4", "C5", "X1"}
    assert AbcResult.objects.get(run=run, client=long_known).net_amount == 0


def test_a_chain_is_not_judged_by_what_its_members_buy(cast, base):
    chain = clients.client(cast.manager, category="A", kind="chain", since=date(2024, 1, 1))
    buying = clients.client(cast.manager, category="A", kind="chain", since=date(2024, 1, 1))
    deals.sale(buying, "10.00", on=date(2026, 5, 12))
    run = abc.run_abc(by=None, last=LAST)
    judged = set(AbcResult.objects.filter(run=run).values_list("client", flat=True))
    assert judged >= {buying.pk, base["C1"].pk}
    assert chain.pk not in judged


def test_only_the_director_and_department_heads_calculate(cast, base):
    for person in (cast.manager, cast.sector_head, cast.accountant, cast.general_director):
        with pytest.raises(PermissionDenied):
            abc.run_abc(by=person, last=LAST)
    assert not AbcRun.objects.exists()
    assert abc.run_abc(by=cast.department_head, last=LAST).clients_count == 8


def test_the_monthly_task_runs_once_a_month_and_proposes_nothing_by_itself(base):
    assert abc.recalculate_abc(today=TODAY) == 8
    assert abc.recalculate_abc(today=TODAY) == 0
    assert AbcRun.objects.get().date_to == LAST
    assert not CategoryChangeRequest.objects.exists()
    assert abc.recalculate_abc(today=date(2026, 12, 3)) == 8
    assert AbcRun.objects.count() == 2


def test_with_the_setting_the_monthly_task_proposes_each_client_once(cast, base):
    change_setting("abc.auto_propose", value=True, by=cast.director)
    registry.forget()
    abc.recalculate_abc(today=TODAY)
    abc.recalculate_abc(today=date(2026, 12, 3))
    found = CategoryChangeRequest.objects.order_by("client__code")
    assert [(r.client.code, r.from_category, r.to_category, r.state) for r in found] == [
        ("C4", "B", "A", "submitted"),
        ("C5", "B", "C", "submitted"),
    ]
    assert AbcRun.objects.order_by("pk").first().proposed_count == 2


def test_a_proposal_goes_the_usual_way_and_changes_nothing_by_itself(cast, base, run):
    done = abc.propose_changes(run.pk, ids(run, "C4", "C1"), by=cast.director, today=TODAY)
    assert (done.count, done.refused) == (1, [])
    request = CategoryChangeRequest.objects.get()
    assert (request.client.code, request.to_category, request.state) == ("C4", "A", "submitted")
    assert "7 200 000,00" in request.reason.replace("\u00a0", " ")
    assert not request.author.is_active
    assert request.evidence["abc"]["rank"] == 2
    assert request.evidence["turnover"] == "7200000.00"
    for signer in (cast.department_head, cast.director):
        approval = Approval.objects.get()
        request.refresh_from_db()
        approvals.decide(
            approval.pk,
            by=signer,
            decision="approve",
            version=approval.version,
            target_version=request.version,
            today=TODAY,
        )
    assert Client.objects.get(code="C4").category == "B"
    categories.apply_category_changes(today=date(2026, 12, 1))
    assert Client.objects.get(code="C4").category == "A"


def test_a_proposal_and_its_author_are_read_in_the_readers_language(cast, base, run):
    abc.propose_changes(run.pk, ids(run, "C4"), by=cast.director, today=TODAY)
    approval = Approval.objects.get()
    said = {"ru": ("место 2 из", "Клиентура (автоматически)"),
            "en": ("place 2 of", "Klientura (automatic)")}  # fmt: skip
    for language, other in (("ru", "en"), ("en", "ru")):
        User.objects.filter(pk=cast.department_head.pk).update(language=language)
        browser = signed_in(User.objects.get(pk=cast.department_head.pk))
        page = browser.get(approval.get_absolute_url(), follow=True).content.decode()
        assert all(words in page for words in said[language])
        assert not any(words in page for words in said[other])


def test_one_open_request_per_client_and_only_what_still_holds(cast, base, run):
    requests.change(base["C4"], cast.manager, state="draft")
    Client.objects.filter(pk=base["C5"].pk).update(category="A")
    chosen = ids(run, "C4", "C5")
    assert abc.propose_changes(run.pk, chosen, by=cast.director, today=TODAY).count == 0
    with pytest.raises(RuleViolation):
        abc.propose_changes(run.pk, [], by=cast.director, today=TODAY)
    with pytest.raises(PermissionDenied):
        abc.propose_changes(run.pk, chosen, by=cast.sector_head, today=TODAY)
    # The head of another department sees none of these clients.
    assert abc.propose_changes(run.pk, chosen, by=cast.stranger_head, today=TODAY).count == 0


def test_a_returned_proposal_of_the_system_is_closed_for_the_next_one(cast, base, run):
    abc.propose_changes(run.pk, ids(run, "C4"), by=cast.director, today=TODAY)
    request, approval = CategoryChangeRequest.objects.get(), Approval.objects.get()
    approvals.decide(
        approval.pk,
        by=cast.department_head,
        decision="return",
        comment="Разовая поставка",
        version=approval.version,
        target_version=request.version,
        today=TODAY,
    )
    request.refresh_from_db()
    assert request.state == "withdrawn"
    assert abc.propose_changes(run.pk, ids(run, "C4"), by=cast.director, today=TODAY).count == 1


def test_evidence_shows_turnover_place_discipline_and_debt(cast, base, run):
    client = base["C4"]
    deals.invoice(client, "100.00", on=date(2026, 9, 1), due=date(2026, 9, 30))
    request = requests.change(client, cast.manager, to="A")
    section = abc_suggesting.shipments_section(request, cast.director, TODAY)
    assert (section["total"], section["result"].rank) == (D("7200000.00"), 2)
    assert (section["debt"], section["overdue"]) == (D("7200100.00"), D("7200100.00"))
    labels = [one["label"] for one in section["spec"]["datasets"]]
    assert len(labels) == 3
    assert section["spec"]["datasets"][0]["data"][0] == D("600000.00")  # the least A, a month
    assert category_evidence.facts_of(client, today=TODAY).recommended == "A"
    other = requests.change(clients.client(cast.manager, since=date(2026, 9, 1)), cast.manager)
    assert abc_suggesting.shipments_section(other, cast.director, TODAY) is None


def test_discipline_is_weighted_by_money(cast, base):
    client = clients.client(cast.manager)
    for amount, paid in (("300.00", date(2026, 9, 30)), ("100.00", date(2026, 10, 5))):
        deals.invoice(client, amount, on=date(2026, 9, 1), due=date(2026, 9, 30))
        allocate_payment(deals.payment(client, amount, on=paid).pk, by=None)
    found = figures_of(client.pk, TODAY).discipline
    assert (found.on_time_percent, found.weighted_delay) == (D("75.00"), D("1.25"))


def test_the_card_shows_the_calculated_category_where_it_differs(cast, run):
    def suggested(code):
        found = card_of(Client.objects.get(code=code), cast.manager).suggested
        return found and found.category

    assert (suggested("C4"), suggested("C5"), suggested("C1")) == ("A", "C", None)
    page = signed_in(cast.manager).get(Client.objects.get(code="C4").get_absolute_url())
    assert b"client-suggested" in page.content


def test_the_page_lists_disagreements_and_sends_the_chosen(cast, base, run):
    browser = signed_in(cast.department_head)
    page = browser.get(reverse("deals:abc"), {"differs": "true"}).content.decode()
    assert base["C4"].name in page
    assert base["C1"].name not in page
    assert "pareto-spec" in page
    answer = browser.post(
        reverse("deals:abc_propose", args=[run.pk]), {"ids": ids(run, "C4", "C5")}
    )
    assert answer.status_code == 302
    assert CategoryChangeRequest.objects.count() == 2
    foreign = signed_in(cast.stranger_head).get(reverse("deals:abc")).content.decode()
    assert base["C4"].name not in foreign


def test_calculating_from_the_page(cast, base):
    browser = signed_in(cast.director)
    assert browser.get(reverse("deals:abc")).status_code == 200
    assert browser.post(reverse("deals:abc_run")).status_code == 302
    run = AbcRun.objects.get()
    month = timezone.localdate().replace(day=1)
    assert (run.started_by, run.date_to < month) == (cast.director, True)


def test_the_page_asks_as_much_for_many_clients(cast, run, django_assert_max_num_queries):
    browser = signed_in(cast.director)
    browser.get(reverse("deals:abc"))
    with django_assert_max_num_queries(17):
        assert browser.get(reverse("deals:abc")).status_code == 200
