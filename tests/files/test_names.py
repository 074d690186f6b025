"""An uploaded name is only a name (G-IO4)."""

import pytest

from crm.files.names import LONGEST, clean_name, is_disguised

NAMES = {
    "Договор № 5.pdf": "Договор № 5.pdf",
    "../../etc/x.pdf": "x.pdf",
    "..\\..\\windows\\x.pdf": "x.pdf",
    "%2e%2e%2fx.pdf": "%2e%2e%2fx.pdf",  # a name like any other: nobody decodes it
    "x.pdf\x00.exe": "x.pdf.exe",
    "x\r\nSet-Cookie: a=b.pdf": "xSet-Cookie_ a=b.pdf",
    "x\u202efdp.exe": "xfdp.exe",
    "CON.pdf": "_CON.pdf",
    "com1.tar.pdf": "_com1.tar.pdf",
    "консоль.pdf": "консоль.pdf",
    'a<b>"c"?.pdf': "a_b__c__.pdf",
    " x.pdf . ": "x.pdf",
    "": "_",
    "...": "_",
    ".pdf": "pdf",
    "й.pdf": "й.pdf",  # of two signs, as a Mac sends it
}


@pytest.mark.parametrize("given", NAMES)
def test_a_name_is_shown_and_never_a_path(given):
    assert clean_name(given) == NAMES[given]
    assert clean_name(clean_name(given)) == NAMES[given]


@pytest.mark.parametrize("given", ["Я" * 300 + ".pdf", "x." + "y" * 300, "Я" * 300, "a.b" * 200])
def test_a_long_name_keeps_its_beginning_and_its_extension(given):
    kept = clean_name(given)
    assert len(kept) <= LONGEST
    assert kept[:1] == given[:1]
    assert not given.endswith(".pdf") or kept.endswith(".pdf")


@pytest.mark.parametrize(
    ("name", "disguised"),
    [
        ("акт.exe.pdf", True),
        ("x.PhP .jpg", True),
        ("x.html.docx", True),
        ("акт 01.02.2026.pdf", False),
        ("exe.pdf", False),
        ("Отчёт.v2.docx", False),
    ],
)
def test_a_program_before_the_last_extension_is_a_disguise(name, disguised):
    assert is_disguised(name) is disguised
