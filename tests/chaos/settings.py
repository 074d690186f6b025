"""The product's settings with letters in files and a job that counts its own runs."""

import os
from pathlib import Path

os.environ.setdefault("DEBUG", "1")

from crm.settings import *  # noqa: F403
from crm.settings import INSTALLED_APPS, VAR_DIR

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos.apps.ChaosConfig"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = Path(VAR_DIR, "letters")
LOGGING_CONFIG = "logging.config.dictConfig"
