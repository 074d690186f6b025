"""One reconciliation and its act."""

from django.urls import URLPattern, path

from deals.views import act_batches, act_papers, acts

urlpatterns: list[URLPattern] = [
    path("reconciliations/batches/new/", act_batches.act_batch_start, name="act_batch_start"),
    path("reconciliations/batches/<int:pk>/", act_batches.act_batch, name="act_batch"),
    path("reconciliations/batches/<int:pk>/zip/", act_batches.act_batch_zip, name="act_batch_zip"),
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
    path("reconciliations/<int:pk>/file/<str:suffix>/", act_papers.act_file, name="act_file"),
    path("clients/<int:pk>/act/", act_papers.act_preview, name="act_preview"),
    path("reconciliations/<int:pk>/make/", acts.act_make, name="act_make"),
    path("reconciliations/<int:pk>/send/", acts.act_send, name="act_send"),
    path("reconciliations/<int:pk>/sign/", acts.act_sign, name="act_sign"),
]
