"""The base of every whole document: a model that remembers the file it was read from."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import PrivateAttr

from assess.documents.fields import Record
from assess.documents.source import Source


class Document(Record):
    """A model of a whole document, with its source while the two are the same."""

    _source: Source | None = PrivateAttr(default=None)

    @property
    def source(self) -> Source | None:
        """The file this document was read from; None once it differs, or if it was built in memory."""
        return self._source

    def read_from(self, source: Source) -> Self:
        """Remember where this document was read from, and return it."""
        self._source = source
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy; one that is changed is no longer the file that was read, and has no source."""
        copy = super().model_copy(update=update, deep=deep)
        if update:
            copy._source = None
        return copy
