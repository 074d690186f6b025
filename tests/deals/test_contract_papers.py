"""Contracts on paper: what the PDF and the office's own template say, and what is refused."""

from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from django.urls import reverse
from docx import Document

from crm import papers
from crm.errors import RuleViolation
from crm.files.actions import add_file
from crm.files.models import Attachment
from deals.actions.contract_papers import archive_template, keep_draft
from deals.papers.contract import FIELDS, docx_of, pdf_of, values_of
from tests.cast import signed_in
from tests.factories import clients, contracts

NASTY = '#read("/etc/passwd") {{ 7*7 }} <w:p/> & «кавычки»'


@pytest.fixture
def contract(cast):
    client = clients.client(cast.manager, name="ООО «Ромашка и К»")
    return contracts.draft(client, cast.manager, subject=NASTY)


def words_of(docx):
    paper = Document(BytesIO(docx))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


def own_template(*lines):
    """A document of Word as the office would write it."""
    paper, written = Document(), BytesIO()
    for line in lines:
        paper.add_paragraph(line)
    paper.save(written)
    return written.getvalue()


def test_the_text_of_the_product_names_the_sides_and_the_sum_in_words(contract):
    text = words_of(docx_of(contract))
    assert contract.number in text
    assert "ООО «Ромашка и К»" in text
    assert "Триста тысяч рублей 00 копеек" in text
    assert NASTY in text  # as it was typed: nothing of it is carried out


def test_the_pdf_is_a_pdf_and_carries_out_nothing(contract):
    paper = pikepdf.open(BytesIO(pdf_of(contract)))
    assert len(paper.pages) == 1
    assert not paper.attachments
    assert "/JavaScript" not in str(paper.Root)


def test_every_field_that_the_page_names_is_there(contract):
    assert set(values_of(contract)) == set(FIELDS)


def test_the_offices_own_template_is_used_and_the_newest_version_of_it(cast, contract):
    template = contracts.template()
    first = own_template("Первый {{ number }}")
    add_file("contract_template", template.pk, by=cast.lawyer, name="a.docx", content=first)
    assert f"Первый {contract.number}" in words_of(docx_of(contract))
    second = own_template("Второй {{ them.full_name }}")
    add_file("contract_template", template.pk, by=cast.lawyer, name="b.docx", content=second)
    assert "Второй ООО «Ромашка и К»" in words_of(docx_of(contract))


@pytest.mark.parametrize(
    "line",
    ["{{ unknown_field }}", "{{ number", "{% for x in y %}", "{{ number.__class__.__mro__ }}"],
)
def test_a_template_that_cannot_be_filled_in_says_why(contract, line):
    with pytest.raises(RuleViolation):
        papers.fill_docx(own_template(line), values_of(contract))


def test_what_is_no_word_document_is_refused(contract):
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("a.txt", "a")
    for content in (b"", b"PK", written.getvalue()):
        with pytest.raises(RuleViolation):
            papers.fill_docx(content, values_of(contract))


def test_a_broken_template_leads_back_to_the_contract(cast, contract):
    template = contracts.template()
    broken = own_template("{{ unknown_field }}")
    add_file("contract_template", template.pk, by=cast.lawyer, name="a.docx", content=broken)
    answer = signed_in(cast.manager).get(reverse("deals:contract_docx", args=[contract.pk]))
    assert answer.headers["Location"] == contract.get_absolute_url()


def test_papers_are_downloads_with_a_plain_name(cast, contract):
    browser = signed_in(cast.manager)
    for kind in ("pdf", "docx"):
        answer = browser.get(reverse(f"deals:contract_{kind}", args=[contract.pk]))
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_kept_draft_stands_among_the_files_once(cast, contract):
    keep_draft(contract.pk, by=cast.manager)
    (kept,) = Attachment.objects.visible_to(cast.manager).of_record(contract)
    assert (kept.format, kept.kind) == ("docx", "contract")
    assert not Attachment.objects.visible_to(cast.stranger).exists()


def test_a_template_out_of_use_makes_no_contracts(cast, contract):
    template = contracts.template()
    own = own_template("Свой")
    add_file("contract_template", template.pk, by=cast.lawyer, name="a.docx", content=own)
    archive_template(template.pk, by=cast.lawyer, now=contract.created_at)
    assert "Свой" not in words_of(docx_of(contract))
