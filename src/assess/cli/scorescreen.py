"""The result of scoring on a terminal, with rich."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assess.cli.scoretext import HEADINGS, summarise
from assess.scoring.assessment import Assessment


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
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for place, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if place in (1, 2, 5) else "left", no_wrap=place != len(HEADINGS) - 1)
    for row in summary.rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    console.print()
    for note in summary.notes:
        console.print(Padding(Text(note), (0, 0, 0, 2)))
