"""A logo from an SVG file: read element by element, and written anew from what is known to be harmless.

The result draws and does nothing else: no code, no links, nothing loaded, no style that reaches beyond it. Its ids get
a prefix, so that they cannot stand for places of the report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from assess.documents.errors import AssessError
from assess.reporting.words import clean

MAX_BYTES = 256 * 1024
MAX_DEPTH = 40
MAX_DRAWN = 20_000
"""Elements drawn in all, where one that is referred to counts every time."""
PREFIX = "logo-"

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_TEXT = frozenset(["text", "tspan", "title", "desc"])
_ELEMENTS = _TEXT | frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
    ]
)
_PRESENTATION = frozenset(
    [
        "clip-path",
        "clip-rule",
        "color",
        "color-interpolation",
        "display",
        "dominant-baseline",
        "fill",
        "fill-opacity",
        "fill-rule",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "letter-spacing",
        "mask",
        "opacity",
        "paint-order",
        "shape-rendering",
        "stop-color",
        "stop-opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
        "text-rendering",
        "vector-effect",
        "visibility",
        "word-spacing",
    ]
)
_ATTRIBUTES = _PRESENTATION | frozenset(
    [
        "clipPathUnits",
        "cx",
        "cy",
        "d",
        "dx",
        "dy",
        "fr",
        "fx",
        "fy",
        "gradientTransform",
        "gradientUnits",
        "height",
        "lengthAdjust",
        "maskContentUnits",
        "maskUnits",
        "offset",
        "pathLength",
        "points",
        "preserveAspectRatio",
        "r",
        "refX",
        "refY",
        "rotate",
        "rx",
        "ry",
        "spreadMethod",
        "textLength",
        "transform",
        "viewBox",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    ]
)
_IGNORED = frozenset(["class", "version", "baseProfile", "enable-background"])
"""Attributes that mean nothing here, and are left out."""
_OF_PLACE = frozenset(["x", "y", "width", "height", "transform", "id"])
"""Attributes of the root that are left out: whoever places the logo says where, and how large."""
_FUNCTIONS = frozenset(
    ["rgb", "rgba", "hsl", "hsla", "matrix", "translate", "scale", "rotate", "skewx", "skewy", "url"]
)
_CALL = re.compile(r"([\w-]*)\s*\(")
_LOCAL_URL = re.compile(r"url\(\s*(['\"]?)#([\w.:-]+)\1\s*\)", re.IGNORECASE)
_ID = re.compile(r"[\w.:-]+\Z")
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)(?:px)?\s*\Z")
_NUMBER = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"
_VIEW_BOX = re.compile(rf"\s*{_NUMBER}[\s,]+{_NUMBER}[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*\Z")


def read_logo(path: Path) -> str:
    """Return the SVG of a logo, safe to place in a page or a PDF.

    Raises `AssessError` with file and line for a file that cannot be read, is over 256 KiB, is not SVG, or holds
    anything that does more than draw.
    """
    try:
        if not path.is_file():
            raise AssessError(f"{path}: no such file; check the path")
        with path.open("rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
    except OSError as error:
        raise AssessError(f"{path}: cannot be read: {(error.strerror or '').lower()}; check its permissions") from None
    if len(raw) > MAX_BYTES:
        raise AssessError(f"{path}:1: the file is over 256 KiB; simplify the drawing")
    reader = _Reader(path)
    try:
        reader.parser.Parse(raw, True)
    except expat.ExpatError as error:
        what = expat.errors.messages.get(error.code, "cannot be read")
        raise AssessError(f"{path}:{error.lineno}: not well-formed XML: {what}; save the file anew as SVG") from None
    reader.check_references()
    return "".join(reader.written)


@dataclass
class _Reader:
    """What is known while the parser runs through the file. Raises `AssessError` at the first thing refused."""

    path: Path
    written: list[str] = field(default_factory=list)
    open_elements: list[tuple[str, str]] = field(default_factory=list)
    """Name and id of every open element; the id of the root is empty, and one without an id has its parent's."""
    elements: dict[str, int] = field(default_factory=lambda: {"": 0})
    """By id: how many elements stand in it, itself included."""
    references: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: {"": []})
    """By id: line and target of every reference made in it."""

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    def refuse(self, what: str, todo: str, line: int | None = None) -> NoReturn:
        raise AssessError(f"{self.path}:{line or self.parser.CurrentLineNumber}: {what}; {todo}")

    def doctype(self, *_: object) -> None:
        self.refuse("a document type is not allowed", "remove the DOCTYPE line")

    def instruction(self, target: str, _: str) -> None:
        self.refuse(f"the processing instruction <?{target}> is not allowed", "remove it")

    def start(self, full: str, attributes: dict[str, str]) -> None:
        space, _, name = full.rpartition(" ")
        if not self.open_elements and name != "svg":
            self.refuse(f"the root is <{name}>, not <svg>", "name an SVG file")
        if space != _SVG or name not in _ELEMENTS:
            known = "" if space == _SVG else f" of '{space}'"
            self.refuse(f"the element <{name}>{known} is not allowed", "export a plain SVG that only draws")
        if len(self.open_elements) >= MAX_DEPTH:
            self.refuse(f"elements are nested deeper than {MAX_DEPTH}", "simplify the drawing")
        root = not self.open_elements
        if not root and name == "svg":
            self.refuse("an <svg> inside another is not allowed", "use <g>")
        self.enter(name, attributes.get("id"))
        kept: dict[str, str] = {}
        for key, value in sorted(attributes.items(), key=lambda item: item[0] == "style"):  # a style wins
            kept |= self.attribute(name, key, value)
        if root:
            kept = {key: value for key, value in kept.items() if key not in _OF_PLACE}
            kept = {"xmlns": _SVG, "viewBox": self.view_box(attributes)} | kept
        self.written.append(f"<{name}{''.join(f' {key}={quoteattr(value)}' for key, value in kept.items())}>")

    def enter(self, name: str, identifier: str | None) -> None:
        """Count an element in all that hold it."""
        above = self.open_elements[-1][1] if self.open_elements else ""
        if identifier is not None and self.open_elements:
            if not _ID.match(identifier):
                self.refuse(f"the id {identifier!r:.60} is not allowed", "use letters, digits, - and _")
            if identifier in self.elements:
                self.refuse(f"the id '{identifier}' stands twice", "rename one of them")
            self.elements[identifier], self.references[identifier] = 0, []
            above = identifier
        self.open_elements.append((name, above))
        for holder in {identifier for _, identifier in self.open_elements} | {""}:
            self.elements[holder] += 1

    def end(self, _: str) -> None:
        name, _identifier = self.open_elements.pop()
        self.written.append(f"</{name}>")

    def text(self, data: str) -> None:
        if self.open_elements[-1][0] in _TEXT:
            self.written.append(escape(clean(data)))

    def view_box(self, attributes: dict[str, str]) -> str:
        """Return the view box of the root, made from its width and height where it has none."""
        box = attributes.get("viewBox")
        if box is None:
            width, height = (_LENGTH.match(attributes.get(side, "")) for side in ("width", "height"))
            if not width or not height:
                self.refuse("the drawing has no size", "give <svg> a viewBox, or a width and a height in pixels")
            box = f"0 0 {width[1]} {height[1]}"
        match = _VIEW_BOX.match(box)
        if not match or float(match[1]) <= 0 or float(match[2]) <= 0:
            self.refuse(f"the view box {box!r:.60} is not four numbers with a width and a height", "correct it")
        return box

    def attribute(self, element: str, full: str, value: str) -> dict[str, str]:
        """Return what is kept of an attribute, by name; nothing for one that means nothing here."""
        space, _, name = full.rpartition(" ")
        if name == "href" and space in ("", _XLINK):
            target = value.strip()
            if not target.startswith("#") or not _ID.match(target[1:]):
                self.refuse(f"href={value!r:.60} of <{element}> leads out of the file", "refer to an #id in it")
            return {"href": f"#{self.refer(target[1:])}"}
        if space == _XML or name in _IGNORED or name.startswith("data-"):
            return {}
        if name == "id" and not space:
            return {"id": f"{PREFIX}{value}"}
        if name == "style" and not space:
            pairs = [part.partition(":") for part in value.split(";") if part.strip()]
            return {key.strip(): self.checked(key.strip(), setting.strip(), _PRESENTATION) for key, _, setting in pairs}
        return {name: self.checked(full, value, _ATTRIBUTES)}

    def checked(self, name: str, value: str, known: frozenset[str]) -> str:
        """Return the value of an attribute or style with the ids in it renamed; refuse what could load something."""
        if name not in known:
            self.refuse(f"the attribute or style '{name}' is not allowed", "export a plain SVG that only draws")
        rest = _LOCAL_URL.sub("", value)
        calls = {match[1].lower() for match in _CALL.finditer(rest)}
        if "\\" in rest or "@" in rest or "/*" in rest or "url" in calls or not calls <= _FUNCTIONS:
            self.refuse(
                f"{name}={value!r:.60} is not allowed", "use plain values, and url(#id) for what is in the file"
            )
        return _LOCAL_URL.sub(lambda match: f"url(#{self.refer(match[2])})", value)

    def refer(self, target: str) -> str:
        """Note a reference from the open elements, and return the new id of its target."""
        for holder in {identifier for _, identifier in self.open_elements} | {""}:
            self.references[holder].append((self.parser.CurrentLineNumber, target))
        return f"{PREFIX}{target}"

    def check_references(self) -> None:
        """Refuse references to nothing, in a circle, or so many times over that drawing would not end."""
        drawn: dict[str, int] = {}

        def count(identifier: str, above: tuple[str, ...]) -> int:
            if identifier not in drawn:
                total = self.elements[identifier]
                for line, target in self.references[identifier]:
                    if target not in self.elements or not target:
                        self.refuse(f"'#{target}' is not in the file", "correct the reference", line)
                    if target in above or target == identifier or len(above) > MAX_DEPTH:
                        self.refuse(f"'#{target}' refers to itself, or too far", "break the circle", line)
                    total += count(target, (*above, identifier))
                    if total > MAX_DRAWN:
                        self.refuse(f"references make it over {MAX_DRAWN:,} elements", "simplify the drawing", line)
                drawn[identifier] = total
            return drawn[identifier]

        count("", ())
