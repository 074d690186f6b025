"""Addresses of notices."""

from django.urls import path

from crm.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("read-all/", views.read_all, name="read_all"),
    path("send-again/", views.send_again, name="send_again"),
    path("<int:pk>/open/", views.open_notice, name="open"),
]
