"""The address that 1C talks to: it signs in with a key and sends files in pieces (D.12.2)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.errors import RuleViolation
from crm.imports.models import ImportJob, ImportState
from crm.work.registry import setting
from deals import exchange
from deals.actions import exchange as actions
from deals.exchange import Session, told

TYPES = frozenset({"catalog", "sale"})
KILOBYTE = 1024
Step = Callable[[HttpRequest, Session], HttpResponse]


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def exchange_1c(request: HttpRequest) -> HttpResponse:
    """One step of the exchange; every refusal is `failure` and a sentence."""
    mode = request.GET.get("mode", "")
    if request.GET.get("type") not in TYPES or mode not in {"checkauth", *STEPS}:
        return told("failure", _("There is no such step of the exchange."), status=400)
    if mode == "checkauth":
        return _check_key(request)
    session = exchange.session_of(request)
    if session is None:
        return told("failure", _("Sign in first: mode=checkauth."), status=401)
    try:
        return STEPS[mode](request, session)
    except (RuleViolation, PermissionDenied) as refusal:
        return told("failure", str(refusal) or _("This person may not import such files."))


def _check_key(request: HttpRequest) -> HttpResponse:
    login, secret = exchange.credentials_of(request)
    address = exchange.address_of(request)
    if exchange.is_locked(login, request):
        return told("failure", _("Too many wrong keys. Try later."), status=429)
    token = actions.sign_in(login=login, secret=secret) if login else None
    if token is None:
        actions.note_refused(login, address=address, request=request)
        answer = told("failure", _("The login or the secret is wrong."), status=401)
        answer["WWW-Authenticate"] = 'Basic realm="1C"'
        return answer
    actions.forget_wrong(login, address=address)
    return told("success", exchange.COOKIE, exchange.open_session(token))


def _begin(request: HttpRequest, session: Session) -> HttpResponse:
    actions.begin_exchange(session.token.pk, session=session.key)
    return told("zip=no", f"file_limit={_chunk_bytes()}")


def _take_file(request: HttpRequest, session: Session) -> HttpResponse:
    """A piece of a file; pictures of goods are taken and thrown away, archives refused."""
    if request.method != "POST":
        return told("failure", _("A file is sent by POST."))
    try:
        chunk = request.body
    except (RequestDataTooBig, UnreadablePostError):
        chunk = b" " * (_chunk_bytes() + 1)
    if len(chunk) > _chunk_bytes():
        return told("failure", _("The piece is larger than file_limit."), status=413)
    name = _name(request)
    if name.lower().endswith(".zip") or chunk.startswith(b"PK\x03\x04"):
        return told("failure", _("Archives are not taken: zip=no."))
    if name.lower().endswith(".xml"):
        actions.receive_chunk(session.token.pk, session=session.key, name=name, chunk=chunk)
    return told("success")


def _import(request: HttpRequest, session: Session) -> HttpResponse:
    name = _name(request)
    job = actions.import_received(session.token, session=session.key, name=name, request=request)
    return _progress(job)


def _progress(job: ImportJob) -> HttpResponse:
    """How far the import is; 1C asks again as long as the first word is `progress`."""
    if job.is_waiting:
        return told("progress", f"{job.progress} / {job.total or 0}")
    if job.state != ImportState.APPLIED:
        return told("failure", job.error or str(job.get_state_display()))
    counts = ("created", "updated", "unchanged", "refused")
    return told("success", ", ".join(f"{name} {job.stats.get(name, 0)}" for name in counts))


def _send(request: HttpRequest, session: Session) -> HttpResponse:
    return exchange.nothing_to_send()


def _end(request: HttpRequest, session: Session) -> HttpResponse:
    return told("success")


def _name(request: HttpRequest) -> str:
    return actions.file_name(request.GET.get("filename", ""))


def _chunk_bytes() -> int:
    return int(setting("exchange.chunk_kb")) * KILOBYTE


STEPS: dict[str, Step] = {
    "init": _begin,
    "file": _take_file,
    "import": _import,
    "query": _send,
    "success": _end,
}
