"""The Jinja environments. In each, every value from data comes out as text in the language of the target.

Templates place what the view model holds. A value that is not already `Markup` is escaped on output, so a
template cannot forget it; a name that does not exist is an error. With a folder of the user's own templates, whose
files stand in for the shipped ones of the same name, an environment is a sandbox.
"""

from __future__ import annotations

import re
import traceback
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from assess.documents.errors import AssessError, UsageError
from assess.documents.shipped import shipped_dir
from assess.documents.validation import nearest
from assess.reporting.links import text_of
from assess.reporting.page import check_page as check_page
from assess.reporting.words import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

TYPST_BREAK = "#h(0.001pt);"
"""A space too thin to see, at which a line may break; unlike U+200B it is not copied along with the text."""

TYPST_REACH = re.compile(
    r"(?<![A-Za-z0-9_])(?:(?:import|include|eval|plugin|std)(?![A-Za-z0-9_])"
    r"|(?:read|csv|json|toml|yaml|xml|cbor|bibliography)(?=\s*\())"
)
"""Every word by which Typst code can reach a package on the network, run text as code, or read a file.

`std` is among them because `dictionary(std)` gives any function under a name put together from parts. Texts of data
never show them, so what a template makes can be searched for them as a whole.
"""

_LONG_WORD = re.compile(r"\S{25,}")
_CUT = re.compile(r"[/_.?=&-]+(?=.)|[^/_.?=&-]{24}(?=.)")
_OBJECT = re.compile(r"'(?:[\w.]*\.)?(\w+) object'")
_BARE = re.compile(r"[A-Za-z0-9.-]+")
_MARKDOWN = re.compile(r"[\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])")
"""What is markup anywhere; an underscore inside a word is none."""
_TOGETHER = re.compile(r"(?<=\d) (?=%)|(?<=,) (?=[+-]?[\d.]+\])")
_MARKDOWN_HTML = re.compile(r"&(?=#?\w+;|$)|<(?=[\w/!?]|$)|^\s*>")
_MARKDOWN_START = re.compile(r"^(\d+)([.)])(?=\s|$)|^([#+=-])(?=[\s#+=-]|$)")


@cache
def html_environment(templates: Path | None = None) -> Environment:
    """Return the environment for HTML and SVG: autoescape, and `css` for text inside a style sheet.

    With a folder of templates it is a sandbox. Raises `UsageError` for a folder that overrides nothing.
    """
    environment = _environment(_as_html, templates, html=True)
    environment.filters["css"] = css_string
    return environment


@cache
def typst_environment(templates: Path | None = None) -> Environment:
    """Return the environment for Typst: every value becomes a string expression, `code` a literal, `bare` a name.

    `plain` gives a line without its links. With a folder of templates it is a sandbox, as for HTML.
    """
    environment = _environment(_as_typst, templates, typst=True)
    environment.filters["code"] = typst_code
    environment.filters["bare"] = typst_bare
    environment.filters["plain"] = text_of
    return environment


@cache
def markdown_environment(templates: Path | None = None) -> Environment:
    """Return the environment for Markdown: no value can start a list, a table cell, a link or HTML.

    With a folder of templates it is a sandbox, as for HTML.
    """
    return _environment(_as_markdown, templates)


def render_template(environment: Environment, name: str, /, **context: Any) -> str:
    """Return what a template makes of the values it is given.

    In a sandbox, everything that goes wrong is an `AssessError` with the template's file and line, and the result is
    checked: a page as by `check_page`, Typst for words that reach outside. Without one, faults pass as they are.
    """
    if not environment.sandboxed:
        return environment.get_template(name).render(**context)
    try:
        template = environment.get_template(name)
        text = template.render(**context)
    except AssessError:
        raise
    except Exception as error:  # a template can raise anything that an expression can
        raise AssessError(f"{_place(error, name)}: {_explain(error)}") from None
    _check_made(text, name, template.filename or name)
    return text


def typst_string(text: str) -> Markup:
    """Return text as a Typst string literal in which no word of `TYPST_REACH` stands as such."""
    escaped = clean(text).replace("\\", "\\\\").replace('"', '\\"')
    escaped = TYPST_REACH.sub(lambda match: f"\\u{{{ord(match[0][0]):x}}}{match[0][1:]}", escaped)
    return Markup(f'"{escaped}"')


