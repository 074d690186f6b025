"""Write words into every text column of the clients' rows, as people and files may have done."""

from django.apps import apps
from django.db import DatabaseError, models, transaction

OF_CLIENTS = (
    "clients.Client", "clients.ContactPerson", "clients.Counterparty", "clients.BankAccount",
    "clients.Outlet", "clients.ClientNeed", "clients.ContactLog", "clients.CategoryChangeRequest",
    "clients.CategoryProposal", "clients.ClientTransfer", "approvals.Approval", "imports.ImportJob",
    "files.Attachment",
    "claims.Claim", "claims.Escalation", "claims.CorrectiveMeasure",
    "files.Attachment", "clients.Correspondence", "clients.PersonalDataConsent",
    "reports.Expense", "reports.CostMeasure", "reports.Budget",
    "clients.SurveyResponse", "clients.SurveyAnswer",
    "clients.ClientRecommendation", "clients.CompetitorNote",
    "deals.LimitRequest", "deals.CreditLimit", "deals.Order", "deals.ReconciliationItem",
)  # fmt: skip
# Written by the product itself, never typed.
MACHINE = {
    "sort_key", "search_key", "search_text", "code", "digest", "kind", "url", "owner_kind",
    "sha256", "received_sha256",
}  # fmt: skip


# What a browser must show as it was typed; each tries to reach alert() or the network.
MARKUP = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>", "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>", "' onmouseover='alert(1)' autofocus onfocus='alert(1)",
    "javascript:alert(1)", "<a href=javascript:alert(1)>x</a>",
    "<iframe src=//canary.test></iframe>",
    "<style>*{background:url(//canary.test)}</style>", "<link rel=stylesheet href=//canary.test>",
    "{{7*7}}{% now 'Y' %}${7*7}", "<b hx-get=/health/live hx-trigger=load>x</b>",
    "<b hx-on:load=alert(1) data-hx-get=/x data-hx-trigger=load>x</b>", "<math><mi//xlink:href=x>",
    "<details open ontoggle=alert(1)>", "<form action=//canary.test><button>x", "--><b>x</b><!--",
    "\";alert(1)//", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]  # fmt: skip


def text_columns(model):
    """Columns that hold what somebody typed."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField)
        if is_text and not field.choices and not field.unique and field.name not in MACHINE:
            yield field


def plant(words):
    """Put the words, one after the other, wherever the table takes them; returns the columns."""
    planted, number = [], 0
    for label in OF_CLIENTS:
        model = apps.get_model(label)
        for field in text_columns(model):
            word = words[number % len(words)][: field.max_length]
            try:
                with transaction.atomic():
                    model.objects.update(**{field.name: word})
            except DatabaseError:
                continue  # the table refuses it: an INN, a phone, an account
            planted.append(f"{label}.{field.name}")
            number += 1
    return planted
