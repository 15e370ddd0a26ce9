"""`assess backtest`: a rubric's scores held against what happened."""

from __future__ import annotations

from pathlib import Path

import click

from assess.cli.options import output_option


@click.command(name="backtest")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--rubric", "-r", "rubric_ref", required=True, metavar="RUBRIC", help="Shipped id or path of the rubric.")
@click.option("--outcome", required=True, metavar="COLUMN", help="1 where it happened, 0 where not, empty if unknown.")
@click.option(
    "--event", type=click.Choice(("good", "bad")), required=True, help="Whether it is good or bad that it happens."
)
@click.option("--group", required=True, metavar="COLUMN", help="Rows of one group are held out and drawn together.")
@click.option("--time", required=True, metavar="COLUMN", help="A number, such as the year of formation.")
@click.option("--name", metavar="COLUMN", help="What to call a row; its group unless given.")
@click.option(
    "--era",
    "eras",
    type=float,
    multiple=True,
    metavar="TIME",
    help="First time of an era; repeatable.  [default: 1815 1914 1945 1990]",
)
@click.option("--split", type=float, default=1945, show_default=True, help="Forward test: learn before, judge after.")
@click.option(
    "--wars",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="Berkemeier & Fuhrmann (2018): one row a promise called upon, with war, war_year, war_case and honoured.",
)
@click.option("--draws", type=click.IntRange(100, 100_000), default=2000, show_default=True, help="Bootstrap samples.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of samples and folds.")
@output_option("A file: .html, .pdf, .md or .json. Repeatable; Markdown on the screen unless given.")
def command(
    table: Path,
    rubric_ref: str,
    outcome: str,
    event: str,
    group: str,
    time: str,
    name: str | None,
    eras: tuple[float, ...],
    split: float,
    wars: Path | None,
    draws: int,
    seed: int,
    outputs: tuple[Path, ...],
) -> None:
    """Hold a rubric's scores against what happened.

    TABLE is CSV or Parquet with a column per criterion id, one row a past case. Baselines are printed beside, and the
    hash of the rubric before anything is scored.
    """
    from hashlib import sha256

    from assess.batch.backtest import ERAS, backtest
    from assess.documents.errors import UsageError
    from assess.documents.writing import write_whole
    from assess.reporting.backtest import backtest_paper
    from assess.reporting.paper import check_suffix, to_bytes
    from assess.rubric.loading import load_rubric

    try:
        from assess.tuning.precedents import read_table
    except ImportError:
        raise UsageError("the back-test needs scikit-learn; install assess-partnerships[history]") from None
    for path in outputs:
        check_suffix(path.suffix.lower())
    if list(eras) != sorted(set(eras)):
        raise UsageError("--era: the first times of eras must rise")
    rubric = load_rubric(rubric_ref)
    digest = rubric.source.sha256 if rubric.source else "none"
    click.echo(f"rubric {rubric.id} {rubric.version}, SHA-256 {digest}", err=True)
    frame = read_table(table)
    hashed = sha256(table.read_bytes())
    if wars is not None:
        from assess.datasets.reliability import war_cases

        frame, left_out = war_cases(wars, frame)
        hashed.update(wars.read_bytes())
        for reason, count in left_out.items():
            click.echo(f"{wars.name}: left out, {reason}: {count}", err=True)
    found = backtest(
        frame,
        rubric,
        outcome=outcome,
        good=event == "good",
        group=group,
        time=time,
        name=name,
        table=table.name if wars is None else f"{wars.name} with {table.name}",
        table_sha256=hashed.hexdigest(),
        eras=eras or ERAS,
        split=split,
        draws=draws,
        seed=seed,
    )
    paper = backtest_paper(found)
    if not outputs:
        click.echo(to_bytes(paper, ".md").decode(), nl=False)
        return
    write_whole({path: to_bytes(paper, path.suffix.lower()) for path in outputs})
    for path in outputs:
        click.echo(f"wrote {path}", err=True)
