"""The cell of a last day says what is to be known of it, the same in every list."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from crm.lists import term_cells

TODAY = date(2026, 11, 23)
CASES = [
    # by (days from today), done (days from today), is open → what stands under the day
    (8, None, True, []),
    (7, None, True, ["text-secondary 7 days left"]),
    (1, None, True, ["text-secondary 1 day left"]),
    (0, None, True, ["text-secondary today"]),
    (-1, None, True, ["text-danger 1 day late"]),
    (-1, None, False, []),
    (-1, -2, False, ["text-secondary done 21.11.2026"]),
    (-2, -1, True, ["text-secondary done 22.11.2026", "text-warning-emphasis 1 day late"]),
]


@pytest.mark.parametrize(("by", "done", "is_open", "notes"), CASES)
def test_what_stands_under_a_last_day(by, done, is_open, notes, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)
    day = TODAY + timedelta(days=by)
    ended = None if done is None else TODAY + timedelta(days=done)
    with translation.override("en"):
        shown = term_cells.term_cell(day, ended, "done %(day)s", is_open=is_open)
    lines = re.findall(r'<span class="d-block small ([\w-]+)">(?:<i [^>]*></i> )?([^<]+)', shown)
    assert [" ".join(line) for line in lines] == notes
    assert f">{day:%d.%m.%Y}<" in shown


def test_a_line_of_the_cell_is_text():
    assert "&lt;b&gt;" in term_cells.day_cell(TODAY, term_cells.note_under("<b>"))
