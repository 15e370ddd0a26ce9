"""What a report is made of: sections with a heading that says the finding, and blocks that each form can set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from assess.reporting.links import Line, Link, Run, text_of

if TYPE_CHECKING:
    from assess.reporting.charts import Chart

Width = Literal["number", "word", "text", "wide"]
"""How much of a table a column takes: as little as it needs (numbers at the right), a share, or two shares."""

TALL = 1200
"""Characters in a field of a narrow column that may fill a page."""

Tone = Literal["alarm", "gap", "na"]
"""What a cell or heading must not be mistaken for: a red line, a gap in the evidence, something that does not apply."""


State = Literal["scored", "no-evidence", "not-applicable"]
"""Whether a criterion has a value; the three must never look the same."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `role` sets it apart: a question asked, a note on how to read, a caution, a label before."""

    kind: ClassVar[str] = "paragraph"
    line: Line
    role: Literal["body", "question", "note", "caution"] = "body"
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """A list of lines."""

    kind: ClassVar[str] = "points"
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what they stand for."""

    kind: ClassVar[str] = "facts"
    pairs: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column."""

    text: str
    width: Width = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a table, a paragraph per line."""

    lines: tuple[Line, ...]
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row; its first cell is its head. `place` is where links to it lead; such a row begins with a link."""

    cells: tuple[Cell, ...]
    place: str | None = None
    group: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers and facts in full."""

    kind: ClassVar[str] = "table"
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]

    @property
    def tall(self) -> bool:
        """Whether a row may be taller than a page, so that it has to be split."""
        return any(sum(len(text_of(line)) for line in one.lines) > TALL for entry in self.rows for one in entry.cells)


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart. The table that says its numbers in text stands beside it."""

    kind: ClassVar[str] = "figure"
    chart: Chart
    caption: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a part of a section."""

    kind: ClassVar[str] = "heading"
    text: str
    place: str | None = None
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything about one criterion. `state` and `confidence` are what a reader filters by."""

    kind: ClassVar[str] = "sheet"
    place: str
    title: str
    state: State
    confidence: str
    summary: Line
    blocks: tuple[Paragraph | Points | Facts, ...]


@dataclass(frozen=True, slots=True)
class Endnote:
    """One source: its id, what it says and where, how it stands, and the way back to what rests on it."""

    place: str
    id: str
    line: Line
    standing: str = ""
    back: Line = ()
    sure: bool = True

    @property
    def home(self) -> str:
        """Where its id leads on paper: to the first thing that rests on it."""
        return next((run.to for run in self.back if isinstance(run, Link)), "sources")


@dataclass(frozen=True, slots=True)
class Endnotes:
    """A list of sources."""

    kind: ClassVar[str] = "endnotes"
    entries: tuple[Endnote, ...]


Block = Paragraph | Points | Facts | Table | Figure | Heading | Sheet | Endnotes


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. `short` names it in contents and running heads; `depth` is 1 inside another section."""

    place: str
    short: str
    heading: str
    blocks: tuple[Block, ...]
    depth: int = 0
    annex: bool = False


def cell(*lines: Run | Line, tone: Tone | None = None) -> Cell:
    """Return a cell of lines, each a text, a link or a line; empty lines are left out, an empty cell shows a dash."""
    kept = tuple(line if isinstance(line, tuple) else (line,) for line in lines if line)
    return Cell(kept or (("–",),), tone)


def row(*cells: Run | Line | Cell, place: str | None = None, group: bool = False) -> Row:
    """Return a row of cells; whatever is no cell becomes one."""
    return Row(tuple(one if isinstance(one, Cell) else cell(one) for one in cells), place, group)


def paragraph(*runs: Run) -> Paragraph:
    """Return running text."""
    return Paragraph(tuple(runs))
