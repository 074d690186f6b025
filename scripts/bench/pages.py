"""The addresses that are measured, each as the person whose page it is."""

from __future__ import annotations

import uuid

import httpx
from django.urls import reverse
from django.utils import timezone

from scripts.bench.claims import claim_pages
from scripts.bench.growth import growth_pages
from scripts.bench.later import later_pages
from scripts.bench.requests import HTMX, Page, Request, get


def pages() -> list[Page]:
    """All pages of the issue's table."""
    from clients.models import Client
    from crm.accounts.models import User

    manager = User.objects.get(username="manager")
    client = Client.objects.filter(manager=manager, category="A", status="client").first()
    assert client is not None
    return [
        *_lists(client.phone),
        *_card(client.pk),
        *_money(),
        *_contracts(),
        *_orders(),
        *claim_pages(),
        *growth_pages(),
        *later_pages(),
        *_homes(),
    ]


def _lists(phone: str) -> list[Page]:
    clients = reverse("clients:list")
    return [
        Page("client list, page 1", "director", get(clients)),
        Page("client list, page 4,000", "director", get(deep_page(clients))),
        Page(
            "client list, filtered and sorted",
            "director",
            get(f"{clients}?category=A&sort=-potential_monthly"),
        ),
        Page("client list of a department", "head", get(clients)),
        Page("search: part of a name", "director", get(search("причал"), htmx=True), 60),
        Page("search: phone", "director", get(search(phone[2:]), htmx=True), 60),
        Page("client list: search by name", "director", get(f"{clients}?q=причал"), 60),
    ]


def _card(pk: int) -> list[Page]:
    def part(name: str) -> Request:
        return get(reverse(name, args=[pk]), htmx=True)

    return [
        Page("client card", "manager", get(reverse("clients:detail", args=[pk]))),
        Page("timeline of the card", "manager", part("clients:timeline")),
        Page("composer: save a contact", "manager", save_contact(pk), 60),
        Page("client card: money in the header", "manager", part("deals:client_facts")),
        Page("client card: shipments", "manager", part("deals:client_shipments")),
        Page(
            "client card: invoices, payments",
            "manager",
            part("deals:client_invoices"),
        ),
    ]


def _money() -> list[Page]:
    return [
        Page("invoice list", "director", get(reverse("deals:invoice_list"))),
        Page("invoice list: overdue", "head", get(f"{reverse('deals:invoice_list')}?overdue=1")),
        Page("shipment list", "director", get(reverse("deals:shipment_list"))),
        Page("payment list", "accountant", get(reverse("deals:payment_list"))),
        Page("receivables: department", "head", get(reverse("reports:receivables"))),
        Page("receivables: manager", "manager", get(reverse("reports:receivables"))),
        Page("accounting", "accountant", get(reverse("reports:accounting"))),
    ]


def _contracts() -> list[Page]:
    from deals.models import Contract

    register = reverse("deals:contract_list")
    contract = Contract.objects.in_force().filter(client__manager__username="manager").first()
    assert contract is not None
    return [
        Page("contract list", "director", get(register)),
        Page(
            "contract list: ending soon, a department",
            "head",
            get(f"{register}?state=active&ends_within=60"),
        ),
        Page(
            "contract list: search by number",
            "director",
            get(f"{register}?q={contract.number}"),
            60,
        ),
        Page("contract card", "manager", get(contract.get_absolute_url())),
        Page("legal", "lawyer", get(reverse("reports:legal"))),
    ]


def _orders() -> list[Page]:
    from deals.models import Order

    register = reverse("deals:order_list")
    order = Order.objects.filter(client__manager__username="manager").first()
    assert order is not None
    return [
        Page("order list", "director", get(register)),
        Page("order list: confirmed, a department", "head", get(f"{register}?state=confirmed")),
        Page("order card", "manager", get(order.get_absolute_url())),
    ]


def _homes() -> list[Page]:
    return [
        Page("My day: the month", "manager", get(reverse("reports:my_day_month"), htmx=True)),
        Page("My day", "manager", get(reverse("reports:my_day"))),
        Page("department dashboard", "head", get(reverse("reports:department"))),
        Page("company dashboard", "director", get(reverse("reports:department"))),
        Page("plan and fact of the company", "director", get(reverse("reports:plan_fact"))),
        Page("plan and fact of a department", "head", get(reverse("reports:plan_fact"))),
        Page("decisions: 5,000 waiting", "director", get(reverse("approvals:inbox"))),
        Page("decisions: evidence", "director", get(first_request(), htmx=True)),
    ]


def first_request() -> str:
    """The address of the evidence that the director sees first."""
    from crm.accounts.models import User
    from crm.approvals import inbox

    director = User.objects.get(username="director")
    rows = inbox.page(director, inbox.State(), today=timezone.localdate()).rows
    return rows[0].detail_url


def search(text: str) -> str:
    """The palette's address for a text."""
    return f"{reverse('reports:search')}?q={text}"


def deep_page(url: str) -> str:
    """The address of page 4,000 at 25 rows a page."""
    from clients.lists.clients import CLIENTS
    from clients.models import Client
    from crm.accounts.models import User
    from crm.lists import cursor_at

    director = User.objects.get(username="director")
    rows = Client.objects.visible_to(director).for_list()
    position = min(4_000 * 25, Client.objects.count() - 24) - 24
    return f"{url}?size=25&after={cursor_at(CLIENTS, rows, position)}"


def save_contact(client_id: int) -> Request:
    """A contact from the composer with a key of its own each time."""
    from clients.models import ContactResult

    result = ContactResult.objects.get(code="agreement").pk

    def request(client: httpx.Client) -> httpx.Response:
        facts = {
            "kind": "call_out",
            "result": result,
            "note": "Договорились о встрече.",
            "minutes": 5,
            "next": "none",
            "client_id": client_id,
            "key": str(uuid.uuid4()),
        }
        return client.post(reverse("clients:contact_log"), data=facts, headers=HTMX)

    return request
