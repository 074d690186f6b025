"""The questions that every installation starts with; the administrator edits them (CL-08)."""

from __future__ import annotations

from clients.models import RegistrationQuestion
from crm.history import verb

BUSINESS = (
    (
        "Розничный магазин\nСеть магазинов\nОптовая торговля\nОбщественное питание\n"
        "Производство\nИнтернет-торговля\nДругое"
    ),
    "Retail shop\nRetail chain\nWholesale\nCatering\nProduction\nOnline shop\nOther",
)
SHARES = (
    "До 10 %\n10–30 %\n30–60 %\nБольше 60 %",
    "Up to 10 %\n10–30 %\n30–60 %\nMore than 60 %",
)
FREQUENCY = (
    "Каждую неделю\nДва раза в месяц\nРаз в месяц\nРеже",
    "Every week\nTwice a month\nOnce a month\nMore seldom",
)
PAYS = (
    "Предоплата\nОтсрочка до 14 дней\nОтсрочка 15–30 дней\nОтсрочка больше 30 дней",
    "Prepayment\nDeferral up to 14 days\nDeferral of 15–30 days\nDeferral of more than 30 days",
)
PAPERS = ("ЭДО\nБумага\nИ так и так", "Electronic exchange\nPaper\nBoth")

# Code, Russian, English, kind, obligatory, categories, options, from the card.
QUESTIONS = (
    ("legal_name", "Полное наименование", "Full name", "text", True, "", None, "legal_name"),
    ("inn", "ИНН", "INN", "text", True, "", None, "inn"),
    ("kpp", "КПП", "KPP", "text", False, "", None, "kpp"),
    ("legal_address", "Юридический адрес", "Legal address", "text", True, "", None,
     "legal_address"),
    ("address", "Фактический адрес", "Actual address", "text", True, "", None, "address"),
    ("phone", "Телефон", "Phone", "text", True, "", None, "phone"),
    ("email", "Электронная почта", "E-mail", "text", True, "", None, "email"),
    ("website", "Сайт", "Website", "text", False, "", None, "website"),
    ("decider", "Кто принимает решения: имя и должность", "Who decides: name and position",
     "text", True, "", None, "decider"),
    ("decider_phone", "Телефон того, кто принимает решения", "Phone of whoever decides",
     "text", True, "", None, "decider_phone"),
    ("person", "С кем работаем по заказам", "Whom we speak to about orders", "text", False, "",
     None, "person"),
    ("business", "Вид деятельности", "Kind of business", "choice", True, "", BUSINESS, ""),
    ("since", "Работает с", "In business since", "date", False, "", None, ""),
    ("outlets", "Сколько торговых точек", "Number of outlets", "number", True, "", None,
     "outlets"),
    ("potential", "Потенциал в месяц, руб.", "Potential per month, roubles", "number", True, "",
     None, "potential"),
    ("our_share", "Наша доля в закупках клиента", "Our share of the client's purchases",
     "choice", True, "", SHARES, ""),
    ("frequency", "Как часто заказывает", "How often it orders", "choice", True, "", FREQUENCY,
     ""),
    ("needs", "Что покупает и что нужно ещё", "What it buys and what else it needs", "text", True,
     "", None, "needs"),
    ("payment", "Какие условия оплаты нужны", "Which terms of payment it wants", "choice", True,
     "", PAYS, ""),
    ("papers", "Как обменивается документами", "How it exchanges documents", "choice", True, "",
     PAPERS, ""),
    ("delivery", "Окно доставки", "Delivery window", "text", False, "", None, "delivery_window"),
    ("rivals", "У кого ещё покупает и почему", "Whom else it buys from and why", "text", True,
     "AB", None, ""),
    ("plans", "Планы клиента на год", "The client's plans for the year", "text", True, "A", None,
     ""),
    ("checked_on", "Когда сведения сверены с клиентом", "When the client confirmed it", "date",
     True, "", None, ""),
    ("wishes", "Пожелания к нашей работе", "Wishes about our work", "text", False, "", None, ""),
)  # fmt: skip


def seed_questions() -> int:
    """Add the questions that are missing by their codes; returns how many were added."""
    known = set(RegistrationQuestion.objects.values_list("code", flat=True))
    rows = []
    for order, (code, ru, en, kind, required, categories, options, fact) in enumerate(
        QUESTIONS, start=1
    ):
        if code in known:
            continue
        options_ru, options_en = options or ("", "")
        rows.append(
            RegistrationQuestion(
                code=code,
                name_ru=ru,
                name_en=en,
                order=order * 10,
                kind=kind,
                required=required,
                categories=list(categories),
                options_ru=options_ru,
                options_en=options_en,
                known=fact,
            )
        )
    with verb("dictionary.seeded", by=None):
        RegistrationQuestion.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
