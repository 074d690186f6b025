"""Addresses of documents and money; each noun has its section."""

from django.urls import URLPattern, path

from deals.views import (
    abc,
    contract_moves,
    contract_papers,
    contract_parts,
    contracts,
    credit,
    deliveries,
    dossier,
    exceptions,
    exchange,
    exchange_keys,
    invoices,
    ladder,
    limit_requests,
    order_moves,
    orders,
    own_accounts,
    packages,
    panels,
    payment_moves,
    payment_queue,
    payments,
    picking,
    price_changes,
    price_notices,
    prices,
    pricing_policy,
    producers,
    products,
    proposal_moves,
    proposals,
    scheme_moves,
    schemes,
    shipments,
    statements,
    stops,
    terms,
    unassigned,
    vat,
)

app_name = "deals"

# Shipments, returns, invoices, products.
document_urls: list[URLPattern] = [
    path("shipments/", shipments.shipment_list, name="shipment_list"),
    path("shipments/new/", shipments.shipment_create, name="shipment_create"),
    path("shipments/<int:pk>/", shipments.shipment_detail, name="shipment_detail"),
    path("shipments/<int:pk>/edit/", shipments.shipment_edit, name="shipment_edit"),
    path("shipments/<int:pk>/post/", shipments.shipment_post, name="shipment_post"),
    path("shipments/<int:pk>/cancel/", shipments.shipment_cancel, name="shipment_cancel"),
    path("shipments/<int:pk>/reverse/", shipments.shipment_reverse, name="shipment_reverse"),
    path("shipments/<int:pk>/history/", shipments.shipment_history, name="shipment_history"),
    path(
        "shipments/<int:pk>/package/<slug:kind>/<slug:step>/",
        packages.package_note,
        name="package_note",
    ),
    path("invoices/", invoices.invoice_list, name="invoice_list"),
    path("invoices/new/", invoices.invoice_create, name="invoice_create"),
    path("invoices/<int:pk>/", invoices.invoice_detail, name="invoice_detail"),
    path("invoices/<int:pk>/cancel/", invoices.invoice_cancel, name="invoice_cancel"),
    path("invoices/<int:pk>/dispute/", invoices.invoice_dispute, name="invoice_dispute"),
    path("invoices/<int:pk>/history/", invoices.invoice_history, name="invoice_history"),
    path("products/", products.product_list, name="product_list"),
    path("products/new/", products.product_create, name="product_create"),
    path("products/options/", shipments.product_options, name="product_options"),
    path("products/<int:pk>/", products.product_edit, name="product_edit"),
    path("products/<int:pk>/archive/", products.product_archive, name="product_archive"),
    path("prices/", prices.price_list_list, name="price_list_list"),
    path("prices/new/", prices.price_list_create, name="price_list_create"),
    path("prices/<int:pk>/", prices.price_list_detail, name="price_list_detail"),
    path("prices/<int:pk>/edit/", prices.price_list_edit, name="price_list_edit"),
    path("prices/<int:pk>/fill/", prices.price_list_fill, name="price_list_fill"),
    path("prices/<int:pk>/approve/", prices.price_list_approve, name="price_list_approve"),
    path("prices/<int:pk>/discard/", prices.price_list_discard, name="price_list_discard"),
    path("prices/<int:pk>/end/", prices.price_list_end, name="price_list_end"),
    path("prices/<int:pk>/history/", prices.price_list_history, name="price_list_history"),
    path("prices/<int:pk>/changes/", price_changes.price_list_changes, name="price_list_changes"),
    path("prices/<int:pk>/clients/", price_changes.price_list_clients, name="price_list_clients"),
    path("price-notices/", price_notices.price_notice_list, name="price_notice_list"),
    path(
        "price-notices/mark/<slug:step>/",
        price_notices.price_notices_mark,
        name="price_notices_mark",
    ),
    path("price-notices/<int:pk>/", price_notices.price_notice_detail, name="price_notice_detail"),
    path("price-notices/<int:pk>/pdf/", price_notices.price_notice_pdf, name="price_notice_pdf"),
    path(
        "price-notices/<int:pk>/history/",
        price_notices.price_notice_history,
        name="price_notice_history",
    ),
    path(
        "price-notices/<int:pk>/back/",
        price_notices.price_notice_back,
        name="price_notice_back",
    ),
    path(
        "price-notices/<int:pk>/mark/<slug:step>/",
        price_notices.price_notice_mark,
        name="price_notice_mark",
    ),
    path("vat/", vat.vat_rates, name="vat_rates"),
    path("vat/add/", vat.vat_add, name="vat_add"),
    path("vat/<int:pk>/end/", vat.vat_end, name="vat_end"),
    path("vat/<int:pk>/remove/", vat.vat_remove, name="vat_remove"),
    path("vat/<int:pk>/history/", vat.vat_history, name="vat_history"),
    path("clients/<int:pk>/facts/", panels.client_facts, name="client_facts"),
    path("clients/<int:pk>/shipments/", panels.client_shipments, name="client_shipments"),
    path("clients/<int:pk>/invoices/", panels.client_invoices, name="client_invoices"),
    path("unassigned/", unassigned.unassigned_list, name="unassigned_list"),
    path("unassigned/<int:pk>/", unassigned.shipment_assign, name="shipment_assign"),
]

