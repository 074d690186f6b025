"""Words of the program in each language, kept in one column and read in the reader's."""

import json
import pickle

import pytest
from django.utils.translation import gettext_lazy, override

from crm.said import Said, joined, kept, read, read_inside, said, stored
from crm.said import gettext as _

LATE = gettext_lazy("Late")


def both(words):
    found = {}
    for code in ("ru", "en"):
        with override(code):
            found[code] = str(words)
    return found


def test_words_stay_in_each_language_through_what_is_done_to_them():
    words = _("Claim %(number)s") % {"number": LATE}
    assert both(words) == {"ru": f"Претензия {both(LATE)['ru']}", "en": f"Claim {both(LATE)['en']}"}
    assert both(words[:5]) == {"ru": "Прете", "en": "Claim"}
    assert both("№ 5 " + _("Paid in full") + "!") == {
        "ru": "№ 5 Оплачено полностью!", "en": "№ 5 Paid in full!",
    }  # fmt: skip
    lines = joined("\n", ["7", _("Paid in full")])
    assert both(lines) == {"ru": "7\nОплачено полностью", "en": "7\nPaid in full"}
    assert type(joined(" ", ["a", "b"])) is str


@pytest.mark.parametrize("way", [
    lambda words: read(stored(words)),
    lambda words: pickle.loads(pickle.dumps(words)),
    lambda words: read_inside(json.loads(json.dumps(kept({"notes": [words]}))))["notes"][0],
])  # fmt: skip
def test_they_come_back_as_they_were_kept(way):
    words = said(lambda: f"{LATE}: «\\x1e»\n7 %")
    with override("en"):
        back = way(words)
        assert back == both(words)["en"], "what is read is in the reader's language"
    assert isinstance(back, Said)
    assert back.each == words.each


def test_words_of_people_stay_as_they_are():
    assert (stored("По телефону"), read("По телефону")) == ("По телефону",) * 2
    assert kept({"a": [1, "b"]}) == read_inside({"a": [1, "b"]}) == {"a": [1, "b"]}
