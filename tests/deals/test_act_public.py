"""The door of the public page: one neutral answer, limits without Redis, no token anywhere."""

import io
import logging
import re
from datetime import timedelta

import pytest
import structlog
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from pdfminer.high_level import extract_text

from crm.money import format_money
from crm.scrubbing import scrub
from deals.actions import act_links as actions
from deals.actions import acts
from deals.models import ActLink, ActLinkVisit, Discrepancy
from tests.authz import addresses
from tests.cast import signed_in
from tests.factories import act_links as factory
from tests.factories import categories, deals
from tests.factories.act_links import limit
from tests.standing import standing

NAME = {"name": "Петрова Мария", "position": "Главный бухгалтер"}
POSTS = ("agree", "object", "upload")


@standing
def client(cast):
    return categories.client(cast.manager, category="C", status="client", name="ООО «Василёк»")


@standing
def ours(cast, client):
    return factory.sent(client, by=cast.manager)


def likeness(answer):
    """What a stranger could tell two answers apart by; the request's own number left out."""
    headers = {key: value for key, value in answer.headers.items() if key != "Date"}
    return answer.status_code, len(answer.content), answer.content, headers, dict(answer.cookies)


def revoked(ours, cast):
    actions.revoke_link(ours.link.pk, by=cast.manager, now=timezone.now())


def expired(ours, _cast):
    ActLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def replaced(ours, cast):
    factory.send(ours.item, by=cast.manager)


def older_text(ours, cast):
    ours.item.refresh_from_db()
    acts.make_act(
        ours.item.pk, by=cast.manager, version=ours.item.version, today=timezone.localdate()
    )


def older_answered_text(ours, cast):
    """The newer text went out on paper: the act is with the client again."""
    ours.browser.post(f"{ours.url}agree/", NAME)
    older_text(ours, cast)
    ours.item.refresh_from_db()
    today = timezone.localdate()
    acts.send_act(
        ours.item.pk, by=cast.manager, version=ours.item.version, channel="paper", sent_to="",
        on=today, today=today,
    )  # fmt: skip


def not_with_the_client(ours, _cast):
    type(ours.item).objects.filter(pk=ours.item.pk).update(state="act_created")


@pytest.mark.parametrize(
    "end", [revoked, expired, replaced, older_text, older_answered_text, not_with_the_client]
)
def test_whatever_ended_it_the_link_answers_as_one_that_never_was(ours, cast, end):
    end(ours, cast)
    forged = Client().get(f"/acts/{'A' * 43}/")
    assert forged.status_code == 404
    before = Discrepancy.objects.count()
    assert likeness(Client().get(ours.url)) == likeness(forged)
    for name in POSTS:
        data = NAME | {"text": "x"}
        assert likeness(Client().post(f"{ours.url}{name}/", data)) == likeness(forged)
    assert likeness(Client().get(f"{ours.url}pdf/")) == likeness(forged)
    assert Discrepancy.objects.count() == before
    assert ours.act.number not in forged.content.decode()


@pytest.mark.parametrize("token", ["x", "%00", "а" * 300, "..%2f..", "' OR 1=1--", "A" * 4000])
def test_an_odd_token_is_a_forged_one(cast, token):
    assert Client().get(f"/acts/{token}/").status_code == 404


def test_a_token_opens_its_own_act_and_no_other(cast, ours):
    other = categories.client(cast.manager, category="C", status="client", name="ООО «Чужой»")
    theirs = factory.sent(other, by=cast.manager)
    page = ours.browser.get(ours.url).content.decode()
    assert "Василёк" in page
    assert "Чужой" not in page
    ours.browser.post(f"{ours.url}agree/", NAME | {"token": theirs.token, "link": theirs.link.pk})
    assert (ours.again().answer, theirs.again().answer) == ("agreed", "")


def test_a_session_neither_opens_nor_is_opened(cast, ours):
    """Our own people get no more by the link, and the visitor gets no session."""
    assert signed_in(cast.manager).get(f"/acts/{'B' * 43}/").status_code == 404
    answer = ours.browser.get(ours.url)
    assert set(answer.cookies) == {"csrftoken"}
    page = answer.content.decode()
    assert not re.findall(r'href="/(?!acts/|static/)', page), "no way into the product"
    assert ours.browser.get("/deals/reconciliations/").status_code in {302, 404}


def test_only_these_addresses_need_no_sign_in():
    """The exemption stands on five views under one prefix and nowhere else."""
    found = {}
    for name in addresses.names():
        space, _colon, last = name.rpartition(":")
        resolver = get_resolver()
        for step in filter(None, space.split(":")):
            resolver = resolver.namespace_dict[step][1]
        for pattern in resolver.url_patterns:
            if getattr(pattern, "name", None) == last:
                found[name] = getattr(pattern.callback, "login_required", True)
    for part in get_resolver().url_patterns:
        for pattern in getattr(part, "url_patterns", []):
            if str(getattr(pattern, "name", "")).startswith("act_public"):
                found[pattern.name] = pattern.callback.login_required
                assert str(part.pattern) == "acts/"
    open_to_all = {name for name, required in found.items() if not required}
    assert {name for name in open_to_all if name.startswith("act_")} == {
        "act_public_page", "act_public_pdf", *(f"act_public_{name}" for name in POSTS)
    }  # fmt: skip
    assert not {name for name in open_to_all if "act_link" in name}


