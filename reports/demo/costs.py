"""Costs of the demo: budgets of two years, what was booked and spent, measures that save."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from django.utils import timezone

from clients.models import ContactLog
from crm.accounts.models import OrgUnit, OrgUnitKind, Role, User
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.calendar import month_end
from crm.papers import typeset
from reports.actions import cost_measures, expenses
from reports.actions.budget_drafts import LAST_BUDGET, draw_up_budget
from reports.actions.budget_moves import send_budget
from reports.actions.cost_measures import SavingPlan
from reports.actions.expenses import Spent
from reports.models import Budget, BudgetItem, BudgetLine, Expense
from reports.parameters import month_start
from reports.seeds.budgets import seed_budget_items

SEED = 20261128
PAPER = Path(__file__).parent / "receipt.typ"
# What a sector may spend in a usual month; the department itself half of it.
USUAL = {
    "representation": 9_000, "travel": 40_000, "transport": 18_000, "communication": 6_000,
    "sales_technology": 22_000, "samples": 9_000, "advertising": 30_000, "training": 8_000,
    "office": 4_000, "other": 3_000,
}  # fmt: skip
SEASON = (70, 85, 100, 100, 90, 95, 80, 80, 110, 115, 120, 140)  # per cent of a usual month
PAPERS = {
    "travel": "Командировка к клиентам: билеты и гостиница",
    "transport": "Топливо и парковка",
    "communication": "Мобильная связь и интернет",
    "sales_technology": "Подписка на ЭДО, сканеры для презентаций",
    "samples": "Образцы новинок для показа",
    "advertising": "Место на отраслевой выставке",
    "training": "Семинар по работе с сетями",
    "office": "Бумага, картриджи",
}
PURPOSES = (
    "Обед после переговоров о полке",
    "Кофе-брейк на презентации новинок",
    "Ужин с закупщиком: условия на квартал",
    "Сувениры на встрече с собственником",
)
PLACES = ("Кафе «Березка»", "Ресторан «Пристань»", "Кофейня «Зерно»", "Столовая «Уют»")
OURS = "закупщик и товаровед клиента; от нас — менеджер"
MEASURES = (
    # title, item, saving, saved, how far it is
    ("Акты и накладные через ЭДО, без курьера", "sales_technology", 240_000, 215_000, "confirmed"),
    ("Видеовстречи вместо поездок в дальние точки", "travel", 180_000, 96_000, "done"),
    ("Один оператор связи на весь отдел", "communication", 60_000, None, "running"),
    ("Образцы по заявке, а не рассылкой", "samples", 45_000, None, "planned"),
    ("Маршруты объездов по районам", "transport", 90_000, None, "late"),
)  # fmt: skip
RESULT = (
    "Счета за квартал сравнены с тем же кварталом прошлого года, расчёт приложен в папке отдела."
)
HOW = "Порядок согласован с бухгалтерией, ответственный докладывает раз в месяц."
FACE_TO_FACE = ["visit", "meeting", "presentation", "event"]
MOST_OF_PERSON = 5


def add_costs(today: date) -> int:
    """Budgets, booked costs, expenses of people, measures; how many expenses there are."""
    seed_budget_items()
    luck = Random(f"{SEED}")  # noqa: S311 - demo data, no secrets
    items = {one.code: one for one in BudgetItem.objects.all()}
    director = User.objects.filter(role=Role.DIRECTOR, is_active=True).order_by("pk").first()
    accountant = User.objects.filter(role=Role.ACCOUNTANT, is_active=True).order_by("pk").first()
    departments = OrgUnit.objects.filter(kind=OrgUnitKind.DEPARTMENT, archived_at=None)
    if director is None or accountant is None:
        return 0
    for place, unit in enumerate(departments.select_related("head").order_by("pk")):
        if unit.head is None:
            continue
        _budgets(unit, unit.head, director, place, today)
        _booked(unit, accountant, items, luck, today)
        _spent(unit, unit.head, accountant, items["representation"], luck, today)
    _tour(items["representation"], today)
    _measures(items, today)
    return Expense.objects.count()


def _budgets(unit: OrgUnit, head: User, director: User, place: int, today: date) -> None:
    """The last year and this one hold; of the next one is one sent and another being drawn up."""
    for year in (today.year - 1, today.year):
        budget = draw_up_budget(unit.pk, year, "empty", by=head, today=today)
        lines = list(budget.lines.select_related("item", "org_unit"))
        for line in lines:
            usual = Decimal(USUAL.get(line.item.code, 0)) * SEASON[line.month.month - 1] / 100
            is_sector = line.org_unit.kind == OrgUnitKind.SECTOR
            line.amount = usual if is_sector else usual / 2
        BudgetLine.objects.bulk_update(lines, ["amount"], batch_size=1000)
        now = timezone.now()
        decided = {"sent_by": head, "sent_at": now, "approved_by": director, "approved_at": now}
        Budget.objects.filter(pk=budget.pk).update(state="approved", **decided)
    following = draw_up_budget(unit.pk, today.year + 1, LAST_BUDGET, by=head, today=today)
    if place == 0:
        send_budget(following.pk, by=head, version=following.version, today=today)


def _booked(
    unit: OrgUnit, accountant: User, items: dict[str, BudgetItem], luck: Random, today: date
) -> None:
    """What the accounting booked in fourteen months; trips of some months cost too much."""
    rows: list[Expense] = []
    for one in OrgUnit.objects.open().subtree_of([unit.pk]).order_by("pk"):
        half = 1 if one.kind == OrgUnitKind.SECTOR else 2
        for back in range(13, -1, -1):
            first = month_start(today, -back)
            last = min(month_end(first.year, first.month), today)
            for code, what in PAPERS.items():
                share = luck.randrange(55, 105) + (35 if code == "travel" and back % 5 == 1 else 0)
                usual = Decimal(USUAL[code]) * SEASON[first.month - 1] * share
                day = first + timedelta(days=luck.randrange((last - first).days + 1))
                rows.append(
                    Expense(
                        org_unit=one,
                        item=items[code],
                        spent_on=day,
                        amount=(usual / half / 10_000).quantize(Decimal("0.01")),
                        purpose=what,
                        state="paid",
                        paid_on=day,
                        paid_by=accountant,
                        payment_document=f"П/п {len(rows) + 1}",
                        created_by=accountant,
                    )
                )
    Expense.objects.bulk_create(rows, batch_size=1000)


def _spent(
    unit: OrgUnit, head: User, accountant: User, item: BudgetItem, luck: Random, today: date
) -> None:
    """Some meetings of each seller cost money, within the limit of a month; all of it is paid."""
    units = OrgUnit.objects.subtree_of([unit.pk]).values("pk")
    people = User.objects.working().filter(org_unit__in=units).exclude(pk=head.pk)
    rows: list[Expense] = []
    for person in people.select_related("org_unit").order_by("pk"):
        met: set[date] = set()
        for talk in _meetings(person)[:MOST_OF_PERSON]:
            day = timezone.localtime(talk.at).date()
            if day.replace(day=1) in met:
                continue
            met.add(day.replace(day=1))
            rows.append(
                Expense(
                    org_unit=person.org_unit,
                    employee=person,
                    item=item,
                    is_representation=True,
                    spent_on=day,
                    amount=Decimal(luck.randrange(1_800, 9_400)),
                    client_id=talk.client_id,
                    contact=talk,
                    purpose=luck.choice(PURPOSES),
                    participants=OURS,
                    state="paid",
                    approved_by=head,
                    approved_at=timezone.now(),
                    paid_on=min(day + timedelta(days=6), today),
                    paid_by=accountant,
                    payment_document=f"РКО {len(rows) + 1}",
                    created_by=person,
                )
            )
    Expense.objects.bulk_create(rows, batch_size=1000)


def _meetings(person: User, *, days: int = 330, step: int = 8) -> list[ContactLog]:
    """Meetings of the person that took place, one of so many, the latest first."""
    since = timezone.now() - timedelta(days=days)
    rows = ContactLog.objects.filter(manager=person, state="done", kind__in=FACE_TO_FACE)
    rows = rows.filter(at__gte=since, client__isnull=False).order_by("-at")
    return list(rows[: step * MOST_OF_PERSON : step])


def _tour(item: BudgetItem, today: date) -> None:
    """Expenses of this month of the people of the tour: to be decided, returned, to be paid."""
    head = User.objects.filter(username="head").first()
    stories = (("manager", 0), ("manager", 1), ("manager", 2), ("manager2", 0), ("sector", 0))
    ends = ("wait", "return", "approve", "above", "approve")
    for place, ((login, number), end) in enumerate(zip(stories, ends, strict=True)):
        person = User.objects.filter(username=login).select_related("org_unit").first()
        talks = _meetings(person, days=28, step=1)[::-1] if person else []
        if person is None or head is None or len(talks) <= number:
            continue
        _log(person, talks[number], item, place, end, head, today)


def _log(
    person: User,
    talk: ContactLog,
    item: BudgetItem,
    place: int,
    end: str,
    head: User,
    today: date,
) -> None:
    amount = Decimal(3_400 + 450 * place)
    day = timezone.localtime(talk.at).date()
    if end == "above":
        amount = Decimal(17_500)
    where = PLACES[place % len(PLACES)]
    data = {"place": where, "what": "Обслуживание", "amount": amount, "day": day}
    spent = Spent(
        item=item,
        spent_on=day,
        amount=amount,
        purpose=PURPOSES[place % len(PURPOSES)],
        contact_id=talk.pk,
        participants=OURS,
        justification="Приехал собственник сети, подписали план на год." if end == "above" else "",
    )
    receipt = ("чек.pdf", typeset(PAPER, data))
    made = expenses.log_expense(spent, by=person, today=today, receipt=receipt)
    if end in {"wait", "above"}:
        return
    approval = Approval.objects.of(made).running().get()
    approvals.decide(
        approval.pk,
        by=head,
        decision=end,
        comment="Напишите, кто был от клиента." if end == "return" else "",
        version=approval.version,
        target_version=approval.target_version,
        today=today,
    )


def _measures(items: dict[str, BudgetItem], today: date) -> None:
    """Measures of the first department, one in each state."""
    head, sector = (User.objects.get(username=name) for name in ("head", "sector"))
    assert head.org_unit_id is not None
    for place, (title, code, saving, saved, end) in enumerate(MEASURES):
        begun = today - timedelta(days=120 - 10 * place)
        due = today - timedelta(days=9) if end == "late" else today + timedelta(days=20 * place)
        plan = SavingPlan(title, HOW, items[code], sector, due, Decimal(saving))
        row = cost_measures.plan_saving(head.org_unit_id, plan, by=head, today=begun)
        if end == "planned":
            continue
        row = cost_measures.begin_saving(row.pk, by=sector, version=row.version)
        if saved is None:
            continue
        row = cost_measures.finish_saving(
            row.pk,
            by=sector,
            version=row.version,
            on=today - timedelta(days=5),
            actual_saving=Decimal(saved),
            result=RESULT,
            today=today,
        )
        if end == "confirmed":
            cost_measures.confirm_saving(row.pk, by=head, version=row.version)
