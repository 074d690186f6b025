"""Plan and fact, the closing of a month, target tasks."""

from django.urls import URLPattern, path

from reports.views import targets
from reports.views.plan_fact import figure, month_close, plan_fact

urlpatterns: list[URLPattern] = [
    path("plan-fact/", plan_fact, name="plan_fact"),
    path("plan-fact/figure/", figure, name="figure"),
    path("plan-fact/<str:month>/close/", month_close, name="month_close"),
    path("targets/", targets.target_list, name="target_list"),
    path("targets/new/", targets.target_create, name="target_create"),
    path("targets/<int:pk>/", targets.target_detail, name="target_detail"),
    path("targets/<int:pk>/history/", targets.target_history, name="target_history"),
    path("targets/<int:pk>/edit/", targets.target_edit, name="target_edit"),
    path("targets/<int:pk>/set/", targets.target_set, name="target_set"),
    path("targets/<int:pk>/drop/", targets.target_drop, name="target_drop"),
    path("targets/<int:pk>/report/", targets.target_report, name="target_report"),
    path("targets/<int:pk>/accept/", targets.target_accept, name="target_accept"),
    path("targets/<int:pk>/return/", targets.target_return, name="target_return"),
]
