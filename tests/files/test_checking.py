"""Kept are pdf, jpg, png, xlsx, docx: by extension, by first bytes and by content (G-IO4)."""

import pytest

from crm.files import checking, parse_child
from crm.files.checking import FileLimits, check_file
from crm.imports.reading import Unreadable
from tests.files import samples

LIMITS = FileLimits()


@pytest.fixture
def in_this_process(monkeypatch):
    """Without the child, which costs a third of a second: the same function, called directly."""

    def parsed(content, found, limits):
        try:
            return parse_child.parse(found.key, content, limits.pixels) or content
        except parse_child.Refused as refusal:
            raise Unreadable(str(checking.REASONS[str(refusal)])) from None

    monkeypatch.setattr(checking, "_parsed", parsed)


@pytest.mark.parametrize("case", samples.REFUSED)
def test_what_is_not_on_the_list_or_not_what_it_says_is_refused(case, in_this_process):
    with pytest.raises(Unreadable) as refusal:
        check_file(*samples.REFUSED[case], LIMITS)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("case", samples.KEPT)
def test_what_people_work_with_is_kept(case, in_this_process):
    name, content = samples.KEPT[case]
    kept = check_file(name, content, LIMITS)
    assert kept.format.key in {"pdf", "jpg", "png", "xlsx", "docx"}
    assert kept.content.startswith(kept.format.magic)
