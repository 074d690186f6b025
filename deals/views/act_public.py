"""What a client sees and does by a personal link; who may come in is decided at the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from crm import papers
from crm.dialogs import beside_its_field
from crm.errors import RuleViolation
from crm.files.policy import MB
from crm.links.doors import Door, NoSuchLink, Visitor, token_in
from crm.work.registry import setting
from deals.actions import act_links as actions
from deals.forms.act_links import AnswerForm, ObjectForm, UploadForm, answer_values
from deals.models import ActLink, ActLinkVisit
from deals.pages.act_links import PublicAct
from deals.papers.act import paper_of, pdf_of

What = ActLinkVisit.What
Forms = dict[str, Any]
Write = Callable[[], object]


def _refused(link: ActLink | None, visitor: Visitor, details: str) -> object:
    return actions.note_visit(link, What.REFUSED, visitor, details=details)


DOOR = Door(
    "act",
    find=actions.find_link,
    refused=_refused,
    title=gettext_lazy("Act of reconciliation"),
    page="act_public_page",
    back=gettext_lazy("Back to the act"),
    takes_files=True,
)


@DOOR.public("GET", "HEAD")
def act_public_page(request: HttpRequest, link: ActLink, visitor: Visitor) -> HttpResponse:
    """The act with its forms, or the answer that was noted."""
    actions.note_visit(link, What.OPENED, visitor)
    return _page(request, link)


@DOOR.public("POST")
def act_public_agree(request: HttpRequest, link: ActLink, visitor: Visitor) -> HttpResponse:
    """The act is right."""
    form = AnswerForm(request.POST, auto_id="agree_%s")

    def write() -> object:
        return actions.agree(token_in(request), visitor=visitor, **answer_values(form))

    return _done(request, link, visitor, {"agree": form}, write)


@DOOR.public("POST")
def act_public_object(request: HttpRequest, link: ActLink, visitor: Visitor) -> HttpResponse:
    """The act is not right, and why."""
    form = ObjectForm(request.POST, auto_id="object_%s")

    def write() -> object:
        return actions.object_to(token_in(request), visitor=visitor, **answer_values(form))

    return _done(request, link, visitor, {"object": form}, write)


@DOOR.public("POST")
def act_public_upload(request: HttpRequest, link: ActLink, visitor: Visitor) -> HttpResponse:
    """A file of the client for the act."""
    form = UploadForm(request.POST, request.FILES, auto_id="upload_%s")

    def write() -> object:
        file = form.cleaned_data["file"]
        content = file.read(setting("files.max_mb") * MB + 1)
        name = file.name or ""
        return actions.upload(token_in(request), name=name, content=content, visitor=visitor)

    return _done(request, link, visitor, {"upload": form}, write)


@DOOR.public("GET", "HEAD")
def act_public_pdf(request: HttpRequest, link: ActLink, visitor: Visitor) -> HttpResponse:
    """The act as a PDF."""
    actions.note_visit(link, What.DOWNLOADED, visitor)
    content = pdf_of(paper_of(link.act))
    return papers.as_download(content, f"{link.act.number}.pdf", papers.PDF)


def _done(
    request: HttpRequest, link: ActLink, visitor: Visitor, forms: Forms, write: Write
) -> HttpResponse:
    """Back to the page that says what was noted, or the same page with the refusal."""
    (form,) = forms.values()
    status = 422
    if form.is_valid():
        try:
            write()
            return redirect("act_public_page", token=token_in(request))
        except NoSuchLink:
            raise
        except RuleViolation as refusal:
            status = beside_its_field(form, refusal)
    why = " ".join(dict.fromkeys(str(text) for texts in form.errors.values() for text in texts))
    actions.note_visit(link, What.REFUSED, visitor, details=why)
    return _page(request, link, forms, status=status)


def _page(
    request: HttpRequest, link: ActLink, forms: Forms | None = None, status: int = 200
) -> HttpResponse:
    blank = {
        "agree": AnswerForm(auto_id="agree_%s"),
        "object": ObjectForm(auto_id="object_%s"),
        "upload": UploadForm(auto_id="upload_%s"),
    }
    link.refresh_from_db(fields=["answer", "answered_at", "answered_by", "answered_position"])
    refused = [why for form in (forms or {}).values() for why in form.non_field_errors()]
    page = PublicAct(link, {**blank, **(forms or {})}, " ".join(map(str, refused)))
    context = {"page": page, "token": token_in(request)}
    return render(request, "deals/act_public.html", context, status=status)
