"""What keeps an installation from starting in production (G-AC6)."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError, connection

TAG = "accounts"
POWERFUL = """
    SELECT rolsuper OR rolcreaterole OR EXISTS (
        SELECT 1 FROM pg_class
        WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
          AND pg_has_role(current_user, relowner, 'MEMBER')
    )
    FROM pg_roles WHERE rolname = current_user
"""
LEAST_KEY = 50


def register_all() -> None:
    """Checks of `manage.py check --deploy`; `prepare_database` runs them in production too."""
    for check in (no_demo_logins, strong_key, modest_database_role, guarded_redis):
        register(check, TAG, deploy=True)


def no_demo_logins(**options: Any) -> list[CheckMessage]:
    """accounts.E001: the password of demo logins is public."""
    from crm.accounts.models import User

    if settings.DEMO:
        return []
    try:
        names = list(User.objects.working().filter(is_demo=True).values_list("username", flat=True))
    except DatabaseError:
        return []  # not migrated yet: nobody can sign in
    if not names:
        return []
    text = f"Demo logins with a known password are active: {', '.join(sorted(names)[:10])}."
    return [Error(text, hint="Switch them off or start with DEMO=1.", id="accounts.E001")]


def strong_key(**options: Any) -> list[CheckMessage]:
    """accounts.E002: SECRET_KEY signs sessions and encrypts second factors."""
    key = settings.SECRET_KEY
    if len(key) >= LEAST_KEY and len(set(key)) > 5 and not key.startswith("django-insecure"):
        return []
    text = f"SECRET_KEY is shorter than {LEAST_KEY} characters or made up in code."
    return [Error(text, id="accounts.E002")]


def modest_database_role(**options: Any) -> list[CheckMessage]:
    """accounts.E003: the web's role could rewrite history."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(POWERFUL)
            powerful = cursor.fetchone()[0]
    except DatabaseError:
        return []  # other checks and the start itself tell about a database that is away
    if not powerful:
        return []
    text = "The role of DATABASE_URL is a superuser or owns tables: it could rewrite history."
    return [Error(text, id="accounts.E003")]


def guarded_redis(**options: Any) -> list[CheckMessage]:
    """accounts.E004: whoever reaches an open Redis can run tasks."""
    if urlsplit(settings.REDIS_URL).password:
        return []
    return [Error("REDIS_URL has no password.", id="accounts.E004")]
