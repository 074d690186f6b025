"""Returns of goods: asked for, received, credited; the pages of the delivery show no sums."""

from django.urls import URLPattern, path

from claims.views import receiving, return_moves, return_parts, returns

urlpatterns: list[URLPattern] = [
    path("returns/", returns.return_list, name="return_list"),
    path("returns/receiving/", receiving.receiving_list, name="receiving_list"),
    path("returns/receiving/<int:pk>/", receiving.receiving_detail, name="receiving_detail"),
    path("returns/receiving/<int:pk>/came/", receiving.return_receive, name="return_receive"),
    path("returns/receiving/<int:pk>/accept/", receiving.return_accept, name="return_accept"),
    path("returns/of/<int:pk>/", returns.return_ask, name="return_ask"),
    path("returns/client/<int:pk>/", returns.return_start, name="return_start"),
    path("returns/<int:pk>/", returns.return_detail, name="return_detail"),
    path("returns/<int:pk>/withdraw/", return_moves.return_withdraw, name="return_withdraw"),
    path("returns/<int:pk>/credit/", return_moves.return_credit, name="return_credit"),
    path("returns/<int:pk>/bind/", return_moves.return_bind, name="return_bind"),
    path("returns/<int:pk>/close/", return_moves.return_close, name="return_close"),
    path("returns/<int:pk>/reason/", return_moves.return_reason, name="return_reason"),
    path("returns/<int:pk>/history/", returns.return_history, name="return_history"),
    path("returns/<int:pk>/act.<slug:suffix>", return_parts.return_act, name="return_act"),
    path("returns/sale/<int:pk>/", return_parts.sale_returns, name="sale_returns"),
    path("returns/card/<int:pk>/", return_parts.client_returns, name="client_returns"),
    path("returns/claim/<int:pk>/", return_parts.claim_returns, name="claim_returns"),
]
