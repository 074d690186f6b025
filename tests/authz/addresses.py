"""Every address of the product by its name, and the arguments that open a row of the world."""

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

FOREIGN = ("admin",)  # Django's own admin is tested by its login
# Pages of django-allauth: each person's own account, the same for every role.
OWN_ACCOUNT = ("account_", "mfa_", "usersessions_")
# What `pk` means, by the beginning of the name; the longest beginning wins.
PARTS = {
    "accounts:user_": "user",
    "accounts:unit_": "unit",
    "accounts:delegation_": "delegation",
    "approvals:": "approval",
    "assignments:": "work",
    "assignments:about": "client",
    "notices:": "notice",
    "imports:": "job",
    "files:": "file",
    "reports:budget_": "budget",
    "reports:budget_correct": "held_budget",
    "reports:client_expenses": "client",
    "reports:client_plans": "client",
    "reports:expense_": "expense",
    "reports:expense_annul": "paid_expense",
    "reports:expense_pay": "approved_expense",
    "reports:expense_resend": "returned_expense",
    "reports:expense_withdraw": "returned_expense",
    "reports:saving_": "saving",
    "reports:saving_confirm": "saving_done",
    "reports:saving_send_back": "saving_done",
    "reports:plan_": "plan",
    "reports:target_": "target",
    "reports:target_accept": "target_reported",
    "reports:target_drop": "target_draft",
    "reports:target_edit": "target_draft",
    "reports:target_return": "target_reported",
    "reports:target_set": "target_draft",
    "reports:plan_correct": "locked_plan",
    "reports:plan_explain": "locked_plan",
    "reports:plan_explanation_": "plan_explanation",
    "reports:plan_part_": "plan_part",
    "reports:plan_send": "returned_plan",
    "reports:plan_part_return": "filled_part",
    "library:": "policy_document",
    "library:acknowledge": "policy_version",
    "library:capability_edit": "capability",
    "library:discard": "policy_draft",
    "library:duty_link": "duty",
    "library:edit": "policy_draft",
    "library:publish": "policy_draft",
    "library:sheet": "policy_version",
    "library:version": "policy_version",
    "meetings:": "meeting",
    "reports:check_": "spot_check",
    "reports:check_call_off": "planned_check",
    "reports:check_item": "check_item",
    "reports:check_start": "planned_check",
    "reports:control_point_edit": "control_point",
    "reports:definition_": "report_definition",
    "reports:staff_": "user",
    "reports:staff_note_withdraw": "staff_note",
    "reports:submission_": "submission",
    "reports:submission_accept": "submitted",
    "reports:submission_return": "submitted",
    "reports:incentive_": "incentive_sheet",
    "reports:incentive_add": "incentive_draft",
    "reports:incentive_decide": "incentive_draft",
    "reports:incentive_recount": "incentive_draft",
    "reports:incentive_withdraw": "incentive_line",
    "reports:payroll_file": "payroll_transfer",
    "meetings:decision_": "decision",
    "meetings:participant_": "participant",
    "meetings:point_": "agenda_point",
    "originals:": "original",
    "files:panel": "client",
    "files:add": "client",
    "claims:": "claim",
    "claims:answer": "decided_claim",
    "claims:client_claims": "client",
    "claims:close": "decided_claim",
    "claims:compensate": "decided_claim",
    "claims:register": "client",
    "claims:reopen": "decided_claim",
    "claims:reply": "decided_claim",
    "claims:sale_claims": "sale",
    "claims:sale_lines": "client",
    "claims:client_outgoing": "client",
    "claims:key_rate_": "key_rate",
    "claims:lawsuit_": "lawsuit",
    "claims:lawsuit_prepare": "outgoing",
    "claims:outgoing_": "outgoing",
    "claims:outgoing_cancel": "outgoing_draft",
    "claims:outgoing_create": "client",
    "claims:outgoing_initiate": "outgoing_draft",
    "claims:outgoing_recount": "outgoing_draft",
    "claims:outgoing_request": "outgoing_draft",
    "claims:outgoing_return": "outgoing_handed",
    "claims:outgoing_send": "outgoing_handed",
    "claims:outgoing_withdraw": "outgoing_asked",
    "claims:package_": "lawsuit_package",
    "claims:package_make": "lawsuit",
    "clients:": "client",
    "clients:person_": "person",
    "clients:person_create": "client",
    "clients:destruction_": "destruction_act",
    "clients:destruction_propose": "person",
    "clients:subject_": "subject_request",
    "clients:subject_create": "person",
    "clients:need_": "need",
    "clients:need_create": "client",
    "clients:outlet_": "outlet",
    "clients:outlet_create": "client",
    "clients:counterparty_": "counterparty",
    "clients:counterparty_create": "client",
    "clients:account_": "account",
    "clients:account_create": "counterparty",
    "clients:transfer_": "transfer",
    "clients:seen_by": "user",
    "clients:contact_": "contact",
    "clients:contact_facts": "client",
    "clients:contact_plan": "client",
    "clients:contact_reschedule": "planned",
    "clients:contact_cancel": "planned",
    "clients:plan_edit": "line",
    "clients:scheme_": "scheme",
    "clients:scheme_start": "client",
    "clients:scheme_stop": "run",
    "clients:word_": "word",
    "claims:client_": "client",
    "claims:contract_": "contract",
    "claims:escalation_": "escalation",
    "claims:measure_": "measure",
    "claims:claim_returns": "claim_of_return",
    "claims:client_returns": "client",
    "claims:receiving_": "back",
    "claims:return_": "back",
    "claims:return_accept": "back_came",
    "claims:return_ask": "sold",
    "claims:return_bind": "back_taken",
    "claims:return_close": "back_credited",
    "claims:return_credit": "back_taken",
    "claims:return_reason": "back_of_books",
    "claims:return_start": "client",
    "claims:sale_returns": "sold",
    "clients:response_": "survey_answer",
    "clients:survey_": "survey",
    "clients:survey_edit": "survey_draft",
    "clients:survey_start": "survey_draft",
    "clients:campaign_": "campaign",
    "clients:campaign_edit": "campaign_draft",
    "clients:campaign_start": "campaign_draft",
    "clients:sheet_": "sheet",
    "clients:sheet_save": "sheet_open",
    "clients:sheet_submit": "sheet_open",
    "clients:sheets_tab": "client",
    "clients:letter_": "letter",
    "clients:letter_close": "replied_letter",
    "clients:letter_docx": "letter_draft",
    "clients:letter_edit": "letter_draft",
    "clients:letter_pdf": "letter_draft",
    "clients:letter_register_of": "client",
    "clients:letter_reopen": "closed_letter",
    "clients:letter_send": "letter_draft",
    "clients:letter_write": "client",
    "deals:abc_": "abc",
    "deals:act_batch": "batch",
    "deals:act_file": "made_act",
    "deals:act_make": "to_make",
    "deals:act_preview": "client",
    "deals:act_send": "made_act",
    "deals:act_sign": "sent_act",
    "deals:reconciliation_": "reconciliation",
    "deals:act_link_": "reconciled",
    "deals:act_link_revoke": "act_link",
    "deals:order_": "order",
    "deals:picking_": "picked",
    "deals:proposal_": "proposal",
    "deals:payment_": "payment",
    "deals:payer_": "payer",
    "deals:package_note": "sale",
    "deals:shipment_": "draft",
    "deals:shipment_assign": "unassigned",
    "deals:invoice_": "prepayment",
    "deals:price_list_": "price_list",
    "deals:price_list_drop": "price_line",
    "deals:price_notice_": "price_notice",
    "deals:pricing_policy_": "pricing_policy",
    "deals:producer_agreement_": "producer_agreement",
    "deals:product_": "product",
    "deals:client_": "client",
    "deals:credit": "client",
    "deals:contract_": "contract",
    "deals:contract_create": "client",
    "deals:disagreement_": "disagreement",
    "deals:disagreement_add": "contract",
    "deals:difference_": "difference",
    "deals:difference_add": "act",
    "deals:difference_compare": "act",
    "deals:difference_history": "act",
    "deals:difference_lines": "act",
    "deals:difference_list_of": "act",
    "deals:difference_panel": "disputed",
    "deals:difference_pdf": "act",
    "deals:difference_xlsx": "act",
    "deals:obligation_": "obligation",
    "deals:obligation_add": "contract",
    "deals:document_": "document",
    "deals:document_add": "client",
    "deals:delivery_": "delivery",
    "deals:delivery_client": "client",
    "deals:delivery_propose": "client",
    "deals:power_": "power",
    "deals:template_": "template",
    "deals:limit_request": "client",
    "deals:limit_withdraw": "client",
    "deals:limit_close": "limit",
    "deals:terms_": "terms_request",
    "deals:terms_request": "client",
    "deals:scheme_": "relationship",
    "deals:scheme_create": "client",
    "deals:scheme_end": "held_scheme",
    "deals:reconciliation_ask": "client",
    "deals:schedule_": "schedule",
    "deals:stop_": "stop",
    "deals:stop_set": "client",
    "deals:ladder_": "step",
    "deals:own_account_": "own_account",
    "deals:statement_": "statement",
    "deals:vat_": "rate",
    "deals:exchange_key_": "exchange_key",
}
OF_ROWS = ("pk", "owner_id")  # arguments that name a row
OTHERS = {
    "owner_kind": "client",
    "key": "contacts.norm.A",
    "kind": "category.change",
    "approvals:limit_edit kind": "discount",
    "approvals:limit_history kind": "discount",
    "approvals:limit_visas kind": "discount",
    "deals:terms_request kind": "discount",
    "imports:template kind": "contacts",
    "book": "results",
    "reports:report name": "abc",
    "code": "compliance",
    "reports:month_close month": "2026-10",
    "year": 2026,
    "month": 11,
    "day": 23,
    "claims:reply suffix": "docx",
    "claims:return_act suffix": "pdf",
    "claims:lawsuit_move state": "filed",
    "claims:outgoing_file suffix": "pdf",
    "deals:act_file suffix": "xlsx",
    "deals:delivery_confirm side": "client",
    "deals:package_note kind": "upd",
    "deals:package_note step": "made",
    "deals:price_notice_mark step": "sent",
    "deals:schedule_draw_up year": timezone.localdate().year,
    "deals:schedule_draw_up half": 2 if timezone.localdate().month > 6 else 1,
    "deals:price_notices_mark step": "sent",
    "uidb36": "1",
    "token": "forged",  # tests/deals/test_act_public.py asks by one that opens an act
}


