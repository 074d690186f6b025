"""The pages of correspondence: the register, quick registration, the way of one letter."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from clients.lists.letters import LETTERS
from clients.models import Correspondence
from clients.papers.letter import values_of
from tests.cast import signed_in
from tests.factories import clients, letters

HTMX = {"HX-Request": "true"}
REGISTER = "/clients/letters/"


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A", name="ООО «Василёк»")


@pytest.fixture
def manager(cast):
    return signed_in(cast.manager)


@pytest.fixture
def letter(client, cast):
    return letters.incoming(client, cast.manager, on=timezone.localdate(), text="<b>Текст</b>")


def typed(**more):
    today = timezone.localdate().isoformat()
    return {
        "key": str(uuid4()), "direction": "in", "kind": "letter", "channel": "email",
        "on_day": today, "subject": "Просим акт сверки", **more,
    }  # fmt: skip


def test_quick_registration_from_the_card_and_from_the_register(client, cast, manager):
    person = clients.person(client)
    card = f"/clients/{client.pk}/letters/new/"
    data = typed(person=person.pk)
    for _double in range(2):
        done = manager.post(card, data, headers=HTMX)
        assert done.status_code == 204
        assert "letter-changed" in done.headers["HX-Trigger"]
    letter = Correspondence.objects.get()
    assert (letter.client, letter.person, letter.executor) == (client, person, cast.manager)
    foreign = clients.person(clients.client(cast.manager2))
    assert manager.post(card, typed(person=foreign.pk), headers=HTMX).status_code == 422
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert manager.post(card, typed(on_day=tomorrow), headers=HTMX).status_code == 422
    stranger = f"{clients.client(cast.stranger).code}"
    wrong = manager.post(f"{REGISTER}new/", typed(client=stranger), headers=HTMX)
    assert wrong.status_code == 422
    unfiled = manager.post(f"{REGISTER}new/", typed(address="Who@Else.example"), headers=HTMX)
    made = Correspondence.objects.latest("pk")
    assert unfiled.headers["HX-Redirect"] == made.get_absolute_url()
    assert (made.client, made.address, made.registered_by) == (
        None, "who@else.example", cast.manager,
    )  # fmt: skip


def test_every_ready_view_shows_what_its_name_says(client, cast, letter):
    today = timezone.localdate()
    late = letters.incoming(
        client, cast.manager, on=today - timedelta(days=40), subject="Опоздавшее"
    )
    letters.incoming(None, cast.director, on=today, subject="Ничьё")
    small = clients.client(cast.manager, category="C")
    letters.incoming(small, cast.manager, on=today, executor=cast.lawyer, subject="Юристу")
    page = signed_in(cast.director)
    shown = {}
    for view in LETTERS.views:
        answer = page.get(f"{REGISTER}?{view.query}")
        assert answer.status_code == 200
        text = answer.content.decode()
        names = ("Опоздавшее", "Ничьё", "Юристу", letter.subject)
        shown[view.query.split("&")[0]] = [name in text for name in names]
    assert shown == {
        "": [True] * 4,
        "mine=true": [False] * 4,
        "step=overdue": [True, False, False, False],
        "step=unassigned": [False, True, False, False],
        "step=unfiled": [False, True, False, False],
        "step=large": [True, False, False, True],
    }
    found = page.get(REGISTER, {"q": late.reg_no}).content.decode()
    assert "Опоздавшее" in found
    assert "Юристу" not in found


def test_the_register_takes_the_same_queries_for_1_and_12_rows(client, cast, letter, manager):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as made:
            manager.get(REGISTER)
        return len(made)

    count()
    few = count()
    for _more in range(11):
        letters.incoming(clients.client(cast.manager), cast.manager, on=timezone.localdate())
    assert count() == few


def test_a_letter_is_answered_by_hand_from_its_page(client, cast, letter, manager):
    url = letter.get_absolute_url()
    page = manager.get(url).content.decode()
    assert "&lt;b&gt;Текст&lt;/b&gt;" in page
    form = manager.get(f"{url}reply/", headers=HTMX).content.decode()
    assert f"Re: {letter.subject}" in form
    assert "&gt; &lt;b&gt;Текст&lt;/b&gt;" in form
    data = {
        "key": str(uuid4()), "version": letter.version, "channel": "email", "kind": "letter",
        "subject": "Ответ", "text": "Добрый день!", "address": "",
    }  # fmt: skip
    sent = manager.post(f"{url}reply/", data, headers=HTMX)
    draft = Correspondence.objects.get(direction="out")
    assert sent.headers["HX-Redirect"] == draft.get_absolute_url()
    refused = manager.post(f"{draft.get_absolute_url()}send/", {"version": 1}, headers=HTMX)
    assert refused.status_code == 422, "no address"
    fixed = data | {"version": 1, "channel": "paper"}
    assert manager.post(f"{draft.get_absolute_url()}edit/", fixed, headers=HTMX).status_code == 204
    stale = manager.post(f"{draft.get_absolute_url()}send/", {"version": 1}, headers=HTMX)
    assert stale.status_code == 409
    done = manager.post(f"{draft.get_absolute_url()}send/", {"version": 2}, headers=HTMX)
    assert done.status_code == 204
    letter.refresh_from_db()
    assert (letter.state, letter.reply) == ("replied", draft)
    paper = manager.get(f"{draft.get_absolute_url()}pdf/")
    assert paper.content.startswith(b"%PDF-")
    word = manager.get(f"{draft.get_absolute_url()}docx/")
    assert draft.subject in "".join(p.text for p in Document(BytesIO(word.content)).paragraphs)
    for suffix in ("pdf", "docx"):
        assert manager.get(f"{url}{suffix}/").status_code == 404, "what came is no paper of ours"
    words = values_of(Correspondence.objects.get(pk=draft.pk))
    number = f"ИСХ-{draft.on_day.year}-000001"
    assert (words["number"], words["answers"]) == (number, letter.reg_no)
    thread = manager.get(url).content.decode()
    assert draft.get_absolute_url() in thread
    closed = manager.post(f"{url}close/", {"version": letter.version}, headers=HTMX)
    assert closed.status_code == 204
    card = manager.get(f"/clients/{client.pk}/letters/").content.decode()
    assert letter.reg_no in card


def test_an_unfiled_letter_is_filed_and_assigned_by_the_head(client, cast, settings):
    found = letters.incoming(None, cast.director, on=timezone.localdate())
    head = signed_in(cast.department_head)
    url = found.get_absolute_url()
    filed = head.post(f"{url}file/", {"version": 1, "client": client.code}, headers=HTMX)
    assert filed.status_code == 204
    due = timezone.localdate().isoformat()
    data = {"version": 2, "executor": cast.accountant.pk, "kind": "act", "reply_due": due}
    assert head.post(f"{url}assign/", data, headers=HTMX).status_code == 204
    found.refresh_from_db()
    assert (found.client, found.executor, found.kind) == (client, cast.accountant, "act")
    nobody = data | {"version": 3, "executor": cast.stranger.pk}
    assert head.post(f"{url}assign/", nobody, headers=HTMX).status_code == 422
