"""`assess tune`: the ways to find weights, each of which ends in a new rubric version."""

from __future__ import annotations

import click

from assess.cli.lazy import LazyGroup

COMMANDS = {
    "elicit": "Weights from judgements: points, swing, ranks, AHP, best-worst, statements.",
    "objective": "Weights from the spread of a table, as a check.",
    "learn": "Weights from precedents with known outcomes.",
    "agree": "How far several assessors agree, on a case or on weights.",
    "page": "A page to try weights on, as one file.",
}


@click.group(name="tune", cls=LazyGroup, helps=COMMANDS, prefix="tune")
def command() -> None:
    """Find weights, and say where they come from.

    Every way ends in a new rubric version.
    """
