"""Addresses of meetings."""

from django.urls import path

from crm.meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.meeting_list, name="list"),
    path("new/", views.create, name="create"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/history/", views.history, name="history"),
    path("<int:pk>/problems/", views.problems, name="problems"),
    path("<int:pk>/points/new/", views.point_add, name="add_point"),
    path("<int:pk>/sign/", views.sign, name="sign"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/minutes.pdf", views.minutes_pdf, name="pdf"),
    path("<int:pk>/minutes.docx", views.minutes_docx, name="docx"),
    path("points/<int:pk>/minutes/", views.point_minutes, name="point_minutes"),
    path("points/<int:pk>/decide/", views.point_decide, name="point_decide"),
    path("points/<int:pk>/move/", views.point_move, name="point_move"),
    path("points/<int:pk>/drop/", views.point_drop, name="point_drop"),
    path("decisions/<int:pk>/drop/", views.decision_drop, name="decision_drop"),
    path("participants/<int:pk>/absent/", views.participant_absent, name="participant_absent"),
]
