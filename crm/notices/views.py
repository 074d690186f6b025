"""The page behind the bell."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm.notices import actions
from crm.notices.models import Notice
from crm.notices.page import notice_page
from crm.web import is_fragment, person_of


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """One's own notices, newest first."""
    before = request.GET.get("before", "")
    cursor = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    page = notice_page(person_of(request), before=cursor)
    template = "notices/_notice_list.html" if is_fragment(request) else "notices/notice_list.html"
    return render(request, template, {"page": page})


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as read and go to what it is about."""
    get_object_or_404(Notice.objects.visible_to(person_of(request)), pk=pk)
    notice = actions.mark_read(pk, by=person_of(request))
    if url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return redirect(notice.url)
    return redirect("notices:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    actions.mark_all_read(by=person_of(request))
    return redirect("notices:list")


@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Try the given-up notices once more; back to the page of periodic work."""
    count = actions.send_again(by=person_of(request))
    text = ngettext("%(count)s notice is sent again.", "%(count)s notices are sent again.", count)
    messages.success(request, text % {"count": count})
    return redirect("work:periodic_list")
