"""People, units, substitutions. Rows are written past the actions, so that a test needs no rights.

boss = accounts.user(role=Role.SECTOR_HEAD, org_unit=sector)
accounts.head(sector, boss)
"""

from datetime import date
from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password

from crm.accounts.models import Delegation, DelegationReason, OrgUnit, OrgUnitKind, Role, User
from crm.accounts.models.delegations import DelegationState
from crm.names import sort_key
from crm.originals.models import IssuedOriginal

PASSWORD = "correct horse battery staple"  # of every person made with `password=True`
_numbers = count(1)


@cache
def hashed(password=PASSWORD):
    """Hashing is slow on purpose; once per process is enough."""
    return make_password(password)


def unit(name="", *, kind=OrgUnitKind.SECTOR, parent=None, head=None, **more):
    """A unit; a sector or department without a parent gets a company above it."""
    if parent is None and kind != OrgUnitKind.COMPANY:
        parent = unit(kind=OrgUnitKind.COMPANY)
    name = name or f"Unit {next(_numbers)}"
    made = OrgUnit.objects.create(
        name=name, sort_key=sort_key(name), kind=kind, parent=parent, head=head, **more
    )
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save(update_fields=["path"])
    return made


def user(*, role=Role.MANAGER, org_unit=None, last_name="", password=False, **more):
    """A person who cannot sign in with a password unless asked for; use `signed_in`."""
    number = next(_numbers)
    last_name = last_name or f"Person {number}"
    more.setdefault("username", f"person{number}")
    return User.objects.create(
        last_name=last_name,
        sort_key=sort_key(f"{last_name} {more.get('first_name', '')}"),
        role=role,
        org_unit=org_unit,
        password=hashed() if password else "!",
        **more,
    )


def head(org_unit, person):
    """Put the person at the head of the unit."""
    org_unit.head = person
    org_unit.save(update_fields=["head"])
    return org_unit


def delegation(owner, delegate, *, first, last, by=None, **more):
    """A substitution from the first to the last day, both inclusive."""
    if more.get("state") == DelegationState.REVOKED:
        from django.utils import timezone

        more |= {"revoked_by": by or owner, "revoked_at": timezone.now()}
    return Delegation.objects.create(
        owner=owner,
        delegate=delegate,
        valid_from=first if isinstance(first, date) else date.fromisoformat(first),
        valid_to=last if isinstance(last, date) else date.fromisoformat(last),
        reason=more.pop("reason", DelegationReason.VACATION),
        created_by=by or owner,
        **more,
    )


def original(holder, *, by, item="Устав, подлинник", issued="2026-11-02", due="2026-11-20", **more):
    """A paper that the person holds."""
    return IssuedOriginal.objects.create(
        kind=more.pop("kind", "document"),
        item=item,
        holder=holder,
        issued_by=by,
        issued_on=date.fromisoformat(str(issued)),
        return_due=date.fromisoformat(str(due)),
        **more,
    )
