"""Escalations and conflicts."""

from django.urls import URLPattern, path

from claims.views import escalations as views

urlpatterns: list[URLPattern] = [
    path("escalations/", views.escalation_list, name="escalation_list"),
    path("escalations/<int:pk>/", views.escalation_detail, name="escalation_detail"),
    path("escalations/<int:pk>/history/", views.escalation_history, name="escalation_history"),
    path("escalations/<int:pk>/take-up/", views.escalation_take_up, name="escalation_take_up"),
    path("escalations/<int:pk>/settle/", views.escalation_settle, name="escalation_settle"),
    path(
        "escalations/<int:pk>/hand-higher/",
        views.escalation_hand_higher,
        name="escalation_hand_higher",
    ),
    path("clients/<int:pk>/escalations/", views.client_escalations, name="client_escalations"),
    path("clients/<int:pk>/escalate/", views.client_escalate, name="client_escalate"),
    path("<int:pk>/escalations/", views.claim_escalations, name="claim_escalations"),
    path("<int:pk>/escalate/", views.claim_escalate, name="claim_escalate"),
    path(
        "contracts/<int:pk>/escalations/", views.contract_escalations, name="contract_escalations"
    ),
    path("contracts/<int:pk>/escalate/", views.contract_escalate, name="contract_escalate"),
]
