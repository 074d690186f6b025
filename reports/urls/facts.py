"""Plan and fact, the closing of a month, target tasks."""

from django.urls import URLPattern, path

from reports.views.plan_fact import month_close, plan_fact

urlpatterns: list[URLPattern] = [
    path("plan-fact/", plan_fact, name="plan_fact"),
    path("plan-fact/<str:month>/close/", month_close, name="month_close"),
]
