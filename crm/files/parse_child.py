"""A program of its own: parses one file; `crm.imports.reading.limited` starts it under limits.

    python parse_child.py FORMAT MOST_PIXELS < file

Writes one line of JSON, {"refused": reason or ""}, then the picture written anew. Imports nothing
of the product, so that it starts quickly and can break nothing.
"""

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

# PDF: what runs, sends or opens something without being asked; links to pages are no harm.
PDF_SCRIPTS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
PDF_FILES = {"/EmbeddedFiles", "/EF", "/RF"}
PDF_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"}
# Office: types of parts and relations, by the last word of their address.
MAIN_TYPES = {
    "xlsx": ("/xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
    "docx": ("/word/document.xml", "wordprocessingml.document.main+xml"),
}
MACROS = {"vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet", "attachedtoolbars"}
EMBEDDED = {"oleobject", "control", "activexcontrolbinary", "afchunk", "ctrlprop-ole"}
MAY_BE_OUTSIDE = {"hyperlink", "image", "externallinkpath", "xlpathmissing", "externallinklongpath"}
LOCAL_DISK = re.compile(r"(file:/*)?[a-z]:[\\/]", re.IGNORECASE)
# Text that is a table: a separator at least, no other program's beginning, nothing that acts.
SEPARATOR = re.compile(r"[;,\t|]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
OTHER_BEGINNINGS = ("<", "#!", "%PDF-", "PK", "MZ", "{\\rtf")
ACTS = re.compile(
    r"(?:^|[;,\t|\"'\r\n])\s*[=+\-@\uff1d\uff0b\uff0d\uff20][^;,\t\r\n]*?"
    r"(?:[^\W\d]\(|[A-Za-z\"']\|[^\r\n]*!)"
)
DDE = re.compile(r"\bDDE(AUTO)?\b", re.IGNORECASE)
END = b"PK\x05\x06"
END_SIZE = 22


class Refused(Exception):
    """The reason by its key."""


def main() -> int:
    kind, most_pixels = sys.argv[1], int(sys.argv[2])
    made, reason = b"", ""
    try:
        made = parse(kind, sys.stdin.buffer.read(), most_pixels)
    except Refused as refusal:
        reason = str(refusal)
    sys.stdout.buffer.write(json.dumps({"refused": reason}).encode() + b"\n" + made)
    return 0


def parse(kind: str, content: bytes, most_pixels: int) -> bytes:
    """A picture written anew, nothing for a document that may stay as it is; raises Refused."""
    if kind == "pdf":
        look_at_pdf(content)
    elif kind in MAIN_TYPES:
        look_at_office(kind, content)
    elif kind == "csv":
        look_at_text(content)
    else:
        return picture_anew(kind, content, most_pixels)
    return b""


def look_at_text(content: bytes) -> None:
    """A table as text in an encoding that offices write; formulas that call something are none."""
    text = _text_of(content)
    head = text.lstrip("\ufeff \t\r\n")[:8]
    if CONTROLS.search(text) or head.startswith(OTHER_BEGINNINGS) or not SEPARATOR.search(text):
        raise Refused("broken")
    if ACTS.search(text):
        raise Refused("formulas")


def _text_of(content: bytes) -> str:
    """UTF-16 with its mark, UTF-8, else one byte a letter: which Russian one makes no odds."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8", "cp866"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("broken")


def picture_anew(kind: str, content: bytes, most_pixels: int) -> bytes:
    """Pixels, transparency and resolution; comments, EXIF and what hangs on the end are left."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # ours is stricter and comes before decoding
    names = {"jpg": ("JPEG", "MPO"), "png": ("PNG",)}[kind]
    try:
        image: Any = Image.open(io.BytesIO(content), formats=names)
        if image.width * image.height > most_pixels:
            raise Refused("pixels")
        image.load()
        resolution = _resolution(image.info.get("dpi"))
        image = _in_plain_colours(ImageOps.exif_transpose(image))
        kept = {"transparency"} if kind == "png" else set()
        image.info = {key: value for key, value in image.info.items() if key in kept}
        made = io.BytesIO()
        how = {"quality": 90} if kind == "jpg" else {}
        image.save(made, names[0], **how, **resolution)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, EOFError, IndexError):
        raise Refused("broken") from None
    return made.getvalue()


def _resolution(dpi: Any) -> dict[str, Any]:
    try:
        pair = tuple(round(one) for one in dpi)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return {}
    return {"dpi": pair} if len(pair) == 2 and all(1 <= one <= 10_000 for one in pair) else {}


def _in_plain_colours(image: Any) -> Any:
    """The colours of sRGB where the picture has a profile of its own, which is not kept."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile or image.mode != "RGB":
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return image


def look_at_pdf(content: bytes) -> None:
    """Refuse what a reader would run, send or unpack; the file stays as it is, for signatures."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if not len(pdf.pages):
                raise Refused("broken")
            for item in pdf.objects:
                for holder in _dictionaries(item):
                    _check_dictionary(holder)
    except pikepdf.PasswordError:
        raise Refused("password") from None
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, OSError):
        raise Refused("broken") from None


