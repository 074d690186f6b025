"""Addresses of issued originals."""

from django.urls import path

from crm.originals import views

app_name = "originals"
urlpatterns = [
    path("", views.original_list, name="list"),
    path("new/", views.issue, name="issue"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/history/", views.history, name="history"),
    path("<int:pk>/prolong/", views.prolong, name="prolong"),
    path("<int:pk>/receive/", views.receive, name="receive"),
]
