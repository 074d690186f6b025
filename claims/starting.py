"""What the app declares to the shared mechanisms when it is ready."""

from claims.outgoing_starting import register_outgoing


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    register_outgoing()
