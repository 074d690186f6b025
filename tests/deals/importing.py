"""Files of documents and debts run through the product's own commands."""

import contextlib
import json

from django.core.management import call_command

from tests.imports.workbooks import proper


def imported(capsys, command, content, *arguments, tmp_path=None, name="file.csv"):
    """Run the command on content (or a path) and give its JSON object; a refusal too."""
    path = content
    if isinstance(content, bytes | list | str) and tmp_path is not None:
        path = tmp_path / name
        path.write_bytes(as_bytes(content))
    capsys.readouterr()
    with contextlib.suppress(SystemExit):
        call_command(command, str(path), "--json", *arguments)
    return json.loads(capsys.readouterr().out)


def as_bytes(content):
    """Bytes as they are, text in UTF-8, rows as CSV."""
    if isinstance(content, bytes):
        return content
    if isinstance(content, list):
        content = "\n".join(";".join(map(str, row)) for row in content)
    return content.encode()


def workbook(rows):
    """A proper XLSX file of the rows."""
    return proper(rows)
