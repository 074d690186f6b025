"""The bank of the demo: statements of the last weeks, payments that nobody has matched yet."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db.models import Sum

from crm.calendar import is_working_day
from crm.requisites_sample import make_inn
from deals.models import BankStatement, Payment
from reports.demo import words
from reports.demo.copying import Bulk
from reports.demo.money import MoneyMaker
from reports.demo.scales import Scale

DAYS = 21
OPENING = Decimal("4500000.00")
PURPOSES = (
    "Оплата за товар по договору поставки",
    "Оплата по счёту № 000{n}, НДС не облагается",
    "Предоплата за продукцию",
    "Оплата задолженности по акту сверки",
)


def add_bank(scale: Scale, maker: MoneyMaker, random: Random, today: date) -> None:
    """Unknown payers of the last days and the statements that hold all payments."""
    _unmatched(scale, maker, random, today)
    _statements(maker, today)


def _unmatched(scale: Scale, maker: MoneyMaker, random: Random, today: date) -> None:
    days = [today - timedelta(days=n) for n in range(1, 20)]
    days = [day for day in days if is_working_day(day)]
    rows = []
    for number in range(scale.unmatched):
        day = random.choice(days)
        name = f"ООО «{random.choice(words.FIRST)} {random.choice(words.SECOND)}»"
        purpose = random.choice(PURPOSES).format(n=random.randrange(100, 999))
        amount = (
            f"{random.randrange(3, 400)}{random.randrange(100, 999)}.{random.randrange(100):02d}"
        )
        rows.append(
            (day, day, amount, purpose, name, make_inn(900_000 + number), str(100 + number))
        )
    with Bulk(scale.unmatched) as bulk:
        bulk.copy(
            Payment,
            ("dated_on", "paid_on", "amount", "purpose", "party_name", "party_inn", "number"),
            rows,
            direction="in",
            state="unmatched",
            own_account_id=maker.account.pk,
            document_type="Платёжное поручение",
        )


def _statements(maker: MoneyMaker, today: date) -> None:
    """One statement a working day; what came in goes out to suppliers by two thirds."""
    first = today - timedelta(days=DAYS)
    came = Payment.objects.filter(own_account=maker.account, paid_on__gte=first, paid_on__lt=today)
    sums = dict(came.values_list("paid_on").annotate(Sum("amount")).order_by("paid_on"))
    opening = OPENING
    for number in range(DAYS):
        day = first + timedelta(days=number)
        if not is_working_day(day):
            continue
        received = sums.get(day, Decimal(0))
        spent = Decimal(int(received * 2 / 3))
        closing = opening + received - spent
        made = BankStatement.objects.create(
            own_account=maker.account,
            date_from=day,
            date_to=day,
            opening=opening,
            closing=closing,
            declared_in=received,
            declared_out=spent,
            documents_in=received,
            documents_out=spent,
        )
        came.filter(paid_on=day).update(statement=made)
        opening = closing
