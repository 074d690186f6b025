"""Contracts, their parts and templates, powers of attorney, papers of clients."""

from django.urls import URLPattern, path

from deals.views import contract_moves, contract_papers, contract_parts, contracts, dossier

urlpatterns: list[URLPattern] = [
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
