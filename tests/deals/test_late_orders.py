"""Orders not shipped in time: told once for each order and day, in one digest (C.6)."""

from datetime import timedelta

from django.utils import timezone

from crm.notices.models import Notice
from deals.models import Order
from deals.tasks.money import late_shipment_alerts
from tests.factories import clients, deals, orders


def told():
    rows = Notice.objects.filter(kind="order.late", channel="ui").order_by("pk")
    return [(row.user.username, row.params["count"]) for row in rows]


def test_manager_and_heads_are_told_once_of_what_was_not_shipped_in_time(cast):
    today, tea = timezone.localdate(), deals.product()
    client = clients.client(cast.manager, category="B")
    late = [orders.placed(client, {tea: 1}, by=cast.manager, on=today) for _ in range(3)]
    orders.draft(client, {tea: 1}, by=cast.manager, desired_on=today - timedelta(days=9))
    rows = Order.objects.filter(pk__in=[order.pk for order in late])
    rows.update(promised_on=today)
    assert late_shipment_alerts(today=today) == 0  # the day itself is in time
    rows.update(promised_on=today - timedelta(days=3))
    rows.filter(pk=late[2].pk).update(state="shipped")
    assert late_shipment_alerts(today=today - timedelta(days=1)) == 0  # a day gone by
    assert late_shipment_alerts(today=today) == 2
    people = {cast.manager.username, cast.sector_head.username, cast.department_head.username}
    assert sorted(told()) == sorted((name, 2) for name in people)
    assert late_shipment_alerts(today=today) == 0
    assert late_shipment_alerts(today=today + timedelta(days=1)) == 0
    rows.filter(pk=late[0].pk).update(promised_on=today - timedelta(days=1))  # promised anew
    assert late_shipment_alerts(today=today) == 1
    assert sorted(told()) == sorted((name, count) for name in people for count in (1, 2))
