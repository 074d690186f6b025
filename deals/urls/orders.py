"""Orders, and what the delivery does with them."""

from django.urls import URLPattern, path

from deals.views import order_moves, orders, picking

urlpatterns: list[URLPattern] = [
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
