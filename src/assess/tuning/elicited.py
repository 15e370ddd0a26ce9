"""What every way of finding weights gives back: shares that sum to 1, a range where there is one, and remarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from assess.documents.errors import UsageError
from assess.documents.validation import nearest


@dataclass(frozen=True)
class Remark:
    """One diagnostic: a name, and a number, a text or both."""

    name: str
    value: float | None = None
    text: str | None = None
    warning: bool = False


@dataclass(frozen=True)
class Elicited:
    """Weights of the items of one node, by name."""

    method: str
    """The formula, with its source, as a report prints it."""
    weights: Mapping[str, float]
    """Shares 0-1 that sum to 1, in the order of the items."""
    low: Mapping[str, float] = field(default_factory=dict)
    """Smallest share the judgements allow; empty where they give no range."""
    high: Mapping[str, float] = field(default_factory=dict)
    diagnostics: tuple[Remark, ...] = ()


def by_name(names: Sequence[str], numbers: Iterable[float]) -> dict[str, float]:
    """Return numbers by name."""
    return {name: float(number) for name, number in zip(names, numbers, strict=True)}


def check_names(names: Sequence[str]) -> None:
    """Raise UsageError unless there are two items or more, each named once."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"named twice: {', '.join(twice)}; name every item once")
    if len(names) < 2:
        raise UsageError(f"weights need at least two items (found {len(names)}: {', '.join(names) or 'none'})")


def unknown(found: Iterable[str], names: Sequence[str]) -> list[str]:
    """Return a message for each name that is not among the items."""
    return [f"unknown item '{name}'; {nearest(name, names)}" for name in dict.fromkeys(found) if name not in names]


def check_numbers(numbers: Mapping[str, float], names: Sequence[str], what: str) -> list[str]:
    """Return a message for each item without a number, each unknown item and each number below 0 or not finite."""
    problems = unknown(numbers, names)
    problems += [f"{what} for '{name}' is missing; give one to every item" for name in names if name not in numbers]
    problems += [
        f"{what} for '{name}' must be a number of 0 or more (found {number:g})"
        for name, number in numbers.items()
        if not isfinite(number) or number < 0
    ]
    return problems


def refuse(problems: Sequence[str]) -> None:
    """Raise UsageError with all problems, one a line; do nothing where there are none."""
    if problems:
        raise UsageError("\n".join(problems))
