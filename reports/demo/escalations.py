"""Conflicts of the demo: some are settled, some went higher, some wait for their head."""

from datetime import date, timedelta
from uuid import UUID

from claims.actions import escalations as actions
from claims.actions.escalations import Matter
from claims.models import Claim
from clients.models import Client
from crm.calendar import previous_working_day
from reports.demo.people import Staff

KEY = "00000000-0000-4000-8000-{:012d}"
# Category, days ago, what it is about, what was tried, how far it went, how it ended.
STORIES = (
    ("A", 0, "conflict", "Отказываются принимать партию: бой в двух поддонах", "open", ""),
    ("A", 3, "receivables", "Не платят третий месяц, ссылаются на бонус", "head", ""),
    ("B", 1, "conflict", "Требуют сменить перевозчика, иначе уйдут", "taken", ""),
    (
        "B",
        30,
        "conflict",
        "Спор о сроках поставки в сезон",
        "settled",
        "Согласован график поставок на квартал, штраф снят",
    ),
    (
        "A",
        60,
        "conflict",
        "Закупщик отказался говорить с менеджером",
        "settled_by_head",
        "Начальник отдела встретился с директором клиента, отгрузки возобновлены",
    ),
)
TRIED = "Два звонка и встреча; предложили замену и отсрочку — не согласились"
FAILED = "Предложили скидку на следующую партию, клиент настаивает на своём"


def add_escalations(staff: Staff, today: date) -> None:
    """Each of another client of the first manager."""
    manager, sector, head = (staff.by_login[login] for login in ("manager", "sector", "head"))
    used: set[int] = set()
    for number, (category, ago, kind, subject, way, outcome) in enumerate(STORIES, start=1):
        day = previous_working_day(today - timedelta(days=ago))
        rows = Client.objects.filter(manager=manager, category=category, archived_at=None)
        client = rows.exclude(pk__in=used).order_by("code").first()
        if client is None:
            continue
        used.add(client.pk)
        matter = Matter(kind, subject, TRIED)
        key = UUID(KEY.format(number))
        row = actions.escalate(client.pk, matter, by=manager, today=day, key=key)
        if way in {"taken", "settled"}:
            row = actions.take_up(row.pk, by=sector, version=row.version)
        if way in {"head", "settled_by_head"}:
            row = actions.hand_higher(
                row.pk, by=sector, version=row.version, tried=FAILED, today=day
            )
        if outcome:
            by = head if way == "settled_by_head" else sector
            actions.settle(row.pk, by=by, version=row.version, outcome=outcome, today=day)


def hand_up_claims(today: date) -> None:
    """One claim that the first manager could not settle."""
    waiting = Claim.objects.filter(client__manager__username="manager", state="in_review")
    claim = waiting.select_related("client__manager").order_by("pk").first()
    if claim is None:
        return
    subject = "Не согласны с выводами склада по претензии"
    matter = Matter("claim", subject, TRIED, claim_id=claim.pk)
    key = UUID(KEY.format(len(STORIES) + 1))
    actions.escalate(claim.client_id, matter, by=claim.client.manager, today=today, key=key)
