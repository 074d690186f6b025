"""What the app declares to the shared mechanisms when it is ready."""


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
