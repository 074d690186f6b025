"""The assortment matrix."""

from django.urls import URLPattern, path

from deals.views import assortment

urlpatterns: list[URLPattern] = [
    path("assortment/", assortment.assortment_list, name="assortment_list"),
    path("assortment/new/", assortment.assortment_create, name="assortment_create"),
    path("assortment/<int:pk>/", assortment.assortment_detail, name="assortment_detail"),
    path("assortment/<int:pk>/edit/", assortment.assortment_edit, name="assortment_edit"),
    path("assortment/<int:pk>/archive/", assortment.assortment_archive, name="assortment_archive"),
    path("assortment/<int:pk>/propose/", assortment.assortment_propose, name="assortment_propose"),
    path("assortment/<int:pk>/history/", assortment.assortment_history, name="assortment_history"),
]
