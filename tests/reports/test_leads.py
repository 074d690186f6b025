"""Reports of the search for clients: every number leads to the rows it counts (CL-04, CL-05)."""

from datetime import timedelta
from decimal import Decimal
from html import unescape
from re import findall
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.actions import leads as actions
from clients.models import Lead
from reports.parameters import Period
from reports.queries.leads import audience, audience_totals, channel_totals, channels
from reports.queries.search import search
from tests.cast import signed_in
from tests.factories import leads

D = Decimal
TODAY = timezone.localdate()
PERIOD = Period(TODAY - timedelta(days=30), TODAY)


@pytest.fixture
def found(cast):
    """Five leads by two channels: one became a client, one is lost, one is somebody else's."""
    campaign = leads.campaign(
        cast.department_head, cost=D("90000.00"), target_leads=4, starts_on=PERIOD.first
    )
    phone = leads.channel("phone")
    won = leads.to_state("offer_accepted", cast.manager, campaign=campaign, segment="HoReCa")
    leads.convert(won, cast.department_head)
    lost = leads.lead(cast.manager2, campaign=campaign, segment="HoReCa")
    actions.lose_lead(lost.pk, by=cast.manager2, version=1, reason="Цены", today=TODAY)
    leads.lead(cast.manager, campaign=campaign, potential_monthly=D("7000.00"))
    leads.lead(
        cast.manager, channel=phone, potential_monthly=D("5000.00"), need="Чай", need_level=4
    )
    leads.lead(cast.stranger, channel=phone, segment="HoReCa")
    return campaign


def rows_at(person, url):
    """How many leads the register shows at the address."""
    given = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    page = signed_in(person).get(reverse("clients:lead_list"), given)
    assert page.status_code == 200, url
    return len(page.context["list"].rows)


def test_the_channels_of_a_department(cast, found):
    params = {"by": "channel", "period": PERIOD, "unit": None, "manager": None}
    rows = {row["name"]: row for row in channels(cast.department_head, params)}
    fair, phone = rows[str(leads.channel())], rows[str(leads.channel("phone"))]
    assert (fair["cost"], fair["target"], fair["leads"], fair["converted"], fair["lost"]) == (
        D("90000.00"), 4, 3, 1, 1,
    )  # fmt: skip
    assert (fair["conversion"], fair["per_client"]) == (D("33.33"), D("90000.00"))
    assert (phone["leads"], phone["per_client"], phone["cost"]) == (1, None, 0)
    totals = channel_totals(cast.department_head, params, list(rows.values()))
    assert totals == {
        "conversion": D("25.00"), "done": D("75.00"), "per_client": D("90000.00"),
    }  # fmt: skip
    for row in (fair, phone):
        for name, url in (("leads", "url"), ("open", "open_url"), ("converted", "converted_url"),
                          ("lost", "lost_url"), ("rejected", "rejected_url")):  # fmt: skip
            assert rows_at(cast.department_head, row[url]) == row[name], name
    own = {row["name"]: row for row in channels(cast.manager2, params)}[str(leads.channel())]
    assert (own["leads"], own["converted"], own["conversion"]) == (1, 0, 0)
    assert (own["done"], own["per_client"]) == (D("75.00"), D("90000.00"))  # of the company


def test_the_campaigns_and_what_came_without_one(cast, found):
    params = {"by": "campaign", "period": PERIOD, "unit": None, "manager": None}
    rows = channels(cast.department_head, params)
    assert [(row["name"], row["leads"], row["done"]) for row in rows[:1]] == [
        (found.name, 3, D("75.00"))
    ]
    assert (rows[-1]["leads"], rows_at(cast.department_head, rows[-1]["url"])) == (1, 1)
    page = signed_in(cast.department_head).get(found.get_absolute_url()).content.decode()
    assert f"?campaign={found.pk}" in page
    before = {"by": "campaign", "unit": None, "manager": None,
              "period": Period(TODAY - timedelta(days=90), TODAY - timedelta(days=60))}  # fmt: skip
    assert channels(cast.department_head, before) == []


@pytest.mark.parametrize("by", ["segment", "territory", "source", "stage"])
def test_each_number_of_the_audience_leads_to_its_rows(cast, found, by):
    params = {"by": by, "period": PERIOD, "unit": None, "manager": None}
    head = cast.department_head
    rows = audience(head, params)
    assert sum(row["leads"] for row in rows) == Lead.objects.visible_to(head).count() == 4
    assert sum(row["potential"] for row in rows) == D("12000.00")
    for row in rows:
        assert rows_at(head, row["url"]) == row["leads"]
        assert rows_at(head, row["open_url"]) == row["open"]
        if by != "stage":
            assert rows_at(head, row["converted_url"]) == row["converted"]
    assert audience_totals(head, params, rows) == {"conversion": D("25.00")}


def test_the_page_of_the_audience_opens_and_says_only_what_is_seen(cast, found):
    address = reverse("reports:audience")
    text = unescape(signed_in(cast.manager).get(address).content.decode())
    assert "HoReCa" in text
    assert findall(r'href="(/clients/leads/\?[^"]+state=converted[^"]*)"', text)
    stranger = signed_in(cast.stranger).get(address, {"by": "segment"}).content.decode()
    assert "12" not in findall(r"<td[^>]*>(\d+)</td>", stranger)
    exported = signed_in(cast.department_head).get(address, {"export": "csv", "by": "stage"})
    assert exported.status_code == 200


def test_the_search_of_everything_finds_leads_for_those_who_see_them(cast):
    lead = leads.lead(cast.manager, name="ООО «Редкостный»", contact_name="Пётр Гусляров")
    for text in ("редкостн", "Гусляров", lead.inn):
        found = [one for group in search(cast.manager, text, limit=5) for one in group.items]
        assert [one.url for one in found] == [lead.get_absolute_url()], text
    for person in (cast.manager2, cast.stranger, cast.accountant, cast.marketer):
        assert search(person, "редкостн", limit=5) == []
