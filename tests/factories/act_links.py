"""Personal links as their clients get them: by the letter of the outbox."""

import re
from types import SimpleNamespace

from django.core import mail
from django.test import Client
from django.utils import timezone

from crm.notices.actions import deliver_notices
from crm.work import registry
from crm.work.models import Setting
from deals.actions import act_links as actions
from deals.models import ActLink
from tests.factories import reconciliations

EMAIL = "buh@romashka.test"


def send(item, *, by, email=EMAIL, now=None):
    """A new link of the act, its letter still in the outbox."""
    now = now or timezone.now()
    item.refresh_from_db()
    return actions.create_link(
        item.pk, by=by, version=item.version, email=email,
        today=timezone.localtime(now).date(), now=now,
    )  # fmt: skip


def deliver():
    """Send what waits; returns the token of the last letter outside."""
    deliver_notices()
    bodies = [letter.body for letter in mail.outbox if "/acts/" in letter.body]
    return re.search(r"/acts/([^/\s]+)/", bodies[-1])[1]


class Sent(SimpleNamespace):
    """An act with its client: act, link, token, address, a browser without a session."""

    def again(self):
        """The link as it stands now."""
        return ActLink.objects.get(pk=self.link.pk)


def sent(client, *, by, **more):
    """An act that was sent by a link today."""
    act = reconciliations.act(client, by=by, today=timezone.localdate(), **more)
    link = send(act.item, by=by)
    token = deliver()
    return Sent(
        act=act, link=link, token=token, url=f"/acts/{token}/", browser=Client(), item=act.item
    )


def setting(name, value):
    """The customer's value, known at once."""
    Setting.objects.create(key=f"reconciliation.{name}", value=value)
    registry.forget()


def limit(name, value):
    """How often links may be asked for, likewise."""
    Setting.objects.create(key=f"links.{name}", value=value)
    registry.forget()
