"""Pages of differences: the client's file, both sides, the protocol on screen and on paper."""

import io
import json
from datetime import date

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from deals.lists.differences import spec_for
from deals.models import ClientStatement, Discrepancy
from tests.cast import signed_in
from tests.factories import statements
from tests.standing import standing

HTMX = {"HX-Request": "true"}
ROWS = Discrepancy.objects


@standing
def act(cast):
    return statements.act(cast.manager, name="ООО «Ромашка»")


def to(name, pk):
    return reverse(f"deals:difference_{name}", args=[pk])


def upload(who, act, content=None, name="Сверка.xlsx", **more):
    file = SimpleUploadedFile(name, content or statements.as_xlsx(statements.THEIRS))
    return who.post(to("compare", act.pk), {"file": file}, **more)


def text_of(answer):
    return answer.content.decode().replace("\xa0", " ")


def _queries(who, url):
    with CaptureQueriesContext(connection) as asked:
        assert who.get(url).status_code == 200
    return len(asked)


def test_from_the_upload_to_the_protocol_that_is_settled(cast, act):
    manager = signed_in(cast.manager)
    shown = text_of(manager.get(to("panel", act.item_id)))
    assert to("compare", act.pk) in shown
    refused = upload(manager, act, b"\0\1", name="Сверка.csv", headers=HTMX)
    assert refused.status_code == 422
    assert "invalid-feedback" in text_of(refused)
    answer = upload(manager, act, headers=HTMX)
    assert answer.status_code == 200
    assert "reconciliation-changed" in answer.headers["HX-Trigger"]
    shown = text_of(answer)
    for sum_ in ("782 999,25", "732 999,52", "49 999,73", "−0,27", "50 000,00"):
        assert sum_ in shown, sum_
    only = text_of(manager.get(to("lines", act.pk), headers=HTMX))
    assert "I4" in only
    assert "P1" not in only
    everything = text_of(manager.get(to("lines", act.pk) + "?show=all", headers=HTMX))
    assert "P1" in everything
    assert everything.count('difference-line"') == 6 + 4
    assert manager.get(to("lines", act.pk)).status_code == 302
    slip = ROWS.get(kind="different_amount")
    decision = {"version": 1, "verdict": "ours_wrong", "resolution": "Ошибка в УПД"}
    assert manager.post(to("decide", slip.pk), decision | {"resolution": ""}).status_code == 422
    assert manager.post(to("decide", slip.pk), decision, headers=HTMX).status_code == 204
    assert manager.post(to("correct", slip.pk), {"version": 2}).status_code == 403
    books = signed_in(cast.accountant)
    assert books.post(to("correct", slip.pk), {"version": 1}, headers=HTMX).status_code == 409
    assert books.post(to("correct", slip.pk), {"version": 2}, headers=HTMX).status_code == 204
    assert manager.post(to("close", slip.pk), {"version": 3}, headers=HTMX).status_code == 204
    other = ROWS.get(kind="missing_with_them")
    handed = {"version": 1, "responsible": cast.accountant.pk, "due_on": "2046-01-10"}
    assert manager.post(to("reassign", other.pk), handed).status_code == 302
    page = text_of(manager.get(to("list_of", act.pk)))
    assert "Ошибка в УПД" in page
    assert "10.01.2046" in page
    told = text_of(manager.get(to("history", act.pk)))
    assert "Ошибка в УПД" in told
    assert "suggestion" not in told


def test_the_protocol_on_paper_and_as_a_workbook(cast, act):
    manager = signed_in(cast.manager)
    upload(manager, act)
    manager.post(to("add", act.pk), {"text": "Не учтён возврат", "their_amount": "-900"})
    paper = manager.get(to("pdf", act.pk))
    with pikepdf.open(io.BytesIO(paper.content)) as pdf:
        assert len(pdf.pages) == 1
    book = manager.get(to("xlsx", act.pk)).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + 3
    assert sum(row[6] or 0 for row in rows[1:]) == pytest.approx(49_999.73 + 900)


def test_the_register_shows_what_is_open_to_those_who_see_the_client(cast, act):
    manager = signed_in(cast.manager)
    upload(manager, act)
    register = reverse("deals:difference_list")
    ROWS.filter(kind="different_amount").update(due_on=date(2026, 1, 9), responsible=cast.lawyer)
    every, mine, late = (
        text_of(manager.get(register + query))
        for query in ("", f"?responsible={cast.manager.pk}", "?late=true")
    )
    assert every.count(to("list_of", act.pk)) >= 2
    assert "I4" in mine
    assert "№ I3" not in mine
    assert "№ I3" in late
    assert "№ I4" not in late
    assert "№ I4" in text_of(signed_in(cast.department_head).get(register))
    assert "№ I4" not in text_of(signed_in(cast.stranger_head).get(register))
    few = _queries(manager, register)
    ROWS.bulk_create(
        Discrepancy(act=act, kind="objection", text=f"Спор {n}", responsible=cast.lawyer)
        for n in range(20)
    )
    assert _queries(manager, register) == few
    found = text_of(manager.get(register + "?q=" + act.number))
    assert "№ I4" in found
    assert signed_in(cast.marketer).get(register).status_code == 403


def test_the_command_compares_and_writes_only_when_asked(act, cast, tmp_path, capsys):
    file = tmp_path / "Сверка.xlsx"
    file.write_bytes(statements.as_xlsx(statements.THEIRS))
    call_command("reconcile", "match", act.number, str(file), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["matched"] == {"count": 3, "sum": "-510450.75"}
    assert told["different_amount"] == {"count": 1, "sum": "-0.27"}
    assert told["missing_with_them"] == {"count": 1, "sum": "50000.00"}
    assert told["missing_with_us"] == {"count": 0, "sum": "0.00"}
    assert (told["ours"], told["theirs"], told["difference"]) == (
        "782999.25", "732999.52", "49999.73",
    )  # fmt: skip
    assert not ClientStatement.objects.exists()
    more = ("--json", "--save", "--by", cast.manager.username)
    call_command("reconcile", "match", act.number, str(file), *more)
    assert json.loads(capsys.readouterr().out)["saved"]
    assert ROWS.count() == 2


def test_every_tab_opens_for_whoever_has_no_differences(cast):
    browser = signed_in(cast.department_head)
    for view in spec_for(cast.department_head).views:
        assert browser.get(f"{reverse('deals:difference_list')}?{view.query}").status_code == 200
