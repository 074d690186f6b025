"""The library, checks, notes and internal reports of the world for the matrix of rights."""

from crm.library.actions import start_version
from crm.library.models import Capability
from reports.actions.staff import note_staff
from tests.factories import control, library, submissions


def watched(cast):
    """All of them."""
    return {**_library(cast), **_control(cast), **_submissions(cast)}


def _library(cast):
    """A job description of managers with a draft of its next version."""
    text = "1. CANARY обязанность.\n2. Ведёт договоры. {DL-06}"
    version = library.description(cast, text=text, unit=cast.department)
    draft = start_version(version.document_id, by=cast.admin, today=library.TODAY)
    return {
        "policy_document": version.document_id,
        "policy_version": version.pk,
        "policy_draft": draft.pk,
        "duty": version.duties.first().pk,
        "capability": Capability.objects.get(code="CR-08").pk,
    }


def _control(cast):
    """A check of the manager with its sample, and one that nobody knows of yet."""
    check = control.started(cast)
    item = check.items.first()
    control.mark(item, note="CANARY строка проверки")
    return {
        "spot_check": check.pk,
        "check_item": item.pk,
        "control_point": check.point_id,
        "planned_check": control.planned(cast).pk,
        "staff_note": _note(cast).pk,
    }


def _note(cast):
    """What the head of the department noted about the manager."""
    words = {"kind": "course", "text": "CANARY курс"}
    day = {"noted_on": control.TODAY, "today": control.TODAY}
    return note_staff(cast.manager.pk, by=cast.department_head, **words, **day)


def _submissions(cast):
    """A report to be handed in, and one that waits to be accepted."""
    row = submissions.due(cast)
    submitted = submissions.due(cast, definition=submissions.definition(code="other"))
    submissions.submit(submitted)
    return {
        "report_definition": row.definition_id,
        "submission": row.pk,
        "submitted": submitted.pk,
    }
