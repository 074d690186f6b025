"""Our own accounts: list, adding, correcting, closing."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.views.parts import changed, refused
from crm.dialogs import attempt, dialog
from crm.errors import RuleViolation
from crm.web import is_fragment, person_of, sent_version
from deals import permissions
from deals.actions import own_accounts as actions
from deals.forms.own_accounts import OwnAccountForm
from deals.models import OwnAccount

READ_AND_WRITE = ["GET", "HEAD", "POST"]


@require_safe
def own_account_list(request: HttpRequest) -> HttpResponse:
    """All accounts, the closed ones last."""
    user = person_of(request)
    if not permissions.can_see_statements(user):
        raise PermissionDenied
    rows = OwnAccount.objects.visible_to(user).for_list()
    context = {"accounts": rows, "may_edit": permissions.can_edit_own_accounts(user)}
    name = "_own_accounts" if is_fragment(request) else "own_account_list"
    return render(request, f"deals/{name}.html", context)


@require_http_methods(READ_AND_WRITE)
def own_account_create(request: HttpRequest) -> HttpResponse:
    """Add an account."""
    user = person_of(request)
    if not permissions.can_edit_own_accounts(user):
        raise PermissionDenied
    form = OwnAccountForm(request.POST or None)
    status = attempt(request, form, lambda: actions.add_own_account(by=user, **form.new_values()))
    if not status:
        return changed(request, _("Account added"), back=reverse("deals:own_account_list"))
    title = _("Own account")
    return dialog(request, form, title=title, submit=_("Add"), status=status)


@require_http_methods(READ_AND_WRITE)
def own_account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an account."""
    user = person_of(request)
    row = get_object_or_404(OwnAccount.objects.visible_to(user), pk=pk)
    if not permissions.can_edit_own_accounts(user):
        raise PermissionDenied
    form = OwnAccountForm(request.POST or None, row=row)
    status = attempt(
        request, form, lambda: actions.edit_own_account(pk, by=user, **form.edited_values())
    )
    if not status:
        return changed(request, _("Account corrected"), back=reverse("deals:own_account_list"))
    return dialog(request, form, title=row.account, submit=_("Save"), status=status)


@require_POST
def own_account_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account today, or open it again."""
    user = person_of(request)
    get_object_or_404(OwnAccount.objects.visible_to(user), pk=pk)
    version = sent_version(request)
    on = timezone.localdate() if request.POST.get("closed") == "1" else None
    back = reverse("deals:own_account_list")
    try:
        actions.close_own_account(pk, by=user, version=version, on=on)
    except RuleViolation as refusal:
        return refused(request, refusal, back=back)
    return changed(request, _("Account closed") if on else _("Account open again"), back=back)
