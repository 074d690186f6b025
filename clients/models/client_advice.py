"""Recommendations and consultations given to clients (CL-18, L35, L633), and what came of them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.clients import Client
from clients.querysets.client_advice import ClientRecommendationQuerySet
from crm.history import track


class AdviceTopic(models.TextChoices):
    ASSORTMENT = "assortment", pgettext_lazy("topic of advice", "Assortment")
    ORDERING = "ordering", pgettext_lazy("topic of advice", "Rhythm and size of orders")
    DISPLAY = "display", pgettext_lazy("topic of advice", "Display of goods")
    PRICING = "pricing", pgettext_lazy("topic of advice", "Retail prices and promotions")
    TERMS = "terms", pgettext_lazy("topic of advice", "Terms of payment and bonuses")
    LOGISTICS = "logistics", pgettext_lazy("topic of advice", "Delivery and storage")
    PAPERS = "papers", pgettext_lazy("topic of advice", "Documents and EDI")
    OTHER = "other", pgettext_lazy("topic of advice", "Other")


class AdviceState(models.TextChoices):
    GIVEN = "given", pgettext_lazy("advice", "Given")
    ACCEPTED = "accepted", pgettext_lazy("advice", "Accepted")
    REFUSED = "refused", pgettext_lazy("advice", "Declined")
    DONE = "done", pgettext_lazy("advice", "Put into practice")


ADVICE_MOVES: dict[str, set[str]] = {
    AdviceState.GIVEN: {AdviceState.ACCEPTED, AdviceState.REFUSED},
    AdviceState.ACCEPTED: {AdviceState.DONE, AdviceState.REFUSED},
    AdviceState.REFUSED: set(),
    AdviceState.DONE: set(),
}
OPEN_ADVICE = (AdviceState.GIVEN, AdviceState.ACCEPTED)


@track(exclude=("idempotency_key",))
class ClientRecommendation(models.Model):
    """What a client was advised, what it said to it and what it brought."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="recommendations", verbose_name=_("client")
    )
    topic = models.CharField(_("topic"), max_length=10, choices=AdviceTopic.choices)
    group = models.CharField(_("product group"), max_length=200, blank=True)
    text = models.TextField(_("recommendation"))
    given_on = models.DateField(_("given on"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    state = models.CharField(
        _("state"), max_length=8, choices=AdviceState.choices, default=AdviceState.GIVEN
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    refusal_reason = models.CharField(_("why it was declined"), max_length=500, blank=True)
    done_on = models.DateField(_("put into practice on"), null=True, blank=True)
    effect = models.CharField(_("result"), max_length=1000, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ClientRecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation to the client")
        verbose_name_plural = _("recommendations to clients")
        ordering = ("-given_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="given", answered_on=None)
                | (~Q(state="given") & Q(answered_on__isnull=False)),
                name="advice_answer_has_its_day",
            ),
            models.CheckConstraint(
                condition=(Q(state="refused") & ~Q(refusal_reason=""))
                | (~Q(state="refused") & Q(refusal_reason="")),
                name="advice_refused_says_why",
            ),
            models.CheckConstraint(
                condition=(Q(state="done", done_on__isnull=False) & ~Q(effect=""))
                | (~Q(state="done") & Q(done_on=None, effect="")),
                name="advice_done_says_what_came_of_it",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="advice_says_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["given_on", "id"], name="advice_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.get_topic_display()}"

    def get_absolute_url(self) -> str:
        """The tab of the card on which it stands."""
        return f"{self.client.get_absolute_url()}?tab=advice"

    @property
    def is_open(self) -> bool:
        """Something is still to come of it."""
        return self.state in OPEN_ADVICE
