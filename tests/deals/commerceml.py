"""Files of CommerceML made for tests."""

SALE, RETURN, ORDER = "Отпуск товара", "Возврат товара", "Заказ товара"
INVOICE, PAYMENT = "Счет на оплату", "Выплата безналичных денег"
INN, KPP = "7806080903", "780601001"  # a right one
GUID = "f1eeedab-5cfb-11df-a14c-00155d3ebc{:02d}"


def document(operation=SALE, number="1", amount="1200.00", *, day="2026-10-05", lines="", **more):
    """One document; `more` replaces elements by their names, None leaves one out."""
    elements = {
        "Ид": GUID.format(int(number)),
        "Номер": number,
        "Дата": day,
        "ХозОперация": operation,
        "Роль": "Продавец",
        "Валюта": "руб",
        "Курс": "1",
        "Сумма": amount,
        "Контрагенты": side(),
    } | more
    inner = "".join(f"<{k}>{v}</{k}>" for k, v in elements.items() if v is not None)
    return f"<Документ>{inner}<Товары>{lines}</Товары></Документ>"


def side(name="АНТ-Консалт", inn=INN, kpp=KPP, id="c1"):
    """The buyer."""
    return (
        f"<Контрагент><Ид>{id}</Ид><Наименование>{name}</Наименование><ИНН>{inn}</ИНН>"
        f"<КПП>{kpp}</КПП><Роль>Покупатель</Роль></Контрагент>"
    )


def line(amount, *, quantity="1", price=None, id="p1", rate="22", tax=""):
    """One line of a document."""
    return (
        f"<Товар><Ид>{id}</Ид><Наименование>Чай</Наименование>"
        f"<ЦенаЗаЕдиницу>{price or amount}</ЦенаЗаЕдиницу><Количество>{quantity}</Количество>"
        f"<Сумма>{amount}</Сумма><СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование>"
        f"<Ставка>{rate}</Ставка></СтавкаНалога></СтавкиНалогов>{tax}</Товар>"
    )


def file(*parts, version="2.05", encoding="utf-8", before=""):
    """The file as bytes."""
    name = {"cp1251": "windows-1251", "utf-8-sig": "UTF-8"}.get(encoding, encoding)
    text = (
        f'<?xml version="1.0" encoding="{name}"?>{before}<КоммерческаяИнформация'
        f' ВерсияСхемы="{version}" ДатаФормирования="2026-10-31">{"".join(parts)}'
        "</КоммерческаяИнформация>"
    )
    return text.encode(encoding)


def catalogue(*items, groups="<Группа><Ид>g1</Ид><Наименование>Чай и кофе</Наименование></Группа>"):
    """Groups and goods."""
    return (
        f"<Классификатор><Группы>{groups}</Группы></Классификатор>"
        f"<Каталог><Товары>{''.join(items)}</Товары></Каталог>"
    )


def item(id="p1", sku="ЧАЙ-1", name="Чай чёрный", rate="10", status=""):
    """Goods of the catalogue."""
    return (
        f'<Товар Статус="{status}"><Ид>{id}</Ид><Артикул>{sku}</Артикул>'
        f"<Наименование>{name}</Наименование><БазоваяЕдиница>шт</БазоваяЕдиница>"
        f"<Группы><Ид>g1</Ид></Группы><СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование>"
        f"<Ставка>{rate}</Ставка></СтавкаНалога></СтавкиНалогов></Товар>"
    )