# Orders.
order_urls: list[URLPattern] = [
    path("orders/", orders.order_list, name="order_list"),
    path("orders/new/", orders.order_create, name="order_create"),
    path("orders/goods/", orders.order_goods, name="order_goods"),
    path("orders/<int:pk>/", orders.order_detail, name="order_detail"),
    path("orders/<int:pk>/edit/", orders.order_edit, name="order_edit"),
    path("orders/<int:pk>/history/", orders.order_history, name="order_history"),
    path("orders/<int:pk>/submit/", order_moves.order_submit, name="order_submit"),
    path("orders/<int:pk>/recheck/", order_moves.order_recheck, name="order_recheck"),
    path("orders/<int:pk>/release/", order_moves.order_release, name="order_release"),
    path("orders/<int:pk>/cancel/", order_moves.order_cancel, name="order_cancel"),
    path("orders/<int:pk>/reopen/", order_moves.order_reopen, name="order_reopen"),
    path("orders/<int:pk>/pick/", order_moves.order_pick, name="order_pick"),
    path("orders/<int:pk>/ship/", order_moves.order_ship, name="order_ship"),
    path("orders/<int:pk>/finish/", order_moves.order_finish, name="order_finish"),
    path("orders/<int:pk>/deliver/", order_moves.order_deliver, name="order_deliver"),
    path("orders/<int:pk>/close/", order_moves.order_close, name="order_close"),
    path("orders/<int:pk>/prepayment/", order_moves.order_prepay, name="order_prepay"),
    path("clients/<int:pk>/orders/", orders.client_orders, name="client_orders"),
    path("picking/", picking.picking_list, name="picking_list"),
    path("picking/<int:pk>/", picking.picking_detail, name="picking_detail"),
    path("picking/<int:pk>/begin/", picking.picking_begin, name="picking_begin"),
    path("picking/<int:pk>/hand-over/", picking.picking_hand_over, name="picking_hand_over"),
    path("picking/<int:pk>/deliver/", picking.picking_deliver, name="picking_deliver"),
]

