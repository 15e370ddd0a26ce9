"""Links inside a PDF, made after it is set.

Typst lays out every page with a link to a label twice, which doubled the time of a report. The template therefore
writes a link as an address, `assess:PLACE`, and here each becomes a link to that place. `assess:PLACE@MARK` also says
that the text under it is the place MARK; headings are places by their labels. Every replacement has the length of
what it replaces, so that the table of objects in the file stays true.
"""

from __future__ import annotations

import re

_LINK = re.compile(
    rb"\n<</Type/Annot/Subtype/Link/Rect\[([\d.-]+) ([\d.-]+) ([\d.-]+) ([\d.-]+)\][^\n(]*?"
    rb"(/A<</Type/Action/S/URI/URI\(assess:([^)@]*)(?:@([^)]*))?\)>>)[^\n(]*?(/Contents\(assess:[^)]*\))"
)
_PAGE = re.compile(rb"\n<</Type/Page/[^\n(]*?/Annots\[([^\]]*)\]")
"""Both begin with the break before an object, which no text of a report holds: text cannot pass for either."""


def lead(pdf: bytes) -> bytes:
    """Return the PDF with every `assess:` address turned into a link to its place.

    Raises `ValueError` for a place that is neither a heading nor marked: the template would hold a dead link.
    """
    links = list(_LINK.finditer(pdf))
    page_of = {
        number: _number(pdf, page.start() + 1)
        for page in _PAGE.finditer(pdf)
        for number in re.findall(rb"(\d+) 0 R", page[1])
    }
    marks = {
        link[7]: b"[%s 0 R/XYZ 0 %s 0]" % (page_of[_number(pdf, link.start() + 1)], link[4])
        for link in links
        if link[7]
    }
    names = _names(pdf)
    pieces: list[bytes] = []
    done = 0
    for link in links:
        name = link[6]
        if name not in names and name not in marks:
            raise ValueError(f"no place '{name.decode()}' for a link to lead to")
        target = b"(%s)" % name if name in names else marks[name]
        for group, new in ((5, b"/Dest%s" % target), (8, b"/Contents(To %s)" % name)):
            start, end = link.span(group)
            pieces += [pdf[done:start], new.ljust(end - start)]
            done = end
    return b"".join([*pieces, pdf[done:]])


def _number(pdf: bytes, start: int) -> bytes:
    """Return the number of the object whose dictionary begins at a position, from the line before it."""
    return pdf[pdf.rindex(b"\n", 0, start - 1) + 1 : start].split(b" ", 1)[0]


def _names(pdf: bytes) -> set[bytes]:
    """Return the names that the PDF gives to places: the labels of its headings."""
    begin = pdf.rfind(b"/Dests<</Names[")
    return set(re.findall(rb"\(([^)]*)\)", pdf[begin : pdf.index(b"]>>", begin)])) if begin >= 0 else set()
