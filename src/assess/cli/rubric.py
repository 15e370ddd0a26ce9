"""`assess rubric`: rubrics as versions of each other."""

from __future__ import annotations

import click

from assess.cli.lazy import LazyGroup

COMMANDS = {
    "diff": "What changed between two rubrics, and what it does to every shipped case.",
    "lint": "Weak spots of a rubric that no single field shows.",
}


@click.group(name="rubric", cls=LazyGroup, helps=COMMANDS, prefix="rubric")
def command() -> None:
    """Compare rubrics and look for weak spots in one."""