# Proposals.
producer_urls: list[URLPattern] = [
    path("producers/", producers.producer_agreement_list, name="producer_agreement_list"),
    path("producers/new/", producers.producer_agreement_create, name="producer_agreement_create"),
    path(
        "producers/<int:pk>/",
        producers.producer_agreement_detail,
        name="producer_agreement_detail",
    ),
    path(
        "producers/<int:pk>/edit/",
        producers.producer_agreement_edit,
        name="producer_agreement_edit",
    ),
    path(
        "producers/<int:pk>/archive/",
        producers.producer_agreement_archive,
        name="producer_agreement_archive",
    ),
    path(
        "producers/<int:pk>/restore/",
        producers.producer_agreement_restore,
        name="producer_agreement_restore",
    ),
    path(
        "producers/<int:pk>/history/",
        producers.producer_agreement_history,
        name="producer_agreement_history",
    ),
]
policy_urls: list[URLPattern] = [
    path("pricing-policy/", pricing_policy.policy, name="pricing_policy"),
    path("pricing-policy/write/", pricing_policy.policy_write, name="pricing_policy_write"),
    path("pricing-policy/<int:pk>/", pricing_policy.policy_version, name="pricing_policy_version"),
    path(
        "pricing-policy/<int:pk>/publish/",
        pricing_policy.policy_publish,
        name="pricing_policy_publish",
    ),
    path(
        "pricing-policy/<int:pk>/discard/",
        pricing_policy.policy_discard,
        name="pricing_policy_discard",
    ),
    path(
        "pricing-policy/<int:pk>/history/",
        pricing_policy.policy_history,
        name="pricing_policy_history",
    ),
]
proposal_urls: list[URLPattern] = [
    path("proposals/", proposals.proposal_list, name="proposal_list"),
    path("proposals/new/", proposals.proposal_create, name="proposal_create"),
    path("proposals/<int:pk>/", proposals.proposal_detail, name="proposal_detail"),
    path("proposals/<int:pk>/edit/", proposals.proposal_edit, name="proposal_edit"),
    path("proposals/<int:pk>/pdf/", proposals.proposal_pdf, name="proposal_pdf"),
    path("proposals/<int:pk>/history/", proposals.proposal_history, name="proposal_history"),
    path("proposals/<int:pk>/submit/", proposal_moves.proposal_submit, name="proposal_submit"),
    path(
        "proposals/<int:pk>/withdraw/", proposal_moves.proposal_withdraw, name="proposal_withdraw"
    ),
    path("proposals/<int:pk>/reopen/", proposal_moves.proposal_reopen, name="proposal_reopen"),
    path("proposals/<int:pk>/discard/", proposal_moves.proposal_discard, name="proposal_discard"),
    path("proposals/<int:pk>/send/", proposal_moves.proposal_send, name="proposal_send"),
    path("proposals/<int:pk>/accept/", proposal_moves.proposal_accept, name="proposal_accept"),
    path("proposals/<int:pk>/decline/", proposal_moves.proposal_decline, name="proposal_decline"),
    path("proposals/<int:pk>/renew/", proposal_moves.proposal_renew, name="proposal_renew"),
    path("proposals/<int:pk>/order/", proposal_moves.proposal_order, name="proposal_order"),
]

# Payments, their allocation, statements, own accounts.
payment_urls: list[URLPattern] = [
    path("payments/", payments.payment_list, name="payment_list"),
    path("payments/new/", payments.payment_create, name="payment_create"),
    path("payments/unmatched/", payment_queue.payment_queue, name="payment_queue"),
    path("payments/<int:pk>/", payments.payment_detail, name="payment_detail"),
    path("payments/<int:pk>/history/", payments.payment_history, name="payment_history"),
    path("payments/<int:pk>/payer/", payment_queue.payment_panel, name="payment_panel"),
    path("payments/<int:pk>/match/", payment_queue.payment_match, name="payment_match"),
    path("payments/<int:pk>/unmatch/", payment_moves.payment_unmatch, name="payment_unmatch"),
    path("payments/<int:pk>/ignore/", payment_moves.payment_ignore, name="payment_ignore"),
    path("payments/<int:pk>/restore/", payment_moves.payment_restore, name="payment_restore"),
    path("payments/<int:pk>/reverse/", payment_moves.payment_reverse, name="payment_reverse"),
    path("payments/<int:pk>/refund/", payment_moves.payment_refund, name="payment_refund"),
    path(
        "payments/<int:pk>/own-transfer/",
        payment_moves.payment_own_transfer,
        name="payment_own_transfer",
    ),
    path("payments/<int:pk>/spread/", payment_moves.payment_spread, name="payment_spread"),
    path("payments/<int:pk>/free/", payment_moves.payment_free, name="payment_free"),
    path("payments/<int:pk>/allocate/", payment_moves.payment_allocate, name="payment_allocate"),
    path("payers/<int:pk>/forget/", payment_moves.payer_forget, name="payer_forget"),
    path("accounts/", own_accounts.own_account_list, name="own_account_list"),
    path("accounts/new/", own_accounts.own_account_create, name="own_account_create"),
    path("accounts/<int:pk>/edit/", own_accounts.own_account_edit, name="own_account_edit"),
    path("accounts/<int:pk>/close/", own_accounts.own_account_close, name="own_account_close"),
    path("statements/", statements.statement_list, name="statement_list"),
    path("statements/<int:pk>/", statements.statement_detail, name="statement_detail"),
]

