"""Addresses of control."""

from django.urls import path

from reports.views import control

urlpatterns = [
    path("control/", control.check_list, name="check_list"),
    path("control/points/", control.control_points, name="control_points"),
    path("control/points/<int:pk>/", control.point_edit, name="control_point_edit"),
    path("control/violations/", control.violation_list, name="violation_list"),
    path("control/new/", control.check_plan, name="check_plan"),
    path("control/<int:pk>/", control.check_detail, name="check_detail"),
    path("control/<int:pk>/history/", control.check_history, name="check_history"),
    path("control/<int:pk>/redraw/", control.check_redraw, name="check_redraw"),
    path("control/<int:pk>/frame.csv", control.check_frame, name="check_frame"),
    path("control/<int:pk>/start/", control.check_start, name="check_start"),
    path("control/<int:pk>/complete/", control.check_complete, name="check_complete"),
    path("control/<int:pk>/call-off/", control.check_call_off, name="check_call_off"),
    path("control/rows/<int:pk>/", control.check_item, name="check_item"),
    path("control/rows/<int:pk>/mark/", control.item_mark, name="check_item_mark"),
]
