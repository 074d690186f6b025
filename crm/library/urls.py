"""Addresses of the library."""

from django.urls import path

from crm.library.views import acknowledging, documents, duties

app_name = "library"
urlpatterns = [
    path("", documents.document_list, name="list"),
    path("new/", documents.create, name="create"),
    path("upload/", duties.upload, name="upload"),
    path("mine/", acknowledging.mine, name="mine"),
    path("purpose/", duties.purpose, name="purpose"),
    path("duties/", duties.review, name="duty_review"),
    path("duties/<int:pk>/", duties.link, name="duty_link"),
    path("capabilities/", duties.capability_list, name="capability_list"),
    path("capabilities/<int:pk>/", duties.capability_edit, name="capability_edit"),
    path("<int:pk>/", documents.detail, name="detail"),
    path("<int:pk>/history/", documents.history, name="history"),
    path("<int:pk>/start/", documents.start, name="start"),
    path("<int:pk>/withdraw/", documents.withdraw, name="withdraw"),
    path("versions/<int:pk>/", documents.version, name="version"),
    path("versions/<int:pk>/edit/", documents.edit, name="edit"),
    path("versions/<int:pk>/publish/", documents.publish, name="publish"),
    path("versions/<int:pk>/discard/", documents.discard, name="discard"),
    path("versions/<int:pk>/acknowledge/", acknowledging.acknowledge, name="acknowledge"),
    path("versions/<int:pk>/sheet/", acknowledging.sheet_page, name="sheet"),
    path("versions/<int:pk>/sheet.xlsx", acknowledging.sheet_xlsx, name="sheet_xlsx"),
    path("versions/<int:pk>/sheet.pdf", acknowledging.sheet_pdf, name="sheet_pdf"),
]
