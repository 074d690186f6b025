"""Which addresses the walk opens, by whom, and whether as a page, a dialog or not at all.

An address that is named nowhere here is a page: a new one is walked by itself.
"""

from typing import NamedTuple

from django.utils import timezone

from crm.accounts.models import User
from tests.authz import addresses
from tests.authz.asking import ORDER
from tests.authz.matrix import MATRIX
from tests.authz.planting import MARKUP, plant
from tests.authz.world import build
from tests.browser.dialog_places import DIALOGS
from tests.cast import assemble
from tests.factories import categories, contacts

LONG = "Длинное слово " + "ы" * 90
OPENED = sorted(name for name, (get, _post) in MATRIX.items() if "." in get)
# The frame around them is the same for all when such a link is opened in a new tab.
PAGES_TOO = {
    "claims:register",
    "clients:contact_edit",
    "clients:person_create",
    "deals:payment_reverse",
    "reports:how",
}
# Parts of a page that is walked, files, and answers of a word: never a page.
PARTS = {
    "accounts:user_delegations",
    "accounts:user_scope",
    "assignments:about",
    "assignments:mine",
    "library:mine",
    "claims:client_claims",
    "claims:reply",
    "claims:sale_claims",
    "claims:sale_lines",
    "claims:claim_returns",
    "claims:client_returns",
    "claims:return_act",
    "claims:sale_returns",
    "claims:client_outgoing",
    "claims:client_outgoing_line",
    "claims:outgoing_file",
    "claims:outgoing_sheet",
    "claims:package_panel",
    "claims:package_zip",
    "clients:bank",
    "clients:composer_clients",
    "clients:contact_facts",
    "clients:destruction_paper",
    "clients:duplicates",
    "clients:files_tab",
    "clients:header",
    "clients:letter_docx",
    "clients:letter_pdf",
    "clients:letters_tab",
    "clients:sheets_tab",
    "clients:subject_paper",
    "clients:needs_tab",
    "clients:options",
    "clients:people_tab",
    "clients:recommendation_tab",
    "clients:requisites_tab",
    "clients:seen_by",
    "clients:timeline",
    "clients:views",
    "clients:work_tab",
    "deals:act_link_panel",
    "deals:act_batch_zip",
    "deals:act_file",
    "deals:client_contracts",
    "deals:client_dossier",
    "deals:client_facts",
    "deals:client_invoices",
    "deals:client_orders",
    "claims:claim_escalations",
    "claims:client_escalations",
    "claims:contract_escalations",
    "deals:client_reconciliations",
    "deals:client_retro",
    "deals:client_schemes",
    "deals:client_shipments",
    "deals:client_terms",
    "deals:contract_docx",
    "deals:contract_pdf",
    "deals:contract_retro",
    "deals:difference_panel",
    "deals:difference_pdf",
    "deals:difference_xlsx",
    "deals:order_goods",
    "deals:price_notice_pdf",
    "deals:product_options",
    "deals:proposal_pdf",
    "files:download",
    "files:panel",
    "imports:remarks",
    "imports:template",
    "library:sheet_pdf",
    "library:sheet_xlsx",
    "meetings:docx",
    "meetings:pdf",
    "reports:check_frame",
    "reports:payroll_file",
    "reports:department_calendar",
    "reports:department_course",
    "reports:department_debts",
    "reports:department_kpi",
    "reports:department_terms",
    "reports:department_leaders",
    "reports:department_money",
    "reports:client_expenses",
    "reports:client_plans",
    "reports:my_day_duties",
    "reports:my_day_month",
    "reports:plan_file",
    "reports:receivables_trend",
    "shell:counters",
    "work:live",
}
# Where people spend their day: seen in both looks.
HOMES = (
    ("manager", "page", "/my-day/"),
    ("sector_head", "page", "/my-day/"),
    ("department_head", "page", "/decisions/"),
    ("director", "page", "/"),
    ("marketer", "page", "/clients/{client}/"),
)
# States that the matrix does not ask for.
MORE = (
    ("manager", "page", "/clients/sheets/{sheet_open}/"),
    ("sector_head", "page", "/my-day/?manager={manager}"),
    ("manager", "page", "/decisions/?tab=mine"),
    ("director", "page", "/decisions/?tab=decided"),
    ("manager", "page", "/clients/contacts/new/?client={client}"),
    ("manager", "dialog", "/clients/contacts/new/?client={client}"),
    ("manager", "page", "/clients/contacts/{planned}/"),
    ("manager", "page", "/clients/{client}/?tab=advice"),
    ("manager", "dialog", "/clients/events/{event}/invite/"),
    ("manager", "dialog", "/clients/{new}/category/propose/"),
    ("sector_head", "page", "/clients/plan/?manager={manager}"),
    ("department_head", "page", "/clients/contacts/?tab=unassigned"),
    ("admin", "page", "/people/new/"),
    ("admin", "page", "/people/{manager}/"),
    ("admin", "page", "/people/{manager}/edit/"),
    ("admin", "page", "/people/{manager}/deactivate/"),
)


class Place(NamedTuple):
    """An address, who opens it, and as what."""

    person: User
    kind: str
    path: str


def kinds(name: str) -> list[str]:
    """As what an address of the matrix is opened."""
    if name in PARTS:
        return ["part"]
    if name in DIALOGS:
        return ["page", "dialog"] if name in PAGES_TOO else ["dialog"]
    return ["page"]


def furnish() -> tuple[list[Place], list[Place]]:
    """Write the rows, which have something to say; returns the places of each look."""
    cast = assemble()
    world = build(cast)
    client = categories.Client.objects.get(pk=world.client)
    contacts.done(client, cast.manager, timezone.now(), summary=LONG)
    contacts.planned(client, cast.manager, "2026-10-12", state="missed")
    assert len(plant(MARKUP)) > 25
    rows = {
        **vars(world),
        "manager": cast.manager.pk,
        "new": categories.client(cast.manager, category=None, code="NEW").pk,
    }
    homes, more = (
        [Place(getattr(cast, who), kind, path.format(**rows)) for who, kind, path in these]
        for these in (HOMES, MORE)
    )
    for name in OPENED:
        who = getattr(cast, ORDER[MATRIX[name][0].index(".")])
        more += [Place(who, kind, addresses.address(name, world)) for kind in kinds(name)]
    more.sort(key=lambda place: (place.kind, place.person.pk))
    return homes + more[::2], homes + more[1::2]
