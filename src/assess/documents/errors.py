"""The errors a user can meet. All derive from `AssessError`; none should ever reach them as a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

Path = tuple[str | int, ...]
"""Where something stands inside a document: keys and list positions from the root down."""


class AssessError(Exception):
    """Base of every error that assess raises on purpose."""


class UsageError(AssessError):
    """The call itself is wrong: an unknown id, an unwritable output, an impossible option."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a document: where, what, and what to do about it."""

    path: Path
    what: str
    todo: str = ""
    on_key: bool = False
    """True when the key itself is wrong, not its value: the position is then the key's."""

    def __str__(self) -> str:
        return f"{self.what}; {self.todo}" if self.todo else self.what


class Located(NamedTuple):
    """A problem with the place to look at: 1-based line and column."""

    line: int
    column: int
    text: str


class DocumentError(AssessError):
    """A document that cannot be used. Holds every problem found, in the order of the text."""

    def __init__(self, file: str, problems: Iterable[Located]) -> None:
        self.file = file
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(f"{file}:{p.line}:{p.column}: {p.text}" for p in self.problems))
