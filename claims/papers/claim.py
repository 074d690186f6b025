"""What a claim against a client says on paper, in Russian (D.7): the claim and its calculation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from claims.models import AccrualKind, OutgoingClaim
from claims.outgoing.sheets import Sheet, SheetLine
from crm import papers
from crm.money import amount_in_words, format_money, format_number
from deals.models import Contract, DayType
from deals.papers.contract import BLANK, DAYS, TITLES, our_company, template_of

PAPERS = Path(__file__).parent
KIND = "outgoing"
SHEET = "Расчёт к претензии"
DEFAULT = PAPERS / "claim.docx"
KINDS = {
    AccrualKind.PENALTY: "пени по договору",
    AccrualKind.INTEREST: "проценты по ст. 395 ГК РФ",
    AccrualKind.NONE: "",
}
FIELDS = (
    "number", "date", "us", "them", "contracts", "to", "rows", "principal", "principal_words",
    "penalty", "interest", "total", "total_words", "grounds", "term", "attachments",
)  # fmt: skip


def values_of(claim: OutgoingClaim) -> dict[str, Any]:
    """Every field that a template may name; amounts as they are printed."""
    sheet = Sheet.of(claim.calculation)
    return {
        "number": claim.number,
        "date": claim.sent_on or timezone.localdate(),
        "us": our_company(),
        "them": _them(claim),
        "contracts": _contracts(claim),
        "to": sheet.to,
        "rows": [_row(place, line) for place, line in enumerate(sheet.lines, start=1)],
        "principal": sheet.principal,
        "principal_words": amount_in_words(sheet.principal),
        "penalty": sheet.penalty or "",
        "interest": sheet.interest or "",
        "total": sheet.total,
        "total_words": amount_in_words(sheet.total),
        "grounds": _grounds(sheet),
        "term": f"{claim.term_days} {DAYS[DayType(claim.term_day_type)]}",
        "attachments": _attachments(claim, sheet),
    }


def pdf_of(claim: OutgoingClaim) -> bytes:
    """The claim as a PDF."""
    return papers.typeset(PAPERS / "claim.typ", values_of(claim))


def docx_of(claim: OutgoingClaim) -> bytes:
    """The claim in the office's template; RuleViolation where that cannot be filled in."""
    return papers.fill_docx(template_of(KIND, DEFAULT), values_of(claim))


def sheet_values(claim: OutgoingClaim, sheet: Sheet, paid: Decimal = Decimal(0)) -> dict[str, Any]:
    """The calculation of each invoice by its segments; `paid` came of penalty and interest."""
    return {
        "number": claim.number,
        "us": our_company(),
        "them": _them(claim),
        "to": sheet.to,
        "lines": [_sheet_line(place, line) for place, line in enumerate(sheet.lines, start=1)],
        "principal": sheet.principal,
        "penalty": sheet.penalty or "",
        "interest": sheet.interest or "",
        "paid": paid or "",
        "total": sheet.total - paid,
    }


def sheet_pdf(claim: OutgoingClaim, sheet: Sheet, paid: Decimal = Decimal(0)) -> bytes:
    """The calculation as a PDF."""
    return papers.typeset(PAPERS / "sheet.typ", sheet_values(claim, sheet, paid))


def file_name(claim: OutgoingClaim, title: str = "Претензия", suffix: str = "pdf") -> str:
    """A name that every file system takes."""
    name = "".join(sign if sign.isalnum() else " " for sign in claim.client.name)
    return f"{title} {claim.number} {' '.join(name.split())[:60]}.{suffix}"


def _them(claim: OutgoingClaim) -> dict[str, str]:
    entity = claim.counterparty
    return {
        "name": entity.full_name if entity else claim.client.name,
        "inn": entity.inn if entity else "",
        "kpp": entity.kpp if entity else "",
        "ogrn": entity.ogrn if entity else "",
        "address": (entity.legal_address if entity else "") or BLANK,
    }


def contracts_of(claim: OutgoingClaim) -> Iterable[Contract]:
    """Contracts of the invoices claimed."""
    rows = Contract.objects.filter(invoices__outgoing_lines__claim=claim)
    return rows.distinct().order_by("number")


def _contracts(claim: OutgoingClaim) -> list[str]:
    return [
        f"{TITLES[row.kind]} № {row.number}"  # type: ignore[index]
        + (f" от {row.signed_on:%d.%m.%Y}" if row.signed_on else "")
        for row in contracts_of(claim)
    ]


def _row(place: int, line: SheetLine) -> dict[str, Any]:
    return {
        "place": place,
        "document": f"№\u00a0{line.number} от {line.issued_on:%d.%m.%Y}",
        "contract": line.contract or "—",
        "due": line.due_on,
        "days": line.days,
        "amount": line.amount,
        "principal": line.principal,
        "accrual": line.accrual.total,
        "kind": KINDS[AccrualKind(line.kind)],
    }


def _grounds(sheet: Sheet) -> list[str]:
    """On what penalty and interest rest."""
    bound = (line for line in sheet.lines if line.kind == AccrualKind.PENALTY and line.rate)
    found = [_penalty(line) for line in bound]
    if sheet.interest:
        found.append(
            "На основании статьи 395 Гражданского кодекса РФ начислены проценты за пользование "
            "чужими денежными средствами по ключевой ставке Банка России, действовавшей в "
            f"соответствующие периоды: {_amount(sheet.interest)} руб."
        )
    return list(dict.fromkeys(found))


def _penalty(line: SheetLine) -> str:
    most = f", но не более {_percent(line.cap_percent)} %" if line.cap_percent is not None else ""
    return (
        f"Договором № {line.contract} за просрочку оплаты установлена неустойка (пени) "
        f"{_percent(line.rate)} % от суммы долга за каждый день просрочки{most}."
    )


def _attachments(claim: OutgoingClaim, sheet: Sheet) -> list[str]:
    documents = ", ".join(f"№ {line.number} от {line.issued_on:%d.%m.%Y}" for line in sheet.lines)
    rows = [f"Расчёт задолженности на {sheet.to:%d.%m.%Y}"]
    rows += [f"Копия: {contract}" for contract in _contracts(claim)]
    return [*rows, f"Копии документов об отгрузке и счетов: {documents}"]


def _sheet_line(place: int, line: SheetLine) -> dict[str, Any]:
    is_penalty = line.kind == AccrualKind.PENALTY
    return {
        "place": place,
        "document": f"№\u00a0{line.number} от {line.issued_on:%d.%m.%Y}",
        "contract": line.contract,
        "due": line.due_on,
        "debt": line.debt,
        "principal": line.principal,
        "kind": KINDS[AccrualKind(line.kind)],
        "paid": [{"on": part.on, "amount": part.amount} for part in line.paid],
        "segments": [
            {
                "first": one.first,
                "last": one.last,
                "days": one.days,
                "principal": one.principal,
                "rate": f"{_percent(one.rate)} %" + (" в день" if is_penalty else " годовых"),
                "year": one.year or "",
                "amount": one.amount,
            }
            for one in line.accrual.segments
        ],
        "capped": f"не более {_percent(line.cap_percent)} % долга: {_amount(line.accrual.cap or 0)}"
        if line.accrual.is_capped
        else "",
        "total": line.accrual.total,
    }


def _percent(value: Decimal | None) -> str:
    text = format_number(value or Decimal(0), 4)
    return text.rstrip("0").rstrip(",")


def _amount(value: Decimal | int) -> str:
    return format_money(value, symbol=False)


def day_of(text: str | None, default: date) -> date:
    """A day out of an address; the default for anything else."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return default