def test_what_every_answer_carries(ours):
    for answer in (ours.browser.get(ours.url), Client().get("/acts/forged/")):
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "<script>" not in answer.content.decode()


def test_it_speaks_the_language_of_the_browser(ours):
    russian = ours.browser.get(ours.url)
    english = ours.browser.get(ours.url, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert "Акт сверки" in russian.content.decode()
    assert "Act of reconciliation" in english.content.decode()
    assert english.headers["Content-Language"] == "en"
    assert "Accept-Language" in english.headers["Vary"]


def test_the_figures_are_those_of_the_act_and_lines_are_bounded(cast, client, monkeypatch):
    monkeypatch.setattr("deals.pages.act_links.LINES", 1)
    for amount in ("1000.00", "2500.50"):
        deals.sale(client, amount, on=timezone.localdate())
    ours = factory.sent(client, by=cast.manager, as_of=timezone.localdate())
    page = " ".join(ours.browser.get(ours.url).content.decode().split())
    assert page.replace("\xa0", " ").count("3 500,50 ₽") == 2
    assert page.count("stack-title") == 1


def test_the_pdf_is_the_act_of_the_link_and_its_download_is_noted(cast, client):
    deals.sale(client, "3500.50", on=timezone.localdate() - timedelta(days=3))
    ours = factory.sent(client, by=cast.manager, as_of=timezone.localdate())
    answer = ours.browser.get(f"{ours.url}pdf/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert f"{ours.act.number}.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store, private"
    text = extract_text(io.BytesIO(answer.content)).replace("\xa0", " ")
    assert ours.act.number in text
    assert "3 500,50" in text
    assert f'href="{ours.url}pdf/"' in ours.browser.get(ours.url).content.decode()
    assert ActLinkVisit.objects.filter(link=ours.link, what="downloaded").count() == 1
    assert ours.browser.post(f"{ours.url}pdf/").status_code == 405
    for ended in ({"expires_at": timezone.now()}, {"revoked_at": timezone.now()}):
        ActLink.objects.filter(pk=ours.link.pk).update(**ended)
        refused = ours.browser.get(f"{ours.url}pdf/")
        assert (refused.status_code, refused.headers["Content-Type"][:9]) == (404, "text/html")
        ActLink.objects.update(expires_at=timezone.now() + timedelta(days=1), revoked_at=None)
    assert ours.browser.get(f"{ours.url}pdf/").status_code == 200
    assert Client().get(f"/acts/{'A' * 43}/pdf/").status_code == 404


def test_a_second_answer_is_refused_in_words(ours):
    """The other window of the client still has its buttons."""
    ours.browser.post(f"{ours.url}object/", NAME | {"text": "Нет платежа"})
    again = ours.browser.post(f"{ours.url}agree/", NAME)
    assert again.status_code == 409
    page = again.content.decode()
    assert "Ответ уже записан" in page
    assert "вы не согласны с актом" in page
    assert "Ответ уже записан" not in ours.browser.get(ours.url).content.decode()


def test_the_client_sees_afterwards_what_it_wrote_whatever_we_make_of_it(ours):
    """Words as they came, who and when, and the balance that was answered about."""
    ours.browser.post(f"{ours.url}object/", NAME | {"text": "Нет платежа 500,00"})
    Discrepancy.objects.update(text="Платёж 500,00 найден у другого клиента")
    page = ours.browser.get(ours.url).content.decode()
    answer = page[page.index('role="status"') :]
    answer = answer[: answer.index("<section")]
    at = timezone.localtime(ours.again().answered_at)
    said = ("Нет платежа 500,00", *NAME.values(), f"{at:%d.%m.%Y %H:%M}")
    for words in (*said, format_money(ours.act.closing)):
        assert words in answer
    assert "другого клиента" not in page


def test_markup_in_an_answer_is_shown_as_typed(ours):
    odd = {"name": "<b>Ы</b>{{7*7}}", "position": "</title><script>", "text": "x"}
    ours.browser.post(f"{ours.url}object/", odd)
    page = ours.browser.get(ours.url).content.decode()
    assert "&lt;b&gt;Ы&lt;/b&gt;{{7*7}}" in page
    assert "<b>Ы" not in page


def test_a_form_of_another_site_is_refused(ours):
    strict = Client(enforce_csrf_checks=True)
    strict.get(ours.url)
    for name in POSTS:
        answer = strict.post(f"{ours.url}{name}/", NAME | {"text": "x"})
        assert answer.status_code == 403
    assert ours.again().answer == ""
    page = strict.get(ours.url).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)[1]
    foreign = {"csrfmiddlewaretoken": token, **NAME}
    evil = strict.post(f"{ours.url}agree/", foreign, headers={"Origin": "https://evil.test"})
    assert evil.status_code == 403
    assert strict.post(f"{ours.url}agree/", foreign).status_code == 302


def test_a_broken_form_is_a_sentence_of_the_same_page(ours):
    for more in ({"text": "x" * 3_200_000}, {f"field{n}": "1" for n in range(1001)}):
        answer = ours.browser.post(f"{ours.url}object/", NAME | more)
        assert answer.status_code == 400
        assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert ours.again().answer == ""


def test_other_methods_change_nothing(ours):
    for name in POSTS:
        assert ours.browser.get(f"{ours.url}{name}/").status_code == 405
    for method in ("post", "put", "delete", "options", "trace"):
        assert getattr(ours.browser, method)(ours.url).status_code == 405
    assert ours.again().answer == ""


# --- limits ---------------------------------------------------------------------------------------


@pytest.fixture
def _no_redis(settings):
    """Neither a broker nor a cache answers; counters do not need them."""
    settings.CELERY_BROKER_URL = settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }


