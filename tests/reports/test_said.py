"""What the program writes is stored in each language: marks of one are looked for in a demo."""

import pytest
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import _trans

from reports.demo import fill as demo
from reports.demo.scales import Scale

RU, EN = "ʀ", "ᴇ"  # after whatever was translated into the language
SCALE = Scale("marked", 2, 2, 3, 60, 2, 1_000, 9, 3, 3, 600, 4, 200)
# Papers of clients are Russian; of a pair of columns each has a language of its own; a request has
# its title in the default language beside the facts, which hold the others.
KNOWN = {
    *("deals_actline.text", "deals_discrepancy.text", "approvals_approval.title"),
    *(f"reports_spotcheckitem.title{code}" for code in ("", "_en")),
    *(f"reports_violation.title{code}" for code in ("", "_en")),
    *(f"reports_incentivedecision.ground_title{code}" for code in ("", "_en")),
}
COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT LIKE '%%event'
        AND data_type IN ('text', 'character varying', 'jsonb')
"""


def marked(translate):
    def answer(*message):
        words = translate(*message)
        if not words.strip() or not any(char.isalpha() for char in words[2:]):
            return words  # separators of formats
        return words + (RU if translation.get_language() == "ru" else EN)

    return answer


@pytest.fixture
def marks(monkeypatch):
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        monkeypatch.setattr(_trans, name, marked(getattr(_trans, name)))


def of_one_language():
    """Columns with marks of one language only, each with one of its values."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column in cursor.fetchall():
            text = f'"{column}"::text'
            cursor.execute(
                f'SELECT min({text}) FROM "{table}" WHERE ({text} LIKE %s) <> ({text} LIKE %s)',
                [f"%{RU}%", f"%{EN}%"],
            )
            (value,) = cursor.fetchone()
            if value is not None:
                found[f"{table}.{column}"] = value
    return found


def test_nothing_of_the_demo_is_stored_in_the_language_of_its_moment(committed_db, marks):
    today = timezone.localdate()
    demo.fill(SCALE, today=today)
    demo.tell_of_prices(today=today)
    demo.reconcile(SCALE, today=today)
    demo.complain(SCALE, today=today)
    demo.claim_debts(today=today)
    demo.roll_up(SCALE, today=today)
    demo.plan_months(SCALE, today=today)
    demo.close(today=today)
    demo.pay_for_results(today=today)
    demo.spend(today=today)
    found = of_one_language()
    assert found.keys() & KNOWN, "the marks are there"
    assert {name: value for name, value in found.items() if name not in KNOWN} == {}
