"""Documents of the library, written by the actions: `library.published(cast)`."""

from datetime import timedelta

from django.utils import timezone

from crm.library import actions
from crm.library.actions import NewText
from crm.library.models import CapabilityScreen, DocumentVersion
from crm.library.seeds.capabilities import seed_capabilities

NOW = timezone.now()
TODAY = timezone.localdate()
DESCRIPTION = """I. Обязанности
1.1. Проверяет полноту сведений о выставках. {RP-07}
1.2. Ведёт договоры с клиентами сектора. {DL-06}
1.3. Поддерживает порядок на рабочем месте.
"""


def draft(cast, by=None, *, kind="regulation", title="Положение об отделе", unit=None, **more):
    """A draft of a document of the whole company, unless told otherwise."""
    values = {"text": "# Общее\nПервая **строка**", "effective_from": TODAY, **more}
    return actions.create_document(
        by=by or cast.admin, kind=kind, title=title, unit=unit, new=NewText(**values)
    )


def published(cast, by=None, **more):
    """The same, in force."""
    return publish(draft(cast, by, **more), by or cast.admin)


def publish(version, by):
    """In force from its day."""
    shown = DocumentVersion.objects.get(pk=version.pk)
    return actions.publish_version(shown.pk, by=by, version=shown.version, now=NOW)


def corrected(version, by, text, **more):
    """The next version with another text, published."""
    made = actions.start_version(version.document_id, by=by, today=TODAY)
    new = NewText(text, **{"effective_from": TODAY, **more})
    made = actions.change_draft(made.pk, by=by, version=made.version, new=new)
    return publish(made, by)


def read(version, person, **more):
    """The person's acknowledgement of it."""
    values = {"digest": version.digest, "now": NOW, **more}
    return actions.acknowledge_version(version.pk, by=person, **values)


def description(cast, by=None, text=DESCRIPTION, **more):
    """A job description of managers in force; a screen of its first duty is not built yet."""
    seed_capabilities()
    CapabilityScreen.objects.filter(capability__code="RP-07").update(url_name="reports:later")
    values = {"kind": "job_description", "title": "Должностная инструкция менеджера", "text": text}
    return published(cast, by, **values | {"roles": ["manager"]} | more)


def tomorrow():
    """The day after today."""
    return TODAY + timedelta(days=1)
