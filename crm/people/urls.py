"""Addresses of people, units, substitutions, the journal and the own profile."""

from django.urls import path

from crm.people.views import delegations, journal, people, profile, security, units

app_name = "accounts"
urlpatterns = [
    path("people/", people.user_list, name="user_list"),
    path("people/new/", people.user_create, name="user_create"),
    path("people/<int:pk>/", people.user_detail, name="user_detail"),
    path("people/<int:pk>/edit/", people.user_edit, name="user_edit"),
    path("people/<int:pk>/history/", people.user_history, name="user_history"),
    path("people/<int:pk>/scope/", people.user_scope, name="user_scope"),
    path("people/<int:pk>/absences/", people.user_delegations, name="user_delegations"),
    path("people/<int:pk>/deactivate/", security.user_deactivate, name="user_deactivate"),
    path("people/<int:pk>/reactivate/", security.user_reactivate, name="user_reactivate"),
    path("people/<int:pk>/password/", security.user_reset_password, name="user_reset_password"),
    path("people/<int:pk>/second-factor/", security.user_reset_factor, name="user_reset_factor"),
    path("people/<int:pk>/sessions/", security.user_end_sessions, name="user_end_sessions"),
    path("people/<int:pk>/unlock/", security.user_unlock, name="user_unlock"),
    path("units/", units.unit_list, name="unit_list"),
    path("units/new/", units.unit_create, name="unit_create"),
    path("units/<int:pk>/", units.unit_detail, name="unit_detail"),
    path("units/<int:pk>/edit/", units.unit_edit, name="unit_edit"),
    path("units/<int:pk>/move/", units.unit_move, name="unit_move"),
    path("units/<int:pk>/archive/", units.unit_archive, name="unit_archive"),
    path("units/<int:pk>/restore/", units.unit_restore, name="unit_restore"),
    path("units/<int:pk>/history/", units.unit_history, name="unit_history"),
    path("absences/", delegations.delegation_list, name="delegation_list"),
    path("absences/new/", delegations.delegation_create, name="delegation_create"),
    path("absences/<int:pk>/", delegations.delegation_detail, name="delegation_detail"),
    path("absences/<int:pk>/revoke/", delegations.delegation_revoke, name="delegation_revoke"),
    path("absences/<int:pk>/history/", delegations.delegation_history, name="delegation_history"),
    path("profile/", profile.profile, name="profile"),
    path("profile/sign-out/", profile.sign_out_everywhere, name="sign_out_everywhere"),
    path("journal/", journal.access_list, name="access_list"),
]
