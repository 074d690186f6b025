"""Addresses of work items."""

from django.urls import path

from crm.assignments import views

app_name = "assignments"
urlpatterns = [
    path("", views.work_list, name="list"),
    path("board/", views.board, name="board"),
    path("new/", views.create, name="create"),
    path("mine/", views.mine, name="mine"),
    path("about/<slug:owner_kind>/<int:owner_id>/", views.about, name="about"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/history/", views.history, name="history"),
    path("<int:pk>/accept/", views.accept, name="accept"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/act/", views.act, name="act"),
    path("<int:pk>/resolve/", views.resolve, name="resolve"),
    path("<int:pk>/return/", views.send_back, name="return"),
    path("<int:pk>/hand-on/", views.hand_on, name="hand_on"),
    path("<int:pk>/postpone/", views.postpone, name="postpone"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/comment/", views.comment, name="comment"),
]
