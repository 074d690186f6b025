"""Environment variables that refuse nonsense: a wrong value stops the start with its name."""

import os

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def env_str(name: str, default: str = "") -> str:
    """Text of the variable, stripped; the default when unset."""
    return os.environ.get(name, default).strip()


def env_bool(name: str, *, default: bool = False) -> bool:
    """Yes or no; anything else raises ImproperlyConfigured."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_int(name: str, default: int, *, least: int = 0) -> int:
    """Whole number not below `least`; anything else raises ImproperlyConfigured."""
    value = os.environ.get(name)
    if value is None or not value.strip():
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if number < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}.")
    return number


def env_list(name: str, default: str = "") -> list[str]:
    """Comma-separated values without blanks."""
    return [part.strip() for part in env_str(name, default).split(",") if part.strip()]


def env_secret(name: str, *, debug: bool) -> str:
    """A secret of at least 50 characters; in DEBUG a fixed one serves, in production none does."""
    value = env_str(name)
    if debug:
        return value or "debug-only-" + "k" * 50
    if len(value) < 50 or value.startswith("debug-only"):
        raise ImproperlyConfigured(f"{name} must be set to at least 50 random characters.")
    return value