def ask(url, times, **more):
    return [Client().get(url, **more).status_code for _time in range(times)]


@pytest.mark.usefixtures("_no_redis")
def test_wrong_links_of_one_address_are_paused_and_made_up_headers_help_nobody(ours):
    limit("wrong", 3)
    guesses = [
        Client().get(f"/acts/guess{n}/", headers={"X-Forwarded-For": f"198.51.100.{n}"})
        for n in range(5)
    ]
    assert [answer.status_code for answer in guesses] == [404, 404, 404, 429, 429]
    assert guesses[-1].headers["Retry-After"] == "600"
    assert ActLinkVisit.objects.filter(link=None).count() == 3, "the journal is not flooded"
    assert ask("/acts/guess/", 1, REMOTE_ADDR="203.0.113.9") == [404]
    v6 = [Client().get("/acts/guess/", REMOTE_ADDR=f"2001:db8::{n}").status_code for n in range(4)]
    assert v6 == [404, 404, 404, 429], "one subscriber of IPv6"
    assert ask(ours.url, 1) == [200], "the one who has a link is not locked out by a guesser"


@pytest.mark.usefixtures("_no_redis")
def test_a_link_and_an_address_ask_so_often_and_no_more(ours):
    limit("requests", 5)
    assert ask(ours.url, 6) == [200] * 5 + [429]
    assert ask(ours.url, 1, REMOTE_ADDR="203.0.113.9") == [429], "a link from many addresses too"
    limit("ip_requests", 10)
    assert ask("/acts/forged/", 12, REMOTE_ADDR="203.0.113.8") == [404] * 10 + [429] * 2
    assert Client().post(f"{ours.url}agree/", NAME).status_code == 429
    assert ours.again().answer == ""


# --- secrecy --------------------------------------------------------------------------------------


def test_no_log_and_no_history_holds_the_token(ours, settings, caplog, db):
    from django.db import connection

    lines = []

    def keep(_logger, _name, event):
        lines.append(str(event))
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(
        processors=[keep],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        cache_logger_on_first_use=False,
    )
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.request").setLevel(logging.DEBUG)
    try:
        strict = Client(enforce_csrf_checks=True)
        strict.get(ours.url)
        strict.post(f"{ours.url}agree/", NAME)
        strict.get(f"{ours.url}nowhere/")
        strict.get(ours.url.rstrip("/"))
        ours.browser.post(f"{ours.url}agree/", NAME)
        report = {"csp-report": {"document-uri": f"http://testserver{ours.url}"}}
        strict.post("/csp-report/", report, content_type="application/json")
        strict.get(f"/account/login/?next={ours.url}")
    finally:
        structlog.configure(**before)
        logging.getLogger("django.request").setLevel(logging.ERROR)
    told = "\n".join([*lines, caplog.text])
    assert "/acts/***/" in told, "the rig hears the requests"
    assert ours.token not in told
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{ours.token}%"]
            )
            assert cursor.fetchone()[0] == 0, table
        cursor.execute(
            "SELECT count(*) FROM deals_actlinkevent WHERE pgh_context->>'url' = '/acts/***/agree/'"
        )
        assert cursor.fetchone()[0] > 0


def test_what_is_scrubbed():
    token = "Ab-_9" * 9
    for text in (
        f"GET /acts/{token}/",
        f"/account/login/?next=%2Facts%2F{token}%2F",
        f"//x/acts/{token}",
    ):
        assert token not in scrub(text)
    assert scrub("/deals/contracts/12/") == "/deals/contracts/12/"
