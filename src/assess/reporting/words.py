"""The fixed vocabulary of a report, and the little grammar that puts data into sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from assess.documents.fields import Basis, PartnershipType, RedLineEffect, RedLineStatus, Stage, date_span
from assess.reporting.numbers import whole
from assess.rubric.models import Aggregation, Band
from assess.scoring.assessment import Rated

TYPES: Mapping[PartnershipType, str] = {
    "bilateral_agreement": "bilateral agreement",
    "multilateral_alliance": "multilateral alliance",
    "defence_cooperation_agreement": "defence cooperation agreement",
    "strategic_dialogue": "strategic dialogue",
    "coalition": "coalition",
}
STAGES: Mapping[Stage, str] = {
    "idea": "idea",
    "negotiating": "under negotiation",
    "signed": "signed, not in force",
    "in_force": "in force",
    "suspended": "suspended",
    "ended": "ended",
}
VERIFIED = {"yes": "verified", "partly": "partly verified", "no": "unverified"}
STATUSES: Mapping[RedLineStatus, str] = {
    "tripped": "tripped",
    "disputed": "disputed",
    "unknown": "unknown",
    "clear": "clear",
}
JUDGEMENTS: Mapping[Literal["illustrative", "draft", "reviewed"], str] = {
    "illustrative": "illustrative, set to show the method",
    "draft": "draft, not reviewed by a second person",
    "reviewed": "reviewed by a second person",
}
BASES: Mapping[Basis, str] = {
    "sufficient": "sufficient",
    "provisional": "provisional",
    "insufficient": "insufficient",
}
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that no report may hold: controls, overrides of direction, halves of pairs, non-characters."""

_SPACE = re.compile("[ \t\n\v\f\r\u2028\u2029]+")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def clean(text: str) -> str:
    """Return text on one line, with every character that a document must not hold shown as U+FFFD."""
    if text.isprintable() and "  " not in text:  # the common case; no character of CONTROL counts as printable
        return text
    return _SPACE.sub(" ", CONTROL.sub("\ufffd", text))


def listed(names: Sequence[str], last: str = "and") -> str:
    """Return names as a list in a sentence: 'a', 'a and b', 'a, b and c'."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun in the right form: '1 red line', '2 red lines', 'no red line'."""
    if number == 0:
        return f"no {noun}"
    return f"{number} {noun}" if number == 1 else f"{number} {plural(noun)}"


def plural(noun: str) -> str:
    """Return the plural of one of the nouns that reports use."""
    if noun.endswith("criterion"):
        return f"{noun[:-2]}a"
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def named(identifier: str) -> str:
    """Return an id as words: 'forces_without_status' becomes 'Forces without status'."""
    return capital(" ".join(identifier.replace("_", " ").replace("-", " ").split()))


def capital(text: str) -> str:
    """Return text with a capital first letter."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return text with a capital first letter and a full stop, unless it already ends a sentence."""
    line = clean(text).strip()
    return capital(line if line.endswith((".", "!", "?", ".”", "…")) else f"{line}.")


def spelled(date: str) -> str:
    """Return a partial ISO date in words, as '25 June 2025', 'June 2025' or '2025'.

    Raises `ValueError` for text that is no date.
    """
    (year, month, day), _ = date_span(date)
    known = (str(day), _MONTHS[month - 1], str(year))
    return " ".join(known[2 - date.count("-") :])


def interval(low: float, high: float, bands: Sequence[Band]) -> str:
    """Return a range of scores or values as 'low to high' in whole numbers."""
    return f"{whole(low, bands)} to {whole(high, bands)}"


def rating(rated: Rated) -> str:
    """Return the rating; both bands, the better first, where the interval crosses an edge."""
    return span(rated.rating, rated.rating_low, rated.rating_high)


def uncapped(rated: Rated) -> str:
    """Return the rating before red lines; both bands, the better first, where the interval crosses an edge."""
    return span(rated.uncapped_rating, rated.uncapped_rating_low, rated.uncapped_rating_high)


def span(stated: str | None, low: str | None, high: str | None) -> str:
    """Return a rating as 'high to low' where the ends of its interval rate differently, or 'No rating'."""
    if stated is None:
        return "No rating"
    return stated if low is None or high is None or low == high else f"{high} to {low}"


def band_below(score: float, bands: Sequence[Band]) -> str:
    """Return the label of the best band that a score of at most `score` can earn."""
    return next(band.label for band in bands if band.at_least <= score)


def effect(effect: RedLineEffect, pillar: str, bands: Sequence[Band]) -> str:
    """Return what a red line does when it is tripped, without a full stop."""
    if effect == "block":
        return "the rating is “Do not proceed”"
    if effect == "cap_overall_conditional":
        return f"the overall rating is at most “{band_below(64, bands)}”"
    return f"the rating of “{pillar}” is at most “{band_below(49, bands)}”"


def aggregation(rule: Aggregation) -> str:
    """Return how values combine, without a full stop."""
    if rule.method == "arithmetic":
        return "weighted arithmetic mean"
    if rule.method == "geometric":
        return f"weighted geometric mean, in which values under {rule.floor:g} count as {rule.floor:g}"
    if rule.method == "power":
        return (
            f"weighted power mean with exponent {rule.exponent:g}, "
            f"in which values under {rule.floor:g} count as {rule.floor:g}"
        )
    if rule.method == "owa":
        return f"ordered weighted average with quantifier exponent {rule.exponent:g}"
    return "the lowest value among those with weight"