def _dictionaries(item: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary of one object; what it only refers to is an object of its own."""
    import pikepdf

    waiting = [item]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Stream):
            one = one.stream_dict
        if isinstance(one, pikepdf.Dictionary):
            holder = dict(one.items())
            yield holder
            inside = list(holder.values())
        elif isinstance(one, pikepdf.Array):
            inside = list(one)
        else:
            continue
        waiting += [part for part in inside if not _is_elsewhere(part)]


def _is_elsewhere(part: Any) -> bool:
    return bool(getattr(part, "is_indirect", False))


def _check_dictionary(holder: dict[str, Any]) -> None:
    if PDF_SCRIPTS & holder.keys() or str(holder.get("/S", "")) in PDF_ACTIONS:
        raise Refused("script")
    if PDF_FILES & holder.keys() or str(holder.get("/Type", "")) == "/EmbeddedFile":
        raise Refused("embedded")


def look_at_office(kind: str, content: bytes) -> None:
    """A document whose parts and relations are those of a plain one."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from python_calamine import CalamineError, CalamineWorkbook

    if content[-END_SIZE : -END_SIZE + 4] != END:
        raise Refused("packing")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_types(kind, archive)
            _check_relations(archive)
            _check_fields(archive)
        if kind == "xlsx":
            _ = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    except (ParseError, DefusedXmlException, CalamineError):
        raise Refused("broken") from None
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError, RuntimeError):
        raise Refused("broken") from None


def _check_types(kind: str, archive: zipfile.ZipFile) -> None:
    place, wanted = MAIN_TYPES[kind]
    types: dict[str, str] = {}
    for _end, element in _elements(archive, "[Content_Types].xml"):
        said = element.get("ContentType", "").casefold()
        types[element.get("PartName", "").casefold()] = said
        if "macroenabled" in said or said.rpartition(".")[2] in MACROS:
            raise Refused("macros")
        if "activex" in said or "oleobject" in said:
            raise Refused("embedded")
    if not types.get(place, "").endswith(wanted):
        raise Refused("broken")


def _check_relations(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if not name.casefold().endswith(".rels"):
            continue
        for _end, element in _elements(archive, name):
            meaning = element.get("Type", "").rpartition("/")[2].casefold()
            if meaning in MACROS:
                raise Refused("macros")
            outside = element.get("TargetMode", "").casefold() == "external"
            if outside and not _may_be_outside(meaning, element.get("Target", "")):
                raise Refused("remote")
            if not outside and meaning in EMBEDDED:
                raise Refused("embedded")


def _may_be_outside(meaning: str, target: str) -> bool:
    """Links and books that a sheet names; a template of one's own disk, never one of the net."""
    return meaning in MAY_BE_OUTSIDE or LOCAL_DISK.match(target.strip()) is not None


def _check_fields(archive: zipfile.ZipFile) -> None:
    """DDE starts programs: a field of a text, a link of a sheet."""
    for name in archive.namelist():
        low = name.casefold()
        has_fields = low.endswith(".xml") and low.startswith(("word/", "xl/externallinks/"))
        if has_fields and DDE.search("".join(_instructions(archive, name))):
            raise Refused("script")


def _instructions(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    """What the fields of a part do; a word may be torn between elements of one paragraph."""
    for _end, element in _elements(archive, name):
        tag = element.tag.rpartition("}")[2]
        if tag == "instrText":
            yield element.text or ""
        elif tag == "fldSimple":
            yield f" {' '.join(element.attrib.values())} "
        elif tag == "ddeLink":
            yield " DDE "
        elif tag == "p":
            yield "\n"
        element.clear()


def _elements(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, Any]]:
    from defusedxml.ElementTree import iterparse

    with archive.open(name) as part:
        yield from iterparse(part, events=("end",), forbid_dtd=True)


if __name__ == "__main__":
    sys.exit(main())
