"""Notices of new prices: the work list, one notice, its paper, noting what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from crm import papers
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.errors import RuleViolation
from crm.lists import render_list
from crm.lists.page import ListPage
from crm.web import move_on, person_of
from deals import permissions
from deals.actions import price_notices as actions
from deals.forms.price_notices import BackForm, NoticeForm, chosen_keys
from deals.lists.price_notices import spec_for
from deals.models import PriceChangeNotice
from deals.pages.price_changes import STEPS, NoticePage
from deals.papers.price_notice import file_name, pdf_of

EVENT = "price-notice-changed"
TITLES = {state.value: label for state, label, _icon in STEPS}
SHOWN_REFUSALS, MOST_FOUND = 20, 1_000


@require_safe
def price_notice_list(request: HttpRequest) -> HttpResponseBase:
    """Visible clients that are, or were, to be told of new prices."""
    user = person_of(request)
    if not permissions.can_see_price_notices(user):
        raise PermissionDenied
    rows = PriceChangeNotice.objects.visible_to(user).for_list()
    context = {"steps": STEPS}
    return render_list(request, spec_for(user), rows, context=context)


@require_safe
def price_notice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice: how far it is, the prices it tells of, proofs."""
    page = NoticePage(_visible(request, pk), person_of(request), timezone.localdate())
    context = {"notice": page.notice, "page": page}
    return render(request, "deals/price_notice_detail.html", context)


@require_http_methods(READ_AND_WRITE)
def price_notice_mark(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Note what became of one notice."""
    notice, user, today = _visible(request, pk), person_of(request), timezone.localdate()
    title = _title(step)
    if not permissions.can_tell_prices(user, notice.client):
        raise PermissionDenied
    initial = {"version": notice.version}
    form = NoticeForm(request.POST or None, step=step, today=today, initial=initial)
    status = attempt(request, form, lambda: _mark(form, notice, request))
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=notice.get_absolute_url())
    text = notice.client.name
    return dialog(request, form, title=title, text=text, submit=_("Save"), status=status)


def _mark(form: NoticeForm, notice: PriceChangeNotice, request: HttpRequest) -> None:
    version = form.cleaned_data["version"] or 0
    today = timezone.localdate()
    actions.mark_notice(notice.pk, form.mark(), by=person_of(request), version=version, today=today)


@require_http_methods(READ_AND_WRITE)
def price_notice_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last mark back, with the reason."""
    notice, user = _visible(request, pk), person_of(request)
    if not permissions.can_tell_prices(user, notice.client):
        raise PermissionDenied
    form = BackForm(request.POST or None, initial={"version": notice.version})
    status = attempt(
        request, form, lambda: actions.take_back_mark(pk, by=user, **form.new_values())
    )
    if not status:
        return saved(
            request, _("The mark is taken back"), event=EVENT, back=notice.get_absolute_url()
        )
    text = _("%(client)s: %(state)s") % {
        "client": notice.client.name,
        "state": notice.get_state_display(),
    }
    title = _("Take the mark back")
    return dialog(request, form, title=title, text=text, submit=title, status=status)


@require_http_methods(READ_AND_WRITE)
def price_notices_mark(request: HttpRequest, step: str) -> HttpResponse:
    """Note the same about all chosen notices, or about all found; each refusal is named."""
    user, today, title = person_of(request), timezone.localdate(), _title(step)
    if not permissions.can_tell_clients(user):
        raise PermissionDenied
    initial, count = _chosen(request)
    form = NoticeForm(request.POST or None, step=step, today=today, initial=initial)
    status = attempt(request, form, lambda: _mark_all(form, request))
    if not status:
        return move_on(request, _back(request))
    text = ngettext("%(n)s client chosen", "%(n)s clients chosen", count) % {"n": count}
    more = {"text": text} if request.method != "POST" else {}
    return dialog(request, form, title=title, submit=_("Save"), status=status, **more)


def _chosen(request: HttpRequest) -> tuple[dict[str, Any], int]:
    """What the form remembers of the choice, and how many notices that are."""
    if found := request.GET.get("found", ""):
        count = len(_found(request, found))
        return {"found": found, "expected": count}, count
    ids = chosen_keys(request.GET.getlist("ids"))
    return {"ids": ",".join(map(str, ids))}, len(ids)


def _found(request: HttpRequest, query: str) -> list[int]:
    """Keys of all rows of the work list as it is narrowed; none without a filter."""
    user = person_of(request)
    rows = PriceChangeNotice.objects.visible_to(user)
    page = ListPage(spec_for(user), request, rows, QueryDict(query))
    if not page.narrowed or page.state.problems:
        return []
    return list(page.queryset.order_by().values_list("pk", flat=True)[: MOST_FOUND + 1])


def _meant(form: NoticeForm, request: HttpRequest) -> list[int]:
    """The notices that the form speaks of; RuleViolation where they are none or others by now."""
    found = form.cleaned_data["found"]
    ids = _found(request, found) if found else form.chosen()
    if not ids:
        raise RuleViolation(_("Choose the clients first."))
    if len(ids) > MOST_FOUND:
        text = _("At most %(most)s at once: narrow the list.")
        raise RuleViolation(text % {"most": MOST_FOUND})
    if found and len(ids) != form.cleaned_data["expected"]:
        text = _("The list has changed meanwhile, it finds %(n)s now: look at it again.")
        raise RuleViolation(text % {"n": len(ids)})
    return ids


def _mark_all(form: NoticeForm, request: HttpRequest) -> None:
    by, today = person_of(request), timezone.localdate()
    answers = actions.mark_notices(_meant(form, request), form.mark(), by=by, today=today)
    refused = [one for one in answers if one.refusal]
    done = len(answers) - len(refused)
    if done:
        text = ngettext("Noted for %(n)s client", "Noted for %(n)s clients", done)
        messages.success(request, text % {"n": done})
    for one in refused[:SHOWN_REFUSALS]:
        values = {"client": one.client, "why": one.refusal}
        messages.warning(request, _("%(client)s: %(why)s") % values)
    if len(refused) > SHOWN_REFUSALS:
        rest = len(refused) - SHOWN_REFUSALS
        messages.warning(request, _("and %(more)s more rows.") % {"more": rest})


def _back(request: HttpRequest) -> str:
    """The work list as it was narrowed."""
    address = reverse("deals:price_notice_list")
    current = getattr(request.htmx, "current_url_abs_path", None)  # type: ignore[attr-defined]
    return current if current and current.split("?")[0] == address else address


@require_safe
def price_notice_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter to the client."""
    notice = _visible(request, pk)
    content = pdf_of(notice, timezone.localdate())
    return papers.as_download(content, file_name(notice), papers.PDF)


@require_safe
def price_notice_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who noted what and when."""
    return render_history(request, _visible(request, pk))


def _title(step: str) -> str:
    if step not in TITLES:
        raise Http404
    return str(TITLES[step])


def _visible(request: HttpRequest, pk: int) -> PriceChangeNotice:
    rows = PriceChangeNotice.objects.visible_to(person_of(request)).select_related(
        "client__manager", "change__price_list", "change__replaces", "marked_by"
    )
    notice: PriceChangeNotice = get_object_or_404(rows, pk=pk)
    return notice
