"""Discounts, deferrals and relationship schemes, exceptions from the policy."""

from django.urls import URLPattern, path

from deals.views import exceptions, scheme_moves, schemes, terms

urlpatterns: list[URLPattern] = [
    path("exceptions/", exceptions.exception_list, name="exception_list"),
    path("terms/", terms.terms_list, name="terms_list"),
    path("terms/<int:pk>/withdraw/", terms.terms_withdraw, name="terms_withdraw"),
    path("clients/<int:pk>/terms/", terms.client_terms, name="client_terms"),
    path("clients/<int:pk>/terms/<str:kind>/", terms.terms_request, name="terms_request"),
    path("schemes/", schemes.scheme_list, name="scheme_list"),
    path("schemes/<int:pk>/", schemes.scheme_detail, name="scheme_detail"),
    path("schemes/<int:pk>/edit/", schemes.scheme_edit, name="scheme_edit"),
    path("schemes/<int:pk>/history/", schemes.scheme_history, name="scheme_history"),
    path("schemes/<int:pk>/submit/", scheme_moves.scheme_submit, name="scheme_submit"),
    path("schemes/<int:pk>/withdraw/", scheme_moves.scheme_withdraw, name="scheme_withdraw"),
    path("schemes/<int:pk>/discard/", scheme_moves.scheme_discard, name="scheme_discard"),
    path("schemes/<int:pk>/end/", scheme_moves.scheme_end, name="scheme_end"),
    path("schemes/<int:pk>/renew/", scheme_moves.scheme_renew, name="scheme_renew"),
    path("clients/<int:pk>/schemes/", schemes.client_schemes, name="client_schemes"),
    path("clients/<int:pk>/schemes/new/", schemes.scheme_create, name="scheme_create"),
]