def names():
    """Names of all addresses but those of one's own account, each once."""
    found = set(_walk(get_resolver()))
    return sorted(name for name in found if not name.startswith(OWN_ACCOUNT))


def _walk(resolver, space=""):
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            inner = ":".join(filter(None, (space, part.namespace)))
            if inner not in FOREIGN:
                yield from _walk(part, inner)
        elif isinstance(part, URLPattern):
            yield ":".join(filter(None, (space, part.name)))


def arguments_of(name):
    """Names of the arguments that the address takes."""
    space, _colon, last = name.rpartition(":")
    resolver = get_resolver()
    for step in filter(None, space.split(":")):
        resolver = resolver.namespace_dict[step][1]
    for _pattern in resolver.reverse_dict.getlist(last):
        return _pattern[0][0][1]
    return []


def names_a_row(name):
    """Whether the address is that of one row."""
    return bool({*OF_ROWS} & {*arguments_of(name)})


def address(name, world, *, foreign=False):
    """The address of the world's row, or of a row that does not exist."""
    values = {}
    for argument in arguments_of(name):
        if argument in OF_ROWS:
            values[argument] = 999_999_999 if foreign else getattr(world, part_of(name))
        else:
            values[argument] = OTHERS.get(f"{name} {argument}", OTHERS.get(argument))
    return reverse(name, kwargs=values)


def part_of(name):
    """Which row of the world `pk` means."""
    return PARTS[max((start for start in PARTS if name.startswith(start)), key=len)]
