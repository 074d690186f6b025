"""Who may see and repair the outbox."""

from crm.accounts.models import Role, User


def can_watch_outbox(user: User) -> bool:
    """The administrator; the texts of other people's notices stay theirs."""
    return user.is_active and user.role == Role.ADMIN
