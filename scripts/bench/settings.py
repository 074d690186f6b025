"""The product's settings, with the floor's address and a count of queries in each answer."""

from crm.settings import *  # noqa: F403
from crm.settings import MIDDLEWARE

ROOT_URLCONF = "scripts.bench.urls"
MIDDLEWARE = ["scripts.bench.counting.count_queries", *MIDDLEWARE]
