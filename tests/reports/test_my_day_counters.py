"""The counters above the queue of My day."""

from types import SimpleNamespace

from django.http import QueryDict

from clients.contacting import next_step
from reports.pages.my_day import FIRST_COUNTERS, MOST_COUNTERS, counters
from reports.queries.my_day import Counted


def test_the_gravest_reasons_are_counted_at_once_and_the_rest_behind_a_line():
    rules = next_step.rules()[:10]

    def shown(chosen, among):
        day = SimpleNamespace(queue=SimpleNamespace(reason=chosen, counts=among))
        return counters(day, QueryDict(f"reason={chosen}&manager=3"))

    counts = [Counted(rule, 3) for rule in rules]
    page = shown("", counts)
    first, rest = page.split("<details", 1)
    links = [f'manager=3&amp;reason={rule.code}"' for rule in rules]
    assert [link in first for link in links] == [n < FIRST_COUNTERS for n in range(len(links))]
    assert all(link in rest for link in links[FIRST_COUNTERS:])
    assert " open>" not in page
    assert " open>" in shown(rules[8].code, counts)
    assert "<details" not in shown(rules[1].code, counts[:MOST_COUNTERS])
