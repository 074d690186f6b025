"""Addresses of the product; each app declares its own."""

from django.contrib import admin
from django.urls import include, path

from crm.people.views.journal import closed

urlpatterns = [
    path("account/signup/", closed, name="account_signup"),
    path("account/email/", closed, name="account_email"),
    path("account/confirm-email/", closed, name="account_email_verification_sent"),
    path("account/confirm-email/<path:key>/", closed, name="account_confirm_email"),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("crm.shell.urls")),
    path("", include("crm.people.urls")),
    path("", include("crm.work.urls")),
    path("imports/", include("crm.imports.urls")),
    path("files/", include("crm.files.urls")),
    path("originals/", include("crm.originals.urls")),
    path("assignments/", include("crm.assignments.urls")),
    path("meetings/", include("crm.meetings.urls")),
    path("library/", include("crm.library.urls")),
    path("notices/", include("crm.notices.urls")),
    path("decisions/", include("crm.approvals.urls")),
    path("clients/", include("clients.urls")),
    path("deals/", include("deals.urls")),
    path("claims/", include("claims.urls")),
    path("acts/", include("deals.urls.act_public")),
    path("feedback/", include("clients.public_urls")),
    path("", include("reports.urls")),
]

handler400 = "crm.shell.errors.bad_request"
handler403 = "crm.shell.errors.permission_denied"
handler404 = "crm.shell.errors.not_found"
handler500 = "crm.shell.errors.server_error"
