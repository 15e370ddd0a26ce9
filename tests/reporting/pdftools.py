"""A PDF taken apart: its words and where they stand, its links and where they lead, and its tags."""

from __future__ import annotations

import io
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

import pdfua
import pikepdf

from .conftest import needed

LEADS = "To "
"""How the text of a link begins that leads to a place of the report; footnotes and contents begin otherwise."""


def squeezed(text: str) -> str:
    """Return text without spaces: where lines break does not matter. U+2060 only glues what stands around it."""
    return re.sub(r"[\s\u2060\u00ad]+", "", text)


def text_in(pdf: bytes) -> str:
    """Return the text of a PDF in the order in which it was written, squeezed."""
    run = subprocess.run([needed("pdftotext"), "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return squeezed(run.stdout.decode())


def body_in(pdf: bytes) -> str:
    """Return the text of a PDF on A4 as `text_in` does, without running heads and feet: what spans pages is whole."""
    crop = ["-r", "72", "-x", "0", "-y", "60", "-W", "595", "-H", "722"]
    run = subprocess.run([needed("pdftotext"), "-raw", *crop, "-", "-"], input=pdf, capture_output=True, check=True)
    return squeezed(run.stdout.decode())


@dataclass(frozen=True)
class Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Sheet:
    """One page: its size in points and its words, measured from the top left."""

    width: float
    height: float
    words: tuple[Word, ...]


def sheets_of(pdf: bytes) -> list[Sheet]:
    """Return the pages of a PDF with the place of every word."""
    run = subprocess.run([needed("pdftotext"), "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    sheets: list[Sheet] = []
    for page in ET.fromstring(run.stdout).iter("{http://www.w3.org/1999/xhtml}page"):
        words = tuple(
            Word(word.text or "", *(float(word.attrib[side]) for side in ("xMin", "yMin", "xMax", "yMax")))
            for word in page
        )
        sheets.append(Sheet(float(page.attrib["width"]), float(page.attrib["height"]), words))
    return sheets


@dataclass(frozen=True)
class Lead:
    """A link to a place of the report: the words under it, the place by name, and its page and height there."""

    text: str
    to: str
    page: int
    top: float


def leads_of(pdf: bytes) -> list[Lead]:
    """Return the links to places of the report in reading order.

    Raises `KeyError` for a link of any kind that leads nowhere.
    """
    sheets = sheets_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pages: dict[object, int] = {page.objgen: index for index, page in enumerate(document.pages)}
        names = dict(_pairs(document.Root.Names.Dests)) if "/Dests" in document.Root.get("/Names", {}) else {}
        found: list[Lead] = []
        for sheet, page in zip(sheets, document.pages, strict=True):
            for link in page.get("/Annots", []):
                to = link.Dest if isinstance(link.Dest, pikepdf.Array) else names[str(link.Dest)]
                to = to.D if isinstance(to, pikepdf.Dictionary) else to
                home = pages[to[0].objgen]
                top = sheets[home].height - float(to[3])
                said = str(link.Contents)
                if said.startswith(LEADS):
                    found.append(Lead(_under(link.Rect, sheet), said[len(LEADS) :].rstrip(), home, top))
        return found


def _pairs(node: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    for inner in node.get("/Kids", []):
        yield from _pairs(inner)
    flat = list(node.get("/Names", []))
    yield from ((str(name), to) for name, to in zip(flat[::2], flat[1::2], strict=True))


def _under(box: pikepdf.Object, sheet: Sheet) -> str:
    """Return the words that a link lies over, squeezed; a word may reach beyond it."""
    left, bottom, right, top = (float(side) for side in box)
    upper, lower = sheet.height - top, sheet.height - bottom
    inside = (
        word.text
        for word in sheet.words
        if upper < (word.top + word.bottom) / 2 < lower and min(word.right, right) - max(word.left, left) > 1
    )
    return squeezed("".join(inside))


def findings_of(pdf: bytes) -> list[tuple[str, str]]:
    """Return what a checker of PDF/UA-1 finds wrong, as rules with messages."""
    return [(found.rule_id, found.message) for found in pdfua.validate(io.BytesIO(pdf)).findings]  # type: ignore[arg-type]


def tags_of(pdf: pikepdf.Pdf) -> set[str]:
    """Return the kinds of elements in the structure of a PDF."""
    found: set[str] = set()
    waiting: list[pikepdf.Object] = [pdf.Root.StructTreeRoot]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(node)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node and node.get("/Type") != "/OBJR":
                found.add(str(node.S))
            if "/K" in node:
                waiting.append(node.K)
    return found


def written(page: pikepdf.Page) -> Iterator[tuple[float, bool]]:
    """Yield, for every piece of text on a page, its height above the foot in points and whether it is an artifact."""
    stack: list[pikepdf.Matrix] = []
    now = pikepdf.Matrix()
    text = pikepdf.Matrix()
    marks: list[str] = []
    for step in pikepdf.parse_content_stream(page):
        operands, name = step.operands, str(step.operator)
        if name == "q":
            stack.append(now)
        elif name == "Q":
            now = stack.pop()
        elif name == "cm":
            now = pikepdf.Matrix(*(float(one) for one in operands)) @ now
        elif name == "Tm":
            text = pikepdf.Matrix(*(float(one) for one in operands))
        elif name in ("BDC", "BMC"):
            marks.append(str(operands[0]))
        elif name == "EMC":
            marks.pop()
        elif name in ("Tj", "TJ"):
            yield (text @ now).f, "/Artifact" in marks
