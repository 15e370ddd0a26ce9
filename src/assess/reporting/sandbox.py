"""The sandbox for a user's own templates: they place values, and reach nothing else.

Jinja's own sandbox keeps templates from Python's insides. This one also allows only the filters, functions and
methods listed here, so that no template can undo the escaping, read a file, or ask for a text without end. It does
not bound the time a template takes: loops inside loops are slow, and allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assess.documents.shipped import shipped_dir
from assess.documents.source import read_bytes
from assess.documents.validation import nearest
from assess.documents.yamltext import decode
from assess.reporting.environments import TYPST_REACH

SHIPPED = "shipped"
"""The folder under which a template reaches the shipped file of a name that it overrides."""
SUFFIXES = (".j2", ".css")
FILTERS = frozenset(
    """abs capitalize count d default dictsort first float groupby int items last length list lower map max min reject
    rejectattr reverse select selectattr sort string sum title trim truncate unique upper wordcount""".split()  # noqa: SIM905
)
"""None of these makes a text that is longer than what it is given, or marks one as safe."""
HTML_FILTERS = frozenset(("e", "escape", "join", "replace"))
"""Filters that escape for HTML, as the operator ~ does: wrong in Typst and in Markdown, and refused there."""
FUNCTIONS = frozenset(("range", "dict", "namespace"))
LARGEST = 1e15
"""No number in a template's arithmetic may be larger."""
REPEATED = 1000
"""Characters that repeating a text may give."""

