"""Whether a failure means that the database does not answer; loaded before the models."""

from django.db import DatabaseError, InterfaceError, OperationalError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter


class Reporter(ExceptionReporter):
    """With DEBUG too a database that does not answer is no bug to be shown its code."""

    def get_traceback_html(self) -> SafeString:
        """The page of 503 in place of the code that asked."""
        if is_database_down(self.exc_value):
            return render_to_string("503.html")
        return super().get_traceback_html()


def is_database_down(failure: BaseException | None) -> bool:
    """Nobody answers, or the connection has ended."""
    return isinstance(failure, InterfaceError) or (
        isinstance(failure, DatabaseError) and _is_connection_lost(failure)
    )


def _is_connection_lost(failure: BaseException) -> bool:
    """Class 08 and 57P errors of PostgreSQL carry no SQLSTATE when nobody answered at all."""
    code = getattr(failure.__cause__, "pgcode", None)
    return isinstance(failure, OperationalError) and (code is None or code[:3] in {"080", "57P"})
