"""Acts of reconciliation on paper: file, page and command say the same (D.3, REC-2)."""

import io
import json
import re
from datetime import date, timedelta
from decimal import Decimal
from zipfile import ZipFile

import pypdfium2
from django.core.management import call_command
from django.urls import reverse
from docx import Document
from pdfminer.high_level import extract_text
from python_calamine import CalamineWorkbook

from clients.models import ContactPerson
from crm.accounts.models import AccessEvent
from crm.files.actions import add_file
from crm.work.actions import change_setting
from deals.models import ReconciliationAct
from deals.papers.act import FIELDS, docx_of, paper_of, pdf_of, values_of
from deals.papers.act_xlsx import xlsx_of
from tests.cast import signed_in
from tests.factories import clients, contracts, deals
from tests.factories import reconciliations as factory
from tests.standing import standing

D = Decimal
FIRST, LAST = date(2026, 7, 1), date(2026, 10, 31)
US = "ООО «Мы»"
# Of a page as an image: what no printer reaches, and both halves of the table.
EDGES = (0, 0, 18, 842), (577, 0, 596, 842), (0, 0, 596, 20)
OURS, THEIRS = (38, 60, 306, 780), (310, 60, 574, 780)
NASTY = '=1+1 #read("/etc/passwd") {{ 7*7 }} <w:p/> & «К»'


@standing
def client(cast):
    for name, value in (
        ("full_name", US),
        ("inn", "7707083893"),
        ("signatory_short", "Главный Г."),
    ):
        change_setting(f"company.{name}", value=value, by=cast.admin)
    buyer = clients.client(cast.manager, name="ООО «Ромашка»")
    clients.counterparty(buyer, full_name=NASTY)
    clients.person(buyer, full_name="Лютикова Анна", position="Директор", is_decision_maker=True)
    deals.sale(buyer, "1000.00", on=date(2026, 6, 5))
    deals.sale(buyer, "761999.25", on=date(2026, 10, 5), number="УПД-7")
    deals.payment(buyer, "300.00", on=date(2026, 10, 7), number="=2")
    return buyer


@standing
def act(cast, client):
    return factory.act(client, by=cast.manager, first=FIRST)


def joined(text):
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


def pdf_text(content):
    return joined(extract_text(io.BytesIO(content)))


def pictures(content):
    """The pages of a PDF as grey images, about as a screen shows them."""
    document = pypdfium2.PdfDocument(content)
    return [page.render(scale=1, grayscale=True).to_pil().convert("L") for page in document]


def ink(image):
    """Which share of the image is written upon, in thousandths."""
    dark = sum(image.histogram()[:160])
    return 1000 * dark // (image.width * image.height)


def docx_text(content):
    paper = Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return joined("\n".join([*(one.text for one in paper.paragraphs), *cells]))


