"""A strict, positioned reader for the small YAML that assess documents are written in.

It takes the YAML 1.2 core schema (so `NO`, `yes` and `1:30` stay text, and so does `012`), and refuses what a
document of record has no need of: anchors and aliases, tags, duplicate keys, several documents in one file,
NaN and infinities, nesting deeper than 40 and files over 4 MiB. All such faults are collected in one run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from assess.documents.errors import DocumentError, Located, Path

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40

# The C parser is five to eight times faster; the pure one serves where libyaml is absent.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?\Z")
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z")
_NUMERIC_START = frozenset("+-.0123456789")
# All that YAML 1.2 (production 1, c-printable) does not allow, and the byte order mark, which `decode` has taken from
# the front and the two parsers read differently elsewhere. Looked for here because the C parser gives the place in
# bytes and the pure one in characters.
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def _events(text: str) -> Iterator[Any]:
    # Untyped on purpose: the C and the pure parser have event classes of their own.
    return iter(yaml.parse(text, Loader=_Loader))


def decode(raw: bytes, file: str) -> str:
    """Return the text of a document; raises `DocumentError` at the first byte that is not UTF-8."""
    if len(raw) > MAX_BYTES:
        raise DocumentError(file, [Located(1, 1, "the file is over 4 MiB; split it or remove what is not used")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()  # without the byte order mark, as people count columns
        what = f"not UTF-8: byte 0x{error.object[error.start]:02x}; save the file as UTF-8"
        raise DocumentError(file, [_after(before, what)]) from None


def _after(before: str, what: str) -> Located:
    return Located(before.count("\n") + 1, len(before) - before.rfind("\n"), what)


def parse(text: str, file: str) -> tuple[Any, list[Located]]:
    """Return plain Python data (dict, list, str, int, float, bool, None) and the faults found in the text.

    The faults are those that leave the rest readable (aliases, tags, duplicate keys, NaN), so that they can be
    reported together with what the models refuse. Raises `DocumentError` when reading has to stop.
    """
    reader = _Reader(file, keep_positions=False)
    return reader.read(text), reader.faults


def positions(text: str, file: str) -> tuple[dict[Path, tuple[int, int]], dict[Path, tuple[int, int]]]:
    """Return the 1-based (line, column) of every value and of every key of a text that `parse` accepts.

    Kept apart from `parse` because only a faulty document pays for it.
    """
    reader = _Reader(file, keep_positions=True)
    reader.read(text)
    return reader.values, reader.keys


@dataclass(slots=True)
class _Frame:
    """An open mapping or sequence while the events stream by."""

    container: Any
    path: Path
    key: Any = None
    has_key: bool = False
    key_at: dict[Any, int] = field(default_factory=dict)


class _Reader:
    """Builds data from the event stream in one pass, without recursion."""

    def __init__(self, file: str, *, keep_positions: bool) -> None:
        self.file = file
        self.keep = keep_positions
        self.values: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}
        self.faults: list[Located] = []
        self.stack: list[_Frame] = []
        self.root: Any = None

    def fault(self, event: Any, text: str) -> None:
        self.faults.append(Located(event.start_mark.line + 1, event.start_mark.column + 1, text))

    def read(self, text: str) -> Any:
        documents = 0
        unprintable = _NOT_PRINTABLE.search(text)
        if unprintable:
            what = f"character U+{ord(unprintable[0]):04X} is not allowed in YAML; remove it"
            self._stop(_after(text[: unprintable.start()], what))
        try:
            for event in _events(text):
                if isinstance(event, yaml.ScalarEvent):
                    self._place(event, self._scalar(event))
                elif isinstance(event, yaml.MappingStartEvent):
                    self._open(event, {})
                elif isinstance(event, yaml.SequenceStartEvent):
                    self._open(event, [])
                elif isinstance(event, yaml.CollectionEndEvent):
                    self.stack.pop()
                elif isinstance(event, yaml.AliasEvent):
                    self.fault(event, f"alias *{event.anchor} is not allowed; write the value out")
                    self._place(event, None)
                elif isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self.fault(event, "a second document begins here; keep one document per file")
                        break
        except yaml.MarkedYAMLError as error:
            mark, began = error.problem_mark or error.context_mark, error.context_mark
            # A key without its colon or an open quote or bracket shows only further down: name the place it began.
            if began and mark and (error.problem == "could not find expected ':'" or mark.index >= len(text.rstrip())):
                mark = began
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            todo = "check the indentation and quotes near here"
            self._stop(Located(line, column, f"not valid YAML: {error.problem or error}; {todo}"))
        return self.root

    def _stop(self, at: Located) -> NoReturn:
        raise DocumentError(self.file, [*self.faults, at])

    def _open(self, event: Any, container: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            mark = event.start_mark
            what = f"nested deeper than {MAX_DEPTH} levels; flatten the document"
            self._stop(Located(mark.line + 1, mark.column + 1, what))
        if event.tag is not None:
            self.fault(event, f"tag {event.tag} is not allowed; remove it")
        self._refuse_anchor(event)
        path = self._place(event, container)
        self.stack.append(_Frame(container, path))

    def _place(self, event: Any, value: Any) -> Path:
        """Put a value where it belongs and return its path (empty unless positions are kept)."""
        if not self.stack:
            self.root = value
            return self._note(event, ())
        frame = self.stack[-1]
        if isinstance(frame.container, list):
            frame.container.append(value)
            return self._note(event, (*frame.path, len(frame.container) - 1)) if self.keep else ()
        if not frame.has_key:
            return self._take_key(event, frame, value)
        frame.has_key = False
        frame.container[frame.key] = value
        return self._note(event, (*frame.path, frame.key)) if self.keep else ()

    def _take_key(self, event: Any, frame: _Frame, key: Any) -> Path:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(key, (dict, list)) or key is None:
            self.fault(event, "a key must be a plain word; quote it or rename it")
            key = f"unusable key at {line}:{column}"
        if key in frame.key_at:
            self.fault(event, f"key '{key}' stands twice, first on line {frame.key_at[key]}; keep one")
        frame.key_at[key] = line
        frame.key, frame.has_key = key, True
        path = (*frame.path, key)
        if self.keep:
            self.keys[path] = (line, column)
        return path

    def _note(self, event: Any, path: Path) -> Path:
        if self.keep:
            start, end = event.start_mark, event.end_mark
            # An empty entry has no text of its own, and the parsers place it differently: its key stands for it.
            empty = isinstance(event, yaml.ScalarEvent) and start.index == end.index
            self.values[path] = self.keys[path] if empty and path in self.keys else (start.line + 1, start.column + 1)
        return path

    def _refuse_anchor(self, event: Any) -> None:
        if event.anchor is not None:
            self.fault(event, f"anchor &{event.anchor} is not allowed; write values out where they are used")

    def _scalar(self, event: Any) -> Any:
        self._refuse_anchor(event)
        if event.tag is not None:
            self.fault(event, f"tag {event.tag} is not allowed; remove it")
        text = event.value
        if event.style:  # quoted or block; the C parser says "" where the pure one says None
            return text
        if text in _NULLS:
            return None
        if text in _BOOLS:
            return _BOOLS[text]
        if text[0] in _NUMERIC_START:
            if _INT.match(text):
                return int(text)
            if _FLOAT.match(text):
                number = float(text)
                if abs(number) == float("inf"):
                    self.fault(event, f"{text} is too large for a number; write a finite one")
                    return None
                return number
            if _NOT_FINITE.match(text):
                self.fault(event, f"{text} is not a finite number; leave the entry out if the value is unknown")
                return None
        return text
