"""Settings of the tests: the product's, on plain HTTP and with a quick password hash."""

import os

os.environ.setdefault("DEBUG", "1")

from crm.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Finds a static file when it is asked for instead of listing all of them for every test client.
WHITENOISE_AUTOREFRESH = True
