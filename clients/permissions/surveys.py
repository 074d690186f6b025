"""Rights on surveys and consents (L98, L637): heads and the director ask, managers follow up."""

from __future__ import annotations

from clients.models import ContactPerson, Survey, SurveyResponse, SurveyState
from clients.permissions.clients import can_edit_client, sees_clients_whole
from clients.permissions.contacts import can_log_contact
from crm.accounts.models import HEADS, Role, User

ASKERS = HEADS | {Role.DIRECTOR}


def can_see_surveys(user: User) -> bool:
    """Whoever sees clients whole; which answers is a matter of the scope."""
    return sees_clients_whole(user)


def can_make_surveys(user: User) -> bool:
    """Heads and the director; people of visible clients are asked."""
    return user.is_active and user.role in ASKERS


def can_change_survey(user: User, survey: Survey) -> bool:
    """The author and the director, while nobody has been asked."""
    return survey.state == SurveyState.DRAFT and runs_survey(user, survey)


def can_start_survey(user: User, survey: Survey) -> bool:
    """Whoever may change the draft sends it out."""
    return can_change_survey(user, survey)


def can_close_survey(user: User, survey: Survey) -> bool:
    """End it before its day; ask further people meanwhile."""
    return survey.state == SurveyState.RUNNING and runs_survey(user, survey)


def runs_survey(user: User, survey: Survey) -> bool:
    """The author, or the director."""
    mine = survey.author_id == user.pk or user.role == Role.DIRECTOR
    return mine and can_make_surveys(user)


def can_handle_response(user: User, response: SurveyResponse) -> bool:
    """Say what was done about a bad mark: the people of the client."""
    return response.waits and can_log_contact(user, response.client)


def can_note_consent(user: User, person: ContactPerson) -> bool:
    """Whoever keeps the card of the client."""
    return person.archived_at is None and can_edit_client(user, person.client)