def typst_code(value: str | float) -> Markup:
    """Return a value for a place where Typst expects code: a number bare, else a string literal."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Markup(repr(value))
    return typst_string(str(value))


def typst_bare(name: str) -> Markup:
    """Return a name or a length as Typst code. Raises `ValueError` for anything but letters, digits, - and points."""
    if not _BARE.fullmatch(name):
        raise ValueError(f"{name!r:.60} is not a name or a length")
    return Markup(name)


def css_string(text: str) -> Markup:
    """Return text as a CSS string in which everything but letters and digits is an escape."""
    escaped = "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in clean(text))
    return Markup(f'"{escaped}"')


def markdown_text(text: str) -> Markup:
    """Return text with everything escaped that Markdown, its tables or HTML would read as markup."""
    escaped = _MARKDOWN_HTML.sub(lambda sign: escape(sign[0]), clean(text))
    escaped = _MARKDOWN.sub(r"\\\g<0>", escaped)
    return Markup(_MARKDOWN_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped))


def _environment(
    finalize: Callable[[Any], Any], templates: Path | None, *, html: bool = False, typst: bool = False
) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    shipped = shipped_dir("templates")
    if templates is not None:
        from assess.reporting.sandbox import Sandbox

        _check_folder(templates, sorted(path.name for path in shipped.iterdir()))
        return Sandbox(templates, finalize, html=html, typst=typst)
    return Environment(
        loader=FileSystemLoader(shipped),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _check_folder(templates: Path, names: list[str]) -> None:
    """Raise `UsageError` unless a folder has a file of at least one of the names: others would never be used."""
    try:
        found = sorted(path.name for path in templates.iterdir())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{templates}: cannot be used as a folder of templates: {reason}; check the path") from None
    if not set(found) & set(names):
        close = f"{found[0]}: {nearest(found[0], names)}" if len(found) == 1 else f"known: {', '.join(names)}"
        raise UsageError(f"{templates}: no file there has the name of a shipped template; {close}")


def _place(error: Exception, name: str) -> str:
    """Return file:line of the place in a template at which an error arose."""
    from jinja2 import TemplateSyntaxError

    from assess.reporting.sandbox import SUFFIXES

    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or name}:{error.lineno}"
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    inside = [(file, line) for file, line in frames if file.endswith(SUFFIXES)]
    return "{}:{}".format(*inside[-1]) if inside else f"{name}:1"


def _explain(error: Exception) -> str:
    """Return what is wrong in a template and what to do, in one line."""
    from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError
    from jinja2.exceptions import SecurityError

    what = _OBJECT.sub(r"\1", clean(str(getattr(error, "message", None) or error))).rstrip(".")
    if isinstance(error, TemplateSyntaxError):
        return f"{what}; docs/templates.md says what a template may hold"
    if isinstance(error, SecurityError):
        return f"refused: {what}; a template may only place values and files of its own folder"
    if isinstance(error, UndefinedError):
        return f"{what}; place a field of the report (docs/templates.md names them)"
    if isinstance(error, TemplateNotFound):
        return f"there is no template {what}; add the file, or name a shipped one as shipped/NAME"
    if isinstance(error, RecursionError):
        return "a template or macro calls itself without end; break the circle"
    return f"{what or type(error).__name__}; correct the expression"


def _check_made(text: str, name: str, where: str) -> None:
    """Raise `AssessError` if what a user's template made reaches outside the report."""
    if name.endswith(".html.j2"):
        check_page(text, where)
    elif name.endswith(".typ.j2"):
        from assess.reporting.sandbox import reach_refused

        match = TYPST_REACH.search(text)
        if match:
            raise AssessError(f"{where}:1: what the template makes holds {reach_refused(match[0])}; remove it")


def _as_html(value: Any) -> Any:
    return _whole_numbers(clean(value)) if isinstance(value, str) and not isinstance(value, Markup) else value


def _whole_numbers(text: str) -> str:
    """Return text in which no line can break before a per cent sign, or between the ends of an interval in brackets."""
    return _TOGETHER.sub("\u00a0", text) if "%" in text or "]" in text else text


def _as_typst(value: Any) -> Any:
    if isinstance(value, Markup):
        return value
    return Markup(TYPST_BREAK.join(f"#{typst_string(part)};" for part in _parts(_whole_numbers(clean(str(value))))))


def _parts(text: str) -> list[str]:
    """Return text cut where a line may break inside long words, such as addresses and hashes."""
    return _LONG_WORD.sub(lambda word: _CUT.sub("\\g<0>\0", word[0]), text).split("\0")


def _as_markdown(value: Any) -> Any:
    return value if isinstance(value, Markup) else markdown_text(str(value))
