"""`assess rubric diff`: what changed between two rubrics, and what it does to every shipped case."""

from __future__ import annotations

import click


@click.command(name="diff")
@click.argument("before", metavar="RUBRIC")
@click.argument("after", metavar="RUBRIC")
@click.option(
    "--format", "form", type=click.Choice(["md", "json"]), default="md", show_default=True, help="Form of the output."
)
def command(before: str, after: str, form: str) -> None:
    """Say what changed between two rubrics, and what it does to every shipped case.

    Weights are compared as shares among neighbours. The other differences are named by their place in the rubric.
    """
    from assess.cli.options import all_of
    from assess.documents.shipped import shipped_ids
    from assess.partnership.loading import load_partnership
    from assess.rubric.loading import load_rubric
    from assess.tuning.difference import difference

    old, new = all_of((before, after), load_rubric)
    found = difference(old, new, [load_partnership(name) for name in shipped_ids("partnerships")])
    if form == "json":
        click.echo(found.to_json(), nl=False)
        return
    from assess.reporting.difference import difference_sections
    from assess.reporting.markdown import sections_markdown

    click.echo(f"# {old.title} and {new.title}\n\n", nl=False)
    click.echo(sections_markdown(difference_sections(found, old.bands, new.bands)), nl=False)
