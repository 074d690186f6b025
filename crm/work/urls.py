"""Addresses of settings, the calendar, health and metrics."""

from django.urls import path

from crm.work import views

app_name = "work"
urlpatterns = [
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
    path("settings/", views.setting_list, name="setting_list"),
    path("settings/<str:key>/", views.change_setting, name="setting_edit"),
    path("settings/<str:key>/history/", views.setting_history, name="setting_history"),
    path("settings/<str:key>/reset/", views.reset_setting, name="setting_reset"),
    path("periodic/", views.periodic_list, name="periodic_list"),
    path("calendar/", views.calendar_page, name="calendar"),
    path("calendar/<int:year>/", views.calendar_page, name="calendar_year"),
    path("calendar/<int:year>/<int:month>/<int:day>/", views.change_day, name="calendar_day"),
]
