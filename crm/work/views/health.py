"""Health for the balancer, metrics for a token; both without a session."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from health_check.views import HealthCheckView

ready = login_not_required(
    HealthCheckView.as_view(
        checks=["crm.work.health.DatabaseAnswers", "crm.work.health.WorkerIsAlive"]
    )
)


@require_safe
@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics for `Authorization: Bearer METRICS_TOKEN`; without it there is no page."""
    given = request.headers.get("Authorization", "")
    expected = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not constant_time_compare(given, expected):
        raise Http404
    answer: HttpResponse = ExportToDjangoView(request)
    return answer
