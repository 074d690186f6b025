"""Addresses of decisions and their routes."""

from django.urls import path

from crm.approvals.views import inbox, limits, routes

app_name = "approvals"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("approve/", inbox.approve_selected, name="bulk"),
    path("<int:pk>/", inbox.detail, name="detail"),
    path("<int:pk>/decide/", inbox.decide, name="decide"),
    path("<int:pk>/withdraw/", inbox.withdraw, name="withdraw"),
    path("<int:pk>/revoke/", inbox.revoke, name="revoke"),
    path("limits/", limits.limit_list, name="limit_list"),
    path("limits/<str:kind>/", limits.limit_edit, name="limit_edit"),
    path("limits/<str:kind>/visas/", limits.limit_visas, name="limit_visas"),
    path("limits/<str:kind>/history/", limits.limit_history, name="limit_history"),
    path("routes/", routes.route_list, name="route_list"),
    path("routes/<str:kind>/", routes.route_edit, name="route_edit"),
]
