"""How things are timed: alternately, many times, and compared by the median."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measurement: seconds of what was measured and of its bare counterpart, if it has one."""

    what: str
    seconds: float
    bare: float | None
    target: str
    limit: float
    """Largest ratio to the bare counterpart, or largest number of seconds where there is none."""

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return (self.seconds / self.bare if self.bare else self.seconds) <= self.limit


def together(
    first: Callable[[], object],
    second: Callable[[], object],
    runs: int,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:
    """Return the median seconds of two functions, run by turns so that both meet the same machine.

    clock: `time.process_time` counts the processor's seconds in place of the wall's.
    """
    first(), second()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for function, kept in zip((first, second), times, strict=True):
            started = clock()
            function()
            kept.append(clock() - started)
    return statistics.median(times[0]), statistics.median(times[1])


def alone(function: Callable[[], object], runs: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the median seconds of a function, after one run to warm up."""
    return together(function, lambda: None, runs, clock)[0]


def program(*arguments: str) -> Callable[[], object]:
    """Return a function that runs this Python with arguments in a process of its own, output thrown away."""
    return lambda: subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
