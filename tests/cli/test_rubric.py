from __future__ import annotations

import click
from tests.cli.conftest import Run

from assess.cli.rubric import COMMANDS, command


def test_help_lists_every_way(run: Run) -> None:
    result = run("rubric", "--help")
    assert result.code == 0
    assert all(name in result.out for name in COMMANDS)


def test_every_way_explains_itself(run: Run) -> None:
    for name in COMMANDS:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        assert found.name == name
