"""The draft of a partnership document for one alliance of ATOP: parties, instrument, clauses, text-side evidence.

The codes say what the treaty says, not what is done. So no criterion gets a reading: the criteria that a code feeds are
named in comments, with the hint of the crosswalk, and stay open.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assess.datasets.context import plain
from assess.datasets.reading import read_all
from assess.documents.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

AS_OF = "2018-12-31"
"""ATOP 5.1 follows alliances up to this day."""

CITATION = (
    "ATOP 5.1 (Leeds, Ritter, Mitchell & Long 2002, International Interactions 28:237-260), codebook of 9 August 2022"
)

PROMISES = {
    "defense": ("active military support if a partner is attacked", "attack on a partner", "defcon"),
    "offense": ("active military support not tied to an attack on a partner", None, "offcon"),
    "neutral": (
        "not to join a conflict on the side of a partner's adversary",
        "conflict of a partner with a third state",
        "neucon",
    ),
    "nonagg": ("not to use force against a partner", None, None),
    "consul": ("to consult in crises that could become military", "a crisis that could become military", "concon"),
}


class Coded(NamedTuple):
    """What one code of the treaty text says, the criteria it feeds, and the hint of the crosswalk."""

    name: str
    says: Mapping[int, str]
    feeds: tuple[str, ...]
    hint: str


CROSSWALK = (
    Coded(
        "specthrt",
        {
            1: "names a specific state as the threat",
            2: "names a region as the source of threat",
            3: "names a specific state acting in a region as the threat",
            4: "names an ongoing conflict",
            5: "names domestic groups or non-state actors as the threat",
            6: "names another alliance as the threat",
        },
        ("commitment_scope", "escalation_exposure"),
        "a conditional defensive trigger lowers entrapment",
    ),
    Coded("asymm", {1: "obliges its members unequally"}, ("decision_autonomy",), "show, do not score alone"),
    Coded(
        "milcon",
        {
            0: "requires no official contact of the forces",
            1: "requires contact of the forces only in hostilities",
            2: "requires contact of the forces in peacetime",
            3: "sets a common defence policy",
        },
        ("institutionalised_governance", "procedural_alignment"),
        "0/1/2/3 as a ceiling of what the paper supports",
    ),
    Coded("intcom", {1: "provides for an integrated command in peace and war"}, ("command_and_control",), "supports 3"),
    Coded(
        "subord",
        {
            1: "places forces under a named state in hostilities",
            2: "places forces under a state that conditions decide",
        },
        ("command_authority",),
        "1 without a right of recall: check the red line unrecallable_foreign_command",
    ),
    Coded(
        "organ1",
        {
            0: "creates no organisation",
            1: "creates regularly scheduled meetings",
            2: "creates a named organisation with regular meetings",
            3: "creates an organisation with a permanent bureaucracy",
        },
        ("institutionalised_governance",),
        "anchors 0/1/2/4",
    ),
    Coded(
        "base",
        {
            0: "provides for no joint troop placement",
            1: "provides for joint bases on neutral ground",
            2: "provides for troops on one another's territory",
            3: "lets one or more states station troops in others, not reciprocally",
        },
        ("force_presence_terms", "deterrent_visibility"),
        "force_presence_terms applies if not 0; 3 is one-sided presence",
    ),
    Coded(
        "contrib", {1: "specifies contributions or a split of costs"}, ("burden_sharing",), "supports 2+ (text only)"
    ),
    Coded(
        "milaid",
        {
            1: "provides for military aid in general",
            2: "provides for grants or loans",
            3: "provides for training, technology or supplies",
            4: "provides for grants or loans and for training or technology",
        },
        ("capability_development",),
        "3-4 supports 2",
    ),
    Coded(
        "armred",
        {1: "limits armaments or commits to rules of warfare", 2: "provides for a coordinated increase of armaments"},
        ("treaty_compatibility", "escalation_exposure"),
        "a note",
    ),
    Coded(
        "medarb",
        {1: "commits to a formal settlement of disputes among members"},
        ("dispute_and_exit",),
        "settlement: yes",
    ),
    Coded(
        "renounce",
        {
            0: "says nothing about leaving during the term",
            1: "lets parties leave at any time with notice",
            2: "lets parties leave if another acts aggressively",
            3: "lets parties leave after a set time",
            4: "forbids leaving during the term",
        },
        ("dispute_and_exit",),
        "1-3: item withdrawal_notice",
    ),
    Coded(
        "speclgth",
        {
            0: "sets no duration",
            1: "sets a fixed term",
            2: "lasts for the duration of an event",
            3: "is of indefinite duration",
        },
        ("dispute_and_exit",),
        "read together with RENOUNCE, LENGTH, PROREN and RENEWLGT",
    ),
    Coded(
        "estmode",
        {0: "is no formal treaty that needs ratification", 1: "is a formal treaty that needs ratification"},
        ("instrument_and_authority",),
        "the form only; authority at home is not coded",
    ),
    Coded(
        "pubsecr",
        {1: "is public with secret articles", 2: "is secret"},
        ("instrument_and_authority",),
        "secret articles: a transparency warning",
    ),
    Coded(
        "reflnun",
        {1: "refers to the League of Nations", 2: "refers to the United Nations"},
        ("treaty_compatibility",),
        "supports 3",
    ),
    Coded("nomicoop", {1: "provides for non-military cooperation"}, ("outside_options_and_linkage",), "supports 2+"),
    Coded(
        "ecaid",
        {
            1: "provides for economic aid in general",
            2: "provides for postwar recovery",
            3: "provides for trade concessions",
        },
        ("outside_options_and_linkage",),
        "supports 2+",
    ),
)
"""ATOP code, reading of its values, criteria of the default rubric, mapping hint."""

ISO_NAMES = {
    "united kingdom": "GB",
    "russia": "RU",
    "south korea": "KR",
    "north korea": "KP",
    "czech republic": "CZ",
    "turkey": "TR",
    "vietnam": "VN",
    "iran": "IR",
    "syria": "SY",
    "ivory coast": "CI",
    "bolivia": "BO",
    "venezuela": "VE",
    "tanzania": "TZ",
    "moldova": "MD",
    "macedonia": "MK",
    "laos": "LA",
    "taiwan": "TW",
    "democratic republic of the congo": "CD",
    "east timor": "TL",
    "cape verde": "CV",
    "swaziland": "SZ",
    "brunei": "BN",
    "st lucia": "LC",
    "st kitts and nevis": "KN",
    "st vincent and the grenadines": "VC",
    "antigua barbuda": "AG",
    "federated states of micronesia": "FM",
    "nauru": "NR",
    "yugoslavia": "RS",
}
"""States whose name in the list of the Correlates of War differs from that of ISO 3166-1."""


def draft(files: Mapping[str, Path], atopid: int) -> str:
    """Return the YAML text of a partnership for one alliance.

    files: phases and members of ATOP are needed; with the list of states the parties get names and ISO codes. The text
    that was in effect last is taken. Raises `UsageError` for an unknown alliance.
    """
    absent = [f"--{name}" for name in ("phases", "members") if name not in files]
    if absent:
        raise UsageError(f"the draft of a case needs {' and '.join(absent)}")
    tables = read_all({name: path for name, path in files.items() if name in ("phases", "members", "states")})
    phases = tables["phases"]
    rows = phases[phases["atopid"] == atopid].sort_values(["phase", "begyr"])
    if rows.empty:
        near = int(phases["atopid"].iloc[(phases["atopid"] - atopid).abs().argmin()])
        raise UsageError(f"no alliance {atopid} in {files['phases']}; the nearest number is {near}")
    first, last = rows.iloc[0], rows.iloc[-1]
    return "\n".join(_lines(atopid, first, last, _parties(tables, atopid))) + "\n"


class _Party(NamedTuple):
    id: str
    name: str
    kind: str


def _parties(tables: Mapping[str, pd.DataFrame], atopid: int) -> list[_Party]:
    """Return the members that had not left before the end; all of them where fewer than two remain."""
    spells = tables["members"]
    spells = spells[spells["atopid"] == atopid].sort_values(["member", "phase"])
    left = spells["yrexit"].fillna(0)
    latest = 0 if (left == 0).any() else left.max()
    staying = spells[left == latest]["member"].drop_duplicates()
    if len(staying) < 2:
        staying = spells["member"].drop_duplicates()
    names: dict[float, tuple[str, str, float]] = {}
    if "states" in tables:
        listed = tables["states"].sort_values("endyear")
        names = {
            code: (abb, name, end)
            for code, abb, name, end in zip(
                listed["ccode"], listed["stateabb"], listed["statenme"], listed["endyear"], strict=True
            )
        }
    return [_party(code, names) for code in staying]


def _party(code: float, names: Mapping[float, tuple[str, str, float]]) -> _Party:
    import iso3166

    if code not in names:
        return _Party(f"COW{code:.0f}", f"State {code:.0f} of the Correlates of War", "former_state")
    abb, name, end = names[code]
    known = {plain(country.name): country.alpha2 for country in iso3166.countries}
    short = ISO_NAMES.get(plain(name)) or known.get(plain(name))
    if short is None or end < 2016:
        return _Party(f"COW-{abb}", name, "former_state")
    return _Party(short, name, "state")


def _lines(atopid: int, first: pd.Series, last: pd.Series, parties: list[_Party]) -> Iterator[str]:
    signed, ended = _date(first, "beg"), _date(last, "end")
    names = " and ".join(p.name for p in parties) if len(parties) == 2 else f"{len(parties)} members"
    title = f"Alliance {atopid} of {signed[:4]}, {names}"
    yield from _comment(
        f"Drafted from ATOP 5.1, alliance {atopid}. The codes say what the treaty says, not what is done: read the "
        "treaty, correct this text, and give the readings yourself. How the alliance ended is no input."
    )
    yield "schema: assess/partnership@1"
    yield f"id: atop-{atopid}"
    yield f'title: "{title}"'
    yield f"type: {'bilateral_agreement' if last['bilat'] == 1 else 'multilateral_alliance'}  # check"
    yield f"stage: {'ended' if ended else 'in_force'}"
    yield f"as_of: {AS_OF}"
    yield "judgements: draft"
    yield ""
    yield "parties:"
    for party in parties:
        kind = "" if party.kind == "state" else f", kind: {party.kind}"
        yield f'  - {{id: "{party.id}", name: "{party.name}"{kind}}}'
    coded = [(code, int(last[code.name])) for code in CROSSWALK if last[code.name] in code.says]
    yield ""
    yield "instruments:"
    yield "  - id: I1"
    yield "    title: Founding text, title to be added"
    yield f"    form: {'treaty' if last['estmode'] == 1 else 'other'}"
    yield f"    status: {'lapsed' if ended else 'binding'}"
    yield f"    signed: {signed}"
    if ended:
        yield f"    ended: {ended}"
    yield "    evidence: [E1]"
    yield "    clauses:"
    for number, (name, (what, trigger, condition)) in enumerate(_promised(last), 1):
        limited = condition is not None and last[condition] == 1
        yield f"      - id: C{number}"
        yield "        article: to be added"
        yield f'        obligation: "{what}{", under conditions" if limited else ""} (ATOP {name.upper()} 1)"'
        if trigger:
            yield f'        trigger: "{trigger}"'
        yield f"        status: {'lapsed' if ended else 'binding'}"
        yield "        evidence: [E1]"
    yield ""
    yield "evidence:"
    made = ", ".join(name.upper() for name, _ in _promised(last))
    yield from _evidence("E1", f"Signed {signed}; the text holds the promises {made} in the coding of ATOP.")
    for number, (code, value) in enumerate(coded, 2):
        yield from _evidence(f"E{number}", f"The text {code.says[value]} (ATOP {code.name.upper()} {value}).")
    yield ""
    yield from _comment(
        "Observations stay open. Below, what the coded text feeds, and the hint of the crosswalk. A hint is a ceiling "
        "of what paper can support; it is no reading."
    )
    yield "observations: {}"
    yield "  # commitment_scope, escalation_exposure: E1; consultation only supports at most 1, defence under"
    yield "  # conditions 2 to 3; a promise of OFFENSE: check the red line aggressive_purpose"
    for number, (code, value) in enumerate(coded, 2):
        text = f"{', '.join(code.feeds)}: E{number}, {code.name.upper()} {value}; {code.hint}"
        yield from _comment(text, "  ")


def _promised(row: pd.Series) -> list[tuple[str, tuple[str, str | None, str | None]]]:
    return [(name, what) for name, what in PROMISES.items() if row[name] == 1]


def _evidence(name: str, fact: str) -> Iterator[str]:
    yield f"  - id: {name}"
    yield f'    fact: "{fact}"'
    yield f'    citation: "{CITATION}"'
    yield f"    date: {AS_OF}"
    yield "    kind: dataset"
    yield "    grade: B2"
    yield "    confidence: moderate"
    yield "    verified: no"


def _date(row: pd.Series, which: str) -> str:
    """Return the year and month of the begin or end; empty where it has not ended."""
    year, month = row[f"{which}yr"], row[f"{which}mo"]
    if not year > 0:
        return ""
    return f"{year:04.0f}-{month:02.0f}" if month > 0 else f"{year:04.0f}"


def _comment(text: str, indent: str = "") -> Iterator[str]:
    return (f"{indent}# {line}" for line in textwrap.wrap(text, 112 - len(indent)))
