"""Pages of work: the dialog, the register with its ready views, the board, what is about whom."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.assignments.models import WorkItem
from crm.work.actions import change_setting
from tests.cast import signed_in
from tests.factories import clients, contracts, work

TODAY = work.TODAY
NEW = "/assignments/new/"


def typed(cast, **more):
    values = {
        "kind": "help", "title": "Помогите с актом", "addressee": f"p{cast.lawyer.pk}",
        "feedback_due": f"{TODAY}", "due_on": f"{TODAY + timedelta(days=3)}",
    }  # fmt: skip
    return values | more


def over(page):
    """The headers of htmx for a dialog over a page."""
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}


def test_the_dialog_asks_what_the_kind_needs_and_offers_only_what_one_may(cast):
    manager, head = signed_in(cast.manager), signed_in(cast.department_head)
    shown = manager.get(NEW, {"kind": "proposal", "title": "Идея"}, headers=over("/")).content
    text = shown.decode()
    assert 'name="justification"' in text
    assert 'value="Идея"' in text
    assert 'value="instruction"' not in text
    order = head.get(NEW, {"kind": "order"}, headers=over("/")).content.decode()
    assert 'name="order_number"' in order
    assert 'name="feedback_due"' not in order
    assert f'value="u{cast.sector.pk}"' in order
    assert f'value="p{cast.director.pk}"' not in order
    # A kind that one may not give is shown as the first one that one may.
    assert "order_number" not in manager.get(NEW, {"kind": "order"}).content.decode()


def test_entered_from_a_card_one_stays_and_from_the_register_one_comes_to_its_page(cast):
    client = clients.client(cast.manager)
    browser = signed_in(cast.manager)
    refused = browser.post(NEW, typed(cast, title=""), headers=over("/"))
    assert refused.status_code == 422
    about = typed(cast, subject=f"client:{client.pk}")
    answer = browser.post(NEW, about, headers=over(f"/clients/{client.pk}/"))
    assert answer.status_code == 204
    assert "work-changed" in json.loads(answer.headers["HX-Trigger"])
    assert WorkItem.objects.get().client_id == client.pk
    answer = browser.post(NEW, typed(cast), headers=over("/assignments/"))
    made = WorkItem.objects.latest("pk")
    assert answer.headers["HX-Redirect"] == made.get_absolute_url()
    foreign = clients.client(cast.stranger)
    browser.post(NEW, typed(cast, subject=f"client:{foreign.pk}"))
    assert WorkItem.objects.latest("pk").client_id is None


@pytest.fixture
def rows(cast):
    yesterday = TODAY - timedelta(days=1)
    return {
        "todo": work.item(cast.sector_head, cast.manager),
        "overdue": work.item(cast.sector_head, cast.manager2, due_on=yesterday, today=yesterday),
        "question": work.item(cast.lawyer, cast.manager, "help"),
        "asked": work.item(cast.manager, cast.lawyer, "help"),
        "verify": work.answered(cast.manager, cast.accountant),
        "proposal": work.item(cast.manager, cast.director, "proposal"),
        "order": work.item(cast.department_head, cast.sector_head, "order"),
        "done": work.solved(cast.sector_head, cast.manager),
    }


@pytest.mark.parametrize(
    ("who", "query", "expected"),
    [
        ("manager", "mine=todo", "todo question"),
        ("manager", "mine=answer", "question"),
        ("manager", "mine=asked&step=open", "asked verify proposal"),
        ("manager", "mine=verify", "verify"),
        ("sector_head", "step=overdue", "overdue"),
        ("sector_head", "kind=proposal", "proposal"),
        ("department_head", "kind=order&kind=instruction", "order"),
        ("director", "step=in_time", "done"),
        ("director", "step=verify", "verify"),
        ("director", "step=unanswered", "question asked proposal"),
    ],
)
def test_ready_views_show_what_their_names_say(cast, rows, who, query, expected):
    page = signed_in(getattr(cast, who)).get(f"/assignments/?{query}").context["list"]
    names = {made.pk: name for name, made in rows.items()}
    assert {names[row.pk] for row in page.rows} == set(expected.split())


def test_an_empty_ready_view_asks_nobody_to_take_filters_off(cast):
    browser = signed_in(cast.admin)
    rail = browser.get("/assignments/").content.decode().split("<main")[0]
    assert 'href="/assignments/?step=open"' in rail
    ready, own = (
        browser.get(f"/assignments/?{query}").content.decode()
        for query in ("step=open", "step=open&kind=order")
    )
    assert "Сейчас здесь ничего нет" in ready
    assert "Ничего не найдено" not in ready
    assert "Ничего не найдено" in own


def test_the_board_counts_by_the_three_flags(cast, rows):
    board = signed_in(cast.director).get("/assignments/board/").context["board"]
    counted = {column.key: (column.count, column.overdue) for column in board.columns}
    assert counted == {
        "unanswered": (6, 1), "answered": (0, 0), "verify": (1, 0), "solved": (1, 0)
    }  # fmt: skip
    url = f"/assignments/board/?executor={cast.manager.pk}"
    narrowed = signed_in(cast.director).get(url).context["board"]
    assert [column.count for column in narrowed.columns] == [2, 0, 0, 1]


def test_how_long_solved_work_stays_on_the_board_is_a_setting(cast, rows):
    ago = timezone.localdate() - timedelta(days=10)
    WorkItem.objects.filter(pk=rows["done"].pk).update(resolved_on=ago)

    def solved():
        board = signed_in(cast.director).get("/assignments/board/").context["board"]
        return board.columns[-1].count

    assert solved() == 1
    change_setting("work.board_days", value=9, by=cast.director)
    assert solved() == 0


def test_many_rows_ask_no_more_queries_than_one(cast):
    browser, counts = signed_in(cast.director), []
    for count in (1, 12):
        for _n in range(count):
            work.item(cast.sector_head, cast.manager)
        for page in ("/assignments/", "/assignments/board/", "/assignments/mine/"):
            browser.get(page)
            with CaptureQueriesContext(connection) as asked:
                browser.get(page)
            counts.append(len(asked))
    assert counts[:3] == counts[3:]


def test_pages_of_records_show_their_work_and_the_client_card_all_of_it(cast):
    client = clients.client(cast.manager)
    contract = contracts.draft(client, cast.manager)
    browser = signed_in(cast.manager)
    panel = f"/assignments/about/contract/{contract.pk}/"
    assert panel in browser.get(contract.get_absolute_url()).content.decode()
    work.item(cast.manager, cast.lawyer, "help", subject=("contract", contract.pk))
    assert "Сверить остатки" in browser.get(panel).content.decode()
    assert "Сверить остатки" in browser.get(f"/clients/{client.pk}/work/").content.decode()
    assert signed_in(cast.stranger).get(panel).status_code == 404


def test_whoever_does_not_see_the_client_does_not_learn_its_name(cast):
    client = clients.client(cast.manager, name="Тайный клиент")
    made = work.item(cast.manager, cast.purchasing, "help", subject=("client", client.pk))
    url = made.get_absolute_url()
    assert "Тайный клиент" in signed_in(cast.manager).get(url).content.decode()
    page = signed_in(cast.purchasing).get(url)
    assert page.status_code == 200
    assert "Тайный клиент" not in page.content.decode()
