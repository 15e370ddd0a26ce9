from __future__ import annotations

from assess.documents.document import Document
from assess.documents.source import Source

SOURCE = Source("f.yaml", "title: a\n", "hash", {"title": "a"})


class Note(Document):
    title: str


def test_a_document_built_in_memory_has_no_source() -> None:
    assert Note(title="a").source is None


def test_a_document_remembers_the_file_it_was_read_from() -> None:
    note = Note(title="a")
    assert note.read_from(SOURCE) is note
    assert note.source is SOURCE


def test_a_copy_has_the_source_only_while_it_is_the_same() -> None:
    note = Note(title="a").read_from(SOURCE)
    assert note.model_copy().source is SOURCE
    changed = note.model_copy(update={"title": "b"})
    assert (changed.title, changed.source) == ("b", None)
    assert note.source is SOURCE


def test_the_source_is_no_part_of_the_data() -> None:
    note = Note(title="a").read_from(SOURCE)
    assert note.model_dump() == {"title": "a"}
    assert note == Note(title="a").read_from(SOURCE)
