"""The decisions page: what each person finds there, deciding, refusals, the number of queries."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.actions import categories, category_proposals
from clients.models import CategoryChangeRequest, Client
from crm.approvals import inbox, permissions
from crm.approvals.models import Approval, ApprovalStep
from tests.cast import everybody, fresh, signed_in
from tests.factories import accounts
from tests.factories import categories as make

HTMX = {"HX-Request": "true"}


def ask(client, author, to="A"):
    """A request of today on its way."""
    today = timezone.localdate()
    categories.save_category_change(
        client.pk, by=author, today=today, request_id=None, version=0, send=True,
        to_category=to, reason="Заказы выросли втрое.", effective_from=today + timedelta(days=9),
    )  # fmt: skip
    return Approval.objects.of(CategoryChangeRequest.objects.get(client=client)).get()


@pytest.fixture
def asked(cast):
    return ask(make.client(cast.manager, name="ООО «Ромашка»"), cast.manager)


def post(person, approval, decision, **more):
    approval.refresh_from_db()
    data = {
        "decision": decision,
        "version": approval.version,
        "target_version": approval.target_version,
    }
    url = reverse("approvals:decide", args=[approval.pk])
    return signed_in(person).post(url, data | more, headers=HTMX)


def page(person, **query):
    return signed_in(person).get(reverse("approvals:inbox"), query)


def titles(response):
    return [row.title for row in response.context["page"].rows]


def test_only_kinds_that_are_there_narrow_the_list(cast, asked):
    assert page(cast.department_head).context["page"].kinds == []
    client = make.client(cast.manager, category=None)
    category_proposals.propose_category(
        client.pk, by=cast.manager, category="B", today=timezone.localdate()
    )
    kinds = page(cast.department_head).context["page"].kinds
    urls = [url for _label, url, _count in kinds]
    assert [count for *_, count in kinds] == [1, 1]
    assert urls == [f"/decisions/?kind=category.{kind}" for kind in ("change", "initial")]
    browser = signed_in(cast.department_head)
    assert [len(titles(browser.get(url))) for url in urls] == [1, 1]


def test_everybody_may_open_the_page_and_finds_what_is_theirs(cast, asked):
    for name, person in everybody(cast).items():
        response = page(person)
        assert response.status_code == 200
        expected = ["ООО «Ромашка»: B → A"] if name == "department_head" else []
        assert titles(response) == expected, name
    assert titles(page(cast.manager, tab="mine")) == ["ООО «Ромашка»: B → A"]


def test_the_first_request_is_open_and_another_one_by_its_address(cast, asked):
    other = ask(make.client(cast.manager), cast.manager)
    first = page(cast.department_head)
    later = first.context["later_url"]
    assert (first.context["panel"], f'hx-get="{later}"' in first.content.decode()) == (None, True)
    followed = signed_in(cast.department_head).get(later, headers=HTMX)
    assert followed.context["panel"].approval == asked
    chosen = page(cast.department_head, open=other.pk)
    assert chosen.context["panel"].approval == other
    assert page(cast.department_head, open=10**9).status_code == 404
    assert page(cast.stranger_head, open=other.pk).status_code == 404


@pytest.mark.parametrize(
    "query",
    [{"tab": "nonsense"}, {"kind": "nonsense"}, {"open": "x"}, {"open": "٣"}, {"after": "x_y"},
     {"after": "2026-13-45_1"}, {"after": "2026-01-01_x"}, {"open": "9" * 40}],
)  # fmt: skip
def test_an_address_that_makes_no_sense_shows_the_first_page(cast, asked, query):
    assert titles(page(cast.department_head, **query)) == ["ООО «Ромашка»: B → A"]
    for tab in ("mine", "decided"):
        assert page(cast.manager, **{**query, "tab": tab}).status_code == 200


def test_late_requests_come_first_and_are_called_late(cast):
    requests = [ask(make.client(cast.manager), cast.manager) for _ in range(3)]
    yesterday = timezone.localdate() - timedelta(days=1)
    ApprovalStep.objects.filter(approval=requests[2], state="waiting").update(due_on=yesterday)
    response = page(cast.department_head)
    rows = response.context["page"].rows
    assert [row.approval for row in rows] == [requests[2], requests[0], requests[1]]
    assert [row.overdue for row in rows] == [True, False, False]


def test_a_substitute_sees_for_whom_and_until_when(cast, asked):
    today = timezone.localdate()
    last = today + timedelta(days=7)
    accounts.delegation(cast.department_head, cast.sector_head, first=today, last=last)
    response = page(cast.sector_head)
    capacity = response.context["page"].rows[0].capacity
    assert (capacity.on_behalf_of, capacity.until) == (cast.department_head, last)
    assert "Сидорова\u00a0О.\u00a0Ю." in response.content.decode()
    assert f"{last:%d.%m}" in response.content.decode()


def test_pages_of_a_long_list_meet_without_gap_or_repeat(cast, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 2)
    approvals = [ask(make.client(cast.manager), cast.manager) for _ in range(5)]
    for approval in approvals:
        assert post(cast.department_head, approval, "return", comment="Уточните").status_code == 200
    again = [ask_again(approval, cast.manager) for approval in approvals]
    for person, tab, expected in [
        (cast.department_head, "waiting", again),
        (cast.manager, "mine", [*reversed(again), *reversed(approvals)]),
        (cast.department_head, "decided", list(reversed(approvals))),
    ]:
        seen, url = [], reverse("approvals:inbox") + f"?tab={tab}"
        while url:
            rows = signed_in(person).get(url).context["page"]
            seen += [row.approval for row in rows.rows]
            url = rows.more_url
        assert seen == expected, tab


def ask_again(approval, author):
    request = CategoryChangeRequest.objects.get(pk=approval.object_id)
    today = timezone.localdate()
    return categories.submit_category_change(
        request.pk, by=author, version=request.version, today=today
    )


def test_a_decision_opens_the_next_request_and_takes_this_one_off_the_list(cast):
    first, second, third = (ask(make.client(cast.manager), cast.manager) for _ in range(3))
    response = post(cast.department_head, second, "approve", next=third.pk)
    assert response.status_code == 200
    assert response.context["panel"].approval == third
    assert [row.approval for row in response.context["page"].rows] == [first, third]
    assert 'hx-swap-oob="true"' in response.content.decode()
    assert response["HX-Replace-Url"] == f"/decisions/?open={third.pk}"
    assert "toast" in response["HX-Trigger"]
    assert "counters" in response["HX-Trigger"]
    last = post(cast.department_head, third, "approve", next=second.pk)
    assert last.context["panel"].approval == first
    end = post(cast.department_head, first, "approve")
    assert end.context["panel"] is None
    assert end["HX-Replace-Url"] == "/decisions/"


def test_the_filter_of_the_address_holds_after_a_decision(cast, asked):
    response = post(cast.department_head, asked, "approve", state="kind=category.change&open=1")
    assert response["HX-Replace-Url"] == "/decisions/?kind=category.change"


def test_a_phone_gets_pages_of_single_requests(cast, asked):
    second = ask(make.client(cast.manager), cast.manager)
    url = reverse("approvals:detail", args=[asked.pk])
    whole = signed_in(cast.department_head).get(url).content.decode()
    assert 'name="place" value="detail"' in whole
    answer = post(cast.department_head, asked, "approve", place="detail")
    assert answer["HX-Replace-Url"] == reverse("approvals:detail", args=[second.pk])
    assert "decision-list" not in answer.content.decode()


def test_without_scripts_a_decision_leads_back_to_the_list(cast, asked):
    url = reverse("approvals:decide", args=[asked.pk])
    data = {"decision": "approve", "version": 1, "target_version": asked.target_version}
    response = signed_in(cast.department_head).post(url, data)
    assert response.status_code == 302
    assert response["Location"] == "/decisions/"


def test_who_is_late_gets_409_with_the_name_and_the_time(cast, asked):
    head, deputy = cast.department_head, cast.sector_head
    today = timezone.localdate()
    accounts.delegation(head, deputy, first=today, last=today)
    shown = {"version": asked.version, "target_version": asked.target_version}
    assert post(head, asked, "approve").status_code == 200
    late = signed_in(deputy).post(
        reverse("approvals:decide", args=[asked.pk]),
        {"decision": "return", "comment": "Мой довод", **shown},
        headers=HTMX,
    )
    assert late.status_code == 409
    text = late.content.decode()
    assert "Сидорова\u00a0О.\u00a0Ю." in text
    step = ApprovalStep.objects.get(approval=asked, order=1)
    assert f"{timezone.localtime(step.decided_at):%H:%M}" in text
    assert step.state == "approved"


def test_a_stale_page_keeps_what_was_typed(cast, asked):
    response = signed_in(cast.department_head).post(
        reverse("approvals:decide", args=[asked.pk]),
        {"decision": "return", "comment": "Мой довод", "version": 9, "target_version": 9},
        headers=HTMX,
    )
    assert response.status_code == 409
    text = response.content.decode()
    assert "Мой довод" in text
    assert f'name="version" value="{asked.version}"' in text


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"decision": "return"}, "comment"),
        ({"decision": "return", "comment": "x" * 2001}, "comment"),
        ({"decision": "return", "comment": "a\x00b"}, "comment"),
        ({"decision": "sing"}, "decision"),
        ({"decision": ""}, "decision"),
        ({"decision": "reject", "comment": "Нет"}, "__all__"),
        ({"version": "x"}, "version"),
        ({"target_version": ""}, "target_version"),
    ],
)
def test_a_wrong_decision_answers_422_and_changes_nothing(cast, asked, data, field):
    response = post(cast.department_head, asked, **{"decision": "approve", **data})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert ApprovalStep.objects.get(approval=asked, order=1).state == "waiting"


def test_who_may_not_decide_is_refused_and_nothing_changes(cast, asked):
    expected = {"manager": 403, "sector_head": 404, "director": 403, "general_director": 403}
    for name, person in everybody(cast).items():
        if name != "department_head":
            assert post(person, asked, "approve").status_code == expected.get(name, 404), name
    asked.refresh_from_db()
    assert (asked.state, asked.version) == ("running", 1)


def test_the_author_withdraws_in_the_page(cast, asked):
    url = reverse("approvals:withdraw", args=[asked.pk])
    for name, person in everybody(cast).items():
        if name != "manager":
            status = 403 if name in ("department_head", "director", "general_director") else 404
            assert signed_in(person).post(url, headers=HTMX).status_code == status, name
    assert signed_in(cast.manager).post(url, headers=HTMX).status_code == 200
    assert signed_in(cast.manager).post(url, headers=HTMX).status_code == 409
    assert CategoryChangeRequest.objects.get().state == "withdrawn"


def test_who_lost_sight_of_the_client_sees_the_way_without_details(cast, asked):
    client = Client.objects.get(pk=CategoryChangeRequest.objects.get().client_id)
    Client.objects.filter(pk=client.pk).update(manager=cast.stranger, org_unit=cast.other_sector)
    url = reverse("approvals:detail", args=[asked.pk])
    for response in (page(cast.manager, tab="mine"), signed_in(cast.manager).get(url)):
        text = response.content.decode()
        assert response.status_code == 200
        assert "Ромашка" not in re.sub(r"<aside.*?</aside>", "", text, flags=re.DOTALL)
        assert "втрое" not in text
    # The head whose turn it is decides with all details.
    assert "втрое" in signed_in(cast.department_head).get(url).content.decode()


def test_the_badge_counts_what_waits(cast, asked):
    ask(make.client(cast.manager), cast.manager)
    today = timezone.localdate()
    assert inbox.count_waiting(fresh(cast.department_head), today=today) == 2
    assert inbox.count_waiting(fresh(cast.director), today=today) == 0


def count_queries(person, django_assert_max_num_queries):
    browser = signed_in(person)
    browser.get("/decisions/")
    with django_assert_max_num_queries(12) as captured:
        assert browser.get("/decisions/").status_code == 200
    return len(captured)


def test_the_page_takes_as_many_queries_for_thirty_requests_as_for_one(
    cast, asked, django_assert_max_num_queries
):
    one = count_queries(cast.department_head, django_assert_max_num_queries)
    for _ in range(29):
        ask(make.client(cast.manager), cast.manager)
    assert count_queries(cast.department_head, django_assert_max_num_queries) == one
    assert count_queries(cast.manager, django_assert_max_num_queries) <= one


# --- several at once -----------------------------------------------------------------------------


def approve(person, *rows, **more):
    url = reverse("approvals:bulk")
    return signed_in(person).post(url, {"row": rows} | more, headers=HTMX)


def test_ticked_rows_are_approved_and_a_refused_one_is_named(cast):
    first, second, third = (ask(make.client(cast.manager), cast.manager) for _ in range(3))
    head = cast.department_head
    rows = [row.selection for row in page(head).context["page"].rows]
    assert all(f'value="{row}"' in page(head).content.decode() for row in rows)
    post(head, second, "return", comment="Уточните")
    answer = approve(head, *rows)
    assert answer.status_code == 200
    assert answer.context["bulk"]["done"] == 2
    (refused,) = answer.context["bulk"]["refused"]
    assert (refused.approval_id, head.short_name in refused.refusal) == (second.pk, True)
    assert refused.refusal.replace('"', "&quot;") in answer.content.decode()
    assert titles(answer) == []
    for approval in (first, third):
        approval.refresh_from_db()
        assert permissions.waiting_step(approval).order == 2


@pytest.mark.parametrize("rows", [(), ("x",), ("1:2",), ("1:2:٣",), ("1:2:3:4",), ("-1:1:1",)])
def test_nothing_ticked_is_said_and_approves_nothing(cast, asked, rows):
    answer = approve(cast.department_head, *rows)
    assert answer.status_code == 422
    assert titles(answer) == ["ООО «Ромашка»: B → A"]


def test_a_stranger_ticks_in_vain_and_reads_no_title(cast, asked):
    answer = approve(cast.stranger_head, f"{asked.pk}:1:{asked.target_version}")
    assert answer.context["bulk"]["done"] == 0
    assert "Ромашка»" not in answer.content.decode()


def test_what_has_to_be_chosen_cannot_be_ticked(cast):
    client = make.client(cast.manager, category=None)
    category_proposals.propose_category(
        client.pk, by=cast.manager, category="B", today=timezone.localdate()
    )
    (row,) = page(cast.department_head).context["page"].rows
    assert row.selection == ""


# --- taking an approval back ---------------------------------------------------------------------


def test_the_director_takes_an_approval_back_before_its_day(cast, asked):
    post(cast.department_head, asked, "approve")
    post(cast.director, asked, "approve")
    url = reverse("approvals:revoke", args=[asked.pk])
    shown = reverse("approvals:detail", args=[asked.pk])
    assert url in signed_in(cast.director).get(shown).content.decode()
    assert url not in signed_in(cast.manager).get(shown).content.decode()
    asked.refresh_from_db()
    data = {"version": asked.version, "reason": "Ошибка в отгрузках"}
    browser = signed_in(cast.director)
    assert browser.post(url, data | {"reason": " "}, headers=HTMX).status_code == 422
    assert signed_in(cast.manager).post(url, data, headers=HTMX).status_code == 403
    assert "Ошибка в отгрузках" in browser.post(url, data, headers=HTMX).content.decode()
    request = CategoryChangeRequest.objects.get(pk=asked.object_id)
    assert request.state == "returned"
    assert browser.post(url, data, headers=HTMX).status_code == 409


def test_a_late_request_of_a_colleague_below_says_so(cast, asked):
    late = ApprovalStep.objects.filter(approval=asked, state="waiting")
    late.update(
        due_on=timezone.localdate() - timedelta(days=9),
        escalated_on=timezone.localdate(),
        escalated_role="general_director",
    )
    for response in (page(cast.general_director), page(cast.general_director, open=asked.pk)):
        assert titles(response) == ["ООО «Ромашка»: B → A"]
        assert "передано" in response.content.decode()
