from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from assess.cli.lazy import LazyGroup

HELPS = {"score": "Scores things.", "import": "A keyword.", "none": "Has no module."}


def group(prefix: str = "") -> LazyGroup:
    return LazyGroup("top", helps=HELPS, prefix=prefix)


def test_the_overview_imports_no_command() -> None:
    result = CliRunner().invoke(group("absent"), ["--help"])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()[-3:]] == ["score", "import", "none"]


def test_a_command_is_found_in_its_module_and_a_keyword_under_another_name() -> None:
    context = click.Context(group())
    for name in ("score", "import"):
        command = group().get_command(context, name)
        assert command is not None
        assert command.name == name


def test_an_unknown_command_names_the_nearest() -> None:
    with pytest.raises(click.UsageError, match="no command 'scroe'; did you mean 'score'"):
        group().resolve_command(click.Context(group()), ["scroe"])


def test_a_module_without_a_command_is_an_error_of_ours() -> None:
    with pytest.raises(TypeError, match="defines no command"):
        LazyGroup("top", helps={"options": ""}).get_command(click.Context(group()), "options")
