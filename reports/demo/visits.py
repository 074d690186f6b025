"""Visits of the demo: two merchandisers, the month before, this one, the draft of the next."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from clients import hooks
from clients.actions.visit_plans import agree_visit_plan, draw_up
from clients.actions.visits import FILES
from clients.models import (
    Client,
    ClientStatus,
    MerchandiserVisit,
    Outlet,
    VisitCheck,
    VisitState,
)
from crm.accounts.models import Role, User
from crm.calendar import month_start
from crm.files.actions import add_file
from crm.files.models import AttachmentKind
from crm.names import sort_key
from crm.work.registry import setting
from reports.demo.people import Staff

SEED = 20261129
OUTLETS = 24  # of each merchandiser
PHOTOS = 6
FORMATS = ("у дома", "супермаркет", "минимаркет", "павильон")
COMMENTS = (
    "Полка собрана, ценники обновила.",
    "Товаровед просит привезти стойку.",
    "Остатки на складе точки есть, выставила сама.",
    "Конкурент занял верхнюю полку.",
    "",
    "",
)
MOVED = "Точка закрыта на инвентаризацию"
SHELF = ((120, 78, 42), (214, 178, 94), (92, 128, 84), (168, 62, 56))


def add_visits(staff: Staff, today: date) -> None:
    """Plans with what became of them, the day of today, photos of the last visits."""
    random = Random(f"{SEED}-visits")  # noqa: S311 - demo data
    people = [staff.by_login["merchandiser"], _second(staff)]
    if not _give_outlets(people, staff, random):
        return
    marketer, month = staff.by_login["marketer"], month_start(today)
    for first in (month_start(month, -1), month):
        plan, _count = draw_up(first, by=None, today=first)
        moment = timezone.make_aware(datetime.combine(first, time(9, 30)))
        agree_visit_plan(plan.pk, by=marketer, version=plan.version, now=moment)
    if today.day >= setting("visits.plan_day"):
        draw_up(month_start(month, 1), by=None, today=today)
    _live_through(random, today)
    _fill_today(people[0], today)
    _photograph(people[0])


def _second(staff: Staff) -> User:
    """A colleague of the merchandiser who has a login."""
    last, first = "Полевая", "Тамара"
    return User.objects.create(
        username="merchandiser2",
        email="merchandiser2@klientura.example",
        last_name=last,
        first_name=first,
        sort_key=sort_key(f"{last} {first}"),
        role=Role.MERCHANDISER,
        org_unit=staff.by_login["merchandiser"].org_unit,
        position="Мерчендайзер",
        password="!",  # noqa: S106 - nobody signs in with it
    )


def _give_outlets(people: list[User], staff: Staff, random: Random) -> int:
    """Outlets of the first department, those of the manager with a login before the others."""
    head, manager = staff.by_login["head"], staff.by_login["manager"]
    path = head.org_unit.path if head.org_unit else ""
    clients = Client.objects.filter(
        status=ClientStatus.CLIENT, archived_at=None, category__isnull=False
    )
    rows = Outlet.objects.filter(archived_at=None)
    own = rows.filter(client__in=clients.filter(manager=manager)).order_by("pk")[:OUTLETS]
    others = clients.filter(org_unit__path__startswith=path).exclude(manager=manager)
    found = [*own, *rows.filter(client__in=others).order_by("pk")[: 2 * OUTLETS]]
    chosen = found[: 2 * OUTLETS]
    for number, outlet in enumerate(chosen):
        outlet.merchandiser, outlet.format = people[number % 2], random.choice(FORMATS)
    Outlet.objects.bulk_update(chosen, ["merchandiser", "format"])
    return len(chosen)


def _live_through(random: Random, today: date) -> None:
    """What became of the visits of the days gone by."""
    rows = MerchandiserVisit.objects.filter(planned_on__lt=today, state=VisitState.PLANNED)
    visits = list(rows.select_related("outlet__client").order_by("pk"))
    checks = list(VisitCheck.objects.filter(archived_at=None))
    for visit in visits:
        luck = random.random()
        if luck < 0.08:
            visit.state = VisitState.MISSED
        else:
            _make(visit, checks, random)
        if 0.08 <= luck < 0.12:
            visit.moved_from, visit.move_reason = visit.planned_on - timedelta(days=1), MOVED
    fields = [
        *("state", "started_at", "finished_at", "checklist", "goods", "oos_count"),
        *("shelf_share", "comment", "moved_from", "move_reason"),
    ]
    MerchandiserVisit.objects.bulk_update(visits, fields, batch_size=500)


def _make(visit: MerchandiserVisit, checks: list[VisitCheck], random: Random) -> None:
    at = time(9 + random.randrange(8), random.randrange(60))
    visit.started_at = timezone.make_aware(datetime.combine(visit.planned_on, at))
    visit.finished_at = visit.started_at + timedelta(minutes=12 + random.randrange(38))
    visit.state = VisitState.DONE
    visit.checklist = _points(checks, lambda: random.random() < 0.88)
    visit.goods = [
        {"key": goods.key, "title": goods.title, "ok": random.random() < 0.9}
        for goods in hooks.shelf_goods(visit.outlet.client)
    ]
    absent = sum(not point["ok"] for point in visit.goods)
    visit.oos_count = absent + (random.randrange(3) if random.random() < 0.4 else 0)
    visit.shelf_share = 15 + random.randrange(30)
    visit.comment = random.choice(COMMENTS)


def _points(checks: list[VisitCheck], mark: Any) -> list[dict[str, Any]]:
    return [{"key": one.code, "ru": one.name_ru, "en": one.name_en, "ok": mark()} for one in checks]


def _fill_today(person: User, today: date) -> None:
    """A few visits of today whatever day it is; one of them has begun."""
    rows = MerchandiserVisit.objects.on(today).filter(merchandiser=person)
    taken = MerchandiserVisit.objects.on(today).values("outlet")
    outlets = Outlet.objects.filter(merchandiser=person).exclude(pk__in=taken).order_by("pk")
    MerchandiserVisit.objects.bulk_create(
        MerchandiserVisit(outlet=outlet, merchandiser=person, planned_on=today)
        for outlet in outlets[: max(0, 5 - rows.count())]
    )
    checks = list(VisitCheck.objects.filter(archived_at=None))
    begun = rows.filter(state=VisitState.PLANNED).select_related("outlet__client").first()
    if begun is not None:
        begun.started_at = timezone.now() - timedelta(minutes=7)
        begun.checklist = _points(checks, lambda: None)
        begun.goods = [
            {"key": goods.key, "title": goods.title, "ok": None}
            for goods in hooks.shelf_goods(begun.outlet.client)
        ]
        begun.save(update_fields=["started_at", "checklist", "goods"])


def _photograph(person: User) -> None:
    """Pictures of shelves with the last visits."""
    rows = MerchandiserVisit.objects.filter(merchandiser=person, state=VisitState.DONE)
    for number, visit in enumerate(rows.order_by("-planned_on", "pk")[:PHOTOS]):
        add_file(
            FILES,
            visit.pk,
            by=person,
            name=f"полка-{number + 1}.jpg",
            content=_picture(number),
            kind=AttachmentKind.PHOTO,
        )


def _picture(number: int) -> bytes:
    """A drawn shelf with boxes, no two alike."""
    picture = Image.new("RGB", (640, 480), (238, 234, 226))
    pen = ImageDraw.Draw(picture)
    for row in range(4):
        top = 20 + row * 115
        pen.rectangle((10, top + 95, 630, top + 103), fill=(110, 100, 90))
        for place in range(10):
            if (row * 10 + place + number) % 11 == 0:
                continue
            left = 18 + place * 61
            colour = SHELF[(row + place // 3 + number) % len(SHELF)]
            pen.rectangle((left, top + 15, left + 52, top + 94), fill=colour)
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=70)
    return kept.getvalue()
