"""What a contract says on paper: values for the template of Word and for the PDF, in Russian."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clients.our_company import our_name
from crm import papers
from crm.files.models import Attachment
from crm.files.storage import open_file
from crm.money import amount_in_words
from crm.work.registry import setting
from deals.models import Contract, ContractKind, ContractTemplate, DayType, OwnAccount

BLANK = "____________"
TITLES = {
    ContractKind.SUPPLY: "Договор поставки",
    ContractKind.SALE: "Договор купли-продажи",
    ContractKind.SERVICES: "Договор возмездного оказания услуг",
    ContractKind.MARKETING: "Договор на оказание маркетинговых услуг",
    ContractKind.ADVERTISING: "Договор о размещении рекламных материалов",
}
SIDES = {
    ContractKind.SUPPLY: ("Поставщик", "Покупатель"),
    ContractKind.SALE: ("Продавец", "Покупатель"),
    ContractKind.SERVICES: ("Исполнитель", "Заказчик"),
    ContractKind.MARKETING: ("Заказчик", "Исполнитель"),
    ContractKind.ADVERTISING: ("Заказчик", "Исполнитель"),
}
DAYS = {DayType.CALENDAR: "календарных дней", DayType.WORKING: "рабочих дней"}
FIELDS = (
    "title", "number", "parent", "date", "city", "our_side", "their_side", "us", "them", "subject",
    "amount", "amount_words", "deferral", "penalty", "claim_response", "deemed_agreed",
    "price_notice", "term", "auto_renew", "note", "disagreements",
)  # fmt: skip
PAPERS = Path(__file__).parent
DEFAULT = PAPERS / "contract.docx"


def values_of(contract: Contract) -> dict[str, Any]:
    """Every field that a template may name."""
    kind = ContractKind(contract.kind)
    ours, theirs = SIDES[kind]
    title = "Дополнительное соглашение" if contract.parent_id else TITLES[kind]
    return {
        "title": title,
        "number": contract.number,
        "parent": contract.parent.number if contract.parent else "",
        "date": contract.signed_on or BLANK,
        "city": setting("company.city") or BLANK,
        "our_side": ours,
        "their_side": theirs,
        "us": our_company(),
        "them": _them(contract),
        "subject": contract.subject or BLANK,
        "amount": contract.amount,
        "amount_words": amount_in_words(contract.amount) if contract.amount else "",
        "deferral": _days(contract.deferral_days, contract.deferral_day_type) or BLANK,
        "penalty": _penalty(contract),
        "claim_response": _days(contract.claim_response_days, contract.claim_day_type),
        "deemed_agreed": _days(contract.deemed_agreed_days, DayType.CALENDAR),
        "price_notice": _days(contract.price_notice_days, DayType.CALENDAR),
        "term": _term(contract),
        "auto_renew": contract.auto_renew,
        "note": contract.note,
        "disagreements": [
            {"clause": row.clause, "ours": row.ours, "theirs": row.theirs, "agreed": row.agreed}
            for row in contract.disagreements.all()
        ],
    }


def pdf_of(contract: Contract) -> bytes:
    """The contract as a PDF."""
    return papers.typeset(PAPERS / "contract.typ", values_of(contract))


def docx_of(contract: Contract) -> bytes:
    """The contract in the template of its kind; RuleViolation where that cannot be filled in."""
    return papers.fill_docx(template_of(contract.kind), values_of(contract))


def template_of(kind: str, default: Path = DEFAULT) -> bytes:
    """The newest DOCX of the kind's first template; the one of the product where there is none."""
    for template in ContractTemplate.objects.open().filter(kind=kind):
        rows = Attachment.objects.of_record(template).open().filter(format="docx")
        newest = rows.order_by("-pk").first()
        if newest is not None:
            with open_file(newest.key) as kept:
                return kept.read()
    return default.read_bytes()


def our_company() -> dict[str, str]:
    """Our requisites as the settings and the first account give them."""
    names = ("inn", "kpp", "ogrn", "address")
    account = OwnAccount.objects.filter(closed_on=None).order_by("pk").first()
    return {
        "full_name": our_name() or BLANK,
        "signatory": setting("company.signatory") or BLANK,
        "signatory_short": setting("company.signatory_short") or BLANK,
        "authority": setting("company.authority") or BLANK,
        "account": account.account if account else "",
        "bank": account.bank_name if account else "",
        "bic": account.bic if account else "",
        **{name: setting(f"company.{name}") for name in names},
    }


def _them(contract: Contract) -> dict[str, str]:
    entity = contract.counterparty
    account = (
        entity.accounts.filter(closed_on=None).order_by("-is_main", "pk").first()
        if entity
        else None
    )
    signatory = contract.client_signatory or BLANK
    return {
        "full_name": entity.full_name if entity else contract.client.name,
        "inn": entity.inn if entity else "",
        "kpp": entity.kpp if entity else "",
        "ogrn": entity.ogrn if entity else "",
        "address": entity.legal_address if entity else "",
        "account": account.account if account else "",
        "bank": account.bank_name if account else "",
        "bic": account.bic if account else "",
        "signatory": signatory,
        "signatory_short": signatory,
        "authority": contract.client_authority or BLANK,
    }


def _days(count: int | None, day_type: str) -> str:
    return "" if count is None else f"{count} {DAYS[DayType(day_type)]}"


def _penalty(contract: Contract) -> str:
    if contract.penalty_pct_day is None:
        return "по статье 395 ГК РФ"
    a_day = f"{contract.penalty_pct_day.normalize():f}".replace(".", ",")
    text = f"{a_day} % от просроченной суммы за каждый день"
    if contract.penalty_cap_pct is None:
        return text
    most = f"{contract.penalty_cap_pct.normalize():f}".replace(".", ",")
    return f"{text}, но не более {most} %"


def _term(contract: Contract) -> str:
    starts = f"с {contract.starts_on:%d.%m.%Y}" if contract.starts_on else "с даты подписания"
    ends = f" по {contract.ends_on:%d.%m.%Y}" if contract.ends_on else " бессрочно"
    return starts + ends
