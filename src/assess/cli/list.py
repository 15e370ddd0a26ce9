"""`assess list`: what is shipped."""

from __future__ import annotations

import click


@click.command(name="list")
@click.argument("kind", type=click.Choice(["rubrics", "partnerships"]), required=False)
def command(kind: str | None) -> None:
    """List the shipped rubrics and partnerships."""
    from assess.documents.shipped import shipped_dir, shipped_ids
    from assess.documents.source import read_source

    for group in [kind] if kind else ["rubrics", "partnerships"]:
        if kind is None:
            click.echo(f"{group}:")
        names = shipped_ids(group)
        width = max(map(len, names), default=0)
        for name in names:
            data = read_source(shipped_dir(group) / f"{name}.yaml").data
            detail = data.get("version") or f"{data['type'].replace('_', ' ')}, as of {data['as_of']}"
            click.echo(f"{'' if kind else '  '}{name.ljust(width)}  {data['title']} ({detail})")
