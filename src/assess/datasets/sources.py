"""The public data sets that can be imported: how each is told by its columns, its release, its codes, whom to cite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

YEARS = (1400, 2100)
"""Years outside these are taken for typing errors. Rivalries begin in 1494."""


@dataclass(frozen=True)
class Source:
    """One data set as its publisher ships it."""

    title: str
    release: str
    cite: str
    columns: tuple[str, ...]
    """Columns it must have; they also tell one data set from another."""
    any_of: tuple[str, ...] = ()
    """At least one of these."""
    key: tuple[str, ...] = ()
    """Columns that together name a row; empty where rows may repeat."""
    blank_keys: bool = False
    """Rows without a key occur as published; they are left out."""
    years: tuple[str, ...] = ()
    open_years: tuple[str, ...] = ()
    """Years that may be 0 or -9, for "not ended" or "not known"."""
    text: tuple[str, ...] = ()
    """Columns that hold words; every other used column holds numbers."""
    codes: Mapping[str, frozenset[float]] = field(default_factory=dict)
    """Codes of the codebook by column. -9 and an empty cell are missing everywhere."""
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    missing: frozenset[float] = frozenset((-9.0,))
    version: tuple[str, ...] = ()
    """What the column `version` may say."""
    dates: tuple[str, ...] = ()
    """Columns with dates as year-month-day."""
    spans: tuple[tuple[str, str], ...] = ()
    """Pairs of columns: the first year may not lie after the second."""


def _upto(last: int, *more: float) -> frozenset[float]:
    return frozenset(map(float, range(last + 1))) | frozenset(more)


_YES_NO = _upto(1)
PROMISES = ("defense", "offense", "neutral", "nonagg", "consul")
_DUMMIES = [
    "bilat",
    "wartime",
    "estmode",
    "conditio",
    "defcon",
    "offcon",
    "neucon",
    "concon",
    "asymm",
    "dipaid",
    "terrres",
    "thirdcom",
    "noothall",
    "medarb",
    "intcom",
    "contrib",
    "divgains",
    "demwith",
    "refothio",
    "nomicoop",
    "conmen",
    "active",
    "ineffect",
]
_GRADED = {
    "pubsecr": 2,
    "secrart": 8,
    "proadd": 3,
    "futmem": 3,
    "speclgth": 3,
    "renounce": 4,
    "proren": 2,
    "term": 3,
    "notaiden": 4,
    "seppeace": 3,
    "specthrt": 6,
    "conwtin": 3,
    "milcon": 3,
    "milaid": 4,
    "subord": 2,
    "organ1": 3,
    "orgpurp1": 5,
    "base": 3,
    "armred": 2,
    "acqterr": 2,
    "reflnun": 2,
    "compag": 6,
    "conres": 2,
    "agprois": 5,
    "ecaid": 3,
    "interv": 4,
}
_ATOP_CODES: dict[str, frozenset[float]] = {
    **dict.fromkeys((*PROMISES, *_DUMMIES), _YES_NO),
    **{name: _upto(last) for name, last in _GRADED.items()},
    "natrefal": _upto(3, 9.0),
    "begmo": _upto(12) - {0.0},
    "endmo": _upto(12),
}
"""Codebook of ATOP 5.1 (9 August 2022), Appendix B."""

_ATOP_CITE = "Leeds, Ritter, Mitchell & Long 2002, International Interactions 28:237-260"
_TREATY = (*PROMISES, *(name for name in _DUMMIES if name not in ("active",)), *_GRADED, "natrefal", "length")

SOURCES: Mapping[str, Source] = {
    "alliances": Source(
        "ATOP, alliances",
        "5.1 (atop5_1a)",
        _ATOP_CITE,
        ("atopid", "begyr", "begmo", "endyr", "endmo", "maxphase", *_TREATY, "mem1", "mem59", "version"),
        key=("atopid",),
        years=("begyr",),
        open_years=("endyr",),
        codes={**_ATOP_CODES, "maxphase": _upto(4)},
        version=("5.1",),
        spans=(("begyr", "endyr"),),
    ),
    "phases": Source(
        "ATOP, phases of alliances",
        "5.1 (atop5_1aph)",
        _ATOP_CITE,
        ("atopid", "atopidphase", "phase", "begyr", "begmo", "endyr", "endmo", "maxphase", *_TREATY, "mem1", "version"),
        key=("atopidphase",),
        years=("begyr",),
        open_years=("endyr",),
        codes={**_ATOP_CODES, "phase": _upto(4), "maxphase": _upto(4)},
        version=("5.1",),
        spans=(("begyr", "endyr"),),
    ),
    "members": Source(
        "ATOP, members of alliances",
        "5.1 (atop5_1m)",
        _ATOP_CITE,
        ("atopid", "member", "cowsys", "yrent", "moent", "yrexit", "phase", "termmode", "termcaus", "version"),
        key=("atopid", "member", "phase", "yrent", "moent"),
        years=("yrent",),
        open_years=("yrexit",),
        codes={"termmode": _upto(6), "termcaus": _upto(8), "phase": _upto(4), "cowsys": _YES_NO},
        ranges={"member": (2, 9999)},
        version=("5.1",),
        spans=(("yrent", "yrexit"),),
    ),
    "institutions": Source(
        "ATOP, military institutions and formality",
        "5.1 (atopinst5_1)",
        "Leeds & Anac 2005, International Interactions 31(3):183-202",
        ("atopid", "atopidphase", "milinst", "formal"),
        key=("atopidphase",),
        codes={"milinst": _upto(2), "formal": _upto(2)},
    ),
    "nmc": Source(
        "Correlates of War, national material capabilities",
        "6.0 or 7.0",
        "Singer, Bremer & Stuckey 1972; Singer 1987",
        ("ccode", "year", "milex", "milper", "cinc"),
        key=("ccode", "year"),
        years=("year",),
        ranges={"cinc": (0, 1)},
    ),
    "states": Source(
        "Correlates of War, state system membership",
        "2016",
        "Correlates of War Project",
        ("stateabb", "ccode", "statenme", "styear", "stmonth", "stday", "endyear", "endmonth", "endday"),
        key=("ccode", "styear", "stmonth"),
        years=("styear", "endyear"),
        text=("stateabb", "statenme"),
        spans=(("styear", "endyear"),),
    ),
    "majors": Source(
        "Correlates of War, major powers",
        "2016",
        "Correlates of War Project",
        ("ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday"),
        years=("styear", "endyear"),
        spans=(("styear", "endyear"),),
    ),
    "contiguity": Source(
        "Correlates of War, direct contiguity",
        "3.2, periods",
        "Stinnett, Tir, Schafer, Diehl & Gochman 2002",
        ("ccode1", "ccode2", "conttype", "stdate", "enddate"),
        codes={"conttype": _upto(5)},
        dates=("stdate", "enddate"),
    ),
    "mids": Source(
        "Militarised disputes, participants",
        "Gibler, Miller & Little 2.x (gml_part)",
        "Gibler, Miller & Little 2016",
        ("dispnum", "ccode", "styear", "endyear", "sidea"),
        years=("styear", "endyear"),
        codes={"sidea": _YES_NO},
        spans=(("styear", "endyear"),),
    ),
    "mid_pairs": Source(
        "Militarised disputes by pair and year; used where no participants are given",
        "Correlates of War 5 (peacesciencer cow_mid_ddydisps)",
        "Palmer et al. 2022",
        ("dispnum", "ccode1", "ccode2", "year", "sidea1", "sidea2"),
        years=("year",),
        codes={"sidea1": _YES_NO, "sidea2": _YES_NO},
    ),
    "rivalries": Source(
        "Thompson & Dreyer rivalries",
        "2012",
        "Thompson & Dreyer 2012",
        ("rivalryno", "rivalryname", "ccode1", "ccode2", "styear", "endyear"),
        years=("styear", "endyear"),
        text=("rivalryname",),
        spans=(("styear", "endyear"),),
    ),
    "rivalries2": Source(
        "Thompson, Sakuwa & Suhas rivalries",
        "2021",
        "Thompson, Sakuwa & Suhas 2021",
        ("tssr_id", "rivalry", "ccode1", "ccode2", "start", "end"),
        years=("start", "end"),
        text=("rivalry",),
        spans=(("start", "end"),),
    ),
    "democracy": Source(
        "Democracy by state and year (Polity, V-Dem polyarchy, UDS)",
        "isard cw_democracy",
        "Marshall et al. (Polity5); Coppedge et al. (V-Dem); Marquez (UDS); Miller (isard)",
        ("ccode", "year"),
        any_of=("v2x_polyarchy", "polity2", "euds"),
        key=("ccode", "year"),
        years=("year",),
        ranges={"v2x_polyarchy": (0, 1), "polity2": (-10, 10)},
        missing=frozenset((-66.0, -77.0, -88.0)),
    ),
    "threat": Source(
        "External threat by state and year",
        "Leeds & Savun, 1816-2015",
        "Leeds & Savun 2007, Journal of Politics 69(4):1118-1132",
        ("ccode", "year", "lsthreat"),
        key=("ccode", "year"),
        blank_keys=True,
        years=("year",),
        ranges={"lsthreat": (0, 1)},
    ),
    "igo": Source(
        "Correlates of War, joint memberships of organisations by pair and year",
        "3 (peacesciencer cow_igo_ndy)",
        "Pevehouse et al. 2020",
        ("ccode1", "ccode2", "year", "dyadigos"),
        key=("ccode1", "ccode2", "year"),
        years=("year",),
        ranges={"dyadigos": (0, 500)},
    ),
    "unga": Source(
        "Ideal points in the United Nations General Assembly",
        "July 2025",
        "Bailey, Strezhnev & Voeten 2017, Journal of Conflict Resolution 61(2):430-456",
        ("ccode", "year", "idealpointfp"),
        key=("ccode", "year"),
        years=("year",),
        missing=frozenset(),
        ranges={"idealpointfp": (-10, 10)},
    ),
    "dcad": Source(
        "Defense cooperation agreements",
        "1.0, main file",
        "Kinne 2020, Journal of Conflict Resolution 64(4):729-755",
        ("ccode1", "ccode2", "signYear", "DCAid"),
        key=("DCAid",),
        years=("signYear",),
        text=("DCAid",),
    ),
    "sipri": Source(
        "Military expenditure by country, one column a year",
        "SIPRI, wide, 1949-2018",
        "SIPRI Military Expenditure Database",
        ("Country", "1949", "2000"),
        key=("Country",),
        text=("Country",),
    ),
    "cow_alliances": Source(
        "Correlates of War, formal alliances by member pair",
        "4.1, directed",
        "Gibler 2009, International Military Alliances, 1648-2008",
        ("version4id", "ccode1", "ccode2", "dyad_st_year", "dyad_end_year"),
        years=("dyad_st_year",),
        open_years=("dyad_end_year",),
        spans=(("dyad_st_year", "dyad_end_year"),),
    ),
}
"""By the name of the option that takes the file."""
