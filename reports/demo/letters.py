"""Correspondence of the demo: letters in every state, an exchange, what nobody has filed yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import cycle
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from clients.actions import letter_drafts, letters
from clients.actions.letters import NewLetter, enter
from clients.models import Client, ContactPerson, Correspondence
from crm import calendar
from crm.accounts.models import User
from crm.errors import refused
from crm.files.actions import check_received
from crm.notices.models import Notice, NoticeState
from crm.said import gettext as _
from crm.said import said
from reports.demo.people import Staff

CLIENTS = 14  # of each manager


@dataclass(frozen=True)
class Letter:
    """A letter: how many working days ago it came, and what became of it."""

    ago: int
    kind: str
    channel: str
    subject: str
    text: str
    fate: str


TOLD = (
    Letter(22, "letter", "email", "Просим продлить срок действия цен до конца квартала",
           "Добрый день!\n\nПросим подтвердить цены октябрьского прайс-листа до конца квартала:"
           " у нас подписан контракт с сетью.\n\nС уважением, отдел закупок", "closed"),
    Letter(15, "complaint", "email", "Претензия: бой при доставке, накладная 1184",
           "При приёмке 3 коробки повреждены, акт ТОРГ-2 и фото приложены. Просим заменить товар"
           " или сделать корректировку на 14 250 ₽.", "late"),
    Letter(12, "act", "paper", "Акт сверки за III квартал, подписанный экземпляр",
           "Возвращаем подписанный акт сверки взаимных расчётов.", "no_reply"),
    Letter(9, "price", "email", "Запрос прайс-листа с объёмными скидками",
           "Пришлите, пожалуйста, прайс с условиями при закупке от 500 тысяч в месяц.", "replied"),
    Letter(8, "letter", "edo", "Дополнительное соглашение о порядке приёмки",
           "Направляем проект дополнительного соглашения № 2, просим рассмотреть.", "in_work"),
    Letter(6, "complaint", "email", "Недостача по заказу: 2 короба чая",
           "По накладной 12 коробов, фактически 10. Просим довезти в пятницу.", "replied"),
    Letter(5, "letter", "email", "Перенос доставки на вторую половину дня",
           "С понедельника склад принимает машины с 14:00 до 18:00, учтите в графике.", "late"),
    Letter(3, "other", "messenger", "Новый сотрудник отдела закупок",
           "Закупки по вашей группе теперь ведёт Ирина Сергеевна, контакты в подписи.", "closed"),
    Letter(2, "letter", "email", "Счёт на предоплату не пришёл",
           "Просим повторно выслать счёт на предоплату, оплата запланирована на завтра.", "new"),
    Letter(1, "price", "email", "Просим скидку на промо в декабре",
           "Планируем промо на две недели, объём втрое больше обычного. Какую цену дадите?", "new"),
    Letter(1, "complaint", "email", "Претензия по сроку годности",
           "Остаточный срок партии меньше 60 %, по договору должно быть не меньше 70 %.", "new"),
    Letter(0, "letter", "email", "Уточните дату отгрузки заказа",
           "Подскажите, когда отгрузите заказ: товар заканчивается.", "new"),
)  # fmt: skip
REFUSED = "документы.zip"  # no mailbox keeps an archive
UNFILED = (
    ("Отдел закупок", "zakupki@novyi-magazin.example", "Хотим стать вашим клиентом",
     "Здравствуйте! Открываем три магазина, пришлите условия и прайс.", ""),
    ("Мария Ильина", "m.ilina@pochta.example", "Re: акт сверки",
     "Акт посмотрела, по двум накладным вопросы, позвоните.", ""),
    ("Бухгалтерия", "buh@torgovy-dom.example", "Документы за октябрь",
     "Во вложении реестр и архив.", REFUSED),
)  # fmt: skip
ANSWER = "Добрый день!\n\nВаше письмо рассмотрели, решение положительное: подробности в приложении."


def _not_kept(name: str) -> str:
    """What the reader of the mailbox says of such a file."""
    why = said(lambda: refused(lambda: check_received("letter", name, b"PK")))
    return _("The file “%(name)s” was not kept: %(why)s") % {"name": name, "why": why}


def add_letters(staff: Staff, today: date) -> None:
    """Letters of two managers' clients, and some that wait to be filed."""
    told = cycle(TOLD)
    for login in ("manager", "manager2"):
        manager = staff.by_login[login]
        for client in _clients(manager):
            _receive(client, next(told), manager, staff, today)
    _exchange(staff.by_login["manager"], today)
    for name, address, subject, text, file in UNFILED:
        new = NewLetter(
            on_day=today, subject=subject, text=text, correspondent=name, address=address,
            remarks=_not_kept(file) if file else "",
        )  # fmt: skip
        enter(None, new, by=None)
    _outgoing(staff.by_login["manager"], today)
    # They went long ago: nobody is written to by a demo.
    rows = Notice.objects.filter(user=None, state=NoticeState.WAITING)
    rows.update(state=NoticeState.SENT, sent_at=timezone.now())


