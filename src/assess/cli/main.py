"""The `assess` command: finds the command asked for, and turns every error into a message and an exit code.

Exit codes: 0 fine; 1 when a condition asked for says so (`--fail-under`, `--fail-on-red-line`); 2 for bad documents
or usage.
"""

from __future__ import annotations

import gc
import os
import sys

import click

from assess.cli.lazy import LazyGroup

# Pydantic searches every installed package for plug-ins on each start; assess uses none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
# A command builds its documents once and ends: collecting cycles meanwhile only costs time.
gc.set_threshold(100_000)
# The kernel's matrices are narrow and large tables are split between threads of our own: threads inside the matrix
# products would only cost their start.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

COMMANDS = {
    "score": "Score partnerships and print the result.",
    "report": "Write reports as HTML, PDF, Markdown, CSV or JSON.",
    "robust": "Say how far a rating can be trusted.",
    "whatif": "Score a partnership as amended, or find what a rating takes.",
    "tune": "Find weights, and say where they come from.",
    "rubric": "Compare rubrics and look for weak spots in one.",
    "import": "Turn public data on alliances into tables.",
    "batch": "Score a table of any size.",
    "backtest": "Hold a rubric's scores against what happened.",
    "check": "Check rubrics and partnerships, and run a rubric's test vectors.",
    "new": "Write a commented template for a new partnership.",
    "list": "List the shipped rubrics and partnerships.",
    "schema": "Print the JSON Schema of a document.",
    "demo": "Score the shipped partnerships and write their reports.",
}


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from assess import __version__

        click.echo(f"assess {__version__}")
        ctx.exit()


@click.group(
    cls=LazyGroup, helps=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Score a military partnership on stability, threat coverage, interoperability, and legal and sovereignty risk.

    CASE and RUBRIC are a shipped id (see 'assess list') or the path of a YAML file.
    """


def main() -> None:
    """Run the command line; the entry point of the `assess` script."""
    try:
        _run()
    finally:
        gc.freeze()  # the interpreter would otherwise walk through everything twice before it ends


def _run() -> None:
    try:
        cli.main(prog_name="assess", standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort as stop:
        click.echo(f"stopped; {str(stop) or 'nothing was written'}", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe left; that is no error of ours
        sys.exit(0)
    except Exception as error:
        from assess.documents.errors import AssessError

        if not isinstance(error, AssessError):
            raise
        click.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
