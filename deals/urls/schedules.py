"""Reconciliations and their schedules; acts have a module of their own."""

from django.urls import URLPattern, path

from deals.views import reconciliations, schedules

urlpatterns: list[URLPattern] = [
    path("reconciliations/", reconciliations.reconciliation_list, name="reconciliation_list"),
    path(
        "reconciliations/board/", reconciliations.reconciliation_board, name="reconciliation_board"
    ),
    path(
        "reconciliations/ask/",
        reconciliations.reconciliation_ask_start,
        name="reconciliation_ask_start",
    ),
    path(
        "reconciliations/<int:pk>/move/",
        reconciliations.reconciliation_move,
        name="reconciliation_move",
    ),
    path(
        "reconciliations/<int:pk>/cancel/",
        reconciliations.reconciliation_cancel,
        name="reconciliation_cancel",
    ),
    path(
        "clients/<int:pk>/reconciliations/",
        reconciliations.client_reconciliations,
        name="client_reconciliations",
    ),
    path(
        "clients/<int:pk>/reconciliations/ask/",
        reconciliations.reconciliation_ask,
        name="reconciliation_ask",
    ),
    path("schedules/", schedules.schedule_list, name="schedule_list"),
    path(
        "schedules/draw-up/<int:year>/<int:half>/",
        schedules.schedule_draw_up,
        name="schedule_draw_up",
    ),
    path("schedules/<int:pk>/", schedules.schedule_detail, name="schedule_detail"),
    path("schedules/<int:pk>/approve/", schedules.schedule_approve, name="schedule_approve"),
    path("schedules/<int:pk>/reopen/", schedules.schedule_reopen, name="schedule_reopen"),
    path("schedules/<int:pk>/add/", schedules.schedule_add, name="schedule_add"),
    path("schedules/<int:pk>/history/", schedules.schedule_history, name="schedule_history"),
]
