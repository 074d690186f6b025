"""Terms of the demo: discounts, deferrals and relationship schemes in every state."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from clients.models import Client
from crm.accounts.models import User
from crm.approvals.actions import decide
from crm.approvals.models import Approval
from crm.approvals.signers import turn_of
from crm.money import round_half_up
from deals.actions import schemes, terms_requests
from deals.actions.scheme_moves import end_scheme, turn_schemes
from deals.conditions.client_terms import category_deferral
from deals.models import RelationshipScheme, Shipment
from reports.demo.people import Staff

# Kind, how much (days are above those of the category), asked so many days ago, its end.
REQUESTS = (
    ("discount", "4.5", 95, "approve"), ("discount", "3", 20, ""), ("discount", "5", 12, "approve"),
    ("deferral", "14", 9, "approve"), ("discount", "9", 6, "reject"), ("deferral", "30", 4, ""),
    ("discount", "6.5", 3, "return"), ("discount", "9", 1, ""), ("deferral", "7", 1, "draft"),
    ("discount", "4", 2, "withdraw"),
)  # fmt: skip
REASONS = {
    "discount": "Крупная партия под открытие новых точек",
    "deferral": "Сезонная закупка: оплата после реализации",
}
HOLDS = 45
# Percent, days sooner, begins and lasts (days), share of the usual turnover, its end.
SCHEMES = (
    ("12", 2, -160, 180, "1.2", "approve"), ("8", 1, -70, 364, "1.1", "approve"),
    ("6", 1, -300, 240, "0.9", "approve"), ("5", 1, -120, 270, "1.3", "end"),
    ("9", 2, 30, 180, "1.15", "approve"), ("7", 1, 3, 180, "1.1", ""),
    ("14", 3, 5, 180, "1.4", ""), ("4", 0, 10, 180, "1.05", "draft"),
)  # fmt: skip
GOALS = "Довести долю нашей продукции на полке до 40 % и ввести две новые линейки"
SERVICE = "Персональный менеджер, доставка к назначенному часу, обучение продавцов раз в квартал"
SPECIAL = "Возврат нераспроданного сезонного товара до 5 % партии, оригиналы документов с машиной"
ANSWERS = {"return": "Уточните объём и срок", "reject": "Выше рентабельности партии"}


def add_terms(staff: Staff, today: date) -> None:
    """Requests and schemes of the clients of two managers; what is over has ended."""
    for login in ("manager", "manager2"):
        manager = staff.by_login[login]
        rows = Client.objects.filter(manager=manager, kind__in=["legal", "ip"], archived_at=None)
        rows = rows.exclude(status="trading_hall").order_by("category", "pk")
        best = list(rows.filter(category__in=["A", "B"])[: len(SCHEMES)])
        others = rows.exclude(pk__in=[client.pk for client in best])
        for client, fate in zip(best, SCHEMES, strict=False):
            _scheme(client, manager, fate, today)
        for client, asked in zip(others[: len(REQUESTS)], REQUESTS, strict=False):
            _request(client, manager, asked, today)
    turn_schemes(today=today)
    terms_requests.expire_terms(today=today)


def _request(client: Client, by: User, asked: Any, today: date) -> None:
    kind, value, ago, end = asked
    day, amount = today - timedelta(days=ago), Decimal(value)
    if kind == "deferral":
        amount += category_deferral(client.category, client.status)
    made = terms_requests.save_terms_request(
        client.pk, by=by, today=day, kind=kind, request_id=None, version=0, send=end != "draft",
        value=amount, valid_from=day, valid_to=day + timedelta(days=HOLDS), reason=REASONS[kind],
    )  # fmt: skip
    if end == "withdraw":
        terms_requests.withdraw_terms_request(made.pk, by=by, today=day)
    elif end in {"approve", "return", "reject"}:
        _decide(made, end, day)


def _scheme(client: Client, by: User, fate: Any, today: date) -> None:
    percent, sooner, begins, lasts, share, end = fate
    first = today + timedelta(days=begins)
    day = min(today, first)
    values = schemes.SchemeValues(
        goals=GOALS,
        valid_from=first,
        valid_to=first + timedelta(days=lasts),
        turnover_goal=_goal(client, Decimal(share), today),
        discount_pct=Decimal(percent),
        individual_service=SERVICE,
        special_terms=SPECIAL,
        accelerated_days=sooner,
    )
    made = schemes.draft_scheme(client.pk, by=by, values=values, today=day)
    if end == "draft":
        return
    schemes.submit_scheme(made.pk, by=by, version=made.version, today=day)
    if not end:
        return
    signer = _decide(made, "approve", day)
    if end == "end":
        known = RelationshipScheme.objects.get(pk=made.pk)
        why = "Клиент перешёл на закупку у другого поставщика"
        end_scheme(known.pk, by=signer, version=known.version, reason=why, today=today)


def _goal(client: Client, share: Decimal, today: date) -> Decimal | None:
    """A share of the average month of a year, to thousands."""
    rows = Shipment.objects.filter(client=client).counted().order_by()
    rows = rows.filter(posted_on__gte=today - timedelta(days=365))
    year = rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return round_half_up(year * share / 12, -3) or None


def _decide(record: Any, decision: str, day: date) -> User:
    """Whoever's turn it is decides on the day."""
    approval = Approval.objects.of(record).running().with_steps().get()
    signer = turn_of(approval, day)[0][0]
    decide(
        approval.pk,
        by=signer,
        decision=decision,
        comment=ANSWERS.get(decision, ""),
        version=approval.version,
        target_version=approval.target_version,
        today=day,
    )
    return signer
