"""Cold starts: whole processes against the imports they cannot do without."""

from __future__ import annotations

from benchmarks.measure import Row, program, together

RUNS = 15


def rows() -> list[Row]:
    """Measure `assess --help` and `assess score`."""
    helped = together(program("-m", "assess", "--help"), program("-c", "import click"), RUNS)
    bare = program("-c", "import numpy, pydantic, yaml, click")
    scored = together(program("-m", "assess", "score", "nato"), bare, RUNS)
    return [
        Row("assess --help / import click", *helped, "at most 1.5 x", 1.5),
        Row("assess score / import numpy, pydantic, yaml, click", *scored, "at most 2 x", 2.0),
    ]