def _clients(manager: User) -> list[Client]:
    """Those of category A first: the director looks at them."""
    rows = Client.objects.filter(manager=manager, archived_at=None, status="client")
    return list(rows.order_by("category", "pk").select_related("manager", "org_unit")[:CLIENTS])


def _receive(client: Client, letter: Letter, manager: User, staff: Staff, today: date) -> None:
    day = calendar.add_working_days(today, -letter.ago) if letter.ago else today
    person = _person(client)
    by = staff.by_login["sector"] if letter.fate == "new" else manager
    made = letters.register_letter(
        client.pk,
        NewLetter(
            on_day=day, kind=letter.kind, channel=letter.channel, subject=letter.subject,
            text=letter.text, person=person,
            correspondent=person.full_name if person else "",
            address=person.email if person else "buh@client.example",
        ),
        by=by, key=uuid5(NAMESPACE_URL, f"{client.pk}-{letter.subject}"), today=today,
    )  # fmt: skip
    _go_on(made, letter.fate, manager, today)


def _go_on(made: Correspondence, fate: str, manager: User, today: date) -> None:
    version = made.version
    if fate == "in_work":
        letters.take_letter(made.pk, by=manager, version=version)
    elif fate == "no_reply":
        reason = "Подписанный экземпляр получен, ответа не требует"
        letters.close_without_reply(made.pk, by=manager, version=version, reason=reason)
    elif fate in {"replied", "closed"}:
        day = min(today, made.reply_due or today)
        _answer(made, manager, day)
        if fate == "closed":
            made.refresh_from_db()
            letters.close_letter(made.pk, by=manager, version=made.version)


def _answer(made: Correspondence, manager: User, day: date) -> Correspondence:
    draft = letter_drafts.Draft(
        subject=f"Re: {made.subject}"[:300], text=ANSWER, channel=made.channel,
        person=made.person, address=made.address or "buh@client.example",
    )  # fmt: skip
    key = uuid5(NAMESPACE_URL, f"answer-{made.pk}")
    reply = letter_drafts.start_reply(
        made.pk, draft, by=manager, version=made.version, key=key, today=day
    )
    return letter_drafts.send_letter(reply.pk, by=manager, version=1, today=day)


def _exchange(manager: User, today: date) -> None:
    """The client writes back to an answer: one thread of three letters."""
    first = Correspondence.objects.filter(executor=manager, state="replied").order_by("pk").first()
    if first is None or first.client is None:
        return
    new = NewLetter(
        on_day=today, subject=f"Re: {first.subject}"[:300], thread=first.thread,
        text="Спасибо, условия подходят. Пришлите счёт, пожалуйста.", person=first.person,
        correspondent=first.correspondent, address=first.address,
    )  # fmt: skip
    enter(first.client, new, by=None)


def _outgoing(manager: User, today: date) -> None:
    """A draft that has not gone out."""
    for client in _clients(manager)[:1]:
        draft = letter_drafts.Draft(
            subject="Приглашение на дегустацию новинок", person=_person(client),
            text="Добрый день!\n\nПриглашаем вас на дегустацию новинок сезона.",
            address="buh@client.example",
        )  # fmt: skip
        key = uuid5(NAMESPACE_URL, f"draft-{client.pk}")
        letter_drafts.start_letter(client.pk, draft, by=manager, key=key, today=today)


def _person(client: Client) -> ContactPerson | None:
    people = ContactPerson.objects.filter(client=client, archived_at=None).exclude(email="")
    found: ContactPerson | None = people.order_by("-is_decision_maker", "pk").first()
    return found
