"""Addresses of files."""

from django.urls import path

from crm.files import views

app_name = "files"
urlpatterns = [
    path("of/<slug:owner_kind>/<int:owner_id>/", views.panel, name="panel"),
    path("of/<slug:owner_kind>/<int:owner_id>/add/", views.add, name="add"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/download/", views.download, name="download"),
    path("<int:pk>/history/", views.history, name="history"),
    path("<int:pk>/replace/", views.replace, name="replace"),
    path("<int:pk>/put-aside/", views.put_aside, name="put_aside"),
    path("<int:pk>/bring-back/", views.bring_back, name="bring_back"),
]
