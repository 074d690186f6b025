"""The exchange with 1C: a key signs in, files come in pieces, an import does the rest."""

import base64
import re
from datetime import date, timedelta

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from crm.accounts.models import AccessEvent, User
from crm.imports.actions import perform
from crm.imports.models import ImportJob
from crm.work.actions import change_setting
from deals import exchange
from deals.actions.exchange import forget_received_files, revoke_token
from deals.models import ExchangeFile, ExchangeToken, Shipment, WrongKey
from tests.cast import signed_in
from tests.deals import commerceml as cml
from tests.factories import clients, deals

SECRET = "s" * 43
URL = "/deals/exchange/1c/"
CONTENT = cml.file(cml.document(), encoding="cp1251")


@pytest.fixture
def key(cast):
    return deals.exchange_key(cast.accountant, cast.admin, secret=SECRET)


@pytest.fixture
def set_to(cast):
    def change(name, value):
        change_setting(name, value=value, by=cast.admin, version=0)

    return change


@pytest.fixture
def buyer(cast):
    client = clients.client(cast.manager, name="АНТ-Консалт")
    clients.counterparty(client, inn=cml.INN, kpp=cml.KPP)
    return client


class Program:
    """1C: keeps nothing but the cookie it was given."""

    def __init__(self, login, secret=SECRET):
        self.browser = Browser(enforce_csrf_checks=True)
        pair = base64.b64encode(f"{login}:{secret}".encode()).decode()
        self.basic = {"HTTP_AUTHORIZATION": f"Basic {pair}"}
        self.cookie = {}

    def check(self, **more):
        answer = self.browser.get(URL, {"type": "sale", "mode": "checkauth"}, **self.basic, **more)
        lines = answer.content.decode().split("\n")
        if lines[0] == "success":
            self.cookie = {"HTTP_COOKIE": f"{lines[1]}={lines[2]}"}
        return answer

    def ask(self, mode, name="", kind="sale"):
        values = {"type": kind, "mode": mode, "filename": name}
        return self.browser.get(URL, values, **self.cookie)

    def send(self, content, name="documents.xml", kind="sale"):
        return self.browser.post(
            f"{URL}?type={kind}&mode=file&filename={name}", content,
            content_type="application/octet-stream", **self.cookie,
        )  # fmt: skip


def words(answer):
    return answer.content.decode().split("\n")


@pytest.fixture
def program(key):
    found = Program(key.login)
    assert found.check().status_code == 200
    return found


def test_a_file_in_two_pieces_becomes_posted_documents(program, key, buyer, cast):
    assert words(program.ask("init")) == ["zip=no", f"file_limit={2048 * 1024}"]
    for piece in (CONTENT[:300], CONTENT[300:]):
        assert words(program.send(piece)) == ["success"]
    assert words(program.ask("import", "documents.xml"))[0] == "progress"
    job = ImportJob.objects.get()
    assert (job.author, job.state, bytes(job.content)) == (cast.accountant, "queued", CONTENT)
    assert words(program.ask("import", "documents.xml"))[0] == "progress"
    assert ImportJob.objects.count() == 1
    perform(job.pk)
    assert words(program.ask("import", "documents.xml"))[0] == "success"
    assert words(program.ask("success")) == ["success"]
    sale = Shipment.objects.get()
    assert (sale.client, sale.created_by) == (buyer, cast.accountant)
    context = sale.events.get().pgh_context
    assert (context["user"], context["verb"]) == (cast.accountant.pk, "import.applied")
    assert AccessEvent.objects.filter(kind="import", user=cast.accountant).exists()
    key.refresh_from_db()
    assert key.last_used_at
    assert ExchangeFile.objects.get().content.tobytes() == b""


def test_a_broken_file_is_a_failure_with_its_sentence(program):
    program.send(b"<broken")
    answer = program.ask("import", "documents.xml")
    assert (answer.status_code, words(answer)[0]) == (200, "failure")
    assert len(words(answer)) == 2
    assert not ImportJob.objects.exists()
    assert words(program.ask("import", "other.xml"))[0] == "failure"


