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
from tests.cast import assemble
from tests.factories import categories, contacts

LONG = "Длинное слово " + "ы" * 90
OPENED = sorted(name for name, (get, _post) in MATRIX.items() if "." in get)
# People meet these over another page: the answer is a form or a text in the dialog.
DIALOGS = {
    "claims:claim_escalate",
    "claims:client_escalate",
    "claims:contract_escalate",
    "claims:escalation_hand_higher",
    "claims:escalation_history",
    "claims:escalation_settle",
    "claims:measure_check",
    "claims:measure_create",
    "claims:measure_finish",
    "claims:measure_give_up",
    "claims:measure_history",
    "reports:plan_correct",
    "reports:plan_draw_up",
    "reports:plan_explain",
    "reports:plan_explanation_judge",
    "reports:plan_history",
    "reports:plan_part_return",
    "reports:plan_spread",
    "reports:plan_target",
    "assignments:act",
    "assignments:answer",
    "assignments:cancel",
    "assignments:create",
    "assignments:hand_on",
    "assignments:postpone",
    "assignments:return",
    "claims:answer",
    "claims:assign",
    "claims:compensate",
    "claims:decide",
    "claims:edit",
    "claims:examine",
    "claims:register",
    "claims:reopen",
    "claims:start",
    "claims:withdraw",
    "claims:return_accept",
    "claims:return_ask",
    "claims:return_bind",
    "claims:return_credit",
    "claims:return_reason",
    "claims:return_receive",
    "claims:key_rate_add",
    "claims:lawsuit_edit",
    "claims:lawsuit_move",
    "claims:lawsuit_prepare",
    "claims:lawsuit_recount",
    "claims:outgoing_accrual",
    "claims:outgoing_answer",
    "claims:outgoing_cancel",
    "claims:outgoing_close",
    "claims:outgoing_create",
    "claims:outgoing_recount",
    "claims:outgoing_request",
    "claims:outgoing_return",
    "claims:outgoing_satisfy",
    "claims:outgoing_send",
    "claims:outgoing_start",
    "clients:account_create",
    "clients:account_edit",
    "clients:archive",
    "clients:category_assign",
    "clients:contact_cancel",
    "clients:contact_edit",
    "clients:contact_plan",
    "clients:contact_reschedule",
    "clients:counterparty_create",
    "clients:counterparty_edit",
    "clients:letter_assign",
    "clients:letter_edit",
    "clients:letter_file",
    "clients:letter_no_reply",
    "clients:letter_register",
    "clients:letter_register_of",
    "clients:letter_replied",
    "clients:letter_reply",
    "clients:letter_write",
    "clients:need_create",
    "clients:need_edit",
    "clients:outlet_create",
    "clients:outlet_edit",
    "clients:person_consent",
    "clients:person_create",
    "clients:person_edit",
    "clients:plan_edit",
    "clients:plan_how",
    "clients:response_handle",
    "clients:scheme_start",
    "clients:scheme_stop",
    "clients:snooze",
    "clients:survey_pick",
    "clients:survey_start",
    "clients:word_create",
    "clients:word_edit",
    "deals:act_batch_start",
    "deals:act_make",
    "deals:act_preview",
    "deals:act_send",
    "deals:act_sign",
    "deals:act_link_revoke",
    "deals:act_link_send",
    "deals:contract_cancel",
    "deals:contract_start",
    "deals:contract_submit",
    "deals:delivery_confirm",
    "deals:delivery_propose",
    "deals:delivery_refuse",
    "deals:difference_add",
    "deals:difference_decide",
    "deals:difference_reassign",
    "deals:disagreement_add",
    "deals:disagreement_settle",
    "deals:document_add",
    "deals:document_edit",
    "deals:invoice_cancel",
    "deals:invoice_dispute",
    "deals:ladder_add",
    "deals:ladder_edit",
    "deals:limit_close",
    "deals:limit_request",
    "deals:obligation_add",
    "deals:obligation_drop",
    "deals:obligation_fulfil",
    "deals:order_cancel",
    "deals:order_deliver",
    "deals:order_prepay",
    "deals:order_release",
    "deals:own_account_create",
    "deals:own_account_edit",
    "deals:package_note",
    "deals:payment_ignore",
    "deals:payment_refund",
    "deals:payment_reverse",
    "deals:picking_deliver",
    "deals:picking_hand_over",
    "deals:power_add",
    "deals:power_revoke",
    "deals:price_list_create",
    "deals:price_list_edit",
    "deals:price_list_end",
    "deals:price_list_fill",
    "deals:price_notice_back",
    "deals:price_notice_mark",
    "deals:price_notices_mark",
    "deals:proposal_send",
    "deals:proposal_submit",
    "deals:reconciliation_ask",
    "deals:reconciliation_ask_start",
    "deals:reconciliation_cancel",
    "deals:reconciliation_move",
    "deals:schedule_add",
    "deals:scheme_end",
    "deals:scheme_submit",
    "deals:shipment_assign",
    "deals:shipment_post",
    "deals:shipment_reverse",
    "deals:stop_release",
    "deals:stop_set",
    "deals:template_add",
    "deals:terms_request",
    "deals:vat_add",
    "deals:vat_end",
    "files:detail",
    "files:put_aside",
    "files:replace",
    "library:capability_edit",
    "library:duty_link",
    "library:history",
    "library:purpose",
    "library:withdraw",
    "reports:check_call_off",
    "reports:check_complete",
    "reports:check_history",
    "reports:check_item_mark",
    "reports:check_plan",
    "reports:control_point_edit",
    "reports:definition_create",
    "reports:definition_edit",
    "reports:submission_history",
    "reports:submission_return",
    "reports:submission_submit",
    "meetings:add_point",
    "meetings:cancel",
    "meetings:point_decide",
    "meetings:point_minutes",
    "meetings:problems",
    "reports:how",
    "work:calendar_day",
    "work:setting_history",
}
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
    "clients:duplicates",
    "clients:files_tab",
    "clients:header",
    "clients:letter_docx",
    "clients:letter_pdf",
    "clients:letters_tab",
    "clients:needs_tab",
    "clients:options",
    "clients:people_tab",
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
    "deals:client_schemes",
    "deals:client_shipments",
    "deals:client_terms",
    "deals:contract_docx",
    "deals:contract_pdf",
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
    "reports:department_calendar",
    "reports:department_course",
    "reports:department_debts",
    "reports:department_kpi",
    "reports:department_money",
    "reports:client_plans",
    "reports:my_day_month",
    "reports:plan_file",
    "reports:receivables_trend",
    "shell:counters",
    "work:live",
    "work:setting_edit",
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
    ("sector_head", "page", "/my-day/?manager={manager}"),
    ("manager", "page", "/decisions/?tab=mine"),
    ("director", "page", "/decisions/?tab=decided"),
    ("manager", "page", "/clients/contacts/new/?client={client}"),
    ("manager", "dialog", "/clients/contacts/new/?client={client}"),
    ("manager", "page", "/clients/contacts/{planned}/"),
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
