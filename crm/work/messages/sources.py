"""Which files speak to people, and which of them may hold Russian words."""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

CODE = ("crm", "clients", "deals", "claims", "reports")
TEMPLATES = ("templates",)
SCRIPTS = ("static/js",)
TEMPLATE_ENDINGS = {".html", ".txt", ".svg", ".xml", ".typ"}

# Russian as data: words to recognise in input and invented people, never text of the interface.
RUSSIAN_DATA = (
    "crm/russian.py",
    "crm/library/job_descriptions.py",
    "reports/actions/control.py",
    "reports/seeds/control.py",
    "reports/seeds/submissions.py",
    "crm/mailbox/texts.py",  # letters by which an encoding is known
    "crm/imports/synonyms.py",
    "crm/imports/synonyms/*.py",
    "clients/letters/letter_numbers.py",  # prefixes of numbers
    "clients/sheets/question_seeds.py",
    "clients/papers/subjects.py",  # what stands on papers
    "clients/personal_data/subject_words.py",
    "deals/receipts/purposes.py",
    "deals/comparing/kinds.py",  # words of the lines of statements
    "deals/comparing/numbers.py",
    "deals/seeds.py",
    "*/demo.py",
    "*/demo/*.py",
    "*/demo_*.py",
    "templates/shell/kit*.html",
    "deals/importers/bank_words.py",  # words of the banks' file
    "deals/importers/commerceml/*.py",  # elements of the format
    "deals/importers/debt_*.py",  # words of 1C's reports
    "deals/importers/numbers.py",
    "claims/numbers.py",  # prefixes of numbers
    "claims/papers/*.py",
    "deals/exchange.py",
    "deals/papers/act.py",  # what stands on papers
    "deals/papers/act_xlsx.py",
    "deals/papers/contract.py",
    "deals/actions/contracts.py",  # prefixes of numbers
    "deals/actions/documents.py",  # prefixes of numbers
    "crm/assignments/actions/entering.py",
    "claims/papers/*.py",  # what stands on papers
    "claims/actions/outgoing.py",  # prefix of numbers
    "claims/actions/claims.py",  # prefixes of numbers
    "claims/papers/reply.py",  # what stands on papers
)
_NOT_OURS = ("migrations", "tests", "vendor", "__pycache__")


def code_files(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and text of every Python module of the product, migrations aside."""
    return _files(root, CODE, {".py"})


def template_files(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and source of every template."""
    return _files(root, (*TEMPLATES, *(f"{name}/templates" for name in CODE)), TEMPLATE_ENDINGS)


def script_files(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and source of our own JavaScript."""
    return _files(root, SCRIPTS, {".js", ".mjs"})


def holds_russian_data(name: str) -> bool:
    """Tell whether Russian words are data in this file."""
    return any(fnmatch(name, pattern) for pattern in RUSSIAN_DATA)


def _files(root: Path, folders: tuple[str, ...], endings: set[str]) -> Iterator[tuple[str, str]]:
    """Yield files below the folders in a stable order."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in endings and path.is_file() and not set(path.parts) & set(_NOT_OURS):
                yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
