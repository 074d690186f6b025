"""Files that should not be here: each is refused with a reason, quickly, without a 500 (G-IO2)."""

import functools
import gzip
import io
import os
import random
import struct
import time
import tracemalloc
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.imports import registry
from crm.imports.models import ImportJob
from crm.imports.reading import Limits, Unreadable, read_table
from crm.imports.reading import workbook as reader
from tests.cast import signed_in
from tests.imports import workbooks

MB = 1024 * 1024
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
GOOD = workbooks.by_hand()
_random = random.Random(20261123)


def row_bomb():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 60_000))
    return workbooks.by_hand(workbooks.sheet_xml(rows * 40))


def string_bomb():
    strings = f"<sst>{'<si><t>' + 'A' * 1000 + '</t></si>'}</sst>"
    return workbooks.by_hand(more={"xl/sharedStrings.xml": strings + " " * (150 * MB)})


def far_cell(reference):
    rows = (
        workbooks.HEADER_ROW
        + f'<row r="{reference.strip("XFDA")}"><c r="{reference}"><v>1</v></c></row>'
    )
    return workbooks.by_hand(workbooks.sheet_xml(rows))


def lying_sizes():
    """A table of contents that announces ten bytes for a part of megabytes."""
    content = bytearray(workbooks.by_hand(workbooks.sheet_xml() + " " * MB))
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"sheet1.xml"))
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(content)


def many_entries():
    return workbooks.by_hand(more={f"xl/media/{n}.bin": b"" for n in range(2_100)})


def announced_entries():
    """An end of the archive that announces 65,535 parts."""
    content = bytearray(GOOD)
    at = content.rfind(b"PK\x05\x06")
    content[at + 10 : at + 12] = b"\xff\xff"
    return bytes(content)


def twice_the_same_part():
    buffer = io.BytesIO(GOOD)
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", workbooks.BOOK)
    return buffer.getvalue()


def encrypted_part():
    content = bytearray(GOOD)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(mark)
        content[at + offset] |= 1
    return bytes(content)


def nested_archive():
    return workbooks.by_hand(replace={"xl/worksheets/sheet1.xml": GOOD})


