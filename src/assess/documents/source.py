"""A document as it was read: its text, its hash, its plain data, and where everything in it stands."""

from __future__ import annotations

import codecs
import errno
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from assess.documents import yamltext
from assess.documents.errors import DocumentError, Located, Path, Problem


@dataclass(frozen=True)
class Source:
    """One document on disk. `data` is plain Python data; positions are found only when asked for."""

    file: str
    text: str
    sha256: str
    data: Any
    faults: tuple[Located, ...] = ()
    """What the YAML reader refused but could read past."""

    @cached_property
    def _positions(self) -> tuple[dict[Path, tuple[int, int]], dict[Path, tuple[int, int]]]:
        return yamltext.positions(self.text, self.file)

    def raw(self) -> bytes:
        """Return the document as it stood on disk; its hash is `sha256`."""
        plain = self.text.encode()
        return plain if hashlib.sha256(plain).hexdigest() == self.sha256 else codecs.BOM_UTF8 + plain

    def locate(self, problem: Problem) -> Located:
        """Return the problem at the nearest place that the text has for it."""
        values, keys = self._positions
        path = problem.path
        if problem.on_key and path in keys:
            return Located(*keys[path], str(problem))
        while path not in values and path:
            path = path[:-1]
        return Located(*values.get(path, (1, 1)), str(problem))

    def error(self, problems: Iterable[Problem]) -> DocumentError:
        """Return one error that holds the reader's faults and all the problems, each with its place."""
        return DocumentError(self.file, [*self.faults, *(self.locate(problem) for problem in problems)])


def read_source(path: FilePath) -> Source:
    """Read and parse one YAML file; raises `DocumentError` for anything that stops that."""
    raw = read_bytes(path)
    text = yamltext.decode(raw, str(path))
    data, faults = yamltext.parse(text, str(path))
    return Source(str(path), text, hashlib.sha256(raw).hexdigest(), data, tuple(faults))


def read_bytes(path: FilePath) -> bytes:
    """Return the bytes of a file, at most one more than a document may have; `DocumentError` if it cannot be read."""
    try:
        with path.open("rb") as handle:
            return handle.read(yamltext.MAX_BYTES + 1)
    except OSError as error:
        raise DocumentError(str(path), [Located(1, 1, _unreadable(error))]) from None


def _unreadable(error: OSError) -> str:
    reasons = {
        errno.ENOENT: "no such file; check the path, or run 'assess list' for the shipped ids",
        errno.EISDIR: "this is a directory; name a file inside it",
        errno.EACCES: "the file may not be read; check its permissions",
    }
    return reasons.get(error.errno or 0, f"the file cannot be read: {error.strerror}")
