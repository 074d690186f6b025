"""A kind of request on a model that knows nothing of approvals: a unit gets another name."""

from contextlib import contextmanager

from crm import history
from crm.accounts.models import OrgUnit
from crm.approvals import actions, registry
from crm.approvals.actions import StepDraft
from crm.approvals.models import ApprovalRoute
from crm.notices import kinds
from tests.declaring import taken_back
from tests.factories.categories import TODAY

KIND = "toy.rename"
VISA = StepDraft("visa", unit_kind="sector")
HEAD = StepDraft("visa", unit_kind="department")
DIRECTOR = StepDraft("approve", role="director")
LAWYER = StepDraft("approve", role="lawyer")


class Log(list):
    """What the engine told the handler, in order."""


@contextmanager
def registered(**more):
    """The toy kind with hooks that write down their calls and change the unit."""
    log = Log()

    def hook(name):
        def run(target, decision):
            log.append((name, decision.by.username, decision.comment))
            if name != "on_step_approved":
                target.version += 1
                target.territory = name
                target.save(update_fields=["version", "territory"])

        return run

    names = (
        "on_submitted",
        "on_endorsed",
        "on_step_approved",
        "on_approved",
        "on_returned",
        "on_rejected",
        "on_withdrawn",
        "on_revoked",
    )
    hooks = {name: hook(name) for name in names}
    kind = registry.Handler(
        kind=KIND, label="Toy", model=OrgUnit, default_route=(), **(hooks | more)
    )
    known = (registry._handlers, registry._evidence, kinds._kinds, history._verbs)
    with taken_back(*known):
        for one in known:  # a toy within a toy takes its place
            for key in [key for key in one if str(key).startswith(KIND)]:
                del one[key]
        registry.register(kind)
        yield log


def route(cast, *steps):
    """Let toys pass these steps."""
    current = ApprovalRoute.objects.filter(kind=KIND, active=True).first()
    return actions.change_route(
        KIND, by=cast.admin, steps=steps, version=current.version if current else 0
    )


def submit(cast, by, *, target=None, unit=None, today=TODAY):
    """Send a toy of the author's unit on its way."""
    target = target or cast.other_sector
    return actions.submit(
        OrgUnit.objects.get(pk=target.pk),
        kind=KIND,
        by=by,
        title="Переименовать",
        org_unit=unit or cast.sector,
        today=today,
    )


def decide(approval, by, decision="approve", *, comment="", today=TODAY, **more):
    """Sign what is shown now."""
    approval.refresh_from_db()
    more.setdefault("version", approval.version)
    more.setdefault("target_version", approval.target_version)
    return actions.decide(
        approval.pk, by=by, decision=decision, comment=comment, today=today, **more
    )


def revoke(approval, by, reason="Ошибка в расчёте", *, today=TODAY, **more):
    """Take back what is shown as approved."""
    approval.refresh_from_db()
    more.setdefault("version", approval.version)
    return actions.revoke(approval.pk, by=by, reason=reason, today=today, **more)
