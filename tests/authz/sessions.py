"""Sessions that are read from the database once: whoever asks again takes back what it wrote."""

from django.contrib.sessions.backends import db

_read = {}


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        if self.session_key not in _read:
            _read[self.session_key] = super()._get_session_from_db()
        return _read[self.session_key]