_METHODS: tuple[tuple[type, frozenset[str]], ...] = (
    (
        str,
        frozenset("capitalize endswith lower lstrip removeprefix removesuffix rstrip startswith strip upper".split()),  # noqa: SIM905
    ),
    (dict, frozenset(("get", "items", "keys", "values"))),
)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for the templates of one folder, with the shipped ones behind it."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, templates: Path, finalize: Callable[[Any], Any], *, html: bool, typst: bool) -> None:
        super().__init__(
            loader=FunctionLoader(lambda name: _load(self, name)),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=finalize,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates, self.html, self.typst = templates, html, typst
        allowed = FILTERS | HTML_FILTERS if html else FILTERS
        self.filters = {name: self.filters[name] for name in allowed}
        self.globals = {name: self.globals[name] for name in FUNCTIONS}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether a template may have an attribute: a value, or one of the few methods listed above."""
        if not super().is_safe_attribute(obj, attr, value):
            return False
        fields = getattr(type(obj), "model_fields", None)
        if fields is not None:
            return attr in fields
        if not callable(value) or isinstance(value, (Macro, BlockReference)) or isinstance(obj, LoopContext):
            return True
        return any(isinstance(obj, kind) and attr in names for kind, names in _METHODS)

    def wrap_str_format(self, value: Any) -> None:
        """Give no stand-in for `str.format`: with it, ten characters of template make a text of any length."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Do arithmetic on numbers, and repeat short texts. Raises `SecurityError` for the rest."""
        if operator == "*" and isinstance(left, str) and isinstance(right, int) and len(left) * right <= REPEATED:
            return left * right
        for value in (left, right):
            if not isinstance(value, (int, float)):
                raise SecurityError(f"'{operator}' takes numbers only, not {type(value).__name__}")
            if abs(value) > LARGEST:
                raise SecurityError(f"'{operator}' is given a number over {LARGEST:g}")
        if operator == "**":
            raise SecurityError("'**' is not allowed")
        return super().call_binop(context, operator, left, right)


def _load(environment: Sandbox, name: str) -> tuple[str, str, Callable[[], bool]] | None:
    """Return the text of a template, its file, and a function that tells whether both are still so."""
    path = _find(environment.templates, name)
    if path is None:
        return None
    stamp = path, path.stat().st_mtime_ns

    def fresh() -> bool:
        found = _find(environment.templates, name)
        return found is not None and (found, found.stat().st_mtime_ns) == stamp

    text = decode(read_bytes(path), str(path))
    if path.parent != shipped_dir("templates"):
        _check(environment, text, name, str(path))
    return text, str(path), fresh


def _find(templates: Path, name: str) -> Path | None:
    """Return the file of a template: the user's, else the shipped one. Raises `SecurityError` for a way out."""
    parts = name.split("/")
    if "\\" in name or "\0" in name or any(part in ("", ".", "..") for part in parts):
        raise SecurityError(f"'{name}' is not a path inside {templates}")
    if not name.endswith(SUFFIXES):
        raise SecurityError(f"'{name}' is not a template: its name does not end in {' or '.join(SUFFIXES)}")
    path = templates / name
    if parts[0] != SHIPPED and (path.exists() or path.is_symlink()):
        real = path.resolve()
        if not real.is_relative_to(templates.resolve()):
            raise SecurityError(f"'{name}' is a link to a place outside {templates}")
        if not real.is_file():
            raise SecurityError(f"'{name}' is not a file")
        return path
    shipped = shipped_dir("templates") / name.removeprefix(f"{SHIPPED}/")
    return shipped if shipped.is_file() else None


def _check(environment: Sandbox, text: str, name: str, file: str) -> None:
    """Raise `TemplateSyntaxError` for what a user's template holds and may not, or what would have no effect."""
    tree = environment.parse(text, name, file)
    for node in tree.find_all((nodes.EvalContextModifier, nodes.Concat)):
        if isinstance(node, nodes.EvalContextModifier):
            raise TemplateSyntaxError("the escaping may not be changed", node.lineno, name, file)
        if not environment.html:
            raise TemplateSyntaxError("'~' escapes for HTML only; place one after the other", node.lineno, name, file)
    _check_child(environment, tree, name, file)
    if environment.typst:
        for line, kind, piece in environment.lex(text, name, file):
            found = TYPST_REACH.search(piece) if kind == "data" else None
            if found:
                word = found[0]
                hint = f'to print the word, write #"\\u{{{ord(word[0]):x}}}{word[1:]}"'
                what = f"{reach_refused(word)} ({hint})"
                raise TemplateSyntaxError(what, line + piece.count("\n", 0, found.start()), name, file)


def reach_refused(word: str) -> str:
    """Return what is said about a word that reaches outside."""
    return f"'{word}' is not allowed: a template may not load packages or files, or run text as code"


def _check_child(environment: Sandbox, tree: nodes.Template, name: str, file: str) -> None:
    """Raise `TemplateSyntaxError` for a text or a block of an extending template that would never be shown."""
    parent = _parent(tree)
    if parent is None:
        return
    if parent == name:
        own = tree.find(nodes.Extends)
        line = own.lineno if own else 1
        raise TemplateSyntaxError(f"the template extends itself; extend '{SHIPPED}/{name}'", line, name, file)
    known = _blocks(environment, parent)
    for node in tree.body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if not isinstance(part, nodes.TemplateData) or part.data.strip():
                    what = "this stands outside every block and would not be shown; move it into a block"
                    raise TemplateSyntaxError(what, _first_line(part), name, file)
        if known is not None and isinstance(node, nodes.Block) and node.name not in known:
            what = f"'{parent}' has no block '{node.name}'; {nearest(node.name, sorted(known))}"
            raise TemplateSyntaxError(what, node.lineno, name, file)


def _first_line(node: nodes.Expr) -> int:
    """Return the line on which a node begins; text begins at its first character that is not a space."""
    if not isinstance(node, nodes.TemplateData):
        return node.lineno
    blank = len(node.data) - len(node.data.lstrip())
    return node.lineno + node.data.count("\n", 0, blank)


def _parent(tree: nodes.Template) -> str | None:
    extends = tree.find(nodes.Extends)
    if extends is None or not isinstance(extends.template, nodes.Const):
        return None
    return str(extends.template.value)


def _blocks(environment: Sandbox, name: str) -> set[str] | None:
    """Return the blocks that a template and those it extends define; None if that cannot be told yet."""
    try:
        path = _find(environment.templates, name)
    except SecurityError:
        return None
    if path is None:
        return None
    tree = environment.parse(decode(read_bytes(path), str(path)), name, str(path))
    above = _parent(tree)
    if above is None:
        return {block.name for block in tree.find_all(nodes.Block)}
    known = _blocks(environment, above) if above != name else None
    return None if known is None else known | {block.name for block in tree.find_all(nodes.Block)}
