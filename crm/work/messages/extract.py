"""Find every message exactly as it will be looked up at run time.

Python is read as a syntax tree (adjacent literals are already joined there, and imports tell what
`_` means); templates are read by Django's own lexer and the parsers of its translation tags.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.template import Context, engines
from django.template.base import FilterExpression, Lexer, Parser, Token, TokenType
from django.template.exceptions import TemplateSyntaxError
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.text import unescape_string_literal

from crm.work.messages import sources

_IN_ARGUMENTS = re.compile(r"""(?<![\w.])_\(("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')\)""")
_TRANSLATE = {"translate", "trans", "blocktranslate", "blocktrans"}
# Positions of context, singular and plural among the arguments.
_MODULES = ("django.utils.translation", "crm.said")
_SHAPES: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
_NAMES = {
    name: shape
    for base, shape in _SHAPES.items()
    for name in (base, f"{base}_lazy", f"{base}_noop")
}


class Message(NamedTuple):
    """What gettext is asked for; empty context and plural stand for none."""

    context: str
    singular: str
    plural: str


class Extraction(NamedTuple):
    """Every message with the files that ask for it, and what could not be read."""

    found: dict[Message, list[str]]
    problems: list[str]


def extract(root: Path) -> Extraction:
    """Read all code and templates of the product."""
    result = Extraction({}, [])
    for name, text in sources.code_files(root):
        _add(result, name, python_messages(name, text))
    for name, text in sources.template_files(root):
        _add(result, name, template_messages(name, text))
    return result


def _add(result: Extraction, name: str, found: Iterable[Message | str]) -> None:
    """Put messages of one file beside the others; a plain text is a problem."""
    for item in found:
        if isinstance(item, str):
            result.problems.append(item)
        elif name not in result.found.setdefault(item, []):
            result.found[item].append(name)


def python_messages(name: str, text: str) -> Iterator[Message | str]:
    """Yield the messages of a module, and a problem for each that is no literal text."""
    if "gettext" not in text:
        return  # each name of _NAMES holds the word, so do the imports that give it another
    known, calls = dict(_NAMES), []
    for node in ast.walk(ast.parse(text, filename=name)):
        if isinstance(node, ast.Call):
            calls.append(node)
        elif isinstance(node, ast.ImportFrom) and node.module in _MODULES:
            known |= {
                alias.asname: _NAMES[alias.name]
                for alias in node.names
                if alias.asname and alias.name in _NAMES
            }
    for call in calls:
        if shape := known.get(_called(call)):
            yield from _call_message(name, call, shape)


def _called(node: ast.Call) -> str:
    """Return the bare name of the function called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _call_message(
    name: str, node: ast.Call, shape: tuple[int | None, int, int | None]
) -> Iterator[Message | str]:
    """Yield the message of one call; a variable is left alone, a computed text is a problem."""
    wanted = [
        node.args[place] if place is not None else None for place in shape if _fits(node, place)
    ]
    texts = [part.value if isinstance(part, ast.Constant) else part for part in wanted]
    if len(texts) == len(shape) and all(isinstance(part, str | None) for part in texts):
        yield Message(*(part or "" for part in texts))  # type: ignore[arg-type]
    elif any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in texts):
        yield f"{name}:{node.lineno}: a message must be one literal text"


def _fits(node: ast.Call, place: int | None) -> bool:
    """Tell whether the call has a positional argument at the place."""
    return place is None or place < len(node.args)


def template_messages(name: str, text: str) -> Iterator[Message | str]:
    """Yield the messages of a template, and a problem where it cannot be parsed."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    parser = Parser(
        Lexer(text).tokenize(), engine.template_libraries, engine.template_builtins, None
    )
    try:
        while parser.tokens:
            yield from _token_messages(parser, parser.next_token())
    except TemplateSyntaxError as error:
        yield f"{name}: {error}"


def _token_messages(parser: Parser, token: Token) -> Iterator[Message]:
    """Yield the messages of one token; a translation block swallows the tokens it needs."""
    if token.token_type not in (TokenType.VAR, TokenType.BLOCK):
        return
    for literal in _IN_ARGUMENTS.findall(token.contents):
        yield Message("", unescape_string_literal(literal).replace("%", "%%"), "")
    command = token.contents.split(maxsplit=1)[0] if token.token_type == TokenType.BLOCK else ""
    if command == "comment":
        parser.skip_past("endcomment")
    elif command == "load" or command in _TRANSLATE:
        node = parser.tags[command](parser, token)
        if isinstance(node, TranslateNode):
            yield from _translate(node)
        elif isinstance(node, BlockTranslateNode):
            yield _block(node)


def _translate(node: TranslateNode) -> Iterator[Message]:
    """Yield the message of {% translate "…" %}; of a variable there is none."""
    literal = node.filter_expression.var.literal
    if isinstance(literal, str):
        yield Message(_context(node.message_context), literal.replace("%", "%%"), "")


def _block(node: BlockTranslateNode) -> Message:
    """Return the message of {% blocktranslate %}, trimmed as it will be."""
    singular, _names = node.render_token_list(node.singular)
    plural = node.render_token_list(node.plural)[0] if node.plural else ""
    return Message(_context(node.message_context), singular, plural)


def _context(expression: FilterExpression | None) -> str:
    """Return the literal message context."""
    return str(expression.resolve(Context())) if expression else ""
