"""The result of scoring on a terminal, with rich."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assess.cli.scoretext import HEADINGS, summarise
from assess.scoring.assessment import Assessment

WIDE = 118
"""Columns of a terminal on which the whole table fits."""
NARROW = (0, 2, 3, 4, 5)
"""Which columns of the table stay on a narrower one."""


def show(results: Sequence[Assessment]) -> None:
    """Print results on the terminal."""
    console = Console(highlight=False)
    for index, result in enumerate(results):
        if index:
            console.print()
        _show(console, result)


def _show(console: Console, result: Assessment) -> None:
    summary = summarise(result)
    console.print(Text(summary.title, style="bold"))
    console.print(Text(summary.subtitle, style="dim"))
    console.print()
    first, *rest = summary.bottom_line
    console.print(Text(first, style="bold red" if result.overall.capped_by else "bold"))
    for line in rest:
        console.print(Text(line))
    console.print()
    shown = range(len(HEADINGS)) if console.width >= WIDE else NARROW
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for place in shown:
        flexible = place in (0, len(HEADINGS) - 1)
        table.add_column(HEADINGS[place], justify="right" if place in (1, 2, 5) else "left", no_wrap=not flexible)
    for row in summary.rows:
        table.add_row(*(Text(row[place]) for place in shown))
    console.print(table)
    console.print()
    for note in summary.notes:
        console.print(Padding(Text(note), (0, 0, 0, 2)))
