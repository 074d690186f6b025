"""Kept are pdf, jpg, png, xlsx, docx, with acts csv: by name, first bytes and content (G-IO4)."""

import io

import pytest
from PIL import Image, ImageCms

from crm.files import checking, formats, parse_child
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


@pytest.mark.parametrize("case", samples.NO_TABLES)
def test_a_table_as_text_is_text_that_does_nothing(case, in_this_process):
    with pytest.raises(Unreadable):
        check_file("x.csv", samples.NO_TABLES[case], LIMITS, ("csv",))


@pytest.mark.parametrize("case", samples.TABLES)
def test_tables_as_text_are_kept_with_records_that_take_them(case, in_this_process):
    name, content = "Сверка.csv", samples.TABLES[case]
    assert check_file(name, content, LIMITS, ("csv",)).content == content
    with pytest.raises(Unreadable, match=r"PDF, JPG, PNG, XLSX, DOCX\."):
        check_file(name, content, LIMITS)


@pytest.mark.parametrize("case", samples.KEPT)
def test_what_people_work_with_is_kept(case, in_this_process):
    name, content = samples.KEPT[case]
    kept = check_file(name, content, LIMITS)
    assert kept.format.key in {"pdf", "jpg", "png", "xlsx", "docx"}
    assert kept.content.startswith(kept.format.magic)


def test_of_a_picture_only_its_pixels_are_kept(in_this_process):
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "SECRET place", 6  # turned by a quarter
    for name, content in (
        ("x.jpg", samples.picture("JPEG", (80, 60), comment=b"SECRET", exif=exif)),
        ("x.png", samples.picture("PNG", (80, 60), exif=exif)),
    ):
        assert b"SECRET" in content
        kept = check_file(name, content + samples.SCRIPT, LIMITS).content
        assert b"SECRET" not in kept
        assert b"script" not in kept
        assert Image.open(io.BytesIO(kept)).size == (60, 80)


def test_the_resolution_and_the_transparency_of_a_scan_stay(in_this_process):
    scan = samples.picture("PNG", mode="RGBA", dpi=(300, 300))
    kept = Image.open(io.BytesIO(check_file("x.png", scan, LIMITS).content))
    assert kept.mode == "RGBA"
    assert round(kept.info["dpi"][0]) == 300


def test_a_profile_of_colours_is_followed_and_not_kept(in_this_process):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = samples.picture("JPEG", icc_profile=profile)
    kept = Image.open(io.BytesIO(check_file("x.jpg", photo, LIMITS).content))
    assert "icc_profile" in Image.open(io.BytesIO(photo)).info
    assert "icc_profile" not in kept.info
    assert abs(kept.getpixel((1, 1))[1] - 128) < 8  # teal still


def test_documents_stay_as_they_are_for_their_signatures(in_this_process):
    for name, content in (("x.pdf", samples.pdf()), ("x.docx", samples.docx())):
        assert check_file(name, content, LIMITS).content == content


@pytest.mark.parametrize("case", ["PDF with a script", "JPEG cut", "DOCX with DDE in a torn field"])
def test_the_child_says_the_same_as_the_function(case):
    with pytest.raises(Unreadable):
        check_file(*samples.REFUSED[case], LIMITS)


@pytest.mark.parametrize("case", ["PDF", "JPEG", "XLSX"])
def test_the_child_keeps_what_is_to_be_kept(case):
    kept = check_file(*samples.KEPT[case], LIMITS)
    assert kept.content.startswith(kept.format.magic)


def test_the_child_lives_under_a_limit_of_memory():
    large = samples.picture("PNG", (4_000, 4_000))
    with pytest.raises(Unreadable):
        check_file("x.png", large, FileLimits(memory_bytes=60 * samples.MB))
    assert check_file("x.png", large, LIMITS)


def test_a_child_that_does_not_end_is_ended(monkeypatch, tmp_path):
    endless = tmp_path / "endless.py"
    endless.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(checking, "CHILD", endless)
    with pytest.raises(Unreadable):
        check_file("x.pdf", samples.pdf(), FileLimits(seconds=1))


# Each guard taken away lets in what it alone keeps out: the corpus can tell.
GUARDS = {
    "exe.pdf": (checking, "is_disguised", lambda name: False),
    "PDF with a password": (parse_child, "look_at_pdf", lambda content: None),
    "PDF with a script": (parse_child, "_check_dictionary", lambda holder: None),
    "PDF with a hidden script": (parse_child, "_is_elsewhere", lambda part: True),
    "PDF that starts a program": (parse_child, "PDF_ACTIONS", set()),
    "PDF with a file": (parse_child, "_check_dictionary", lambda holder: None),
    "DOCX bomb": (checking, "check_package", lambda *args: None),
    "DOCX with macros": (checking, "_check_parts", lambda *args: None),
    "DOCX with renamed macros": (parse_child, "MACROS", set()),
    "DOCX with an object": (parse_child, "EMBEDDED", set()),
    "DOCX with a template of the net": (parse_child, "_may_be_outside", lambda *args: True),
    "DOCX with DDE in a torn field": (parse_child, "_check_fields", lambda archive: None),
    "DOCX with a page at its end": (parse_child, "END_SIZE", len(samples.SCRIPT) + 22),
    "XLSX with DDE": (parse_child, "_check_fields", lambda archive: None),
}


@pytest.mark.parametrize("case", GUARDS)
def test_without_its_guard_the_file_gets_in(case, in_this_process, monkeypatch):
    place, name, nothing = GUARDS[case]
    monkeypatch.setattr(place, name, nothing)
    assert check_file(*samples.REFUSED[case], LIMITS)


def test_without_the_limit_of_pixels_the_flood_gets_in(in_this_process):
    assert check_file(*samples.REFUSED["PNG of 100 megapixels"], FileLimits(pixels=10**9))


def test_every_format_of_the_list_has_a_choice_in_the_table():
    from crm.files.models import AttachmentFormat

    assert {one.key for one in formats.FORMATS} == set(AttachmentFormat.values)