def plain_zip(names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def compound(extra=b""):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + extra + bytes(600)


def noise(length, *, without=b""):
    return bytes(b for b in _random.randbytes(length) if b not in without)


CORPUS = {
    "nothing": b"",
    "spaces": b" \r\n\t \r\n",
    "one letter": b"x",
    "a word": "слово".encode(),
    "header without rows": "Наименование;ИНН\n".encode(),
    "noise": noise(5_000),
    "noise without zeros": noise(20_000, without=b"\x00"),
    "zeros": bytes(4_000),
    "png": b"\x89PNG\r\n\x1a\n" + noise(2_000),
    "jpeg": b"\xff\xd8\xff\xe0" + noise(2_000),
    "gif": b"GIF89a" + noise(500),
    "pdf": b"%PDF-1.7\n" + noise(2_000),
    "rtf": b"{\\rtf1\\ansi Client;INN}",
    "program": b"MZ" + noise(2_000),
    "gzip of gzip": gzip.compress(gzip.compress("Наименование;ИНН\nA;1\n".encode())),
    "gzip of a workbook": gzip.compress(GOOD),
    "gzip of nothing": gzip.compress(b" "),
    "gzip cut short": gzip.compress("Наименование;ИНН\nA;1\n".encode())[:-9],
    "gzip with rubbish": gzip.compress("Наименование;ИНН\nA;1\n".encode()) + b"rubbish",
    "gzip bomb": gzip.compress(b"name;inn\n" + bytes(5_000_000)),
    "7z": b"7z\xbc\xaf\x27\x1c" + noise(500),
    "rar": b"Rar!\x1a\x07\x00" + noise(500),
    "sqlite": b"SQLite format 3\x00" + noise(500),
    "html": b"<!DOCTYPE html><html><table><tr><td>Name</td><td>INN</td></tr></table></html>",
    "html without a type": "<html><body>Наименование;ИНН</body></html>".encode(),
    "xml": b'<?xml version="1.0"?><a><b>1</b></a>',
    "xml with an entity": f'<?xml version="1.0"?>{ENTITY}<x>&e;</x>'.encode(),
    "utf-16 xml": f'<?xml version="1.0"?>{LAUGHS}<x>&c;</x>'.encode("utf-16"),
    "zeros in utf-16": "Наименование;ИНН\nA\x00;1\n".encode("utf-16"),
    "old xls": compound(),
    "workbook with a password": compound("EncryptedPackage".encode("utf-16-le")),
    "damaged utf-8": "Наименование;ИНН\nРома\udcffшка;1\n".encode("utf-8", "surrogateescape"),
    "damaged utf-16": "Наименование;ИНН\nA;1\n".encode("utf-16")[:-1],
    "zip of nothing": plain_zip([]),
    "zip of a text": plain_zip(["readme.txt"]),
    "docx": plain_zip(["[Content_Types].xml", "word/document.xml"]),
    "ods": plain_zip(["mimetype", "content.xml"]),
    "xlsb": plain_zip(["[Content_Types].xml", "xl/workbook.bin"]),
    "xlsm": workbooks.by_hand(more={"xl/vbaProject.bin": b"x"}),
    "macro sheet": workbooks.by_hand(more={"xl/macrosheets/sheet1.xml": "<x/>"}),
    "cut in half": GOOD[: len(GOOD) // 2],
    "cut before its end": GOOD[:-10],
    "only the start": GOOD[:40],
    "no sheet": workbooks.by_hand(replace={"xl/worksheets/sheet1.xml": None}),
    "no relations": workbooks.by_hand(replace={"xl/_rels/workbook.xml.rels": None}),
    "broken sheet": workbooks.by_hand("<worksheet><sheetData><row><c></sheetData>"),
    "empty sheet": workbooks.by_hand(workbooks.sheet_xml("")),
    "nested archive": nested_archive(),
    "name that leads out": workbooks.by_hand(more={"../../etc/cron.d/x": "x"}),
    "absolute name": workbooks.by_hand(more={"/etc/passwd": "x"}),
    "part twice": twice_the_same_part,
    "encrypted part": encrypted_part(),
    "lying sizes": lying_sizes(),
    "many parts": many_entries(),
    "announced parts": announced_entries(),
    "entity in the sheet": workbooks.by_hand(workbooks.sheet_xml(prolog=ENTITY)),
    "laughs in the styles": workbooks.by_hand(more={"xl/styles.xml": LAUGHS + "<styleSheet/>"}),
    "entity in the properties": workbooks.by_hand(more={"docProps/core.xml": ENTITY + "<x/>"}),
    "entity in utf-16": workbooks.by_hand(
        more={"xl/theme/theme1.xml": (ENTITY + "<x/>").encode("utf-16")}
    ),
    "row bomb": row_bomb,
    "string bomb": string_bomb,
    "padding bomb": workbooks.by_hand(workbooks.sheet_xml() + " " * (30 * MB)),
    "far corner": far_cell("XFD1048576"),
    "far row": far_cell("A1048576"),
    "unclosed quote": ("Наименование;ИНН\n" + '"A;1\n' + "B;2\n" * 50_000).encode(),
    "one endless line": "Наименование;ИНН;".encode() + b"x" * 3 * MB,
    "too many rows": "Наименование;ИНН\n".encode() + b"A;1\n" * 100_001,
    "thousand columns": ";".join(f"c{n}" for n in range(1_000)).encode() + b"\n" + b"1;" * 1_000,
    "more than twenty megabytes": b"A;1\n" * (21 * MB // 4),
}
# Odd, but tables all the same.
HARMLESS = {
    "boasting dimension": workbooks.by_hand(
        workbooks.sheet_xml(dimension='<dimension ref="A1:XFD1048576"/>')
    ),
    "300 sheets": workbooks.proper(
        [["Наименование", "ИНН"], ["A", "1"]], sheets={f"s{n}": [] for n in range(299)}
    ),
    "cut in the last letter": "Наименование;ИНН\nA;1\nЛютик;2\nРомашка".encode()[:-1],
    "formulas": workbooks.proper([["Наименование", "ИНН"], ["=1+1", '=HYPERLINK("x")']]),
    "escaped zero": workbooks.by_hand(
        workbooks.sheet_xml(workbooks.HEADER_ROW + workbooks.DATA_ROW.format(name="A_x0000_B"))
    ),
    "a bell in a name": "Наименование;ИНН\nA\x07;1\n".encode(),
    "end of file of DOS": "Наименование;ИНН\r\nРомашка;1\r\n\x1a".encode("cp866"),
}


def content_of(name):
    made = CORPUS[name]
    return made() if callable(made) else made


@functools.cache
def names():
    return registry.get("clients").known()


def known(column):
    return names()(column)


def test_the_corpus_is_large_enough():
    assert len(CORPUS) + len(HARMLESS) >= 60


@pytest.mark.parametrize("name", CORPUS)
def test_a_file_that_is_no_table_is_refused_with_its_reason(name):
    content = content_of(name)
    started = time.monotonic()
    with pytest.raises(Unreadable) as refusal:
        read_table(content, known, Limits())
    assert len(str(refusal.value)) >= 10
    assert refusal.value.field == "file"
    # Other tests may share the processor; the promise is five seconds on an idle one.
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("name", HARMLESS)
def test_an_odd_table_is_read(name):
    assert read_table(HARMLESS[name], known, Limits()).lines


def test_refusals_take_no_memory_of_the_worker():
    for name in ("row bomb", "string bomb", "far corner", "padding bomb"):
        content = content_of(name)
        tracemalloc.start()
        with pytest.raises(Unreadable):
            read_table(content, known, Limits())
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < MB, name  # without the guard of sizes the first takes nine


def test_the_guard_of_sizes_is_what_keeps_a_bomb_out(monkeypatch):
    """Control: without it the same bomb is opened, and only the child's limits stop it."""
    bomb = workbooks.by_hand(workbooks.sheet_xml() + " " * (3 * MB))
    with pytest.raises(Unreadable):
        read_table(bomb, known, Limits(ratio=10))
    monkeypatch.setattr(reader, "_check_sizes", lambda parts, limits: None)
    assert read_table(bomb, known, Limits(ratio=10)).lines


def test_the_guard_of_markup_is_what_refuses_an_entity(monkeypatch):
    content = CORPUS["entity in the sheet"]
    monkeypatch.setattr(reader, "_check_markup", lambda archive, parts: None)
    table = read_table(content, known, Limits())
    assert "root" not in str(table.lines)  # and even then nothing is expanded


def test_the_child_lives_under_a_limit_of_memory():
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{os.urandom(500).hex()}</t></is></c></row>'
        for n in range(2, 20_000)
    )
    content = workbooks.by_hand(workbooks.sheet_xml(workbooks.HEADER_ROW + rows))
    with pytest.raises(Unreadable):
        read_table(content, known, Limits(memory_bytes=40 * MB))
    assert read_table(content, known, Limits()).lines


def test_a_child_that_does_not_end_is_ended(monkeypatch, tmp_path):
    endless = tmp_path / "endless.py"
    endless.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(reader, "CHILD", endless)
    started = time.monotonic()
    with pytest.raises(Unreadable):
        read_table(GOOD, known, Limits(seconds=1))
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("name", ["nothing", "noise", "png", "cut in half", "far corner", "xlsm"])
def test_the_page_answers_422_beside_the_field_and_keeps_nothing(name, department_head):
    file = SimpleUploadedFile("clients.xlsx", content_of(name))
    page = signed_in(department_head).post("/imports/new/", {"kind": "clients", "file": file})
    assert page.status_code == 422
    assert b'id="id_file_error"' in page.content
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "../../x.csv", "a\x00b.csv", "CON.csv", ""])
def test_the_name_of_a_file_is_only_a_name(name, department_head):
    content = "Наименование;ИНН\nРомашка;7707083893\n".encode()
    body = (
        b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nclients\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.encode()
        + b'"\r\nContent-Type: text/csv\r\n\r\n'
        + content
        + b"\r\n--b--\r\n"
    )
    page = signed_in(department_head).generic(
        "POST", "/imports/new/", body, content_type="multipart/form-data; boundary=b"
    )
    assert page.status_code in {302, 422}
    for job in ImportJob.objects.all():
        assert "/" not in job.file_name
        assert "\x00" not in job.file_name
        assert len(job.file_name) <= 255
