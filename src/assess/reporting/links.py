"""Places inside a report, and text that leads to them: every number can be followed to what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from assess.reporting.words import named, sentence
from assess.scoring.assessment import Assessment, PillarResult, all_pillars

Kind = Literal["p", "c", "a", "w", "r", "e", "j", "ref"]
"""What a place holds: pillar, criterion, its anchor, weight, red line, evidence, judgement, reference."""


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to another place in the report.

    `of` names what its numbers show, in their order, as JSON pointers (RFC 6901) into the Assessment.
    """

    text: str
    to: str
    of: tuple[str, ...] = ()


Run = str | Link
Line = tuple[Run, ...]
"""Text with links in it, in reading order."""


def place(kind: Kind, identifier: str) -> str:
    """Return the id of a place; whatever an id may not hold becomes a hyphen."""
    return f"{kind}-{re.sub(r'[^A-Za-z0-9._-]', '-', identifier)}"


def joined(runs: Iterable[Run], separator: str = ", ") -> Line:
    """Return runs as one line with a separator between them."""
    line: list[Run] = []
    for run in runs:
        line += [separator, run] if line else [run]
    return tuple(line)


def text_of(line: Line) -> str:
    """Return a line as plain text."""
    return "".join(run if isinstance(run, str) else run.text for run in line)


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one report by kind and id. A name without a place stays plain text, never a dead link."""

    pillars: Mapping[str, str]
    criteria: Mapping[str, str]
    red_lines: Mapping[str, str]
    parties: Mapping[str, str]
    evidence: frozenset[str]
    references: frozenset[str]
    pointers: Mapping[str, str]

    def of(self, identifier: str, *names: str) -> tuple[str, ...]:
        """Return JSON pointers to fields of a pillar, a criterion or `overall`."""
        return tuple(f"{self.pointers[identifier]}/{name}" for name in names)

    def criterion(self, identifier: str) -> Run:
        """Return the title of a criterion, leading to its sheet."""
        if identifier not in self.criteria:
            return identifier
        return Link(self.criteria[identifier], place("c", identifier))

    def pillar(self, identifier: str) -> Run:
        """Return the title of a pillar, leading to its section."""
        if identifier not in self.pillars:
            return identifier
        return Link(self.pillars[identifier], place("p", identifier))

    def red_line(self, identifier: str) -> Run:
        """Return the name of a red line, leading to its entry."""
        if identifier not in self.red_lines:
            return named(identifier)
        return Link(self.red_lines[identifier], place("r", identifier))

    def party(self, identifier: str) -> str:
        """Return the name of a party."""
        return self.parties.get(identifier, identifier)

    def sources(self, identifiers: Iterable[str]) -> Line:
        """Return evidence ids, each leading to its entry."""
        return joined(Link(name, place("e", name)) if name in self.evidence else name for name in identifiers)

    def said(self, text: str | None, evidence: Iterable[str]) -> Line:
        """Return a text as a sentence with the evidence it rests on after it, or a dash for neither."""
        line: list[Run] = [sentence(text)] if text else []
        cited = self.sources(evidence)
        return (*line, " ", *cited) if line and cited else (*line, *cited) or ("–",)

    def any(self, identifier: str) -> Run:
        """Return whatever an id names: a criterion, pillar, red line or party."""
        if identifier in self.criteria:
            return self.criterion(identifier)
        if identifier in self.pillars:
            return self.pillar(identifier)
        return self.red_line(identifier) if identifier in self.red_lines else self.party(identifier)


def places_of(assessment: Assessment) -> Places:
    """Return the places that the report on an assessment will have."""
    pillars = tuple(all_pillars(assessment.pillars))
    return Places(
        pillars={pillar.id: pillar.title for pillar in pillars},
        criteria={criterion.id: criterion.title for pillar in pillars for criterion in pillar.criteria},
        red_lines={line.id: line.title or named(line.id) for line in assessment.red_lines},
        parties={party.id: party.name for party in assessment.partnership.parties},
        evidence=frozenset(entry.id for entry in assessment.evidence),
        references=frozenset(entry.id for entry in assessment.rubric.references),
        pointers=pointers(assessment),
    )


def pointers(assessment: Assessment) -> dict[str, str]:
    """Return the JSON pointers of the overall result, the pillars and the criteria, by id."""
    return {"overall": "/overall", **dict(_pointers(assessment.pillars, "/pillars"))}


def _pointers(pillars: Iterable[PillarResult], path: str) -> Iterator[tuple[str, str]]:
    for index, pillar in enumerate(pillars):
        here = f"{path}/{index}"
        yield pillar.id, here
        yield from ((criterion.id, f"{here}/criteria/{column}") for column, criterion in enumerate(pillar.criteria))
        yield from _pointers(pillar.pillars, f"{here}/pillars")
