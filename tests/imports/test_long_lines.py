"""Packed and long files: the same rows as the plain reader gives, in little memory."""

import gzip
import json
import resource
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.imports.reading import Limits, Unreadable, read_long_table, read_table

NAMES = {"number": "number", "номер": "number", "sum": "sum", "сумма": "sum"}
BARS = "".join(f"{i};x{i}\n" for i in range(50))


def known(column):
    return NAMES.get(column.casefold(), "")


def both(content, **limits):
    """What the two readers say: rows, or the refusal."""
    answers = []
    for read in (read_table, read_long_table):
        try:
            table = read(content, known, Limits(**limits))
            answers.append((table.header, table.header_row, list(table.lines), table.separator))
        except Unreadable as refusal:
            answers.append(str(refusal))
    return answers


@pytest.mark.parametrize(
    "text",
    [
        "Number;Sum\n1;2\n",
        "Отчёт\n\nНомер;Сумма\n\n1;2\n;\n ; \n'=3;\u00a04\r\n5",
        'Number,Sum\r\n"1\n2",3\r\n"a""b",\r\n,x,beyond\r\n,,beyond\r\n',
        "sep=|\nNumber|Sum\n1|2\n",
        'Number;Sum\n"1" and a half;2\n3;4\n',
        "Number;Sum\r1;2\r3;4\r",
        "Number;Sum\n1;2;3;4\n5\n\x1a",
        "Number;Sum\n",
        'Number;Sum\n"never closed;2\n' + BARS * 10,
        "nothing\nat all\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_long_lines_are_the_lines_of_the_plain_reader(text, encoding):
    plain, long = both(text.encode(encoding, "replace"))
    assert long == plain


@given(st.lists(st.lists(st.sampled_from(["", " ", "а;б", '"', "x\ny", "1,5", "'=1"]), max_size=4)))
def test_any_rows_are_read_the_same(rows):
    import csv
    import io

    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([["Number", "Sum"], *rows])
    plain, long = both(text.getvalue().encode())
    assert long == plain


def test_lines_are_taken_by_number_and_by_portion():
    text = "Number;Sum\n" + "\n".join(f"{i};é\n" if i % 3 else ";\n" for i in range(40))
    table = read_long_table(text.encode(), known, Limits())
    lines = list(table.lines)
    assert table.lines[5] == lines[5]
    assert table.lines[-1] == lines[-1]
    assert table.lines[7:19] == lines[7:19]
    assert table.lines[100:] == []


def test_a_packed_file_is_read_as_the_plain_one():
    text = "Номер;Сумма\n1;2\n".encode("cp1251")
    packed = gzip.compress(text[:5]) + gzip.compress(text[5:])  # as files joined by `cat`
    assert both(packed) == both(text)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"unpacked_bytes": 1_500_000, "ratio": 10**6}, "слишком велик"),
        ({"ratio": 100}, "подозрительно"),
    ],
)
def test_a_bomb_is_refused_while_it_is_small(limits, reason):
    bomb = gzip.compress(b"number;sum\n" + b"1;2\n" * 10_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Unreadable, match=reason):
        read_long_table(bomb, known, Limits(**limits))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_each_reader_has_its_own_limit_of_rows():
    text = b"Number;Sum\n" + b"1;2\n" * 30
    assert both(text, rows=29, long_rows=30)[0].startswith("В файле больше 29")
    assert len(both(text, rows=29, long_rows=30)[1][2]) == 30
    assert both(text, rows=30, long_rows=29)[1].startswith("В файле больше 29")


MEASURED = """
import json, resource, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from crm.imports.reading import Limits, read_long_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
table = read_long_table(sys.stdin.buffer.read(), lambda name: name.casefold(), Limits())
total = sum(len(line.cells) for line in table.lines)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([len(table.lines), total, (after - before) // 1024]))
"""


def test_many_lines_fit_in_little_memory():
    row = b"536365;85123A;WHITE HANGING HEART T-LIGHT HOLDER;6;2010-12-01 08:26:00;2.55;17850;x\n"
    packed = gzip.compress(b"Number;Sku;Name;Quantity;Day;Price;Client;Country\n" + row * 150_000)
    limits = "Limits(ratio=10**6)"
    done = subprocess.run(
        [sys.executable, "-c", MEASURED.replace("Limits()", limits)],
        input=packed,
        stdout=subprocess.PIPE,
        check=True,
    )
    lines, cells, megabytes = json.loads(done.stdout)
    assert (lines, cells) == (150_000, 1_200_000)
    assert megabytes < 60
