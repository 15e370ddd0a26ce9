"""`assess import atop`: alliances as they were known when they were formed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assess.cli.options import output_option
from assess.datasets.columns import OUTCOMES
from assess.datasets.sources import SOURCES

if TYPE_CHECKING:
    import pandas as pd

    from assess.datasets.columns import Column


def file_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add one option per data set, in the order of the list."""
    for name, source in reversed(list(SOURCES.items())):
        function = click.option(
            f"--{name.replace('_', '-')}",
            name,
            type=click.Path(path_type=Path),
            metavar="FILE",
            help=f"{source.title}, {source.release}.",
        )(function)
    return function


@click.command(name="atop")
@click.argument("paths", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@file_options
@click.option("--fact", "facts", multiple=True, metavar="COLUMN", help="A column wanted; all unless given. Repeatable.")
@click.option(
    "--outcome",
    "outcomes",
    multiple=True,
    metavar="NAME",
    help=f"Add what became of the alliance: {', '.join(OUTCOMES)}. Repeatable.",
)
@click.option("--case", "case", type=int, metavar="ATOPID", help="Draft the partnership of one alliance instead.")
@click.option("--describe", is_flag=True, help="Print what each column means, and read no file.")
@output_option("A .csv or .parquet file for the table, .yaml for the draft of a case. Repeatable.")
def command(
    paths: tuple[Path, ...],
    facts: tuple[str, ...],
    outcomes: tuple[str, ...],
    case: int | None,
    describe: bool,
    outputs: tuple[Path, ...],
    **given: Path | None,
) -> None:
    """Join public data on alliances to one row per alliance, as known when it was formed.

    Files are named by their options; a FILE without an option is recognised by its columns. Beside each table,
    TABLE.columns.json says what every column means and which file it came from.
    """
    from assess.documents.errors import UsageError
    from assess.documents.writing import write_whole

    if describe:
        click.echo(_described())
        return
    files = {name: path for name, path in given.items() if path is not None}
    _recognised(paths, files)
    suffixes = (".yaml", ".yml") if case is not None else (".csv", ".parquet")
    strange = [str(path) for path in outputs if path.suffix.lower() not in suffixes]
    if strange:
        raise UsageError(f"{', '.join(strange)}: the suffix must be {' or '.join(suffixes)}")
    if case is not None:
        from assess.datasets.draft import draft

        text = draft(files, case)
        if not outputs:
            click.echo(text, nl=False)
        contents = {path: text.encode() for path in outputs}
    elif not outputs:
        raise UsageError("say where the table goes: -o table.csv or -o table.parquet")
    else:
        from assess.datasets.atop import formation_table
        from assess.datasets.columns import chosen

        table = formation_table(files, facts=facts, outcomes=outcomes)
        notes = _notes(chosen(facts, outcomes, files), files)
        contents = {}
        for path in outputs:
            contents[path] = _table_bytes(table, path.suffix.lower())
            contents[path.with_name(f"{path.name}.columns.json")] = notes
        click.echo(f"{len(table)} alliances, {len(table.columns)} columns", err=True)
    write_whole(contents)
    for path in contents:
        click.echo(f"wrote {path}", err=True)


def _recognised(paths: tuple[Path, ...], files: dict[str, Path]) -> None:
    """Add the files without an option to those with one, by what they are."""
    from assess.datasets.reading import recognise
    from assess.documents.errors import AssessError, UsageError

    errors: list[str] = []
    for path in paths:
        try:
            name = recognise(path)
            if name in files:
                raise UsageError(f"{path} and {files[name]} are both {SOURCES[name].title}; give one of them")
            files[name] = path
        except AssessError as error:
            errors.append(str(error))
    if errors:
        raise AssessError("\n".join(errors))


def _table_bytes(table: pd.DataFrame, suffix: str) -> bytes:
    """Return the table as a file. Numbers in CSV are written so that they read back the same."""
    import io

    from assess.documents.errors import UsageError

    if suffix == ".csv":
        return table.to_csv(index=False, lineterminator="\n").encode()
    target = io.BytesIO()
    try:
        table.to_parquet(target, index=False)
    except ImportError:
        raise UsageError("Parquet needs pyarrow; install assess-partnerships[history], or write .csv") from None
    return target.getvalue()


def _notes(wanted: list[Column], files: dict[str, Path]) -> bytes:
    """Return the side file: what each column means, and the files by hash."""
    import hashlib
    import json

    return json.dumps(
        {
            "schema": "assess/columns@1",
            "files": {
                name: {
                    "title": SOURCES[name].title,
                    "release": SOURCES[name].release,
                    "cite": SOURCES[name].cite,
                    "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                }
                for name, path in files.items()
            },
            "columns": [
                {
                    "name": column.name,
                    "role": column.role,
                    "sources": list(column.sources),
                    "definition": column.definition,
                    "years": column.years,
                }
                for column in wanted
            ],
        },
        indent=2,
        ensure_ascii=False,
    ).encode()


def _described() -> str:
    """Return every column as a Markdown table."""
    from assess.datasets.columns import columns

    lines = ["| column | role | from | what it is | years |", "|---|---|---|---|---|"]
    lines += [
        f"| {column.name} | {column.role} | {', '.join(column.sources)} | {column.definition} | {column.years} |"
        for column in columns()
    ]
    return "\n".join(lines)
