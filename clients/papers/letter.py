"""An outgoing letter on our paper: values, PDF and DOCX, in Russian."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clients.models import Correspondence
from clients.our_company import our_name
from crm import office_templates, papers
from crm.work.registry import setting

KIND = "letter"
PAPER = Path(__file__).with_name("letter.typ")
DEFAULT = Path(__file__).with_name("letter.docx")


def values_of(letter: Correspondence) -> dict[str, Any]:
    """Everything that the paper shows."""
    person, signer = letter.person, letter.executor
    answered = letter.answered.order_by("pk")
    names = [one.their_no or one.reg_no for one in answered]
    return {
        "us": {"full_name": our_name()}
        | {name: setting(f"company.{name}") for name in ("address", "inn", "kpp")},
        "number": letter.reg_no,
        "date": letter.on_day,
        "answers": ", ".join(names),
        "client": letter.client.name if letter.client else "",
        "person": ", ".join(filter(None, (person.position, person.full_name))) if person else "",
        "subject": letter.subject,
        "lines": letter.text.splitlines(),
        "signer": signer.short_name if signer else "",
        "position": signer.position if signer else "",
    }


def pdf_of(letter: Correspondence) -> bytes:
    """The letter as a PDF; a draft has no number yet."""
    return papers.typeset(PAPER, values_of(letter))


def docx_of(letter: Correspondence) -> bytes:
    """The letter in the office's template; RuleViolation where that cannot be filled in."""
    return papers.fill_docx(office_templates.template_of(KIND, DEFAULT), values_of(letter))
