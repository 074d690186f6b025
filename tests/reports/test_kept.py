"""Costly figures are kept for a minute, quick ones never."""

import pytest
from django.utils import timezone

from reports.pages import kept
from tests.cast import signed_in
from tests.factories import clients, deals, terms


@pytest.fixture
def keeping(monkeypatch):
    monkeypatch.setattr(kept, "KEPT_SECONDS", 60.0)
    monkeypatch.setattr(kept, "COSTLY_SECONDS", -1.0)
    return monkeypatch


def counter():
    calls = []

    def count():
        calls.append(1)
        return len(calls)

    return count


def test_costly_figures_are_counted_once_and_tell_their_moment(keeping):
    count = counter()
    first, second = kept.figures_of("key", count), kept.figures_of("key", count)
    assert (first.figures, second.figures) == (1, 1)
    assert first.at is None
    assert second.at is not None
    assert kept.figures_of("other", count).figures == 2


def test_quick_figures_are_counted_each_time(keeping):
    keeping.setattr(kept, "COSTLY_SECONDS", 60.0)
    count = counter()
    assert [kept.figures_of("key", count).figures for _ in range(3)] == [1, 2, 3]


def test_after_their_time_they_are_counted_again(keeping):
    count = counter()
    kept.figures_of("key", count)
    keeping.setattr(kept, "KEPT_SECONDS", 0.0)
    assert kept.figures_of("key", count).figures == 2


def test_no_more_are_kept_than_the_limit(keeping):
    for number in range(kept.MOST_KEPT + 5):
        kept.figures_of(number, counter())
    assert len(kept._kept) == kept.MOST_KEPT


def test_people_with_another_scope_do_not_share_figures(cast, keeping):
    clients.client(cast.manager)
    head, stranger = signed_in(cast.department_head), signed_in(cast.stranger_head)
    own = head.get("/department/").context["page"]
    assert own.total.total.value == 1
    assert stranger.get("/department/").context["page"].total.total.value == 0
    again = head.get("/department/")
    assert again.context["page"].counted_at is not None
    assert again.context["page"].total.total.value == 1


def test_the_units_on_offer_are_ones_own(cast, keeping):
    """Two people open the same unit: what was kept for the one names units closed to the other."""
    url = f"/department/?unit={cast.sector.pk}"
    assert cast.department in signed_in(cast.department_head).get(url).context["page"].figures.units
    assert signed_in(cast.sector_head).get(url).context["page"].figures.units == [cast.sector]


def test_the_accounting_tells_the_moment_of_its_receipts_and_sees_new_documents(cast, keeping):
    accountant = signed_in(cast.accountant)
    assert accountant.get("/accounting/").context["page"].counted_at is None
    deals.statement()
    again = accountant.get("/accounting/")
    assert again.context["page"].counted_at is not None
    assert "обновляются раз в минуту" in again.text
    assert len(again.context["page"].statements) == 1


def test_receivables_say_of_which_moment_they_are_and_long_tables_are_never_kept(cast, keeping):
    owing = deals.invoice(clients.client(cast.manager))
    head, stranger = signed_in(cast.department_head), signed_in(cast.stranger_head)

    def asked(person, by):
        page = person.get("/receivables/", {"by": by}).context["page"]
        return page.total.row.total, page.counted_at is not None

    assert [asked(head, "manager") for _ in range(2)] == [(owing.amount, n) for n in (False, True)]
    assert asked(stranger, "manager") == (0, False)
    assert [asked(head, "client") for _ in range(2)] == [(owing.amount, False)] * 2


def test_terms_on_the_screen_are_kept_for_each_person_and_choice_but_files_are_counted(
    cast, keeping
):
    today = timezone.localdate()
    query = {"from": f"{today}", "to": f"{today}"}
    head, stranger = signed_in(cast.department_head), signed_in(cast.stranger_head)

    def told(browser, **more):
        page = browser.get("/timeliness/", query | more).context["page"]
        return len(page.result.rows), page.counted_at is not None

    def act(manager):
        days = {"send_by": today, "sign_by": today}
        terms.reconciliation(clients.client(manager), **days)

    act(cast.manager)
    assert told(head) == (2, False), "sent and signed"
    act(cast.manager2)
    assert told(head) == (2, True)
    assert "обновляются раз в минуту" in head.get("/timeliness/", query).text
    assert told(head, kind="acts_sent") == (2, False)
    assert told(head, unit=cast.sector.pk) == (4, False)
    assert told(cast_head := signed_in(cast.sector_head)) == (4, False)
    assert told(cast_head) == (4, True)
    assert told(stranger) == (0, False)
    file = head.get("/timeliness/", query | {"export": "csv"})
    lines = b"".join(file).decode("utf-8-sig").splitlines()
    assert sum("Акты" in line for line in lines) == 4, lines