def test_an_import_that_failed_is_a_failure(program, cast, buyer):
    program.send(CONTENT)
    program.ask("import", "documents.xml")
    job = ImportJob.objects.get()
    ImportJob.objects.filter(pk=job.pk).update(state="failed", error="Почему-то")
    assert words(program.ask("import", "documents.xml")) == ["failure", "Почему-то"]


def test_a_file_may_be_sent_anew_and_init_begins_afresh(program, buyer):
    program.send(b"<half")
    program.ask("init")
    assert not ExchangeFile.objects.exists()
    program.send(CONTENT)
    program.ask("import", "documents.xml")
    program.send(CONTENT)
    assert ExchangeFile.objects.get().job is None


def test_there_is_nothing_to_send_back_yet(program):
    answer = program.ask("query")
    assert answer["Content-Type"].startswith("text/xml")
    assert "<КоммерческаяИнформация" in answer.content.decode()


def test_the_catalogue_comes_with_pictures_and_archives_are_refused(program):
    assert words(program.send(b"\xff\xd8\xff", "import_files/ab/1.jpg", "catalog")) == ["success"]
    assert not ExchangeFile.objects.exists()
    assert words(program.send(b"PK\x03\x04", "import.zip", "catalog"))[0] == "failure"
    assert words(program.send(b"PK\x03\x04", "import.xml", "catalog"))[0] == "failure"
    program.send(b"<a/>", "../../etc/passwd%00.xml", "catalog")
    assert "/" not in ExchangeFile.objects.get().name


def test_a_wrong_a_missing_and_a_revoked_key_open_nothing(program, key, cast):
    for login, secret in ((key.login, "wrong"), ("1c-unknown", SECRET), ("", ""), ("\x00", "é")):
        answer = Program(login, secret).check()
        assert (answer.status_code, words(answer)[0]) == (401, "failure")
    assert AccessEvent.objects.filter(kind="login_failed", username=key.login).exists()
    bare = Browser().get(URL, {"type": "sale", "mode": "checkauth"}, HTTP_AUTHORIZATION="Basic ?")
    assert bare.status_code == 401
    revoke_token(key.pk, by=cast.admin, version=1)
    assert program.ask("init").status_code == 401
    assert Program(key.login).check().status_code == 401


def test_wrong_keys_are_counted_and_lock_the_login_out(key):
    wrong = Program(key.login, "wrong")
    for _try in range(10):
        assert wrong.check().status_code == 401
    assert wrong.check().status_code == 429
    assert Program(key.login).check().status_code == 429
    assert Program(key.login).check(REMOTE_ADDR="10.0.0.9").status_code == 200


def test_the_count_of_wrong_keys_survives_the_cache_and_passes_with_its_time(key):
    wrong, right = Program(key.login, "wrong"), Program(key.login)
    for _time in range(9):
        wrong.check()
    right.check()
    assert not WrongKey.objects.exists(), "a right key forgives"
    for _time in range(10):
        wrong.check()
    cache.clear()
    assert right.check().status_code == 429
    assert wrong.check(REMOTE_ADDR="192.0.2.9").status_code == 401, "each address by itself"
    WrongKey.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert right.check().status_code == 200
    for _time in range(2):
        wrong.check()
    WrongKey.objects.update(until=timezone.now() - timedelta(seconds=1))
    wrong.check()
    assert WrongKey.objects.get(address="127.0.0.1").count == 1, "counted anew"
    WrongKey.objects.update(until=timezone.now() - timedelta(days=2))
    forget_received_files(today=date(2026, 11, 23))
    assert not WrongKey.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"role": "manager"},
        {"must_change_password": True},
    ],
)
def test_a_key_works_only_while_its_person_may_import(program, key, change):
    assert program.ask("init").status_code == 200
    User.objects.filter(pk=key.user_id).update(**change)
    assert program.ask("init").status_code == 401
    assert Program(key.login).check().status_code == 401


