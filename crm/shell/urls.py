from django.urls import path

from crm.shell import views

app_name = "shell"
urlpatterns = [
    path("shell/counters/", views.counters, name="counters"),
    path("shell/language/", views.language, name="language"),
    path("shell/theme/", views.theme, name="theme"),
    path("csp-report/", views.csp_report, name="csp_report"),
    path("kit/", views.kit_page, name="kit"),
]
