"""The threat register as a matrix of threats and domains: what answers each, who leads, and where the gaps are."""

from __future__ import annotations

from assess.partnership.models import Adequacy, Threat
from assess.reporting import words
from assess.reporting.blocks import Block, Figure, Head, Paragraph, Row, Section, Table, Tone, cell, row
from assess.reporting.charts import Chart, MatrixCell, matrix_chart
from assess.reporting.links import Places
from assess.scoring.assessment import Assessment

SHADES: dict[Adequacy, int | None] = {"adequate": 4, "partial": 2, "none": 0, "unknown": None}
MARKS: dict[Adequacy, str] = {"adequate": "yes", "partial": "part", "none": "gap", "unknown": "?"}


SHORT = {"information": "Info", "terrorism": "Terror", "organised_crime": "Crime"}
"""Heads of the narrow columns of the figure; the table has the whole names."""


def threats_section(assessment: Assessment, places: Places) -> Section:
    """Return the threat register with its gaps, or say that there is none."""
    threats = assessment.partnership.threats
    if not threats:
        text = "The partnership document holds no threat register, so coverage by domain is not computed from one."
        return Section("threats", "Threats", "Threats: no register", (Paragraph((text,)),))
    ranked = sorted(threats, key=lambda threat: -threat.severity * threat.likelihood)
    blocks: list[Block] = [
        Paragraph(
            (
                "Severity and likelihood are ordinal ratings from 1 to 5; likelihood is no probability. Their product "
                "orders the rows and measures nothing (Cox 2008).",
            ),
            "note",
        ),
        Figure(
            _chart(ranked, _heading(threats)),
            "Rows: threats, the highest priority first. Columns: domains. Yes: answered. Part: partly. "
            "Gap, outlined: nothing named answers it. ?, dashed: not known.",
        ),
        Table(
            "The register in full",
            (
                Head("Threat"),
                Head("Domain", "word"),
                Head("Severity and likelihood, of 5", "word"),
                Head("What answers it"),
                Head("Lead", "word"),
                Head("Why, on what evidence"),
            ),
            tuple(_row(threat, places) for threat in ranked),
        ),
    ]
    return Section("threats", "Threats", _heading(threats), tuple(blocks))


def domain(name: str) -> str:
    """Return a domain in words."""
    return {"cbrn": "CBRN"}.get(name, words.named(name))


def _heading(threats: tuple[Threat, ...]) -> str:
    gaps = [threat for threat in threats if threat.adequacy == "none"]
    parts = [f"{sum(threat.adequacy == 'adequate' for threat in threats)} of {len(threats)} answered"]
    if gaps:
        domains = words.listed(list(dict.fromkeys(domain(threat.domain).lower() for threat in gaps)))
        parts.append(f"{words.counted(len(gaps), 'gap')} ({domains.replace('cbrn', 'CBRN')})")
    unknown = sum(threat.adequacy == "unknown" for threat in threats)
    if unknown:
        parts.append(f"{unknown} not known")
    led = sum(threat.lead is not None for threat in threats)
    return f"Threats: {', '.join(parts)}, lead nation named for {led or 'none'}"


def _chart(threats: list[Threat], title: str) -> Chart:
    domains = list(dict.fromkeys(threat.domain for threat in threats))
    names = list(dict.fromkeys(threat.threat for threat in threats))
    cells = {
        (names.index(threat.threat), domains.index(threat.domain)): MatrixCell(
            MARKS[threat.adequacy], SHADES[threat.adequacy], threat.adequacy == "none"
        )
        for threat in threats
    }
    said = "; ".join(f"{threat.threat} ({domain(threat.domain)}): {threat.adequacy}" for threat in threats)
    return matrix_chart(
        identifier="threats-chart",
        title=title,
        description=f"{said}.",
        rows=names,
        columns=[SHORT.get(name, domain(name)) for name in domains],
        cells=cells,
    )


def _row(threat: Threat, places: Places) -> Row:
    tone: Tone | None = "alarm" if threat.adequacy == "none" else None
    answer = f"{words.capital(threat.adequacy)}: {threat.capability}" if threat.capability else threat.adequacy
    return row(
        words.sentence(threat.threat),
        domain(threat.domain),
        f"{threat.severity} and {threat.likelihood}",
        cell(words.sentence(answer), tone=tone),
        places.party(threat.lead) if threat.lead else "none named",
        places.said(threat.rationale, threat.evidence),
    )
