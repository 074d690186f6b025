"""Policy of correspondence: terms of answers (CORR-1, D.4), alerts, reading of the mailbox."""

from django.utils.translation import gettext_lazy as _

from clients.letters.letter_numbers import COMPLAINTS
from crm.work.registry import Group, Kind

LETTERS = Group(_("Correspondence"))
CALENDAR, WORKING = _("calendar days"), _("working days")
WHOLE = (
    ("letters.complaint_days", 10, 1, 60, _("A complaint is answered within"), CALENDAR),
    ("letters.letter_days", 3, 1, 60, _("A letter is answered within"), WORKING),
    ("letters.a_days", 1, 1, 60, _("A letter of category A is answered within"), WORKING),
    ("letters.hall_days", 5, 1, 60, _("A letter of the trading hall is answered within"), WORKING),
    ("letters.soon_days", 1, 0, 30, _("A letter is announced before its last day"), WORKING),
    (
        "letters.late_days",
        2,
        0,
        30,
        _("A late letter is reported to the head above after"),
        WORKING,
    ),
    (
        "letters.close_days",
        10,
        1,
        90,
        _("An answered letter is closed automatically after"),
        WORKING,
    ),
    ("letters.send_mb", 15, 1, 50, _("Files of one letter that is sent by e-mail"), _("MB")),
    ("mail.max_mb", 30, 1, 100, _("Largest e-mail that is read in full"), _("MB")),
    ("mail.at_once", 200, 1, 5000, _("E-mails read at once, at most"), ""),
    (
        "mail.first_days",
        14,
        0,
        3650,
        _("Of a new mailbox e-mails are read that came within"),
        CALENDAR,
    ),
)


def register_letter_policy() -> None:
    """Declare them; where the mailbox is and its password stand in the environment."""
    for key, default, least, most, label, unit in WHOLE:
        LETTERS.whole(key, default, least, most, label, unit)
    LETTERS.register(
        "mail.folder",
        kind=Kind.TEXT,
        default="INBOX",
        label=_("Folder of the mailbox that is read"),
        help=_("As the mail server calls it; Cyrillic letters are allowed."),
    )
    LETTERS.register(
        "mail.complaint_words",
        kind=Kind.TEXT,
        default=COMPLAINTS,
        label=_("Words of a subject that make an e-mail a complaint"),
        help=_("Separated by commas; endings may differ."),
    )
