"""Pages of claims: the register, the board, registering, deciding, answering (CM-01, CM-07)."""

import io
import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document

from claims.forms.claims import ClaimForm
from claims.models import Claim
from claims.pages.claims import ClaimsOfSale
from clients.contacting.next_step import Moment, find_reasons
from clients.keys import set_client_keys
from clients.models import Client
from crm.calendar import add_working_days
from crm.files.models import Attachment
from crm.work.actions import change_setting
from deals.actions.posting import reverse_shipment
from tests.cast import signed_in
from tests.factories import categories, claims, clients, deals, letters
from tests.files.samples import picture

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)
LINE = {"price": 100, "amount": Decimal(1000), "quantity": 10, "name": "Шпатлёвка"}


@pytest.fixture
def today():
    return timezone.localdate()


def get(user, name, *args, status=200, **query):
    address = reverse(f"claims:{name}", args=args)
    answer = signed_in(user).get(f"{address}?{urlencode(query, doseq=True)}")
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def post(user, name, *args, status=204, **data):
    answer = signed_in(user).post(reverse(f"claims:{name}", args=args), data, headers=HTMX)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def bought(manager, name, category="C"):
    return categories.client(manager, category=category, status="client", name=name)


@pytest.fixture
def states(cast, today):
    """Late, of a large client, to be compensated, refused and not answered, doubtful, foreign."""
    ago, more = today - 20 * DAY, {"response_due": add_working_days(today, 6)}
    return {
        "Ландыш": claims.claim(bought(cast.manager, "Ландыш"), on=ago),
        "Клевер": claims.claim(bought(cast.manager, "Клевер", "A"), on=today, **more),
        "Фиалка": claims.decided(
            bought(cast.manager, "Фиалка"), on=ago, compensation="money", answered_on=today
        ),
        "Василёк": claims.decided(bought(cast.manager, "Василёк"), "50.00", "0.00", on=ago),
        "Пион": claims.claim(bought(cast.manager2, "Пион"), on=ago, sold_on=today, **more),
        "Чужой": claims.claim(bought(cast.stranger, "Чужой"), on=ago),
    }


def names_in(html, states):
    return {name for name in states if f">{name}<" in html}


def test_the_register_has_its_views_and_costs_the_same_for_many(
    cast, states, today, django_assert_max_num_queries
):
    shown = {
        "step=decide": {"Ландыш", "Клевер", "Пион"},
        "step=late": {"Ландыш"},
        "mine=true&step=decide": set(),
        "step=compensate": {"Фиалка"},
        "step=answer": {"Василёк"},
        "step=settle": {"Фиалка", "Василёк"},
        "category=A&step=decide": {"Клевер"},
        "doubtful=true": {"Пион"},
        "doubtful=false&step=counted": {"Ландыш", "Клевер", "Фиалка", "Василёк"},
    }
    browser, page = signed_in(cast.sector_head), reverse("claims:list")
    for query, names in shown.items():
        html = browser.get(f"{page}?{query}").content.decode()
        assert names_in(html, states) == names, query
    mine = signed_in(cast.manager2).get(f"{page}?mine=true").content.decode()
    assert names_in(mine, states) == {"Пион"}
    set_client_keys(states["Ландыш"].client)
    states["Ландыш"].client.save()
    found = browser.get(f"{page}?q=Ландыш").content.decode()
    assert names_in(found, states) == {"Ландыш"}

    for number in range(20):
        line = {"name": "Клей", "quantity": 1}
        claims.claim(bought(cast.manager, f"Клиент {number}"), on=today, lines=[line])
    with django_assert_max_num_queries(16):
        assert "Клей" in browser.get(f"{page}?columns=number,client,goods").content.decode()
    get(cast.logistics, "list", status=403)


def test_the_board_has_a_column_for_each_state(cast, states):
    html = get(cast.sector_head, "board")
    assert names_in(html, states) == set(states) - {"Чужой"}
    assert names_in(get(cast.manager2, "board"), states) == {"Пион"}
    assert names_in(get(cast.sector_head, "board", category="A"), states) == {"Клевер"}


def test_how_long_closed_claims_stay_on_the_board_is_a_setting(cast, today):
    ago = today - timedelta(days=10)
    claims.decided(
        bought(cast.manager, "Ирис"), "50.00", "0.00", on=ago, state="closed", answered_on=ago
    )
    assert columns_of(get(cast.sector_head, "board")) == {"closed": 1}
    change_setting("claim.board_days", value=9, by=cast.director)
    assert columns_of(get(cast.sector_head, "board")) == {}


