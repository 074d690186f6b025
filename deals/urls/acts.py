"""One reconciliation and its act."""

from django.urls import URLPattern, path

from deals.views import acts

urlpatterns: list[URLPattern] = [
    path(
        "reconciliations/<int:pk>/",
        acts.reconciliation_detail,
        name="reconciliation_detail",
    ),
    path(
        "reconciliations/<int:pk>/history/",
        acts.reconciliation_history,
        name="reconciliation_history",
    ),
    path("reconciliations/<int:pk>/make/", acts.act_make, name="act_make"),
    path("reconciliations/<int:pk>/send/", acts.act_send, name="act_send"),
    path("reconciliations/<int:pk>/sign/", acts.act_sign, name="act_sign"),
]
