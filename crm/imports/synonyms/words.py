"""Words that cells hold, and what is known about letters."""

Words = dict[str, tuple[str, ...]]  # value → what else it is called

SAME_LETTERS = str.maketrans({"ё": "е"})
_COMMON, _SMALL = "оеаинтсрвл", "кмдпуяыьгзбчйхжшюцщэфъё"
LETTER_SCORES = {
    **dict.fromkeys(_COMMON, 4),
    **dict.fromkeys(_SMALL, 2),
    **dict.fromkeys((_COMMON + _SMALL).upper(), 1),
    **dict.fromkeys("«»—–№…“”„’\u00a0", 0),
}

LATIN_LOOKALIKES = str.maketrans("АВС", "ABC")
YES = frozenset({"y", "yes", "true", "1", "+", "да", "истина", "д", "v", "x"})
NO = frozenset({"n", "no", "false", "0", "-", "нет", "ложь", "н"})

ROLES: Words = {
    "manager": ("менеджер", "менеджер по продажам", "sales agent", "agent", "account manager"),
    "sector_head": ("руководитель сектора", "начальник сектора", "sector head", "team lead"),
    "department_head": ("руководитель отдела", "начальник отдела", "department head"),
    "director": ("директор", "коммерческий директор", "директор по продажам", "director"),
    "general_director": ("генеральный директор", "general director", "ceo"),
    "accountant": ("бухгалтер", "главный бухгалтер", "accountant"),
    "lawyer": ("юрист", "юрисконсульт", "lawyer"),
    "marketer": ("маркетолог", "marketer"),
    "logistics": ("логист", "logistics", "logistician"),
    "purchasing": ("закупщик", "менеджер по закупкам", "purchasing", "buyer"),
    "merchandiser": ("мерчандайзер", "мерчендайзер", "merchandiser"),
}
CLIENT_KINDS: Words = {
    "legal": ("юридическое лицо", "юр лицо", "юрлицо", "организация", "legal entity", "company"),
    "ip": ("индивидуальный предприниматель", "ип", "предприниматель", "entrepreneur"),
    "person": ("физическое лицо", "физ лицо", "физлицо", "private person", "person"),
    "chain": ("сеть", "холдинг", "chain", "holding"),
}
CLIENT_STATUSES: Words = {
    "prospect": ("потенциальный", "потенциальный клиент", "лид", "prospect", "lead"),
    "client": ("клиент", "действующий", "активный", "client", "customer", "active"),
    "trading_hall": ("торговый зал", "trading hall"),
}
CONTACT_KINDS: Words = {
    "call": ("звонок", "телефонный звонок", "телефон", "call", "phone call", "phone"),
    "visit": ("визит", "выезд", "посещение", "visit"),
    "meeting": ("встреча", "переговоры", "meeting"),
    "email": ("письмо", "электронное письмо", "почта", "e mail", "email"),
    "messenger": ("мессенджер", "чат", "сообщение", "messenger", "chat", "whatsapp", "telegram"),
    "letter": ("официальное письмо", "letter"),
    "presentation": ("презентация", "presentation"),
    "event": ("мероприятие", "выставка", "event"),
}
DIRECTIONS: Words = {
    "in": ("входящий", "входящее", "входящая", "in", "incoming", "inbound"),
    "out": ("исходящий", "исходящее", "исходящая", "out", "outgoing", "outbound"),
}

# Words of the dictionaries by their codes, whatever language they were seeded in.
CONTACT_RESULTS: Words = {
    "order": ("заказ", "order", "sale", "продажа"),
    "agreement": ("договоренность", "договорились", "agreement"),
    "proposal_sent": ("отправлено кп", "кп отправлено", "отправлено предложение", "proposal sent"),
    "payment_promise": ("обещание оплаты", "обещал оплатить", "promise to pay"),
    "information": ("информирование", "проинформирован", "консультация", "informed", "ok"),
    "problem": ("проблема", "жалоба", "проблема или жалоба", "complaint", "problem"),
    "refusal": ("отказ", "отказался", "refusal", "refused"),
    "no_answer": (
        *("нет ответа", "недозвон", "не дозвонились", "не ответил", "пропущенный", "занято"),
        *("no answer", "missed", "busy"),
    ),
}
CONTACT_TOPICS: Words = {
    "order": ("заказ", "order"),
    "payment": ("оплата", "платеж", "payment"),
    "price": ("цены", "цены и условия", "прайс", "price", "prices"),
    "assortment": ("ассортимент", "assortment"),
    "delivery": ("доставка", "отгрузка", "delivery"),
    "documents": ("документы", "documents"),
    "claim": ("претензия", "рекламация", "claim"),
    "contract": ("договор", "contract"),
    "promotion": ("акция", "акции", "promotion"),
    "acquaintance": ("знакомство", "acquaintance"),
}

_LATIN = "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch ~ y ~ e yu ya".replace(
    "~", "-"
)
TO_LATIN = {
    **{
        letter: latin.replace("-", "")
        for letter, latin in zip("абвгдежзийклмнопрстуфхцчшщъыьэюя", _LATIN.split(), strict=True)
    },
    "ё": "e",
}
