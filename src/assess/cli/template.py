"""The text of a template for a partnership, from a rubric."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from assess.documents.errors import UsageError
from assess.documents.fields import PROPOSED_STAGES, PartnershipType, Stage
from assess.rubric.models import Checklist, Criterion, Pillar, Quantitative, Rubric

STAGE_NOTE = {
    "design": "Nothing exists yet: read the draft text or plan; confidence counts as moderate at most.",
    "proxy": "Nothing exists yet: read the parties' record in comparable pacts; confidence counts as moderate at most.",
}


def partnership_template(case: str, kind: PartnershipType, stage: Stage, rubric: Rubric) -> str:
    """Return a partnership document that loads as it stands, with every applicable criterion as a comment to fill in.

    Raises `UsageError` for an id that no document could have.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", case):
        raise UsageError(f"'{case}' cannot be an id; use small letters, digits, hyphens and underscores")
    lines = [*_head(case, kind, stage, rubric), "# observations:", ""]
    for pillar in rubric.pillars:
        lines += _pillar(pillar, kind, stage)
    lines += _red_lines(rubric)
    return "\n".join(lines) + "\n"


def _head(case: str, kind: PartnershipType, stage: Stage, rubric: Rubric) -> Iterator[str]:
    yield from _comment(
        f"A partnership to be assessed by the rubric {rubric.id} {rubric.version}. Lines that begin with # are help or "
        "examples: take the # away from what you use. A criterion left out has no evidence; that is never read as 0."
    )
    yield from (
        "schema: assess/partnership@1",
        f"id: {case}",
        f"title: {case}",
        f"type: {kind}",
        f"stage: {stage}",
        "as_of: 2026-01-01  # the date the assessment speaks for; no evidence may be later",
        "judgements: draft  # illustrative, draft or reviewed",
        "",
        "# key: whether the loss of the party would defeat the purpose. The ids of states are ISO 3166-1 codes.",
        "parties:",
        "  - {id: NO, name: Norway, key: true}",
        "  - {id: SE, name: Sweden, key: true}",
        "",
        "# objectives:",
        "#   - {id: O1, text: What the partnership is for}",
        "",
        "# instruments:",
        "#   - id: draft-agreement",
        "#     title: Title of the text",
        "#     form: treaty  # treaty, executive_agreement, memorandum, joint_statement, statute, other",
        "#     status: draft  # binding, political, draft, lapsed, unclear",
        "#     clauses:",
        "#       - {id: C1, article: Art. 3, obligation: What is owed, status: draft,",
        "#          trigger: What sets it off, area: Where, duty_holder: Who}",
        "",
        "# structures:",
        "#   - {id: S1, title: Joint committee, kind: committee, status: planned}",
        "",
        "# threats: the share of this register that is answered becomes the reading of threat_domain_coverage",
        "#   - {id: T1, threat: What is feared, domain: sea, severity: 4, likelihood: 3,",
        "#      capability: What answers it, adequacy: partial}",
        "",
        "# grade: reliability of the source A-F and credibility of the information 1-6.",
        "# verified: yes, partly (say what in 'open') or no.",
        "# evidence:",
        "#   - id: E1",
        "#     fact: What is known, in your own words",
        "#     citation: Who published what, when",
        "#     date: 2025-06",
        "#     kind: official  # treaty, law, official, dataset, scholarship, press, reference",
        "#     grade: B2",
        "#     confidence: moderate",
        "#     verified: yes",
        "",
    )


def _pillar(pillar: Pillar, kind: PartnershipType, stage: Stage) -> Iterator[str]:
    yield from (f"  # {'=' * 20} {pillar.title}", "")
    for inner in pillar.pillars:
        yield from _pillar(inner, kind, stage)
    for criterion in pillar.criteria:
        if criterion.types.get(kind, 1.0) > 0:
            yield from _criterion(criterion, stage)
        else:
            yield from (f"  # {criterion.id}: does not apply to this type of partnership", "")


def _criterion(criterion: Criterion, stage: Stage) -> Iterator[str]:
    yield from _comment(f"{criterion.title}. {criterion.question}", "  ")
    if criterion.evidence:
        yield from _comment(f"Evidence: {criterion.evidence}", "  ")
    if stage in PROPOSED_STAGES and criterion.when_proposed in STAGE_NOTE:
        yield from _comment(STAGE_NOTE[criterion.when_proposed], "  ")
    for level in sorted(criterion.anchors):
        yield from _comment(f"{level}: {criterion.anchors[level]}", "    ")
    if isinstance(criterion.measure, Quantitative):
        yield from _comment(f"Number: {criterion.measure.unit}", "  ")
        if criterion.measure.computed_from:
            yield from _comment("Computed from the threat register where there is one; give no reading then.", "  ")
    yield f"  # {criterion.id}:"
    body = list(_reading(criterion))
    if criterion.per_party:
        yield "  #   parties:"
        yield "  #     NO:"
        yield from (f"  #       {line}" for line in body)
    else:
        yield from (f"  #   {line}" for line in body)
    yield ""


def _reading(criterion: Criterion) -> Iterator[str]:
    measure = criterion.measure
    if isinstance(measure, Quantitative):
        yield "number: {low: 0, best: 0, high: 0}" + ("  # or level: 2" if criterion.anchors else "")
    elif isinstance(measure, Checklist):
        yield "items:  # yes, partial, no or unknown"
        yield from (
            f"  {item.id}: unknown  # {item.text}{' (critical)' if item.critical else ''}" for item in measure.items
        )
    else:
        yield "level: {low: 1, best: 2, high: 3}"
    yield "confidence: low  # high, moderate or low"
    yield "evidence: [E1]"
    yield "rationale: Why this level and not its neighbours"


def _red_lines(rubric: Rubric) -> Iterator[str]:
    yield "# A red line caps the rating and never changes a number. One left out counts as unknown."
    yield "# red_lines:"
    for line in rubric.red_lines:
        yield from _comment(f"{line.id}: {line.when}", "  ")
        yield f"  # {line.id}: {{status: clear, fact: What was found, evidence: [E1]}}"


def _comment(text: str, indent: str = "") -> Iterator[str]:
    return (f"{indent}# {line}" for line in textwrap.wrap(text, 112 - len(indent)))