def sheet_rows(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def half(rows, first):
    """Debit and credit of the named rows in one half."""
    found = {row[first + 1]: row[first + 2 : first + 4] for row in rows if len(row) > first + 3}
    return [found[name] for name in ("Сальдо начальное", "Обороты за период", "Сальдо конечное")]


def money(value):
    return f"{value:,.2f}".replace(",", " ").replace(".", ",")


def test_file_page_and_command_say_the_same(cast, client, act):
    out = io.StringIO()
    call_command("reconcile", "act", client.code, f"{FIRST}", f"{LAST}", "--json", stdout=out)
    told = json.loads(out.getvalue())
    figures = [D(told[name]) for name in ("opening", "debit", "credit", "closing")]
    assert figures == [act.opening, act.debit, act.credit, act.closing]
    assert figures == [D("1000.00"), D("761999.25"), D("300.00"), D("762699.25")]
    http, made = signed_in(cast.manager), {}
    for suffix in ("pdf", "xlsx", "docx"):
        answer = http.get(reverse("deals:act_file", args=[act.item_id, suffix]))
        assert f"{act.number}.{suffix}" in answer.headers["Content-Disposition"]
        made[suffix] = answer.content
    page = re.sub(r"<[^>]+>", " ", http.get(act.get_absolute_url()).content.decode())
    texts = [pdf_text(made["pdf"]), docx_text(made["docx"]), joined(page)]
    words = "Семьсот шестьдесят две тысячи шестьсот девяносто девять рублей 25 копеек"
    assert told["words"] == words
    for text in texts:
        for piece in (act.number, "УПД-7", words, *map(money, figures)):
            assert piece in text, piece
    for text in texts[:2]:
        assert "за период: 01.07.2026 – 31.10.2026" in text
        assert f"между {US} (ИНН 7707083893) и {NASTY} (ИНН" in text
        assert f"задолженность в пользу {US} 762 699,25 руб. ({words})" in text
        assert "Руководитель Главный Г." in text
        assert "Директор Лютикова Анна" in text
    rows = sheet_rows(made["xlsx"])
    assert half(rows, 0) == [[1000.0, ""], [761999.25, 300.0], [762699.25, ""]]
    lines = [row for row in rows if isinstance(row[0], date)]
    assert [[f"{r[0]:%Y-%m-%d}", r[1], r[2] or 0, r[3] or 0] for r in lines] == [
        [day, text, float(debit), float(credit)] for day, text, debit, credit in told["lines"]
    ]
    assert AccessEvent.objects.filter(target=f"{act.number}.pdf", rows=2).exists()


def test_the_clients_half_is_empty_or_the_mirror_image(act):
    paper = paper_of(act)
    empty, full = sheet_rows(xlsx_of(paper)), sheet_rows(xlsx_of(paper, mirrored=True))
    assert not [row for row in empty if isinstance(row[0], date) and any(row[4:8])]
    assert half(full, 4) == [["", 1000.0], [300.0, 761999.25], ["", 762699.25]]
    for make, text_of in ((pdf_of, pdf_text), (docx_of, docx_text)):
        once, twice = text_of(make(paper)), text_of(make(paper, mirrored=True))
        assert (once.count("УПД-7"), twice.count("УПД-7")) == (1, 2)
        assert f"По данным {NASTY} на 31.10.2026 ____" in once
        assert f"По данным {NASTY} на 31.10.2026 задолженность в пользу {US}" in twice


def test_no_text_is_a_formula_and_nothing_is_carried_out(act):
    sheet = xlsx_of(paper_of(act), mirrored=True)
    xml = ZipFile(io.BytesIO(sheet)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "49" not in docx_text(docx_of(paper_of(act))).split("Мы, нижеподписавшиеся")[0]


def test_an_advance_and_no_debt_are_said(cast, client):
    deals.payment(client, "762999.25", on=date(2026, 10, 30))
    advance = factory.act(client, by=cast.manager, first=FIRST)
    text = pdf_text(pdf_of(paper_of(advance)))
    assert f"задолженность в пользу {NASTY} 300,00 руб. (Триста рублей 00 копеек)" in text
    assert half(sheet_rows(xlsx_of(paper_of(advance))), 0)[2] == ["", 300.0]
    even = factory.act(clients.client(cast.manager), by=cast.manager)
    assert f"По данным {US} на 31.10.2026 задолженность отсутствует." in pdf_text(
        pdf_of(paper_of(even))
    )


def test_a_power_of_attorney_names_the_manager_for_us(cast, client):
    power = contracts.power(cast.manager, issued_on=date(2026, 1, 9), valid_to=date(2026, 12, 31))
    contracts.power(cast.manager, "5.00", issued_on=date(2026, 1, 9))
    ContactPerson.objects.update(archived_at=None, is_decision_maker=False)
    act = factory.act(client, by=cast.accountant, first=FIRST)
    assert act.our_authority == power
    text = pdf_text(pdf_of(paper_of(act)))
    assert f"по доверенности № {power.number} от 09.01.2026" in text
    assert cast.manager.short_name.replace("\u00a0", " ") in text
    assert "Лютикова" not in text
    assert "Главный Г." not in text


def test_a_long_act_has_its_head_and_number_on_every_page(cast, client):
    deals.sales(client, "10.00", days=[FIRST + timedelta(days=day % 90) for day in range(150)])
    paper = paper_of(factory.act(client, by=cast.manager))
    pages = [
        joined(page.get_textpage().get_text_range())
        for page in pypdfium2.PdfDocument(pdf_of(paper))
    ]
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        assert f"Страница {number} из {len(pages)}" in text
    for text in pages[:2]:
        assert f"По данным {US}, руб." in text
        assert text.count("Дебет") == 2
    empty, full = (pictures(pdf_of(paper, mirrored=half)) for half in (False, True))
    assert len(empty) == len(pages)
    for image in [*empty, *full]:
        assert image.size == (596, 842)
        assert ink(image) >= 5, "no page is blank"
        assert {ink(image.crop(edge)) for edge in EDGES} == {0}, "nothing is cut off"
    for bare, filled in zip(empty[:2], full[:2], strict=True):
        ours, nothing, theirs = (
            ink(image.crop(half))
            for image, half in ((bare, OURS), (bare, THEIRS), (filled, THEIRS))
        )
        assert nothing < 0.7 * ours, "rules and no figures"
        assert abs(ours - theirs) < 5


def test_the_offices_own_template_is_used_and_a_wrong_one_is_told(cast, act):
    template = contracts.template(kind="act")
    good = "Наш акт {{ number }} {% for row in lines %}[{{ row[1] }}]{% endfor %}"
    keep = {"by": cast.lawyer, "name": "act.docx"}
    add_file("contract_template", template.pk, content=_docx(good), **keep)
    assert docx_text(docx_of(paper_of(act))).startswith(f"Наш акт {act.number} [Реализация")
    add_file("contract_template", template.pk, content=_docx("{{ nothing }}"), **keep)
    http = signed_in(cast.manager)
    answer = http.get(reverse("deals:act_file", args=[act.item_id, "docx"]), follow=True)
    assert "nothing" in answer.content.decode()
    page = signed_in(cast.lawyer).get(template.get_absolute_url()).content.decode()
    assert "their_conclusion" in page
    assert set(values_of(paper_of(act), mirrored=False)) == set(FIELDS)


def _docx(text):
    paper, written = Document(), io.BytesIO()
    paper.add_paragraph(text)
    paper.save(written)
    return written.getvalue()


def test_a_preview_of_any_period_is_a_file_for_information_only(cast, client):
    contract = contracts.draft(client, cast.manager, number="Д-5")
    deals.sale(client, "40.00", on=date(2026, 10, 9), contract=contract)
    http, url = signed_in(cast.manager), reverse("deals:act_preview", args=[client.pk])
    assert f'value="{contract.pk}"' in http.get(url).content.decode()
    asked = {"first": "2026-10-01", "last": "2026-10-31", "suffix": "pdf"}
    wrong = http.get(url, asked | {"last": "2026-09-30"})
    assert (wrong.status_code, "id_last_error" in wrong.content.decode()) == (422, True)
    text = pdf_text(http.get(url, asked).content)
    assert "Для ознакомления" in text
    assert "Акт сверки взаимных расчётов за период: 01.10.2026 – 31.10.2026" in text
    assert "761 999,25" in text
    one = pdf_text(http.get(url, asked | {"contract": contract.pk}).content)
    assert "по договору № Д-5" in one
    assert "задолженность в пользу ООО «Мы» 40,00 руб." in one
    sheet = sheet_rows(http.get(url, asked | {"suffix": "xlsx", "mirrored": "on"}).content)
    assert half(sheet, 4)[1] == [300.0, 762039.25]
    foreign = contracts.draft(clients.client(cast.manager), cast.manager)
    assert http.get(url, asked | {"contract": foreign.pk}).status_code == 422
    assert signed_in(cast.marketer).get(url).status_code == 403
    assert not ReconciliationAct.objects.exists()