# Receivables, credit limits, stops of shipping, promises, follow-up.
receivable_urls: list[URLPattern] = [
    path("credit/<int:pk>/", credit.credit, name="credit"),
    path("credit/<int:pk>/limit/", limit_requests.limit_request, name="limit_request"),
    path("credit/<int:pk>/limit/withdraw/", limit_requests.limit_withdraw, name="limit_withdraw"),
    path("limits/<int:pk>/close/", credit.limit_close, name="limit_close"),
    path("stops/", stops.stop_list, name="stop_list"),
    path("credit/<int:pk>/stop/", stops.stop_set, name="stop_set"),
    path("stops/<int:pk>/release/", stops.stop_release, name="stop_release"),
    path("stops/<int:pk>/lift/", stops.stop_lift, name="stop_lift"),
    path("ladder/", ladder.ladder, name="ladder"),
    path("ladder/add/", ladder.ladder_add, name="ladder_add"),
    path("ladder/<int:pk>/", ladder.ladder_edit, name="ladder_edit"),
    path("ladder/<int:pk>/archive/", ladder.ladder_archive, name="ladder_archive"),
]

# Contracts, their parts, powers of attorney.
contract_urls: list[URLPattern] = [
    path("contracts/", contracts.contract_list, name="contract_list"),
    path("contracts/new/", contracts.contract_start, name="contract_start"),
    path("contracts/<int:pk>/", contracts.contract_detail, name="contract_detail"),
    path("contracts/<int:pk>/edit/", contracts.contract_edit, name="contract_edit"),
    path("contracts/<int:pk>/history/", contracts.contract_history, name="contract_history"),
    path("contracts/<int:pk>/submit/", contract_moves.contract_submit, name="contract_submit"),
    path(
        "contracts/<int:pk>/withdraw/", contract_moves.contract_withdraw, name="contract_withdraw"
    ),
    path("contracts/<int:pk>/reopen/", contract_moves.contract_reopen, name="contract_reopen"),
    path("contracts/<int:pk>/cancel/", contract_moves.contract_cancel, name="contract_cancel"),
    path("contracts/<int:pk>/sign/", contract_moves.contract_sign, name="contract_sign"),
    path(
        "contracts/<int:pk>/client-sign/",
        contract_moves.contract_client_sign,
        name="contract_client_sign",
    ),
    path("contracts/<int:pk>/end/", contract_moves.contract_end, name="contract_end"),
    path("contracts/<int:pk>/hand-up/", contract_moves.contract_hand_up, name="contract_hand_up"),
    path("contracts/<int:pk>/disagree/", contract_parts.disagreement_add, name="disagreement_add"),
    path(
        "disagreements/<int:pk>/",
        contract_parts.disagreement_settle,
        name="disagreement_settle",
    ),
    path("contracts/<int:pk>/oblige/", contract_parts.obligation_add, name="obligation_add"),
    path("contracts/<int:pk>/pdf/", contract_papers.contract_pdf, name="contract_pdf"),
    path("contracts/<int:pk>/docx/", contract_papers.contract_docx, name="contract_docx"),
    path("contracts/<int:pk>/keep/", contract_papers.contract_keep, name="contract_keep"),
    path("templates/", contract_papers.template_list, name="template_list"),
    path("templates/new/", contract_papers.template_add, name="template_add"),
    path("templates/<int:pk>/", contract_papers.template_detail, name="template_detail"),
    path("templates/<int:pk>/archive/", contract_papers.template_archive, name="template_archive"),
    path("clients/<int:pk>/dossier/", dossier.client_dossier, name="client_dossier"),
    path("clients/<int:pk>/dossier/add/", dossier.document_add, name="document_add"),
    path("documents/<int:pk>/", dossier.document_detail, name="document_detail"),
    path("documents/<int:pk>/edit/", dossier.document_edit, name="document_edit"),
    path("documents/<int:pk>/check/", dossier.document_check, name="document_check"),
    path("documents/<int:pk>/withdraw/", dossier.document_withdraw, name="document_withdraw"),
    path("documents/<int:pk>/history/", dossier.document_history, name="document_history"),
    path("obligations/", contract_parts.obligation_list, name="obligation_list"),
    path("obligations/<int:pk>/done/", contract_parts.obligation_fulfil, name="obligation_fulfil"),
    path("obligations/<int:pk>/drop/", contract_parts.obligation_drop, name="obligation_drop"),
    path("powers/", contract_parts.power_list, name="power_list"),
    path("powers/new/", contract_parts.power_add, name="power_add"),
    path("powers/<int:pk>/revoke/", contract_parts.power_revoke, name="power_revoke"),
    path("clients/<int:pk>/contracts/", contracts.client_contracts, name="client_contracts"),
    path("clients/<int:pk>/contracts/new/", contracts.contract_create, name="contract_create"),
]

