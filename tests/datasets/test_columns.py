"""The columns: each described, and none that tells the ending can be had as a fact."""

from __future__ import annotations

import pytest

from assess.datasets.columns import LEAKS, OUTCOMES, available, chosen, columns
from assess.datasets.sources import SOURCES
from assess.documents.errors import UsageError

ALL = tuple(SOURCES)


def test_every_column_has_one_name_known_sources_and_a_definition() -> None:
    names = [column.name for column in columns()]
    assert len(names) == len(set(names))
    for column in columns():
        assert set(column.sources) <= set(SOURCES)
        assert column.definition
        assert column.years
        assert column.role == {"t_": "fact", "c_": "fact", "y_": "outcome"}.get(column.name[:2], "id")


@pytest.mark.parametrize("name", [*sorted(LEAKS), "t_term", *(column.name for column in OUTCOMES.values())])
def test_what_tells_the_ending_is_refused_as_a_fact(name: str) -> None:
    with pytest.raises(UsageError, match=f"'{name}' tells how the alliance ended"):
        chosen([name], [], ALL)


def test_no_fact_bears_the_name_of_a_leak() -> None:
    for column in chosen([], [], ALL):
        assert column.role in ("id", "fact")
        assert column.name.removeprefix("t_").removeprefix("c_") not in LEAKS


def test_outcomes_come_only_when_asked_for_and_last() -> None:
    assert [column.name for column in chosen(["t_defense"], ["violated"], ALL)] == [
        "atopid",
        "begyr",
        "begmo",
        "members",
        "t_defense",
        "y_A_all",
    ]


def test_a_column_needs_its_files_and_a_stand_in_will_do() -> None:
    rival = next(column for column in columns() if column.name == "c_rival_in")
    assert available(rival, ["members", "rivalries2"])
    assert not available(rival, ["members"])
    with pytest.raises(UsageError, match="'c_rival_in' needs the file of --rivalries"):
        chosen(["c_rival_in"], [], ["alliances", "phases", "members"])


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        chosen(["t_defence", "dur"], ["violatd"], ALL)
    assert str(caught.value).count("\n") == 2
    assert "no column 't_defence'; did you mean 't_defense'?" in str(caught.value)
    assert "no outcome 'violatd'; did you mean 'violated'?" in str(caught.value)
