"""The columns of the formation table: where each comes from, what it means, and which may only be asked as outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assess.documents.errors import UsageError
from assess.documents.validation import nearest


@dataclass(frozen=True)
class Column:
    """One column: name, sources it needs, definition, and the years it speaks for."""

    name: str
    sources: tuple[str, ...]
    """All of these files are needed, or what stands in for them in `INSTEAD`."""
    definition: str
    years: str
    role: str = "fact"
    """id, fact or outcome."""


INSTEAD = {"rivalries": "rivalries2", "mids": "mid_pairs"}
"""Sources in whose place another will do."""

LEAKS = frozenset(
    [
        "maxphase",
        "ineffect",
        "endyr",
        "endmo",
        "endday",
        "yrexit",
        "moexit",
        "dayexit",
        "term",
        "termmode",
        "termcaus",
        "dur",
        "phase",
    ]
)
"""Columns of ATOP that tell how or when an alliance ended. They are never facts."""

_TEXT = "treaty text, first phase"
_BEFORE = "t-1; where it is missing the last of t-2 to t-4, then t"


def _treaty() -> list[Column]:
    same = [
        "bilat",
        "wartime",
        "estmode",
        "defense",
        "offense",
        "neutral",
        "nonagg",
        "consul",
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
        "milcon",
        "intcom",
        "organ1",
        "contrib",
        "divgains",
        "demwith",
        "refothio",
        "nomicoop",
        "conmen",
    ]
    levels = [
        "pubsecr=1",
        "pubsecr=2",
        "proadd=1",
        "proadd=2",
        "proadd=3",
        "futmem=1",
        "futmem=2",
        "futmem=3",
        "renounce=1",
        "renounce=2",
        "renounce=3",
        "proren=1",
        "proren=2",
        "notaiden=1",
        "notaiden=2",
        "notaiden=3",
        "notaiden=4",
        "seppeace=1",
        "conwtin=1",
        "conwtin=2",
        "conwtin=3",
        "milaid=1",
        "milaid=3",
        "milaid=4",
        "subord=1",
        "subord=2",
        "base=3",
        "armred=1",
        "acqterr=1",
        "acqterr=2",
        "reflnun=1",
        "reflnun=2",
        "conres=1",
        "conres=2",
        "ecaid=1",
        "ecaid=3",
        "speclgth=1",
        "speclgth=2",
        "speclgth=3",
    ]
    mentioned = ["specthrt", "compag", "agprois", "interv"]
    found = [Column(f"t_{name}", ("phases",), f"ATOP {name.upper()}, as coded", _TEXT) for name in same]
    for item in levels:
        name, level = item.split("=")
        found.append(Column(f"t_{item}", ("phases",), f"1 where ATOP {name.upper()} is {level}, else 0", _TEXT))
    return found + [
        Column(f"t_{name}", ("phases",), f"1 where ATOP {name.upper()} is above 0, else 0", _TEXT) for name in mentioned
    ]


_OWN = [
    Column("t_namedstate", ("phases",), "1 where ATOP SPECTHRT is 1 or 3: a state is named as the threat", _TEXT),
    Column("t_natrefal1", ("phases",), "1 where ATOP NATREFAL is 1: in conformity with other alliances", _TEXT),
    Column("t_len_years", ("phases",), "ATOP LENGTH in years, at most 30; 0 where no term is fixed or known", _TEXT),
    Column("t_nonaggonly", ("phases",), "1 where NONAGG is the only one of the five promises", _TEXT),
    Column("t_way_out", ("phases",), "1 where SPECLGTH is 1 or 2, or RENOUNCE is 1, 2 or 3", _TEXT),
    Column("t_neutral_only", ("phases",), "1 where NEUTRAL is promised and neither DEFENSE nor OFFENSE", _TEXT),
    Column("t_conditional", ("phases",), "1 where DEFCON, OFFCON or NEUCON is 1", _TEXT),
    Column(
        "t_promises",
        ("phases",),
        "number of the five promises made: defence, offence, neutrality, non-aggression, consultation",
        _TEXT,
    ),
    Column(
        "t_depth",
        ("phases",),
        "0-10, one point each: MILCON 1 or more, MILCON 2 or 3, MILCON 3, "
        "INTCOM, SUBORD, ORGAN1, BASE, CONTRIB, MILAID, COMPAG 1 or AGPROIS 3 or 5",
        _TEXT,
    ),
    Column("t_milinst", ("phases", "institutions"), "peacetime military institutions, 0-2 (Leeds & Anac 2005)", _TEXT),
    Column("t_formal", ("phases", "institutions"), "formality, 0-2 (Leeds & Anac 2005)", _TEXT),
    Column("t_members", ("phases", "members"), "number of members that entered by the year of formation", "t"),
    Column("t_n_members", ("phases", "members"), "natural logarithm of that number", "t"),
    Column("c_n_major", ("members", "majors"), "number of members that are major powers", "t"),
    Column("c_any_major", ("members", "majors"), "1 where a member is a major power", "t"),
    Column("c_mixed_major", ("members", "majors"), "1 where some but not all members are major powers", "t"),
    Column(
        "c_contig",
        ("members", "contiguity"),
        "share of member pairs that share a land or river border or lie within 12 miles of water (types 1 and 2)",
        "t",
    ),
    Column("c_rival_in", ("members", "rivalries"), "share of member pairs that are rivals", "t-1"),
    Column("c_rival_past", ("members", "rivalries"), "share of member pairs that are or were rivals", "up to t-1"),
    Column(
        "c_n_out_rivals",
        ("members", "rivalries"),
        "number of states outside that are rivals of a member, divided by the number of members",
        "t-1",
    ),
    Column(
        "c_n_shared_rivals",
        ("members", "rivalries"),
        "number of states outside that are rivals of two or more members",
        "t-1",
    ),
    Column(
        "c_share_rivals",
        ("members", "rivalries"),
        "share of the outside rivals that are shared; 0 where there are none",
        "t-1",
    ),
    Column(
        "c_mid10",
        ("members", "mids"),
        "share of member pairs on opposite sides of a militarised dispute",
        "t-10 to t-1, at least half of these years covered",
    ),
    Column(
        "c_mids5",
        ("members", "mids"),
        "militarised disputes that a member took part in, mean over members and years",
        "t-5 to t-1, at least half of these years covered",
    ),
    Column(
        "c_igos",
        ("members", "igo"),
        "joint memberships of organisations, mean over member pairs",
        "t-1; where it is missing the last of t-2 to t-4",
    ),
    Column(
        "c_dca",
        ("members", "dcad"),
        "share of member pairs with a defence cooperation agreement signed",
        "t-10 to t-1, at least half of these years covered",
    ),
    Column(
        "c_cow_allied",
        ("members", "cow_alliances"),
        "share of member pairs with a formal alliance in the list of the Correlates of War",
        "t-1",
    ),
    Column("c_prior_ally", ("members",), "share of member pairs with another ATOP alliance in effect", "t-1"),
    Column(
        "c_past_viol",
        ("alliances", "members"),
        "earlier alliances of a member that ended in violation, mean over members",
        "t-20 to t-1",
    ),
    Column(
        "c_dyad_past_viol",
        ("alliances", "members"),
        "1 where a pair of members had an alliance that ended in violation",
        "up to t-1",
    ),
    Column(
        "c_record",
        ("members",),
        "worst member: share of its pacts ended that were broken early (TERMMODE 3), "
        "shrunk by three pseudo-pacts to the share of all states, minus that share",
        "t-30 to t-1",
    ),
    Column("c_cinc_sum", ("members", "nmc"), "natural logarithm of (sum of members' CINC + 0.000001)", _BEFORE),
    Column("c_cinc_max", ("members", "nmc"), "natural logarithm of (CINC of the strongest member + 0.000001)", _BEFORE),
    Column("c_cinc_min", ("members", "nmc"), "natural logarithm of (CINC of the weakest member + 0.000001)", _BEFORE),
    Column("c_cinc_top", ("members", "nmc"), "share of the strongest member in the sum of CINC", _BEFORE),
    Column(
        "c_power_change",
        ("members", "nmc"),
        "largest absolute change of ln(CINC + 0.000001) of any member",
        "t-11 against t-1",
    ),
    Column(
        "c_pol2_swing",
        ("members", "democracy"),
        "largest range of Polity2 of any member, from at least two of the eleven yearly values",
        "t-11 to t-1",
    ),
    Column("c_age_min", ("members", "states"), "years since the youngest member entered the state system", "t"),
    Column(
        "c_sipri_sum",
        ("members", "sipri", "states"),
        "sum of members' military expenditure in the unit of the file; only where every member has a figure",
        "t-1",
    ),
]

MOMENTS = {
    "poly": ("democracy", "V-Dem polyarchy, 0-1"),
    "pol2": ("democracy", "Polity2, -10 to 10"),
    "uds": ("democracy", "unified democracy score"),
    "thr": ("threat", "external threat, 0-1"),
    "ip": ("unga", "ideal point in the General Assembly"),
}
"""Quantities by state and year that get a mean, minimum, maximum and range over the members with a value."""

_WORDS = {"mean": "mean", "min": "lowest", "max": "highest", "range": "highest minus lowest"}

_IDS = [
    Column("atopid", ("alliances",), "number of the alliance", "-", "id"),
    Column("begyr", ("alliances",), "year of formation, t", "t", "id"),
    Column("begmo", ("alliances",), "month of formation", "t", "id"),
    Column(
        "members",
        ("phases", "members"),
        "COW codes of the members that entered by the year of formation, separated by blanks",
        "t",
        "id",
    ),
]

OUTCOMES: Mapping[str, Column] = {
    "violated": Column(
        "y_A_all",
        ("alliances",),
        "1 where the alliance ended in violation (TERM 2), else 0; 0 also holds what had not ended by 2018",
        "whole life",
        "outcome",
    ),
    "violated_if_ended": Column(
        "y_B_ended", ("alliances",), "the same among alliances with a known end (TERM above 0)", "whole life", "outcome"
    ),
    "violated_10y": Column(
        "y_C_10y",
        ("alliances",),
        "1 where it ended in violation within 10 years; missing where it was censored before",
        "t to t+10",
        "outcome",
    ),
    "violated_20y": Column(
        "y_C20_20y",
        ("alliances",),
        "1 where it ended in violation within 20 years; missing where it was censored before",
        "t to t+20",
        "outcome",
    ),
    "term": Column(
        "y_term",
        ("alliances",),
        "ATOP TERM: 0 censored, 1 fulfilled, 2 violated, 3 renegotiated",
        "whole life",
        "outcome",
    ),
    "duration": Column("y_dur", ("alliances",), "years from formation to the end, or to 2018", "whole life", "outcome"),
}
"""By the word to ask for them."""


def columns() -> tuple[Column, ...]:
    """Return every column that a formation table can have, in its order: ids, facts, outcomes."""
    moments = [
        Column(f"c_{name}_{word}", ("members", source), f"{text}, {_WORDS[word]} over the members", _BEFORE)
        for name, (source, text) in MOMENTS.items()
        for word in _WORDS
    ]
    return (*_IDS, *_treaty(), *_OWN, *moments, *OUTCOMES.values())


def available(column: Column, files: Iterable[str]) -> bool:
    """Say whether the files given suffice for a column."""
    given = set(files)
    for name, other in INSTEAD.items():
        if other in given:
            given.add(name)
    return given.issuperset(column.sources)


def chosen(facts: Iterable[str], outcomes: Iterable[str], files: Iterable[str]) -> list[Column]:
    """Return the columns of a table: the ids, the facts asked for (all where none is), the outcomes asked for.

    The leak guard: what tells the ending can only be asked for as an outcome. Raises `UsageError` for anything else,
    naming everything that is wrong.
    """
    files, facts, outcomes = set(files), list(dict.fromkeys(facts)), list(dict.fromkeys(outcomes))
    known = {column.name: column for column in columns()}
    problems, picked = [], []
    for name in facts:
        column = known.get(name)
        bare = name.removeprefix("t_").removeprefix("y_").partition("=")[0]
        if bare in LEAKS or (column is not None and column.role == "outcome"):
            problems.append(
                f"'{name}' tells how the alliance ended and is no fact known at formation; ask for --outcome"
            )
        elif column is None:
            problems.append(f"no column '{name}'; {nearest(name, known)}")
        elif not available(column, files):
            problems.append(f"'{name}' needs {_missing(column, files)}")
        elif column.role == "fact":
            picked.append(column)
    problems += [f"no outcome '{name}'; {nearest(name, OUTCOMES)}" for name in outcomes if name not in OUTCOMES]
    if problems:
        raise UsageError("\n".join(problems))
    ids = [column for column in known.values() if column.role == "id" and available(column, files)]
    if not facts:
        picked = [column for column in known.values() if column.role == "fact" and available(column, files)]
    return [*ids, *picked, *(OUTCOMES[name] for name in outcomes)]


def _missing(column: Column, files: set[str]) -> str:
    absent = [name for name in column.sources if not available(Column("", (name,), "", ""), files)]
    return " and ".join(f"the file of --{name.replace('_', '-')}" for name in absent)
