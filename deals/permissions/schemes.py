"""Rights on relationship schemes (S1.9, S5.4.9): managers and heads write, heads decide and end."""

from clients.models import Client
from crm.accounts.models import Role, User
from crm.accounts.scope import scope_of
from deals.models import SCHEME_MOVES, RelationshipScheme, SchemeState
from deals.permissions.documents import can_see_money
from deals.permissions.orders import can_order_for

CONTINUED = frozenset(
    {SchemeState.APPROVED, SchemeState.ACTIVE, SchemeState.EXPIRED, SchemeState.TERMINATED}
)


def can_see_schemes(user: User) -> bool:
    """Schemes show terms and turnover: who sees money sees them (C.9)."""
    return can_see_money(user)


def can_write_scheme_for(user: User, client: Client) -> bool:
    """The client's people: whoever takes its orders agrees how it is served."""
    return can_order_for(user, client)


def can_edit_scheme(user: User, scheme: RelationshipScheme) -> bool:
    """A draft; whoever changes it becomes its author."""
    return scheme.state == SchemeState.DRAFT and can_write_scheme_for(user, scheme.client)


def can_submit_scheme(user: User, scheme: RelationshipScheme) -> bool:
    """Only who wrote it last, so that nobody decides an own text that another has sent."""
    return scheme.author_id == user.pk and can_edit_scheme(user, scheme)


def can_end_scheme(user: User, scheme: RelationshipScheme) -> bool:
    """The head of the client's department and the director, while it stands."""
    if not user.is_active or SchemeState.TERMINATED not in SCHEME_MOVES[scheme.state]:
        return False
    heads = scheme.client.org_unit_id in scope_of(user).unit_ids
    return user.role == Role.DIRECTOR or (user.role == Role.DEPARTMENT_HEAD and heads)


def can_renew_scheme(user: User, scheme: RelationshipScheme) -> bool:
    """Write the scheme of the next period after one that was approved."""
    return scheme.state in CONTINUED and can_write_scheme_for(user, scheme.client)


def can_keep_scheme_files(user: User, scheme: RelationshipScheme) -> bool:
    """Files of a scheme are kept by those who write to its client."""
    return can_write_scheme_for(user, scheme.client)
