"""The client's statement against our act, and the protocol of differences."""

from django.urls import URLPattern, path

from deals.views import difference_moves as moves
from deals.views import differences as pages

OF_ACT = "reconciliations/acts/<int:pk>"
ONE = "reconciliations/differences/<int:pk>"
urlpatterns: list[URLPattern] = [
    path("reconciliations/differences/", pages.difference_list, name="difference_list"),
    path("reconciliations/<int:pk>/differences/", pages.difference_panel, name="difference_panel"),
    path(f"{OF_ACT}/differences/", pages.difference_list_of, name="difference_list_of"),
    path(f"{OF_ACT}/compared/", pages.difference_lines, name="difference_lines"),
    path(f"{OF_ACT}/compare/", pages.difference_compare, name="difference_compare"),
    path(f"{OF_ACT}/differences/pdf/", pages.difference_pdf, name="difference_pdf"),
    path(f"{OF_ACT}/differences/xlsx/", pages.difference_xlsx, name="difference_xlsx"),
    path(f"{OF_ACT}/differences/history/", pages.difference_history, name="difference_history"),
    path(f"{OF_ACT}/differences/add/", moves.difference_add, name="difference_add"),
    path(f"{ONE}/take-up/", moves.difference_take_up, name="difference_take_up"),
    path(f"{ONE}/decide/", moves.difference_decide, name="difference_decide"),
    path(f"{ONE}/correct/", moves.difference_correct, name="difference_correct"),
    path(f"{ONE}/close/", moves.difference_close, name="difference_close"),
    path(f"{ONE}/reassign/", moves.difference_reassign, name="difference_reassign"),
]
