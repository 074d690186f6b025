"""Claims of clients: the register, the board, one claim and what is done with it."""

from django.urls import URLPattern, path

from claims.views import claim_moves, claims, registering

urlpatterns: list[URLPattern] = [
    path("", claims.claim_list, name="list"),
    path("board/", claims.claim_board, name="board"),
    path("new/", registering.claim_start, name="start"),
    path("clients/<int:pk>/", claims.client_claims, name="client_claims"),
    path("clients/<int:pk>/register/", registering.claim_register, name="register"),
    path("clients/<int:pk>/lines/", registering.sale_lines, name="sale_lines"),
    path("shipments/<int:pk>/", claims.sale_claims, name="sale_claims"),
    path("<int:pk>/", claims.claim_detail, name="detail"),
    path("<int:pk>/edit/", registering.claim_edit, name="edit"),
    path("<int:pk>/history/", claims.claim_history, name="history"),
    path("<int:pk>/assign/", claim_moves.claim_assign, name="assign"),
    path("<int:pk>/examine/", claim_moves.claim_examine, name="examine"),
    path("<int:pk>/decide/", claim_moves.claim_decide, name="decide"),
    path("<int:pk>/compensate/", claim_moves.claim_compensate, name="compensate"),
    path("<int:pk>/answer/", claim_moves.claim_answer, name="answer"),
    path("<int:pk>/reply.<slug:suffix>", claim_moves.claim_reply, name="reply"),
    path("<int:pk>/close/", claim_moves.claim_close, name="close"),
    path("<int:pk>/reopen/", claim_moves.claim_reopen, name="reopen"),
    path("<int:pk>/withdraw/", claim_moves.claim_withdraw, name="withdraw"),
]
