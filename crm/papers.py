"""Papers: PDF typeset by typst, DOCX filled into a template that the office edits in Word.

Data goes to typst as JSON and never into its source, and the source reads no files; a template of
Word is filled in a sandbox that escapes every value and reaches nothing but the values.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import typst
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crm.errors import RuleViolation
from crm.money import format_money

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def typeset(paper: Path, data: Mapping[str, Any], *, tagged: bool = True) -> bytes:
    """The PDF of a source of typst, which finds the data as JSON in `sys.inputs.data`.

    Tags are for those who have a paper read out; of thousands of rows they cost most of the time.
    """
    source: Any = paper.read_bytes()
    given = {"data": json.dumps(plain(data), ensure_ascii=False)}
    with tempfile.TemporaryDirectory() as nothing:
        made: bytes = typst.compile(source, root=nothing, sys_inputs=given, pdf_tags=tagged)
    return made


def fill_docx(template: bytes, data: Mapping[str, Any]) -> bytes:
    """The template of Word with its fields filled in.

    Raises RuleViolation that names fields which are not known, or says that the file is broken.
    """
    sandbox = ImmutableSandboxedEnvironment(autoescape=True)
    try:
        paper = DocxTemplate(BytesIO(template))
        unknown = paper.get_undeclared_template_variables(jinja_env=sandbox) - set(data)
        if unknown:
            text = _("The template has fields that are not known: %(names)s.")
            raise RuleViolation(text % {"names": ", ".join(sorted(unknown))})
        paper.render(plain(data), jinja_env=sandbox, autoescape=True)
        written = BytesIO()
        paper.save(written)
    except (TemplateError, BadZipFile, KeyError, ValueError) as error:
        text = _("The template cannot be filled in: %(why)s")
        raise RuleViolation(text % {"why": str(error)[:200]}) from error
    return written.getvalue()


def plain(value: Any) -> Any:
    """Amounts and days as people write them; the rest as text, lists and mappings."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Decimal):
        return format_money(value, symbol=False)
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return value if isinstance(value, int) else str(value)


def as_download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A paper to be kept, never shown inside the product."""
    answer = HttpResponse(content, content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