# Delivery schedules.
delivery_urls: list[URLPattern] = [
    path("deliveries/", deliveries.delivery_list, name="delivery_list"),
    path("clients/<int:pk>/deliveries/", deliveries.delivery_client, name="delivery_client"),
    path(
        "clients/<int:pk>/deliveries/propose/",
        deliveries.delivery_propose,
        name="delivery_propose",
    ),
    path(
        "deliveries/<int:pk>/confirm/<slug:side>/",
        deliveries.delivery_confirm,
        name="delivery_confirm",
    ),
    path("deliveries/<int:pk>/refuse/", deliveries.delivery_refuse, name="delivery_refuse"),
]

# Discounts and deferrals beyond the policy.
terms_urls: list[URLPattern] = [
    path("exceptions/", exceptions.exception_list, name="exception_list"),
    path("terms/", terms.terms_list, name="terms_list"),
    path("terms/<int:pk>/withdraw/", terms.terms_withdraw, name="terms_withdraw"),
    path("clients/<int:pk>/terms/", terms.client_terms, name="client_terms"),
    path("clients/<int:pk>/terms/<str:kind>/", terms.terms_request, name="terms_request"),
]

# Relationship schemes.
scheme_urls: list[URLPattern] = [
    path("schemes/", schemes.scheme_list, name="scheme_list"),
    path("schemes/<int:pk>/", schemes.scheme_detail, name="scheme_detail"),
    path("schemes/<int:pk>/edit/", schemes.scheme_edit, name="scheme_edit"),
    path("schemes/<int:pk>/history/", schemes.scheme_history, name="scheme_history"),
    path("schemes/<int:pk>/submit/", scheme_moves.scheme_submit, name="scheme_submit"),
    path("schemes/<int:pk>/withdraw/", scheme_moves.scheme_withdraw, name="scheme_withdraw"),
    path("schemes/<int:pk>/discard/", scheme_moves.scheme_discard, name="scheme_discard"),
    path("schemes/<int:pk>/end/", scheme_moves.scheme_end, name="scheme_end"),
    path("schemes/<int:pk>/renew/", scheme_moves.scheme_renew, name="scheme_renew"),
    path("clients/<int:pk>/schemes/", schemes.client_schemes, name="client_schemes"),
    path("clients/<int:pk>/schemes/new/", schemes.scheme_create, name="scheme_create"),
]

# ABC analysis.
abc_urls: list[URLPattern] = [
    path("abc/", abc.abc, name="abc"),
    path("abc/run/", abc.abc_run, name="abc_run"),
    path("abc/<int:pk>/propose/", abc.abc_propose, name="abc_propose"),
]

# Exchange with 1C.
exchange_urls: list[URLPattern] = [
    path("exchange/1c/", exchange.exchange_1c, name="exchange_1c"),
    path("exchange/keys/", exchange_keys.key_list, name="exchange_key_list"),
    path("exchange/keys/new/", exchange_keys.key_create, name="exchange_key_create"),
    path("exchange/keys/<int:pk>/revoke/", exchange_keys.key_revoke, name="exchange_key_revoke"),
]

urlpatterns = [
    *document_urls,
    *payment_urls,
    *receivable_urls,
    *contract_urls,
    *delivery_urls,
    *order_urls,
    *policy_urls,
    *producer_urls,
    *proposal_urls,
    *terms_urls,
    *scheme_urls,
    *abc_urls,
    *exchange_urls,
]
