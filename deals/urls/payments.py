"""Payments, their allocation, statements, own accounts."""

from django.urls import URLPattern, path

from deals.views import own_accounts, payment_moves, payment_queue, payments, statements

urlpatterns: list[URLPattern] = [
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
