"""Monthly plans: the year, one plan, its grid, its way, sums from above, explanations."""

from django.urls import URLPattern, path

from reports.views import plan_files, plan_grid, plan_moves, plans

urlpatterns: list[URLPattern] = [
    path("plans/", plans.plan_list, name="plan_list"),
    path("plans/draw-up/", plan_moves.plan_draw_up, name="plan_draw_up"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("plans/<int:pk>/history/", plans.plan_history, name="plan_history"),
    path("plans/<int:pk>/grid/", plan_grid.plan_grid, name="plan_grid"),
    path("plans/<int:pk>/cells/", plan_grid.plan_cells, name="plan_cells"),
    path("plans/<int:pk>/file/", plan_files.plan_file, name="plan_file"),
    path("plans/<int:pk>/clients/", plan_moves.plan_add_clients, name="plan_add_clients"),
    path("plans/<int:pk>/send/", plan_moves.plan_send, name="plan_send"),
    path("plans/<int:pk>/correct/", plan_moves.plan_correct, name="plan_correct"),
    path("plans/<int:pk>/target/", plan_moves.plan_target, name="plan_target"),
    path("plans/<int:pk>/spread/", plan_moves.plan_spread, name="plan_spread"),
    path("plans/<int:pk>/explain/", plan_moves.plan_explain, name="plan_explain"),
    path("plan-parts/<int:pk>/fill/", plan_moves.plan_part_fill, name="plan_part_fill"),
    path("plan-parts/<int:pk>/submit/", plan_moves.plan_part_submit, name="plan_part_submit"),
    path("plan-parts/<int:pk>/return/", plan_moves.plan_part_return, name="plan_part_return"),
    path(
        "plan-explanations/<int:pk>/judge/",
        plan_moves.plan_explanation_judge,
        name="plan_explanation_judge",
    ),
    path("clients/<int:pk>/plans/", plans.client_plans, name="client_plans"),
]
