"""What a stranger may not see is in no list, search, file, message or fragment either (G-AZ4)."""

import io
import zipfile

import pytest

from clients.models import Counterparty
from tests.authz import addresses, asking
from tests.authz.drawing import frame_once
from tests.authz.matrix import MATRIX
from tests.authz.planting import plant

SEARCHED, SECRET = "CANARY", "zebra"
OPENED = sorted(name for name, (get, _post) in MATRIX.items() if "." in get)
PLAIN = {}
# A way, and the way after it which leads nowhere else where the first was taken no notice of.
WAYS = (({"q": SEARCHED}, {"q": "CA"}), ({"export": "csv"}, {"export": "xlsx", "q": SEARCHED}))
STRANGERS = ("stranger", "stranger_head", "purchasing")
FINDER = "manager"
# What was wrong with goods is for purchasing to read (CM-07); that it does not learn whose claim it
# is, tests/claims/test_claim_pages.py asks.
RIGHTFUL = {("purchasing", "claims:detail"), ("purchasing", "claims:history")}


@pytest.fixture(scope="module", autouse=True)
def planted(everything, django_db_blocker):
    """Every text of the other department's clients holds the secret; taken back with the world."""
    with django_db_blocker.unblock():
        columns = plant([f"{SEARCHED} {SECRET}"])
    assert len(columns) > 25, columns


def text_of(answer):
    """What the person gets, files unpacked."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    return content.decode("utf-8", "replace")


def answers(browser, name, url):
    """Each way of asking the address, and the answer; one way, if it does not read its query."""
    plain = asking.read(browser, url, PLAIN)
    yield PLAIN, plain
    for way, further in () if addresses.names_a_row(name) or plain.by_any_query else WAYS:
        answer = asking.read(browser, url, way)
        yield way, answer
        if likeness(answer) != likeness(plain):
            yield further, asking.read(browser, url, further)


def likeness(answer):
    """The same for two pages that differ in their tokens only, or for two tables of one kind."""
    return answer.status_code, answer.headers["Content-Type"], len(text_of(answer))


def found_by(who, world, people):
    """Addresses that show the secret to the person, with the way and the type of the answer."""
    shown, frames = [], set()
    for name in OPENED:
        url, number = addresses.address(name, world), asking.ORDER.index(who)
        if MATRIX[name][0][number] not in ".>":
            continue
        with frame_once(frames):
            for way, answer in answers(people[who], name, url):
                if way is PLAIN:
                    assert asking.letter(answer) == MATRIX[name][0][number], (name, who)
                    misleading = asking.misleading(who, answer)  # the matrix does not draw this
                    assert not misleading, (name, who, misleading)
                if SECRET in text_of(answer) and (who, name) not in RIGHTFUL:
                    shown.append((name, *way.items(), answer.headers["Content-Type"]))
    return shown


@pytest.mark.parametrize("who", STRANGERS)
def test_no_page_file_or_search_shows_a_word_of_a_foreign_client(who, world, people):
    assert found_by(who, world, people) == []


def test_the_manager_finds_it_everywhere(world, people):
    """Positive control: the crawl sees what it looks for."""
    shown = found_by(FINDER, world, people)
    assert len({name for name, *_way in shown}) > 25
    for kind, says in (("csv", "csv"), ("xlsx", "spreadsheetml")):
        files = [name for name, *way in shown if ("export", kind) in way and says in way[-1]]
        assert "clients:list" in files, (kind, shown)
    assert {"clients:list", "clients:detail", "clients:contact_list", "reports:search"} <= {
        name for name, *_way in shown
    }


def test_who_crawls_is_whom_the_matrix_does_not_draw_for():
    assert {*STRANGERS, FINDER} == {*asking.DRAWN_BY_CANARY}


@pytest.mark.parametrize("who", ["stranger", "stranger_head"])
def test_a_refused_duplicate_names_no_foreign_client(who, world, people):
    inn = Counterparty.objects.get(pk=world.counterparty).inn
    for data in ({"inn": inn}, {"name": SEARCHED}, {"phone": "+79161234567"}):
        answer = asking.read(people[who], "/clients/duplicates/", data)
        assert answer.status_code == 200
        assert SECRET not in text_of(answer)
