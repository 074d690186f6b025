"""What an act of reconciliation says on paper, in Russian (D.3): values, PDF and DOCX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from clients.models import Client, ContactPerson, Counterparty
from crm import papers
from crm.accounts.models import User
from crm.money import amount_in_words, format_money
from deals.actions.acts import Balance, Period, words_of
from deals.models import Contract, PowerOfAttorney, ReconciliationAct
from deals.papers.contract import BLANK, PAPERS, our_company, template_of

KIND = "act"
DEFAULT = PAPERS / "act.docx"
FIELDS = (
    "number", "revision", "first", "last", "us", "them", "contract", "preamble", "opening",
    "lines", "turnover", "closing", "conclusion", "their_conclusion", "our_signer",
    "their_signer", "preview", "mirrored",
)  # fmt: skip
PREVIEW = "Для ознакомления"
TAGGED = 500  # lines; longer acts are made without tags, in a third of the time


@dataclass(frozen=True)
class Signer:
    """Who signs for a side; what is not known is left to be written by hand."""

    position: str = ""
    name: str = ""
    grounds: str = ""

    @property
    def called(self) -> str:
        """Position and name for the preamble."""
        known = f"{self.position} {self.name}".strip() or BLANK
        return f"{known}, {self.grounds}," if self.grounds else known


@dataclass(frozen=True)
class PaperLine:
    """A document as it stands in an act, roubles with VAT."""

    day: date
    text: str
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True)
class ActPaper:
    """An act that was made, or a preview of one without a number."""

    client: Client
    counterparty: Counterparty | None
    contract: Contract | None
    first: date
    last: date
    opening: Decimal
    debit: Decimal
    credit: Decimal
    closing: Decimal
    lines: Sequence[PaperLine]
    ours: Signer
    theirs: Signer
    number: str = ""
    revision: int = 1

    @property
    def file_name(self) -> str:
        """A name that every file system takes, without the suffix."""
        named = self.number.replace("/", "-").replace("\\", "-")
        return named or f"akt-{self.client.code}-{self.first:%Y%m%d}-{self.last:%Y%m%d}"

    @property
    def their_name(self) -> str:
        """The legal entity of the client, else the client."""
        return self.counterparty.full_name if self.counterparty else self.client.name


def paper_of(act: ReconciliationAct) -> ActPaper:
    """The paper of an act, with its lines as they were kept."""
    rows = act.lines.order_by("position").values_list("day", "text", "debit", "credit")
    theirs = Signer(act.signatory_position, act.signatory)
    return ActPaper(
        client=act.client,
        counterparty=act.counterparty,
        contract=act.contract,
        first=act.date_from,
        last=act.date_to,
        opening=act.opening,
        debit=act.debit,
        credit=act.credit,
        closing=act.closing,
        lines=[PaperLine(*row) for row in rows],
        ours=our_signer(act.our_signatory, act.our_authority),
        theirs=theirs if act.signatory else their_signer(act.client),
        number=act.number,
        revision=act.revision,
    )


def preview_of(client: Client, period: Period, balance: Balance, user: User) -> ActPaper:
    """The paper of any period for information: no act stands behind it."""
    entities = Counterparty.objects.filter(client=client).order_by("pk")
    contracts = Contract.objects.filter(client=client)
    return ActPaper(
        client=client,
        counterparty=entities.first(),
        contract=contracts.get(pk=period.contract_id) if period.contract_id else None,
        first=period.first,
        last=period.last,
        opening=balance.opening,
        debit=balance.debit,
        credit=balance.credit,
        closing=balance.closing,
        lines=[
            PaperLine(entry.day, words_of(entry), entry.debit, entry.credit)
            for entry in balance.entries
        ],
        ours=our_signer(client.manager or user, None),
        theirs=their_signer(client),
    )


def our_signer(person: User | None, power: PowerOfAttorney | None) -> Signer:
    """The person by a power of attorney; without one the head of the company, if he is named."""
    company = our_company()
    if power is None and company["signatory_short"] != BLANK:
        return Signer("Руководитель", company["signatory_short"])
    if person is None:
        return Signer()
    position = person.position or person.get_role_display()
    grounds = f"по доверенности № {power.number} от {power.issued_on:%d.%m.%Y}" if power else ""
    return Signer(position, person.short_name, grounds)


def their_signer(client: Client) -> Signer:
    """The decision maker of the client, if one is known."""
    rows = ContactPerson.objects.filter(client=client, is_decision_maker=True, archived_at=None)
    person = rows.first()
    return Signer(person.position, person.full_name) if person else Signer()


def pdf_of(paper: ActPaper, *, mirrored: bool = False) -> bytes:
    """The act as a PDF; the client's half is empty or the mirror image of ours."""
    values = values_of(paper, mirrored=mirrored)
    return papers.typeset(PAPERS / "act.typ", values, tagged=len(paper.lines) <= TAGGED)


