"""The answer to a claim on paper, in Russian: values, PDF and DOCX."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from claims.answer_terms import contract_of
from claims.models import Claim, ClaimDecision, Compensation
from clients.models import Counterparty
from crm import papers
from crm.accounts.models import User
from crm.money import amount_in_words, format_money
from crm.phones import format_phone
from deals.papers.act import our_signer
from deals.papers.contract import our_company, template_of

KIND = "claim_reply"
FOLDER = Path(__file__).parent
DEFAULT = FOLDER / "reply.docx"
MAKERS = ("pdf", "docx")
GIVEN = {
    Compensation.MONEY: "Указанная сумма будет перечислена на ваш расчётный счёт.",
    Compensation.CREDIT: "На указанную сумму будет уменьшена ваша задолженность перед нами.",
    Compensation.GOODS: "Недостающий товар будет поставлен вам дополнительно.",
    Compensation.REPLACEMENT: "Товар будет заменён.",
    Compensation.DISCOUNT: "На указанную сумму будет предоставлена скидка к следующей поставке.",
}


def values_of(claim: Claim, *, by: User, on: date, text: str = "") -> dict[str, Any]:
    """Every field that a template may name; `claim` is decided."""
    contract = contract_of(claim.client, shipment=claim.shipment, order=claim.order)
    entity = Counterparty.objects.filter(client=claim.client).order_by("pk").first()
    person = claim.client.manager or by
    return {
        "number": claim.number,
        "date": on,
        "us": our_company(),
        "them": entity.full_name if entity else claim.client.name,
        "person": claim.person.full_name if claim.person else "",
        "their_number": claim.client_number,
        "came": claim.registered_on,
        "contract": contract.number if contract else "",
        "sale": _sale(claim),
        "reason": claim.reason.name_ru,
        "claimed": format_money(claim.claimed_amount),
        "lines": [_line(line) for line in claim.lines.select_related("product")],
        "conclusion": conclusion(claim),
        "findings": claim.findings,
        "given": _given(claim),
        "text": text,
        "signer": vars(our_signer(by, None)),
        "manager": person.full_name,
        "phone": format_phone(person.phone),
    }


def conclusion(claim: Claim) -> str:
    """What was decided, the sum in figures and words."""
    amount = claim.satisfied_amount or 0
    sum_in_words = f"{format_money(amount)} ({amount_in_words(amount)})"
    if claim.decision == ClaimDecision.REJECTED:
        return "Рассмотрев претензию, мы не находим оснований для её удовлетворения."
    if not amount:
        return "Рассмотрев претензию, мы признаём её обоснованной и приносим извинения."
    if claim.decision == ClaimDecision.PARTIAL:
        return f"Рассмотрев претензию, мы удовлетворяем её частично, на сумму {sum_in_words}."
    return f"Рассмотрев претензию, мы удовлетворяем её на сумму {sum_in_words}."


def made(claim: Claim, suffix: str, *, by: User, on: date, text: str = "") -> bytes:
    """The letter in the format; RuleViolation where the office's template cannot be filled in."""
    values = values_of(claim, by=by, on=on, text=text)
    if suffix == "docx":
        return papers.fill_docx(template_of(KIND, DEFAULT), values)
    return papers.typeset(FOLDER / "reply.typ", values)


def file_name(claim: Claim, suffix: str) -> str:
    """A name that every file system takes."""
    return f"Ответ на претензию {claim.number.replace('/', '-')}.{suffix}"


def _sale(claim: Claim) -> str:
    sale = claim.shipment
    if sale is None:
        return f"от {claim.sold_on:%d.%m.%Y}" if claim.sold_on else ""
    day = f" от {sale.posted_on:%d.%m.%Y}" if sale.posted_on else ""
    return f"№ {sale.number}{day}"


def _line(line: Any) -> dict[str, Any]:
    unit = line.product.unit if line.product else ""
    return {
        "name": line.name,
        "quantity": f"{line.quantity.normalize():f} {unit}".replace(".", ",").strip(),
        "amount": line.amount,
    }


def _given(claim: Claim) -> str:
    return GIVEN.get(Compensation(claim.compensation), "") if claim.compensation else ""
