"""A sentence that ends with initials has one full stop, in refusals, notices and templates."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from crm.errors import RuleViolation
from crm.notices import kinds
from crm.sentences import one_stop

NAMES = re.compile(r"(\w+)=\S*(?:short_name|initials|chair_short)\b")
BLOCK = re.compile(r"\{%\s*blocktranslate([^%]*)%\}(.*?)\{%\s*endblocktranslate", re.S)
TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Отвечает Иванова И. И.. Спросите.", "Отвечает Иванова И. И. Спросите."),
        ("Ask Ivanova I.\u00a0I..", "Ask Ivanova I.\u00a0I."),
        ("5 шт.. Да", "5 шт. Да"),
        ("Позже...", "Позже..."),
        ("Иванова И. И. и 12.10.", "Иванова И. И. и 12.10."),
    ],
)
def test_two_full_stops_are_one(text, said):
    assert one_stop(text) == said
    assert str(RuleViolation(text)) == said


def test_a_notice_ends_in_one(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", {"x": "Решает %(who)s. Ждите"})
    assert kinds.render("x", {"who": "Иванова И. И."}) == "Решает Иванова И. И. Ждите"


def test_no_template_puts_a_full_stop_after_initials():
    """In either language, unless `{% filter one_stop %}` stands around the sentence."""
    catalogue = Path(settings.BASE_DIR, "locale/ru/LC_MESSAGES/django.po").read_text()
    entries = [re.sub(r'"\n"', "", entry) for entry in catalogue.split("\n\n")]
    wrong = []
    for path in TEMPLATES:
        text = path.read_text()
        wrong += [path.name] * len(re.findall(r"short_name[^}]*\}\}(?:</\w+>)?\.", text))
        for found in BLOCK.finditer(text):
            names = NAMES.findall(found[1])
            msgid = re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", found[2]).strip()
            said = " ".join([msgid, *(e for e in entries if names and f'msgid "{msgid}"' in e)])
            stops = any(re.search(rf"%\({name}\)s\.(?!\d)", said) for name in names)
            if stops and "filter one_stop" not in text[max(0, found.start() - 25) : found.start()]:
                wrong.append(f"{path.name}: {msgid}")
    assert wrong == []
