"""Corrective measures."""

from django.urls import URLPattern, path

from claims.views import measures as views

urlpatterns: list[URLPattern] = [
    path("measures/", views.measure_list, name="measure_list"),
    path("measures/new/", views.measure_create, name="measure_create"),
    path("measures/<int:pk>/", views.measure_detail, name="measure_detail"),
    path("measures/<int:pk>/history/", views.measure_history, name="measure_history"),
    path("measures/<int:pk>/begin/", views.measure_begin, name="measure_begin"),
    path("measures/<int:pk>/finish/", views.measure_finish, name="measure_finish"),
    path("measures/<int:pk>/check/", views.measure_check, name="measure_check"),
    path("measures/<int:pk>/give-up/", views.measure_give_up, name="measure_give_up"),
]
