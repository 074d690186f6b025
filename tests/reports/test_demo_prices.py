"""The demo can be filled on any day of the year: its offers find their prices."""

from datetime import date, timedelta

from reports.demo import prices, proposals

YEAR = [date(2027, 1, 1) + timedelta(days=number) for number in range(365)]


def test_the_list_of_the_year_is_older_than_the_oldest_offer_and_than_the_change():
    oldest = max(ago for _state, ago, _answer in proposals.STATES)
    assert oldest > prices.HELD_FOR
    late = [day for day in YEAR if prices.first_day_of_prices(day) > day - timedelta(days=oldest)]
    assert late == []