def columns_of(html):
    """How many claims stand in each column, by state."""
    found = re.findall(r'id="column-(\w+)">.*?</span>\s*(?:<a [^>]*>|<span [^>]*>)(\d+)<', html)
    return {state: int(count) for state, count in found if int(count)}


def test_a_board_shows_what_is_there_now_and_costs_the_same_for_many(
    cast, states, today, django_assert_max_num_queries
):
    """Its SQL is kept; what a head sees beside the own units counts as well."""
    heads = signed_in(cast.sector_head)
    with django_assert_max_num_queries(12) as few:
        html = heads.get(reverse("claims:board")).content.decode()
    cost = len(few)
    assert columns_of(html) == {"registered": 3, "decided": 2}
    own = claims.claim(bought(cast.stranger, "Свой"), on=today)
    Client.objects.filter(pk=own.client_id).update(manager=cast.sector_head)
    states["Ландыш"].client.claims.update(state="in_review")
    html = heads.get(reverse("claims:board")).content.decode()
    assert columns_of(html) == {"registered": 3, "in_review": 1, "decided": 2}
    assert "Свой" in html
    Client.objects.filter(pk=own.client_id).update(manager=cast.stranger)
    for number in range(12):
        claims.claim(bought(cast.manager, f"Клиент {number}"), on=today, sold_on=today)
    with django_assert_max_num_queries(cost):
        html = heads.get(reverse("claims:board")).content.decode()
    assert columns_of(html) == {"registered": 14, "in_review": 1, "decided": 2}
    assert html.count("board-card") == 10 + 1 + 2
    everything = columns_of(get(cast.director, "board"))
    assert everything == {"registered": 16, "in_review": 1, "decided": 2}


