"""Badges, language and theme of the shell, CSP reports and the kit."""

import json

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.models import User, UserTheme
from crm.scrubbing import scrub
from crm.shell import actions, kit, nav

log = structlog.get_logger("csp")
YEAR = 365 * 24 * 3600
REPORT_BYTES = 8 * 1024
BELL = "notices"


@require_GET
def counters(request: HttpRequest) -> HttpResponse:
    """Numbers of the bell and of the rail, swapped in after the page is shown."""
    if not isinstance(request.user, User):
        raise Http404
    items = nav.items_for(request.user.role)
    counts = nav.counts_for(request.user, {item.key for item in items} | {BELL})
    bell = counts.pop(BELL, 0)
    context = {"bell": bell, "badges": nav.badges(items, counts)}
    return render(request, "shell/_counters.html", context)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language and return to the page."""
    code = request.POST.get("language", "")
    if code not in {known for known, _name in settings.LANGUAGES}:
        return render(request, "400.html", status=400)
    if isinstance(request.user, User):
        actions.set_language(request.user.pk, by=request.user, language=code)
    response = HttpResponseRedirect(_way_back(request))
    _remember(response, settings.LANGUAGE_COOKIE_NAME, code)
    return response


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme; the page has already been repainted by the browser."""
    choice = request.POST.get("theme", "")
    if choice not in UserTheme.values:
        return render(request, "400.html", status=400)
    if isinstance(request.user, User):
        actions.set_theme(request.user.pk, by=request.user, theme=choice)
    response = HttpResponse(status=204)
    if request.headers.get("HX-Request") != "true":
        response = HttpResponseRedirect(_way_back(request))
    _remember(response, "theme", choice)
    return response


@csrf_exempt
@login_not_required
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Log what the browser refused to run; answers nothing."""
    try:
        report = json.loads(request.read(REPORT_BYTES)).get("csp-report", {})
        log.warning(
            "csp_violation",
            directive=str(report.get("effective-directive", ""))[:100],
            blocked=str(report.get("blocked-uri", ""))[:200],
            page=scrub(str(report.get("document-uri", ""))).split("?")[0][:200],
        )
    except (ValueError, AttributeError):
        log.info("csp_report_unreadable")
    return HttpResponse(status=204)


@require_GET
def kit_page(request: HttpRequest) -> HttpResponse:
    """All building blocks on one page, for those who write pages; only with DEBUG."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "shell/kit.html", kit.samples())


def _way_back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
