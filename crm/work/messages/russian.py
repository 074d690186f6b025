"""Russian words in code and templates, where only English message ids may stand."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.template.base import Lexer, TokenType

from crm.work.messages import sources

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_POSSIBLE = re.compile(r"[\u0400-\u04ff]|\\[uUN]")  # as it is, or as an escape
_COMMENTS = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)


def russian_literals(root: Path) -> Iterator[str]:
    """Yield the place of every Russian literal outside the files that hold Russian data."""
    for name, text in sources.code_files(root):
        if not sources.holds_russian_data(name):
            yield from _in_code(name, text)
    for name, text in sources.template_files(root):
        if not sources.holds_russian_data(name):
            yield from _in_template(name, text)
    for name, text in sources.script_files(root):
        if _CYRILLIC.search(_COMMENTS.sub("", text)):
            yield f"{name}: Russian text in a script; take it from a data- attribute"


def _in_code(name: str, text: str) -> Iterator[str]:
    """Yield Russian string literals of a module; docstrings and comments may quote Russian."""
    if not _POSSIBLE.search(text):
        return
    docstrings = set()
    for node in ast.walk(ast.parse(text, filename=name)):  # a statement comes before what is in it
        if isinstance(node, ast.Expr):
            docstrings.add(id(node.value))
        elif not isinstance(node, ast.Constant) or id(node) in docstrings:
            continue
        elif isinstance(node.value, str) and _CYRILLIC.search(node.value):
            yield f"{name}:{node.lineno}: Russian literal {node.value[:40]!r}"


def _in_template(name: str, text: str) -> Iterator[str]:
    """Yield the lines of a template with Russian text outside comments."""
    inside_comment = False
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.BLOCK and token.contents in ("comment", "endcomment"):
            inside_comment = token.contents == "comment"
            continue
        if token.token_type == TokenType.COMMENT or inside_comment:
            continue
        if found := _CYRILLIC.search(token.contents):
            line = (token.lineno or 0) + token.contents[: found.start()].count("\n")
            yield f"{name}:{line}: Russian text in a template"
