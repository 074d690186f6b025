"""Proposals."""

from django.urls import URLPattern, path

from deals.views import proposal_moves, proposals

urlpatterns: list[URLPattern] = [
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
