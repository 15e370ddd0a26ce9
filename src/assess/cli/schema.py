"""`assess schema`: JSON Schema of the documents, for editors and other programs."""

from __future__ import annotations

import json
from typing import Any

import click


@click.command(name="schema")
@click.argument("document", type=click.Choice(["rubric", "partnership", "assessment", "judgements"]))
def command(document: str) -> None:
    """Print the JSON Schema of a document.

    Name it in a YAML file for an editor's help: '# yaml-language-server: $schema=partnership.schema.json'.
    """
    from pydantic import TypeAdapter

    from assess.partnership.models import Partnership
    from assess.rubric.models import Rubric, RubricVersion
    from assess.scoring.assessment import Assessment
    from assess.tuning.judgements import Judgements

    models: dict[str, TypeAdapter[Any]] = {
        "rubric": TypeAdapter(Rubric | RubricVersion),
        "partnership": TypeAdapter(Partnership),
        "assessment": TypeAdapter(Assessment),
        "judgements": TypeAdapter(Judgements),
    }
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= models[document].json_schema(by_alias=True)
    click.echo(json.dumps(schema, indent=2))
