"""Returns of the demo in every state, and those that the books alone know."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Exists, OuterRef

from claims.actions.book_returns import follow_books
from claims.actions.crediting import credit_return
from claims.actions.return_goods import accept_return, receive_return
from claims.actions.returns import Asked, ask_return, close_return, withdraw_return
from claims.models import ClaimReason, Return
from claims.returnable import lines_left
from crm.accounts.models import User
from crm.approvals.actions import decide
from crm.approvals.models import Approval
from crm.approvals.signers import turn_of
from deals.models import Shipment, ShipmentKind, ShipmentLine
from reports.demo.people import Staff

# How far each goes, its reason, and what the manager says for it.
FATES = (
    ("requested", "quality", "Брак подтверждён фотографиями, клиент категории A: вернуть выгодно"),
    ("approved", "misgrade", "Наша ошибка сборки, товар цел и продаётся дальше"),
    ("received", "breakage", "Бой при доставке, акт с водителем подписан"),
    ("accepted", "quality", "Партия с дефектом упаковки, поставщик компенсирует"),
    ("credited", "expiry", "Остаточный срок меньше договорного, вернём поставщику"),
    ("rejected", "other", "Клиент не продал сезонный товар"),
    ("closed", "misgrade", "Перепутан вкус, товар без повреждений"),
    ("fewer", "breakage", "Часть коробок помята при разгрузке"),
    ("withdrawn", "shortage", "Клиент нашёл недостающее место на складе"),
)
SOME = ShipmentLine.objects.filter(shipment=OuterRef("pk"), quantity__gte=4)
AT_ONCE = 100_000  # returns of the books
SALES = 24  # of a manager, the latest ones
REFUSAL = "Товар надлежащего качества, договором возврат не предусмотрен"
FEWER = "Две единицы вскрыты и не приняты"


def add_returns(staff: Staff, today: date) -> None:
    """Of the latest sales of two managers; then what the books returned without a request."""
    for login in ("manager", "manager2"):
        manager = staff.by_login[login]
        rows = Shipment.objects.filter(kind=ShipmentKind.SALE, client__manager=manager)
        rows = rows.filter(Exists(SOME), client__archived_at=None).live()
        sales = rows.order_by("-posted_on", "-pk")[:SALES]
        fates = cycle(FATES)
        seen: set[int | None] = set()
        for sale in sales:
            if sale.client_id not in seen:
                seen.add(sale.client_id)
                _return(staff, sale, manager, next(fates), today)
    follow_books(today=today, portion=AT_ONCE)


def _return(
    staff: Staff, sale: Shipment, by: User, fate: tuple[str, str, str], today: date
) -> None:
    end, reason, words = fate
    assert sale.posted_on is not None
    day = min(today, sale.posted_on + timedelta(days=4))
    left = [one for one in lines_left(sale) if one.left >= 4][:2]
    if not left:
        return
    asked = Asked(
        {one.line.pk: max(Decimal(2), one.left // 4) for one in left},
        ClaimReason.objects.get(code=reason).pk,
        words,
    )
    key = uuid5(NAMESPACE_URL, f"return-{sale.pk}")
    back = ask_return(sale.pk, asked, by=by, today=day, key=key)
    if end == "withdrawn":
        withdraw_return(back.pk, by=by, version=back.version, today=day)
    elif end != "requested":
        back = _decide(back, end, day)
        _goods(staff, back, end, day, today)


def _decide(back: Return, end: str, day: date) -> Return:
    approval = Approval.objects.of(back).running().get()
    people, _substitutes = turn_of(approval, day)
    refused = end == "rejected"
    decide(
        approval.pk,
        by=people[0],
        decision="reject" if refused else "approve",
        comment=REFUSAL if refused else "Возврат целесообразен",
        version=approval.version,
        target_version=back.version,
        today=day,
    )
    back.refresh_from_db()
    return back


def _goods(staff: Staff, back: Return, end: str, day: date, today: date) -> None:
    if end in {"approved", "rejected"}:
        return
    warehouse, books = staff.by_login["logistics"], staff.by_login["accountant"]
    came = min(today, day + timedelta(days=3))
    back = receive_return(back.pk, by=warehouse, version=back.version, on=came, today=today)
    if end == "received":
        return
    taken = {line.pk: line.quantity for line in back.lines.all()}
    note = ""
    if end == "fewer":
        first = min(taken)
        taken[first], note = taken[first] - 2, FEWER
    back = accept_return(
        back.pk, by=warehouse, version=back.version, quantities=taken, note=note, today=came
    )
    if end == "accepted" or not back.amount:
        return
    back = credit_return(back.pk, by=books, version=back.version, on=came, number="", today=today)
    if end == "closed":
        close_return(back.pk, by=books, version=back.version)
