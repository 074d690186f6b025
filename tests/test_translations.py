"""The interface is complete in Russian: nothing missing, stale, fuzzy or written past gettext."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import gettext, override

from crm.work.messages import catalogue

# What English has no such word for, or says otherwise in sales and credit control.
CARRIED_OVER = {
    r"[«»]": "curly quotes",
    r"[а-яё]": "English letters",
    r"\b(anew|nought|obligatory|mended)\b": "again, zero, required, corrected",
    r"\bexecutors?\b": "assignee",
    r"\brequisites\b": "legal details",
    r"\bvisas?\b": "endorsement",
    r"\bguilty\b": "at fault",
    r"\brefus(e|es|ed|al|als)\b": "reject",
    r"\bin time\b": "on time",
    r"\b(plan and fact|fact and plan)\b": "plan vs actual",
    r"\bsubstitutes %": "substitutes for",
    r"\brepresentation expenses?\b": "entertainment expenses",
    r"\bproduction calendar\b": "working calendar",
    r"\bstate duty\b": "court fee",
    r"\bstops? of shipping\b": "shipping stop",
    r"\bhas gone by\b": "has passed",
    r"\bswitched off\b": "deactivated",
    r"\b(wage|wages)\b": "salary",
}


def test_the_russian_catalogue_is_complete(capsys):
    try:
        call_command("messages", check=True)
    except CommandError as refusal:
        pytest.fail(f"{refusal}\n{capsys.readouterr().err}")


def test_the_check_fails_when_a_message_is_lost(settings, tmp_path, capsys):
    (tmp_path / "crm").mkdir()
    (tmp_path / "crm" / "a.py").write_text(
        "from django.utils.translation import gettext\ngettext('Save')\n", encoding="utf-8"
    )
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError):
        call_command("messages", check=True)
    assert "missing: 'Save'" in capsys.readouterr().err


def test_both_languages_are_served_from_the_english_source():
    with override("ru"):
        assert gettext("Enter a whole number.") == "Введите целое число."
    with override("en"):
        assert gettext("Enter a whole number.") == "Enter a whole number."


def test_the_compiled_catalogue_is_committed():
    assert (Path(settings.BASE_DIR) / "locale/ru/LC_MESSAGES/django.mo").exists()


def test_names_of_those_who_are_stood_in_for_are_never_declined():
    """Names are kept as they are called: «за Чернова Д. Б.» says another person or none."""
    named = [
        "%(by)s for %(who)s",
        "%(person)s for %(absent)s",
        "%(who)s for %(owner)s until %(until)s",
        "for %(name)s",
        "for %(who)s until %(until)s",
        "for %(who)s",
    ]
    with override("ru"):
        assert [text for text in named if "вместо: %(" not in gettext(text)] == []


def test_english_is_what_a_native_speaker_would_say():
    messages = [
        part for entry in catalogue.load(catalogue.path_of(settings.BASE_DIR))
        for part in (entry.msgid, entry.msgid_plural) if part
    ]  # fmt: skip
    assert len(messages) > 5000
    found = [
        (text, f"say: {better}")
        for wrong, better in CARRIED_OVER.items()
        for text in messages if re.search(wrong, re.sub(r"%\(\w+\)s", "%", text), re.IGNORECASE)
    ]  # fmt: skip
    assert found == []
