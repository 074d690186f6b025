"""Prefixes of registration numbers, and the words that tell a complaint by its subject."""

import re

INCOMING, OUTGOING = "ВХ", "ИСХ"
OUR_NUMBER = re.compile(rf"(?:{INCOMING}|{OUTGOING})-\d{{4}}-\d{{6,9}}", re.IGNORECASE)
COMPLAINTS = "претензия, рекламация, жалоба"
