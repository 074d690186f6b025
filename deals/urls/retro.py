"""Retro bonuses: agreements, what is accrued by them."""

from django.urls import URLPattern, path

from deals.views import retro, retro_moves

urlpatterns: list[URLPattern] = [
    path("retro/", retro.retro_list, name="retro_list"),
    path("retro/accruals/", retro.retro_accruals, name="retro_accruals"),
    path("retro/<int:pk>/", retro.retro_detail, name="retro_detail"),
    path("retro/<int:pk>/edit/", retro.retro_edit, name="retro_edit"),
    path("retro/<int:pk>/history/", retro.retro_history, name="retro_history"),
    path("retro/<int:pk>/<str:step>/", retro_moves.retro_move, name="retro_move"),
    path(
        "retro/accruals/<int:pk>/<str:step>/",
        retro_moves.retro_accrual_move,
        name="retro_accrual_move",
    ),
    path("contracts/<int:pk>/retro/new/", retro.retro_create, name="retro_create"),
    path("contracts/<int:pk>/retro/", retro.contract_retro, name="contract_retro"),
    path("clients/<int:pk>/retro/", retro.client_retro, name="client_retro"),
]
