"""Addresses of the catalogue of internal reports."""

from django.urls import path

from reports.views import submissions as views

urlpatterns = [
    path("submissions/", views.submission_list, name="submission_list"),
    path("submissions/catalogue/", views.report_catalogue_page, name="report_catalogue"),
    path("submissions/catalogue/new/", views.definition_create, name="definition_create"),
    path("submissions/catalogue/<int:pk>/", views.definition_edit, name="definition_edit"),
    path("submissions/<int:pk>/", views.submission_detail, name="submission_detail"),
    path("submissions/<int:pk>/history/", views.submission_history, name="submission_history"),
    path("submissions/<int:pk>/submit/", views.submission_submit, name="submission_submit"),
    path("submissions/<int:pk>/accept/", views.submission_accept, name="submission_accept"),
    path("submissions/<int:pk>/return/", views.submission_return, name="submission_return"),
]
