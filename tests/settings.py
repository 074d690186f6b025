"""Settings of the tests: the product's, on plain HTTP and with a quick password hash."""

import logging
import os

import structlog

os.environ.setdefault("DEBUG", "1")

from crm.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A line per request, or per refusal, is written for people who watch a server.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
# Django sets its loggers up after this file, and would forget a level that is set here.
LOGGING["loggers"]["django.request"]["level"] = "ERROR"  # noqa: F405
# Finds a static file when it is asked for instead of listing all of them for every test client.
WHITENOISE_AUTOREFRESH = True
# A browser asks for each of forty files once, not again every minute.
WHITENOISE_MAX_AGE = 86_400
