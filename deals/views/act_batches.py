"""Acts of many reconciliations: asked for, watched, taken as one archive."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.accounts.actions import log_access
from crm.accounts.models import AccessEventKind
from crm.dialogs import READ_AND_WRITE, attempt, dialog
from crm.web import is_fragment, move_on, person_of
from deals import permissions
from deals.actions.act_batches import start_batch
from deals.forms.acts import BatchForm
from deals.forms.price_notices import chosen_keys
from deals.models import ActBatch, ReconciliationAct
from deals.pages.act_batches import BatchPage
from deals.papers.act_archive import archive_of


@require_http_methods(READ_AND_WRITE)
def act_batch_start(request: HttpRequest) -> HttpResponse:
    """Form the acts of the chosen reconciliations (?ids=), or of all to be sent of a day."""
    user = person_of(request)
    if not permissions.can_form_acts(user):
        raise PermissionDenied
    ids = chosen_keys(request.GET.getlist("ids"))
    initial = {"ids": ",".join(map(str, ids)), "day": timezone.localdate()}
    form = BatchForm(request.POST or None, user=user, initial=initial)
    made: list[ActBatch] = []
    status = attempt(request, form, lambda: made.append(start_batch(form.chosen(), by=user)))
    if not status:
        return move_on(request, made[0].get_absolute_url())
    title = _("Form acts")
    text = _("Reconciliations chosen: %(n)s") % {"n": len(ids)} if ids else ""
    return dialog(request, form, title=title, text=text, submit=_("Form acts"), status=status)


@require_safe
def act_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and what was refused with the reason."""
    page = BatchPage(_visible(request, pk))
    name = "_act_batch" if is_fragment(request) else "act_batch"
    return render(request, f"deals/{name}.html", {"batch": page.batch, "page": page})


@require_safe
def act_batch_zip(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The acts that are there as PDFs in one archive, made while it is sent."""
    batch, user = _visible(request, pk), person_of(request)
    acts = ReconciliationAct.objects.visible_to(user).of_batch(batch.pk).for_paper()
    name = f"acts-{batch.pk}.zip"
    log_access(user, kind=AccessEventKind.EXPORT, target=name, rows=acts.count(), request=request)
    answer = StreamingHttpResponse(
        archive_of(acts.iterator(chunk_size=100)), content_type="application/zip"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _visible(request: HttpRequest, pk: int) -> ActBatch:
    rows = ActBatch.objects.visible_to(person_of(request))
    batch: ActBatch = get_object_or_404(rows, pk=pk)
    return batch
