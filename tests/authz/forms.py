"""Forms of a page as a browser sees them, and rubbish to send through them."""

from html.parser import HTMLParser

RUBBISH = [
    "", "   ", "\0", "a\0b", "\x0b", "\ufffd", "\u202eabc", "e\u0301\u0301", "👩‍👩‍👧", "ы" * 20_000,
    "'\"><", "{{7*7}}", "%s%n", "<script>alert(1)</script>", "1e400", "1e1000000", "NaN",
    "-Infinity",
    "-0", "١٢٣", "９９", "1_000", "1 000,50", "-1", "999999999999999999999", "9223372036854775808",
    "31.02.2026", "2026-02-31", "0000", "0000-00-00", "99999-01-01", "25:61", "null", "[]", "{}",
    "../../etc/passwd", "http://127.0.0.1/", "1;DROP TABLE x", "\\", "on",
]  # fmt: skip


class Form:
    """Where a form goes and the fields it sends."""

    def __init__(self, attributes):
        self.method = attributes.get("method", "get").lower()
        self.action = attributes.get("hx-post") or attributes.get("action", "")
        self.by_htmx = bool(attributes.get("hx-post"))
        if self.by_htmx:
            self.method = "post"
        self.fields = {}
        self.has_button, self.unseen = False, set()

    def add_row(self):
        """One more row of its template, as the script of the page adds it."""
        waiting = [name for name in self.fields if "__n__" in name]
        if waiting:
            row = self.fields["lines"]
            self.fields["lines"] = str(int(row) + 1)
        for name in waiting:
            self.fields[name.replace("__n__", row)] = self.fields.pop(name)

    @property
    def signature(self):
        """The same for the same form on different pages."""
        letters = "".join(letter for letter in self.action if not letter.isdigit())
        return letters.partition("?")[0], tuple(sorted(self.fields))


class Reader(HTMLParser):
    """Collects forms, also fields that name their form by `form=`."""

    def __init__(self):
        super().__init__()
        self.forms, self.open, self.select = [], None, None

    def handle_starttag(self, tag, pairs):
        attributes = {key: value or "" for key, value in pairs}
        if tag == "form":
            self.open = Form(attributes)
            self.forms.append(self.open)
        elif tag == "select":
            self.select = attributes.get("name")
            self._note(self.select, "")
        elif tag == "option" and self.select and self.open:
            if not self.open.fields.get(self.select) or "selected" in attributes:
                self._note(self.select, attributes.get("value", ""))
        elif tag in {"input", "textarea", "button"} and attributes.get("type") != "file":
            if self.open and tag == "button" and attributes.get("type", "submit") == "submit":
                self.open.has_button = True
            if self.open and attributes.get("type") == "hidden":
                self.open.unseen.add(attributes.get("name"))
            self._note(attributes.get("name"), attributes.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None

    def _note(self, name, value):
        if self.open is not None and name and name != "csrfmiddlewaretoken":
            self.open.fields[name] = value


def forms_of(html):
    """The forms of a page or a fragment."""
    reader = Reader()
    reader.feed(html)
    for form in reader.forms:
        form.add_row()
    return reader.forms


def rubbish(fields, round_number):
    """Every field gets rubbish, each another kind, another one in each round."""
    names = sorted(fields)
    return {
        name: RUBBISH[(round_number * 11 + place * 7) % len(RUBBISH)]
        for place, name in enumerate(names)
    }


def one_wrong(fields, round_number):
    """What the page would send, with rubbish in one field."""
    if not fields:
        return {}
    names = sorted(fields)
    name = names[round_number % len(names)]
    return {**fields, name: RUBBISH[(round_number * 13) % len(RUBBISH)]}
