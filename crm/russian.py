"""Russian words the code has to recognise in what people type or print.

This is data of the language, not text of the interface: interface text goes through gettext.
"""

# Longer forms first: "публичное акционерное общество" contains "акционерное общество".
LEGAL_PHRASES = (
    "общество с ограниченной ответственностью",
    "публичное акционерное общество",
    "непубличное акционерное общество",
    "открытое акционерное общество",
    "закрытое акционерное общество",
    "акционерное общество",
    "индивидуальный предприниматель",
    "глава крестьянского фермерского хозяйства",
    "крестьянское фермерское хозяйство",
    "федеральное государственное унитарное предприятие",
    "государственное унитарное предприятие",
    "муниципальное унитарное предприятие",
    "некоммерческая организация",
    "автономная некоммерческая организация",
    "потребительский кооператив",
)
LEGAL_FORMS = frozenset(
    {
        "ооо",
        "ао",
        "пао",
        "нао",
        "оао",
        "зао",
        "ип",
        "нко",
        "ано",
        "кфх",
        "фгуп",
        "гуп",
        "муп",
    }
    | {"пбоюл", "чп", "одо", "тоо", "спк", "спок", "снт", "тсж", "тсн"}
    | {
        "ooo",
        "zao",
        "oao",
        "ao",
        "pao",
        "llc",
        "ltd",
        "jsc",
        "pjsc",
        "ojsc",
        "cjsc",
        "inc",
        "gmbh",
    }
)

# The same key pressed under the two layouts; the shifted row follows the plain one.
LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"
CYRILLIC_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"

YO, YE = "ё", "е"
AFTER_YE = YE + "\u04ff"  # the last letter of the Cyrillic block: sorts after е + any letter
ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"

PATRONYMIC_ENDINGS = ("вич", "вна", "чна", "ична", "ьич")
PATRONYMIC_PARTICLES = frozenset({"оглы", "кызы", "улы", "уулу", "оглу", "ogly", "oglu", "kyzy"})

# What may follow a typed amount.
ROUBLE_SIGNS = ("рублей", "рубля", "рубль", "руб.", "руб", "р.", "р", "₽", "rub", "rur")

# What separates an extension from a phone number, next to "ext", "#" and ",".
EXTENSION_WORDS = ("добавочный", "доб", "внутр", "внутренний", "вн")
PHONE_WORDS = (
    "телефон",
    "тел",
    "моб",
    "мобильный",
    "раб",
    "рабочий",
    "сот",
    "факс",
    "т",
    "м",
)

# Surname of the row that stands as author of what the system does by itself: lists are sorted and
# searched by it, pages say it in the reader's language.
SYSTEM_NAME = "Клиентура (автоматически)"