def test_a_claim_is_registered_with_lines_and_a_photo(cast, today, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = clients.client(manager=cast.manager)
    sale = deals.sale(client, "2000.00", on=today - DAY, lines=[LINE, {**LINE, "name": "Клей"}])
    first, second = sale.lines.all()
    panel = get(cast.manager, "sale_claims", sale.pk)
    assert f"?shipment={sale.pk}" in panel
    form = get(cast.manager, "register", client.pk, shipment=sale.pk)
    assert "Шпатлёвка" in form
    assert "Шпатлёвка" not in get(cast.manager, "register", client.pk)
    assert "Шпатлёвка" in get(cast.manager, "sale_lines", client.pk, shipment=sale.pk)
    foreign = deals.sale(clients.client(manager=cast.stranger), lines=[LINE])
    assert "Шпатлёвка" not in get(cast.manager, "sale_lines", client.pk, shipment=foreign.pk)

    data = {
        "key": uuid4(),
        "shipment": sale.pk,
        "reason": claims.reason("breakage").pk,
        "channel": "phone",
        "registered_on": f"{today}",
        f"take_{first.pk}": "on",
        f"quantity_{first.pk}": "11",
        f"quantity_{second.pk}": "10",
        "typed_name_0": "Паллета",
        "typed_price_0": "350,50",
    }
    refused = post(cast.manager, "register", client.pk, status=422, **data)
    assert "Продано не больше 10" in refused
    data[f"quantity_{first.pk}"] = "2,5"
    photo = SimpleUploadedFile("бой.png", picture(), "image/png")
    wrong = SimpleUploadedFile("бой.exe", b"MZ", "image/png")
    post(cast.manager, "register", client.pk, status=422, **data, papers=[wrong])
    assert not Claim.objects.exists()
    post(cast.manager, "register", client.pk, **data, papers=[photo])
    claim = Claim.objects.get()
    assert claim.claimed_amount == Decimal("600.50")
    assert [line.name for line in claim.lines.all()] == ["Шпатлёвка", "Паллета"]
    assert Attachment.objects.of("claim", claim.pk).get().kind == "photo"

    tab = get(cast.manager, "client_claims", client.pk)
    assert claim.number in tab
    edit = get(cast.manager, "edit", claim.pk)
    assert 'value="Паллета"' in edit
    data |= {"version": 1, "claimed_amount": "700", "typed_name_0": ""}
    post(cast.manager, "edit", claim.pk, **data)
    claim.refresh_from_db()
    assert (claim.claimed_amount, claim.lines.count()) == (700, 1)
    service = {"reason": claims.reason("service").pk, "key": uuid4(), "channel": "phone"}
    post(cast.manager, "register", client.pk, **data | service)
    assert Claim.objects.filter(kind="service").get().lines.count() == 0


def test_a_claim_is_decided_and_answered_by_a_letter(cast, today, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = clients.client(manager=cast.manager)
    claim = claims.claim(client, "20000.00", on=today, lines=[{"name": "Клей", "quantity": 2}])
    assert "10\N{NO-BREAK SPACE}000" in get(cast.manager, "detail", claim.pk)  # the own limit
    get(cast.manager, "decide", claim.pk, status=403)
    data = {
        "version": 1,
        "decision": "partial",
        "satisfied_amount": "5000",
        "compensation": "credit",
        "guilty_party": "carrier",
        "guilty_person": "",
        "reason": claim.reason_id,
        "findings": "Акт подписан водителем.",
    }
    post(cast.sector_head, "decide", claim.pk, **data)
    again = post(cast.department_head, "decide", claim.pk, status=409, **data)
    assert "Петров" in again
    with io.BytesIO(signed_in(cast.manager).get(f"/claims/{claim.pk}/reply.docx").content) as file:
        paper = Document(file)
    text = "\n".join(line.text for line in paper.paragraphs)
    assert "удовлетворяем её частично, на сумму 5\N{NO-BREAK SPACE}000,00" in text
    assert "Акт подписан водителем." in text
    assert [row.cells[0].text for row in paper.tables[0].rows] == ["Товар", "Клей"]

    answer = {"version": 2, "on": f"{today}", "suffix": "pdf", "text": "Спасибо."}
    post(cast.manager, "answer", claim.pk, **answer)
    post(cast.manager, "answer", claim.pk, status=409, **answer)
    claim.refresh_from_db()
    assert claim.answered_on == today
    letter = Attachment.objects.of("claim", claim.pk).get()
    assert (letter.format, claim.number in letter.name) == ("pdf", True)
    post(cast.manager, "close", claim.pk, status=422, version=3)
    post(cast.accountant, "compensate", claim.pk, version=3, on=f"{today}", compensation="credit")
    post(cast.manager, "close", claim.pk, version=4)
    post(cast.manager, "reopen", claim.pk, version=5, objection="Мало")
    page = get(cast.manager, "detail", claim.pk)
    assert "Мало" in page
    history = get(cast.manager, "history", claim.pk)
    assert "5000" in history.replace("\N{NO-BREAK SPACE}", "")


def test_purchasing_reads_claims_for_goods_and_nothing_of_whose_they_are(cast, today):
    client = bought(cast.manager, "Ландыш")
    sale = deals.sale(client, on=today - DAY, lines=[LINE])
    line = {"name": "Шпатлёвка", "quantity": 2, "amount": 200}
    claim = claims.decided(client, on=today, shipment=sale, lines=[line], client_number="№ 7")
    claims.claim(client, kind="service", reason=claims.reason("service"), number="ПР-ОБСЛ")
    buyer = cast.purchasing
    pages = [get(buyer, name) for name in ("list", "board")]
    pages += [get(buyer, name, claim.pk) for name in ("detail", "history")]
    for html in pages:
        assert "Ландыш" not in html
        assert sale.number not in html
        assert not re.search(r"/clients/(?!options/|competitors/)", html)
        assert "ПР-ОБСЛ" not in html
    assert all("Шпатлёвка" in html for html in pages[:3])
    # Nor who has the client: no drop-down says it, and the address does not narrow by it.
    whose = {"manager": cast.manager2.pk, "unit": cast.other_sector.pk, "category": "C"}
    for html in (pages[1], get(buyer, "board", **whose)):
        assert "Шпатлёвка" in html
        assert not re.search(r'<select[^>]* name="(manager|unit|category)"', html)
        assert cast.manager2.short_name not in html
    assert 'name="manager"' in get(cast.sector_head, "board")
    assert claim.number not in get(buyer, "list", q="Ландыш")
    assert claim.number in get(buyer, "list", q="шпат")
    assert claim.number in get(buyer, "list", step="counted")
    exported = b"".join(signed_in(buyer).get("/claims/?export=csv").streaming_content).decode()
    assert "Шпатлёвка" in exported
    assert "Ландыш" not in exported


def test_my_day_tells_of_claims(cast, states, today):
    def codes(name):
        rows = Client.objects.filter(pk=states[name].client_id)
        found = find_reasons(rows, Moment.of(timezone.now()))
        codes = {reason.rule.code for one in found for reason in one.reasons}
        return codes & {"claim_due", "claim_settle"}

    assert codes("Ландыш") == {"claim_due"}
    assert codes("Клевер") == set()
    assert codes("Василёк") == codes("Фиалка") == {"claim_settle"}
    Claim.objects.filter(pk=states["Клевер"].pk).update(response_due=today)
    assert codes("Клевер") == {"claim_due"}


def test_reasons_are_kept_among_the_dictionaries(cast):
    admin = signed_in(cast.admin)
    assert "Качество" in admin.get("/clients/dictionaries/").content.decode()
    new = {"code": "smell", "name_ru": "Запах", "name_en": "Smell", "order": "5"}
    address = reverse("clients:word_create", args=["claim_reasons"])
    refused = admin.post(address, new | {"kind": "both"}, headers=HTMX)
    assert refused.status_code == 422
    done = admin.post(address, new | {"kind": "goods", "tells_purchasing": "on"}, headers=HTMX)
    assert done.status_code == 204
    assert (claims.reason("smell").kind, claims.reason("smell").tells_purchasing) == ("goods", True)
    form = get(cast.manager, "register", clients.client(manager=cast.manager).pk)
    assert "Запах" in form


def test_a_letter_becomes_a_claim_that_names_it(cast, today):
    client = clients.client(manager=cast.manager)
    words = {"subject": "Претензия", "text": "Мешки порваны", "their_no": "№ 12"}
    letter = letters.incoming(client, cast.manager, on=today, today=today, **words)
    page = signed_in(cast.manager)
    shown = page.get(letter.get_absolute_url()).content.decode()
    address = f"{reverse('claims:register', args=[client.pk])}?letter={letter.pk}"
    assert address in shown
    assert "Мешки порваны" in page.get(address).content.decode()
    foreign = clients.client(manager=cast.stranger)
    theirs = letters.incoming(foreign, cast.stranger, on=today, today=today, **words)
    other = page.get(address.replace(f"={letter.pk}", f"={theirs.pk}")).content.decode()
    assert "Мешки порваны" not in other

    data = {"key": uuid4(), "reason": claims.reason().pk, "channel": "email"}
    post(cast.manager, "register", client.pk, status=422, **data, letter=theirs.pk)
    post(cast.manager, "register", client.pk, **data, letter=letter.pk)
    claim = Claim.objects.get()
    assert claim.letter == letter
    assert claim.get_absolute_url() in page.get(letter.get_absolute_url()).content.decode()
    assert letter.get_absolute_url() in get(cast.manager, "detail", claim.pk)


def test_the_mirror_of_a_sale_is_no_sale_to_complain_of(cast, today):
    client = bought(cast.manager, "Мак")
    kept, gone = (deals.sale(client, "100.00", on=today) for _ in range(2))
    mirror = reverse_shipment(gone.pk, by=cast.accountant, on=today, reason="Ошибка")
    form = ClaimForm(client=client, user=cast.manager, today=today)
    offered = form.fields["shipment"].queryset
    assert list(offered) == [kept]
    gone.refresh_from_db()
    pages = [ClaimsOfSale(one, cast.manager).may_register for one in (kept, gone, mirror)]
    assert pages == [True, False, False]


def test_the_title_of_each_dialog_says_what_will_happen_to_the_claim(cast, today):
    client = bought(cast.manager, "Незабудка")
    fresh, ready = claims.claim(client), claims.decided(client, compensation="refund")
    closed = claims.decided(client, state="closed", answered_on=today)
    opened = {
        "assign": fresh, "edit": fresh, "examine": fresh, "decide": fresh, "withdraw": fresh,
        "compensate": ready, "answer": ready, "reopen": closed,
    }  # fmt: skip
    titles = {}
    for name, claim in opened.items():
        answer = signed_in(cast.department_head).get(
            reverse(f"claims:{name}", args=[claim.pk]), headers=HTMX
        )
        if answer.status_code == 200:
            html = answer.content.decode()
            titles[name] = re.search(r'<h2 class="sheet-title">([^<]+)', html).group(1)
            assert str(claim) in html
            assert str(claim) not in titles[name]
    assert set(titles) == set(opened)
    assert len(set(titles.values())) == len(titles), titles
