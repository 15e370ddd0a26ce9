from __future__ import annotations

import dataclasses

import pytest

from assess.reporting.edition import Edition
from assess.reporting.theme import DEFAULT_THEME


def test_the_plain_edition_is_the_whole_report_in_the_default_looks() -> None:
    plain = Edition()
    assert (plain.summary, plain.previous, plain.templates, dict(plain.documents)) == (False, None, None, {})
    assert plain.theme == DEFAULT_THEME


def test_documents_go_along_with_the_other_choices() -> None:
    chosen = Edition(summary=True)
    along = chosen.along_with({"a.pdf": b"x"})
    assert along == Edition(summary=True, documents={"a.pdf": b"x"})
    assert dict(chosen.documents) == {}


def test_an_edition_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Edition().summary = True  # type: ignore[misc]
