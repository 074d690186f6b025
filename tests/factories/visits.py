"""Visits of merchandisers in any state, written past the actions where that is cheaper."""

from io import BytesIO

from django.utils import timezone
from PIL import Image

from clients.actions import visits as actions
from clients.actions.visits import FILES, Findings
from clients.models import MerchandiserVisit, VisitCheck, VisitPlan
from crm.calendar import month_start
from crm.files.actions import add_file
from tests.factories import assortment, clients, deals


def outlet(client, merchandiser, **more):
    """An outlet of the client to which the merchandiser goes."""
    return clients.outlet(client, merchandiser=merchandiser, **more)


def visit(place, *, on=None, **more):
    """A visit to the outlet, planned for today by hand."""
    more.setdefault("merchandiser", place.merchandiser)
    day = on or timezone.localdate()
    return MerchandiserVisit.objects.create(outlet=place, planned_on=day, **more)


def two_checks():
    """Of the checklist only two points are in use."""
    rows = VisitCheck.objects.exclude(code__in=["layout", "prices"])
    rows.update(archived_at=timezone.now())


def started(place, **more):
    """One that has begun."""
    made = visit(place, **more)
    return actions.start_visit(made.pk, by=made.merchandiser, version=1, now=timezone.now())


def findings(of, **more):
    """Everything in order; what a test says otherwise."""
    more.setdefault("checks", {point["key"]: True for point in of.checklist})
    more.setdefault("goods", {point["key"]: True for point in of.goods})
    more.setdefault("oos_count", 0)
    return Findings(**more)


def photo(of, *, colour=(10, 90, 40)):
    """A picture of the merchandiser's with the visit."""
    kept = BytesIO()
    Image.new("RGB", (40, 30), colour).save(kept, "JPEG")
    name = f"полка-{colour[0]}.jpg"
    return add_file(FILES, of.pk, by=of.merchandiser, name=name, content=kept.getvalue())


def done(place, **more):
    """One that is done, past the action."""
    now = timezone.now()
    facts = {"state": "done", "started_at": now, "finished_at": now, "oos_count": 0} | more
    return visit(place, **facts)


def plan(**more):
    """The month of today as a draft."""
    more.setdefault("month", month_start(timezone.localdate()))
    return VisitPlan.objects.create(**more)


def of_matrix(client, cast):
    """A visit of today, one of a day to come, a month that waits for marketing."""
    place = outlet(client, cast.merchandiser, name="CANARY точка")
    kept = visit(place, comment="CANARY визит")
    goods = assortment.matrix(cast.marketer, {deals.product(): True}, channel="CANARY канал")
    return {"visit": kept.pk, "visit_plan": plan().pk, "assortment": goods.pk}
