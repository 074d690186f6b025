"""Promos and their calendar."""

from django.urls import URLPattern, path

from deals.views import promos

urlpatterns: list[URLPattern] = [
    path("promos/", promos.promo_list, name="promo_list"),
    path("promos/calendar/", promos.promo_calendar, name="promo_calendar"),
    path("promos/new/", promos.promo_create, name="promo_create"),
    path("promos/<int:pk>/", promos.promo_detail, name="promo_detail"),
    path("promos/<int:pk>/edit/", promos.promo_edit, name="promo_edit"),
    path("promos/<int:pk>/history/", promos.promo_history, name="promo_history"),
    path("promos/<int:pk>/<str:step>/", promos.promo_act, name="promo_act"),
]
