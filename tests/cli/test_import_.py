from __future__ import annotations

from tests.cli.conftest import Run, ways_explain_themselves

from assess.cli.import_ import COMMANDS, command


def test_every_way_is_listed_and_explains_itself(run: Run) -> None:
    ways_explain_themselves(run, command, "import", COMMANDS)