def test_sessions_of_people_and_of_programs_do_not_open_each_other(program, cast):
    person = signed_in(cast.accountant)
    assert person.get(URL, {"type": "sale", "mode": "init"}).status_code == 401
    page = program.browser.get(reverse("imports:list"), **program.cookie)
    assert page.status_code == 302
    answer = program.check()
    assert not answer.cookies
    forged = signing.dumps({"token": 1, "key": "x"}, salt="another")
    for value in (forged, "x", program.cookie["HTTP_COOKIE"][:-2]):
        program.cookie = {"HTTP_COOKIE": f"{exchange.COOKIE}={value}"}
        assert program.ask("init").status_code == 401


def test_too_large_a_piece_file_or_sum_of_files_is_refused(program, set_to, settings):
    set_to("exchange.chunk_kb", 64)
    assert program.send(b"x" * (64 * 1024 + 1)).status_code == 413
    assert program.send(b"x" * 4_000_000).status_code == 413
    settings.IMPORT_MAX_BYTES = 100_000
    assert words(program.send(b"x" * 60_000)) == ["success"]
    assert words(program.send(b"x" * 60_000))[0] == "failure"
    settings.IMPORT_MAX_BYTES = 10_000_000
    set_to("exchange.quota_mb", 1)
    answers = [words(program.send(b"x" * 60_000, f"{n}.xml"))[0] for n in range(20)]
    assert (answers[0], answers[-1]) == ("success", "failure")
    assert ExchangeFile.objects.bytes_waiting() <= 1024 * 1024


def test_unknown_clients_are_added_only_when_the_setting_says_so(program, set_to):
    program.send(CONTENT)
    program.ask("import", "documents.xml")
    perform(ImportJob.objects.get().pk)
    assert not Client.objects.exists()
    set_to("exchange.create_clients", True)
    program.send(CONTENT)
    program.ask("import", "documents.xml")
    perform(ImportJob.objects.latest("pk").pk)
    assert Shipment.objects.get().client == Client.objects.get()


def test_steps_that_do_not_exist_are_refused(program):
    for query in ("", "?type=sale", "?type=sale&mode=drop", "?type=x&mode=init"):
        assert program.browser.get(f"{URL}{query}", **program.cookie).status_code == 400
    assert words(program.ask("file", "a.xml"))[0] == "failure"


def test_what_nobody_came_back_for_is_forgotten(program):
    program.send(b"<half")
    assert forget_received_files(today=date(2026, 11, 23)) == 0
    ExchangeFile.objects.update(created_at="2026-01-01T00:00:00Z")
    assert forget_received_files(today=date(2026, 11, 23)) == 1


# Keys


def test_the_administrator_sees_a_secret_once_and_only_its_hash_is_kept(cast):
    browser = signed_in(cast.admin)
    answer = browser.post(
        reverse("deals:exchange_key_create"), {"name": "1С", "user": cast.accountant.pk}
    )
    secret = re.search(r'id="exchange-secret">([^<]+)<', answer.content.decode())[1]
    key = ExchangeToken.objects.get()
    assert (key.user, key.created_by) == (cast.accountant, cast.admin)
    assert len(secret) >= 40
    assert secret not in str(ExchangeToken.objects.values()[0])
    assert Program(key.login, secret).check().status_code == 200
    assert secret not in browser.get(reverse("deals:exchange_key_list")).content.decode()


def test_a_key_acts_only_as_somebody_who_may_import(cast):
    values = {"name": "1С", "user": cast.manager.pk}
    answer = signed_in(cast.admin).post(reverse("deals:exchange_key_create"), values)
    assert answer.status_code == 422
    assert not ExchangeToken.objects.exists()


def test_revoking_takes_what_was_sent_with_it(program, key, cast):
    program.send(b"<half")
    browser = signed_in(cast.admin)
    url = reverse("deals:exchange_key_revoke", args=[key.pk])
    browser.post(url, {"version": 7})
    key.refresh_from_db()
    assert key.revoked_at is None
    browser.post(url, {"version": 1})
    key.refresh_from_db()
    assert key.revoked_at
    assert not ExchangeFile.objects.exists()