def docx_of(paper: ActPaper, *, mirrored: bool = False) -> bytes:
    """The act in the office's template; RuleViolation where that cannot be filled in."""
    return papers.fill_docx(template_of(KIND, DEFAULT), values_of(paper, mirrored=mirrored))


def values_of(paper: ActPaper, *, mirrored: bool) -> dict[str, Any]:
    """Every field that a template may name; amounts as they are printed, nothing is empty."""
    us = our_company()
    return {
        "number": paper.number,
        "revision": paper.revision,
        "first": paper.first,
        "last": paper.last,
        "us": {"name": us["full_name"], "inn": us["inn"]},
        "them": {
            "name": paper.their_name,
            "inn": paper.counterparty.inn if paper.counterparty else "",
        },
        "contract": _contract(paper.contract),
        "preamble": _preamble(paper, us["full_name"]),
        "opening": balance_cells(paper.opening),
        "lines": [_row(one) for one in paper.lines],
        "turnover": [_amount(paper.debit), _amount(paper.credit)],
        "closing": balance_cells(paper.closing),
        "conclusion": conclusion(paper, us["full_name"]),
        "their_conclusion": conclusion(paper, paper.their_name, us["full_name"])
        if mirrored
        else f"По данным {paper.their_name} на {paper.last:%d.%m.%Y} {BLANK * 3}",
        "our_signer": vars(paper.ours),
        "their_signer": vars(paper.theirs),
        "preview": "" if paper.number else PREVIEW,
        "mirrored": mirrored,
    }


def conclusion(paper: ActPaper, whose: str, us: str = "") -> str:
    """Who owes whom by whose data, in figures and words."""
    start = f"По данным {whose} на {paper.last:%d.%m.%Y} задолженность"
    if not paper.closing:
        return f"{start} отсутствует."
    owed = abs(paper.closing)
    favoured = (us or whose) if paper.closing > 0 else paper.their_name
    return f"{start} в пользу {favoured} {_amount(owed)} руб. ({amount_in_words(owed)})."


def balance_cells(balance: Decimal) -> list[str]:
    """A balance in its column: owed to us in the debit, the client's advance in the credit."""
    if balance < 0:
        return ["", _amount(-balance)]
    return [_amount(balance), ""] if balance else ["0,00", ""]


def _row(line: PaperLine) -> list[str]:
    """A document with its number kept beside its sign."""
    return [f"{line.day:%d.%m.%Y}", line.text.replace("№ ", "№\xa0"), *sides(line)]


def sides(line: PaperLine) -> list[str]:
    """Debit and credit of a document; the side that has nothing is empty."""
    return [_amount(line.debit) if line.debit else "", _amount(line.credit) if line.credit else ""]


def _preamble(paper: ActPaper, us: str) -> str:
    return (
        f"Мы, нижеподписавшиеся, {paper.ours.called} {us}, с одной стороны, и "
        f"{paper.theirs.called} {paper.their_name}, с другой стороны, составили настоящий акт "
        "сверки в том, что состояние взаимных расчётов по данным учёта следующее:"
    )


def _contract(contract: Contract | None) -> str:
    if contract is None:
        return ""
    signed = f" от {contract.signed_on:%d.%m.%Y}" if contract.signed_on else ""
    return f"№ {contract.number}{signed}"


def _amount(value: Decimal) -> str:
    return format_money(value, symbol=False)
