"""Corrective measures of the demo: planned, late, carried out, one that helped and is checked."""

from datetime import date, timedelta

from claims.actions import measures as actions
from claims.actions.measures import Plan
from claims.models import ClaimReason
from crm.accounts.models import User
from deals.models import ProductGroup

# Days ago, until how many days after, against what, whose fault, what is done, how far it went.
STORIES = (
    (170, 20, "shortage", "warehouse", "Видеозапись сборки каждой паллеты", "checked",
     "Доля недостач снизилась, запись оставляем постоянно"),
    (100, 15, "breakage", "carrier", "Новый договор перевозки с ответственностью за крепление",
     "done", ""),
    (40, 60, "misgrade", "warehouse", "Сканирование штрихкода при отборе", "running", ""),
    (35, 30, "expiry", "supplier", "Приёмка только с остаточным сроком от двух третей", "late", ""),
    (2, 28, "documents", "office", "Второй экземпляр УПД с водителем", "planned", ""),
    (60, 20, "late_delivery", "logistics", "Отдельный рейс для сетей по утрам", "cancelled",
     "Дороже, чем потери от опозданий"),
)  # fmt: skip
HOW = "Порядок согласован со складом и логистикой, ответственный докладывает раз в неделю."


def add_measures(today: date) -> None:
    """Of the department of the first head; one is about goods of a group."""
    head, sector = (User.objects.get(username=name) for name in ("head", "sector"))
    reasons = {one.code: one for one in ClaimReason.objects.all()}
    group = ProductGroup.objects.order_by("pk").first()
    for number, (ago, term, code, party, title, end, words) in enumerate(STORIES):
        begun = today - timedelta(days=ago)
        plan = Plan(
            title=title,
            description=HOW,
            reason=reasons[code],
            guilty_party=party,
            product_group=group if number == 2 else None,
            owner=head if end in {"planned", "running"} else sector,
            due_on=begun + timedelta(days=term),
        )
        _carry_out(plan, head, end, words, begun, today)


def _carry_out(plan: Plan, head: User, end: str, words: str, begun: date, today: date) -> None:
    assert head.org_unit_id is not None
    row = actions.plan_measure(head.org_unit_id, plan, by=head, today=begun)
    if end == "planned":
        return
    row = actions.begin_measure(row.pk, by=plan.owner, version=row.version)
    if end == "cancelled":
        actions.give_up_measure(row.pk, by=head, version=row.version, reason=words)
    elif end in {"done", "checked"}:
        on = plan.due_on
        row = actions.finish_measure(row.pk, by=plan.owner, version=row.version, on=on, today=today)
        if end == "checked":
            actions.check_measure(
                row.pk, by=head, version=row.version, conclusion=words, today=today
            )
