"""`assess import`: public data on alliances to tables."""

from __future__ import annotations

import click

from assess.cli.lazy import LazyGroup

COMMANDS = {
    "atop": "Alliance Treaty Obligations and Provisions 5.1, joined with other public data.",
}


@click.group(name="import", cls=LazyGroup, helps=COMMANDS, prefix="import")
def command() -> None:
    """Turn public data on alliances into tables."""
