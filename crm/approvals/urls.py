"""Addresses of decisions and their routes."""

from django.urls import path

from crm.approvals.views import inbox, routes

app_name = "approvals"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("<int:pk>/", inbox.detail, name="detail"),
    path("<int:pk>/decide/", inbox.decide, name="decide"),
    path("<int:pk>/withdraw/", inbox.withdraw, name="withdraw"),
    path("routes/", routes.route_list, name="route_list"),
    path("routes/<str:kind>/", routes.route_edit, name="route_edit"),
]
