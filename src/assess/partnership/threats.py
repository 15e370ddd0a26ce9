"""Coverage of the threat register: the share of weighted threat cells that a named capability answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assess.partnership.models import Threat

ADEQUACY_VALUE: Mapping[str, float] = {"adequate": 1.0, "partial": 0.5, "none": 0.0}


@dataclass(frozen=True)
class RegisterCoverage:
    """Percentages 0-100 of the register that is covered, and the share 0-1 of it that was judged."""

    best: float
    low: float
    high: float
    known: float


def register_coverage(threats: Sequence[Threat]) -> RegisterCoverage | None:
    """Return the coverage of a threat register, or None when no cell has been judged.

    Each cell weighs severity x likelihood. Adequate counts 1, partial 0.5, none 0. Cells of unknown adequacy leave
    the best value; low and high set them to none and to adequate. The product of two ordinal ratings is a
    convention for setting priorities, not a measurement (Cox 2008, What's wrong with risk matrices?).
    """
    total = met = known = 0.0
    for threat in threats:
        weight = threat.severity * threat.likelihood
        total += weight
        if threat.adequacy in ADEQUACY_VALUE:
            known += weight
            met += weight * ADEQUACY_VALUE[threat.adequacy]
    if not known:
        return None
    return RegisterCoverage(
        best=100.0 * met / known,
        low=100.0 * met / total,
        high=100.0 * (met + total - known) / total,
        known=known / total,
    )
