"""`assess batch`: score a table of any size."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from assess.cli.options import rubric_option


@click.command(name="batch")
@click.argument("table", metavar="TABLE", type=click.Path(path_type=Path))
@rubric_option
@click.option("--output", "-o", "out", required=True, type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV of the rows that were not scored, with reasons; FILE.rejects.csv beside the output unless given.",
)
@click.option("--keep", multiple=True, metavar="COLUMN", help="A column to carry into the output. Repeatable.")
@click.option(
    "--chunk", default=50_000, show_default=True, type=click.IntRange(1, 1_000_000), help="Rows worked on at once."
)
@click.option("--workers", type=click.IntRange(1, 256), metavar="N", help="Start N Dask workers on this machine.")
@click.option("--scheduler", metavar="ADDRESS", help="Use an existing Dask cluster, such as tcp://host:8786.")
@click.option(
    "--draws", type=click.IntRange(100, 100_000), metavar="N", help="Add an 80 % interval to each row, by N draws."
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help="Seed of the draws.")
@click.option("--fresh", is_flag=True, help="Start over, whatever an unfinished run left.")
def command(
    table: Path,
    rubric_ref: str,
    out: Path,
    rejects: Path | None,
    keep: tuple[str, ...],
    chunk: int,
    workers: int | None,
    scheduler: str | None,
    draws: int | None,
    seed: int,
    fresh: bool,
) -> None:
    """Score a table of any size.

    TABLE is CSV or Parquet, one row a partnership; memory stays flat.

    Columns are named as criteria, with levels 0-4, numbers, or percent of items met, and empty cells where nothing is
    known; 'type' and 'red_line:<id>' are optional. A run that was stopped goes on when it is called again.
    """
    from assess.batch.cluster import scheduler as on_scheduler
    from assess.batch.cluster import workers as on_workers
    from assess.batch.rows import Job
    from assess.batch.run import Spread, in_process, score_file
    from assess.documents.errors import UsageError
    from assess.rubric.loading import load_rubric

    if workers and scheduler:
        raise UsageError("--workers starts a cluster and --scheduler uses one; give one of them")
    job = Job(load_rubric(rubric_ref), tuple(dict.fromkeys(keep)), draws or 0, seed)
    with ExitStack() as stack:
        spread: Spread = in_process
        if workers:
            spread = stack.enter_context(on_workers(workers))
        elif scheduler:
            spread = stack.enter_context(on_scheduler(scheduler, _say))
        step = stack.enter_context(_rows_done())
        try:
            done = score_file(table, job, out, rejects, chunk=chunk, fresh=fresh, spread=spread, step=step)
        except KeyboardInterrupt:
            raise click.Abort("finished parts are kept, and the same command goes on from there") from None
    if done.fit.missing:
        _say(f"no column for {len(done.fit.missing)} criteria, missing in every row: {_some(done.fit.missing)}")
    if done.fit.unused:
        _say(f"not used: {_some(done.fit.unused)}")
    if done.resumed:
        _say(f"{done.resumed:,} rows were done by an earlier run")
    if done.refused:
        _say(f"{done.refused:,} of {done.rows:,} rows were not scored: see {done.rejects}")
    _say(f"wrote {out}: {done.scored:,} rows")


@contextmanager
def _rows_done() -> Iterator[Callable[[int, int], None]]:
    """Yield what shows the rows done: a bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, rows: None
        return
    with ExitStack() as stack:
        before = 0
        bar = None

        def step(done: int, rows: int) -> None:
            nonlocal bar, before
            if bar is None:
                bar = stack.enter_context(click.progressbar(length=rows, label="scoring", file=sys.stderr))
            bar.update(done - before)
            before = done

        yield step


def _say(text: str) -> None:
    click.echo(text, err=True)


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
