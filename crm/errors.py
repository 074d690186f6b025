"""The refusals of business rules: the view shows their text in the form."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from crm.sentences import one_stop


class RuleViolation(Exception):
    """A rule refuses the request; `field` names the form field the sentence belongs to."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(one_stop(message))
        self.field = field

    @property
    def sentence(self) -> str:
        """What it says; in each language where the rule says it so (crm.said)."""
        words: str = self.args[0]
        return words


class StaleVersion(RuleViolation):
    """Somebody saved the record after this page was shown; answered with 409.

    `of` is the record as it was found: its history tells what was done to it meanwhile.
    """

    status = 409

    def __init__(self, message: str | None = None, *, of: object = None) -> None:
        super().__init__(
            message or _("Another person has changed this record. Compare and save again.")
        )
        self.of = of


class AlreadyDecided(StaleVersion):
    """The request was decided meanwhile; the text names by whom and when."""


def refused(run: Callable[[], object]) -> str:
    """Why it is refused: the sentence of the RuleViolation; nothing where it is not."""
    try:
        run()
    except RuleViolation as refusal:
        return str(refusal)
    return ""
