"""Claims against clients and their lawsuits."""

from django.urls import URLPattern, path

from claims.views import lawsuits, outgoing, outgoing_moves, outgoing_papers

MOVES = (
    "recount",
    "request",
    "initiate",
    "withdraw",
    "return",
    "cancel",
    "send",
    "answer",
    "accrual",
    "satisfy",
    "close",
    "stop",
)
urlpatterns: list[URLPattern] = [
    path("outgoing/", outgoing.outgoing_list, name="outgoing_list"),
    path("limitation/", outgoing.limitation_list, name="limitation_list"),
    path("outgoing/new/", outgoing.outgoing_start, name="outgoing_start"),
    path("outgoing/<int:pk>/", outgoing.outgoing_detail, name="outgoing_detail"),
    path("outgoing/<int:pk>/history/", outgoing.outgoing_history, name="outgoing_history"),
    path(
        "outgoing/<int:pk>/claim.<slug:suffix>",
        outgoing_papers.outgoing_file,
        name="outgoing_file",
    ),
    path("outgoing/<int:pk>/sheet.pdf", outgoing_papers.outgoing_sheet, name="outgoing_sheet"),
    *(
        path(
            f"outgoing/<int:pk>/{move}/",
            getattr(outgoing_moves, f"outgoing_{move}"),
            name=f"outgoing_{move}",
        )
        for move in MOVES
    ),
    path("outgoing/<int:pk>/lawsuit/", lawsuits.lawsuit_prepare, name="lawsuit_prepare"),
    path("lawsuits/<int:pk>/recount/", lawsuits.lawsuit_recount, name="lawsuit_recount"),
    path("lawsuits/<int:pk>/edit/", lawsuits.lawsuit_edit, name="lawsuit_edit"),
    path("lawsuits/<int:pk>/to/<slug:state>/", lawsuits.lawsuit_move, name="lawsuit_move"),
    path("lawsuits/<int:pk>/package/", lawsuits.package_make, name="package_make"),
    path("packages/<int:pk>/", lawsuits.package_panel, name="package_panel"),
    path("packages/<int:pk>/archive.zip", lawsuits.package_zip, name="package_zip"),
    path("clients/<int:pk>/outgoing/", outgoing.client_outgoing, name="client_outgoing"),
    path(
        "clients/<int:pk>/outgoing/line/",
        outgoing.client_outgoing_line,
        name="client_outgoing_line",
    ),
    path("clients/<int:pk>/outgoing/new/", outgoing.outgoing_create, name="outgoing_create"),
]
