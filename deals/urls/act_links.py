"""Personal links to acts of reconciliation, as our people see them."""

from django.urls import URLPattern, path

from deals.views import act_links

urlpatterns: list[URLPattern] = [
    path("reconciliations/<int:pk>/link/", act_links.act_link_panel, name="act_link_panel"),
    path("reconciliations/<int:pk>/link/send/", act_links.act_link_send, name="act_link_send"),
    path("act-links/<int:pk>/revoke/", act_links.act_link_revoke, name="act_link_revoke"),
]
