"""Receivables, credit limits, stops of shipping, promises, follow-up."""

from django.urls import URLPattern, path

from deals.views import credit, ladder, limit_requests, stops

urlpatterns: list[URLPattern] = [
    path("credit/<int:pk>/", credit.credit, name="credit"),
    path("credit/<int:pk>/limit/", limit_requests.limit_request, name="limit_request"),
    path("credit/<int:pk>/limit/withdraw/", limit_requests.limit_withdraw, name="limit_withdraw"),
    path("limits/<int:pk>/close/", credit.limit_close, name="limit_close"),
    path("stops/", stops.stop_list, name="stop_list"),
    path("credit/<int:pk>/stop/", stops.stop_set, name="stop_set"),
    path("stops/<int:pk>/release/", stops.stop_release, name="stop_release"),
    path("stops/<int:pk>/lift/", stops.stop_lift, name="stop_lift"),
    path("ladder/", ladder.ladder, name="ladder"),
    path("ladder/add/", ladder.ladder_add, name="ladder_add"),
    path("ladder/<int:pk>/", ladder.ladder_edit, name="ladder_edit"),
    path("ladder/<int:pk>/archive/", ladder.ladder_archive, name="ladder_archive"),
]
