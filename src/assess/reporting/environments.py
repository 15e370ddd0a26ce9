"""The Jinja environments. In each, every value from data comes out as text in the language of the target.

Templates place what the view model holds. A value that is not already `Markup` is escaped on output, so a
template cannot forget it; a name that does not exist is an error.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from assess.documents.shipped import shipped_dir
from assess.reporting.links import text_of
from assess.reporting.words import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

TYPST_BREAK = "#h(0.001pt);"
"""A space too thin to see, at which a line may break; unlike U+200B it is not copied along with the text."""

_LONG_WORD = re.compile(r"\S{25,}")
_CUT = re.compile(r"[/_.?=&-]+(?=.)|[^/_.?=&-]{24}(?=.)")
_MARKDOWN = re.compile(r"[\\`*_\[\]|~$]")
_MARKDOWN_START = re.compile(r"^(\d+)([.)])|^([#+=-])")


@cache
def html_environment() -> Environment:
    """Return the environment for HTML and SVG: autoescape, and `css` for text inside a style sheet."""
    environment = _environment(_as_html)
    environment.filters["css"] = css_string
    return environment


@cache
def typst_environment() -> Environment:
    """Return the environment for Typst: every value becomes a string expression, `code` a bare literal.

    `plain` gives a line without its links.
    """
    environment = _environment(_as_typst)
    environment.filters["code"] = typst_code
    environment.filters["plain"] = text_of
    return environment


@cache
def markdown_environment() -> Environment:
    """Return the environment for Markdown: no value can start a list, a table cell, a link or HTML."""
    return _environment(_as_markdown)


def typst_string(text: str) -> Markup:
    """Return text as a Typst string literal."""
    escaped = clean(text).replace("\\", "\\\\").replace('"', '\\"')
    return Markup(f'"{escaped}"')


def typst_code(value: str | float) -> Markup:
    """Return a value for a place where Typst expects code: a number bare, else a string literal."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Markup(repr(value))
    return typst_string(str(value))


def css_string(text: str) -> Markup:
    """Return text as a CSS string in which everything but letters and digits is an escape."""
    escaped = "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in clean(text))
    return Markup(f'"{escaped}"')


def markdown_text(text: str) -> Markup:
    """Return text with everything escaped that Markdown, its tables or HTML would read as markup."""
    escaped = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _MARKDOWN.sub(r"\\\g<0>", escaped)
    return Markup(_MARKDOWN_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped))


def _environment(finalize: Callable[[Any], Any]) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(shipped_dir("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _as_html(value: Any) -> Any:
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _as_typst(value: Any) -> Any:
    if isinstance(value, Markup):
        return value
    return Markup(TYPST_BREAK.join(f"#{typst_string(part)};" for part in _parts(clean(str(value)))))


def _parts(text: str) -> list[str]:
    """Return text cut where a line may break inside long words, such as addresses and hashes."""
    return _LONG_WORD.sub(lambda word: _CUT.sub("\\g<0>\0", word[0]), text).split("\0")


def _as_markdown(value: Any) -> Any:
    return value if isinstance(value, Markup) else markdown_text(str(value))
