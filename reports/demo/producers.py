"""Price agreements of the demo: in force, ending soon, over and to come; an offer below one."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from clients.models import Client
from crm.money import round_half_up
from deals.actions.producers import AgreementHead, AgreementLine, create_agreement
from deals.actions.proposals import ProposalHead, create_proposal
from deals.models import Product, ProductGroup
from deals.ordering.order_goods import Goods
from reports.demo.goods import CATALOGUE, priced
from reports.demo.people import Staff

# Producer, number, days since its beginning and to its last day (None: no end), group, share of
# the usual price below which its goods are not sold (None: a highest discount of the group).
AGREEMENTS = (
    ("ООО «Чайная мануфактура»", "ЦС-14/26", -240, 125, "Чай и кофе", "0.95"),
    ("АО «Родник Валдая»", "2026/088", -190, 21, "Вода и напитки", "0.92"),
    ("ООО «Сладкий берег»", "П-31", -320, None, "Кондитерские изделия", None),
    ("АО «Чистый дом»", "17-Ц", -410, -12, "Бытовая химия", "0.9"),
    ("АО «Чистый дом»", "3-Ц", 33, 398, "Бытовая химия", "0.93"),
)
SERVICES = (
    "Доставка паллетами от 10 мест; образцы новинок; выкладка по планограмме в сетях.",
    "Холодильное оборудование на время договора; бонус 2 % за полку у касс.",
    "Обучение продавцов, дегустации по заявке менеджера за две недели.",
    "Замена брака без возврата товара; рекламные материалы.",
    "Замена брака без возврата товара; рекламные материалы; промокалендарь на год.",
)
HIGHEST, HOLDS = Decimal(6), 14


def add_producers(staff: Staff, today: date) -> None:
    """Five agreements of two keepers, and a draft of an offer that is below the first one."""
    usual = {product.name: (product, price) for product, price in priced()}
    for place, row in enumerate(AGREEMENTS):
        producer, number, since, last, group, share = row
        keeper = staff.by_login["marketer" if place == 2 else "purchasing"]
        head = AgreementHead(
            producer=producer,
            number=number,
            valid_from=today + timedelta(days=since),
            valid_to=None if last is None else today + timedelta(days=last),
            keeper=keeper,
            services=SERVICES[place],
        )
        goods = [usual[name] for name, _unit, _price in CATALOGUE[group]]
        lines = _lines(goods, ProductGroup.objects.get(name=group), share)
        create_agreement(by=keeper, head=head, lines=lines, key=UUID(int=7_000 + place))
    _offer(staff, usual[CATALOGUE["Чай и кофе"][0][0]][0], today)


def _lines(
    goods: list[tuple[Product, Decimal]], group: ProductGroup, share: str | None
) -> list[AgreementLine]:
    """The first goods of the group by name, the others by a discount of the whole group."""
    if share is None:
        return [AgreementLine(group=group, highest_discount=HIGHEST)]
    named = [
        AgreementLine(
            product=product,
            recommended_price=price if place else None,
            lowest_price=round_half_up(price * Decimal(share)),
        )
        for place, (product, price) in enumerate(goods[:3])
    ]
    return [*named, AgreementLine(group=group, highest_discount=Decimal(10))]


def _offer(staff: Staff, product: Product, today: date) -> None:
    """A draft with one line below what the producer binds us to."""
    manager = staff.by_login["manager"]
    found = Client.objects.filter(manager=manager, kind__in=["legal", "ip"], archived_at=None)
    client = found.order_by("-pk")[2]
    goods = [Goods(product, Decimal(120), None, Decimal(8))]
    head = ProposalHead(client, today + timedelta(days=HOLDS), terms="Доставка нашим транспортом.")
    create_proposal(by=manager, head=head, goods=goods, key=UUID(int=7_100), today=today)
