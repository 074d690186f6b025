# ruff: noqa: ARG002  (Django fixes the arguments of these methods)
"""People, units, substitutions and the journal in the Django admin: to look at, never to write.

A write past the actions would break their rules; the product's own pages write.
"""

from typing import Any

import django.contrib.auth.admin  # noqa: F401  (registers groups, which are taken off below)
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from crm.accounts.models import AccessEvent, Delegation, OrgUnit, Role, User


def is_administrator(request: HttpRequest) -> bool:
    """The role decides, not Django's staff and superuser flags."""
    user = request.user
    return isinstance(user, User) and user.is_active and user.role == Role.ADMIN


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Looking only."""

    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("full_name", "username", "role", "org_unit", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("last_name", "username", "email")
    list_select_related = ("org_unit",)
    exclude = ("password", "session_epoch", "groups", "user_permissions", "is_superuser")


@admin.register(OrgUnit)
class OrgUnitAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "parent", "head", "archived_at")
    list_select_related = ("parent", "head")


@admin.register(Delegation)
class DelegationAdmin(ReadOnlyAdmin):
    list_display = ("owner", "delegate", "valid_from", "valid_to", "state")
    list_select_related = ("owner", "delegate")


@admin.register(AccessEvent)
class AccessEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "username", "kind", "target", "ip")
    list_filter = ("kind",)


@login_not_required
def sign_in(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """One way to sign in, with its lock-out and second factor; the admin has no form of its own."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or request.get_full_path())


admin.site.unregister(Group)  # roles are fixed; nobody is given permissions one by one
admin.site.has_permission = is_administrator  # type: ignore[method-assign]
admin.site.login = sign_in  # type: ignore[method-assign]
