"""The palette finds claims, returns, letters and lawsuits by number, and letters by subject."""

import pytest
from django.utils import timezone

from reports.queries.search import search
from reports.queries.search_documents import numbers_meant
from tests.factories import claims, clients, deals, letters, outgoing

pytestmark = pytest.mark.django_db
LINE = {"price": 100, "amount": 1000, "quantity": 10, "name": "Шпатлёвка"}


@pytest.fixture
def rows(cast):
    """One document of each kind of a client of the first manager, with its number."""
    client = clients.client(manager=cast.manager, name="Роща")
    year = timezone.localdate().year
    claim = claims.claim(client, number=f"ПР-{year}-000123")
    sale = deals.sale(client, "1000.00", lines=[LINE])
    line = sale.lines.get()
    back = claims.returned(sale, {line: 2}, number=f"ВТ-{year}-000123", created_by=cast.manager)
    back.state = "approved"
    back.save(update_fields=["state"])
    suit = outgoing.lawsuit(client, cast=cast)
    suit.case_number = "А40-123/2026"
    suit.save(update_fields=["case_number"])
    letter = letters.incoming(client, cast.manager, subject="Просим пересмотреть бонус")
    return {"claim": claim, "back": back, "suit": suit, "letter": letter}


def urls(person, text):
    return [item.url for group in search(person, text, limit=8) for item in group.items]


def test_what_a_number_may_be():
    year = timezone.localdate().year
    whole = [f"ПР-{year}-000123"]
    for text in (whole[0], f"пр-{year}-123", f"GH-{year}-000123", f" ПР {year}-123"):
        assert numbers_meant(text, ["ПР"]) == whole
    for text in ("ПР-123", "ПР123", "123", "000123"):
        assert numbers_meant(text, ["ПР"]) == [*whole, f"ПР-{year - 1}-000123"]
    for text in ("ВТ-123", "1234567", "ПР-123-4", "Роща 12", ""):
        assert numbers_meant(text, ["ПР"]) == []


def test_documents_are_found_by_their_numbers_before_clients(cast, rows):
    claim, back, suit = rows["claim"], rows["back"], rows["suit"]
    assert urls(cast.manager, "пр-123") == [claim.get_absolute_url()]
    assert urls(cast.manager, suit.claim.number) == [suit.claim.get_absolute_url()]
    assert urls(cast.manager, rows["letter"].reg_no) == [rows["letter"].get_absolute_url()]
    assert urls(cast.lawyer, "а40-12") == [suit.claim.get_absolute_url()]
    clients.client(cast.manager, name="Аптека 123")
    both = urls(cast.manager, "123")
    assert both[:2] == [claim.get_absolute_url(), back.get_absolute_url()]
    assert len(both) == 3


def test_letters_are_found_by_their_subject(cast, rows):
    assert urls(cast.manager, "ПЕРЕСМОТРЕТЬ") == [rows["letter"].get_absolute_url()]
    assert rows["letter"].get_absolute_url() not in urls(cast.manager, "пе")


def test_everybody_finds_only_what_is_shown_to_them(cast, rows):
    claim, back = rows["claim"], rows["back"]
    numbers = [claim.number, back.number, rows["suit"].claim.number, rows["letter"].reg_no]
    for person in (cast.stranger, cast.stranger_head, cast.marketer, cast.admin):
        for text in (*numbers, "А40-123/2026", "пересмотреть"):
            assert urls(person, text) == [], (person, text)
    assert urls(cast.logistics, back.number) == [back.receiving_url]
    (group,) = search(cast.purchasing, claim.number, limit=8)
    assert "Роща" not in group.items[0].note
    assert urls(cast.purchasing, back.number) == []
