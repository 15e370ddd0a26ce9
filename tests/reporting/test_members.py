from __future__ import annotations

import re

from assess.reporting.links import places_of
from assess.reporting.members import COLUMNS, members_section
from assess.reporting.numbers import whole
from assess.scoring.assessment import Assessment, all_criteria

from .conftest import empty, sample, shipped, with_case, with_criteria
from .viewtools import cells, headings, links_of, said, tables


def readings(**values: float) -> dict[str, object]:
    """Return a criterion as read for parties with these values."""
    first = next(c for c in all_criteria(sample().pillars[0]) if c.id == "per-party").parties[0]
    return {"parties": tuple(first.model_copy(update={"party": party, "value": v}) for party, v in values.items())}


def heading(assessment: Assessment) -> str:
    return members_section(assessment, places_of(assessment)).heading


def test_the_party_that_is_alone_at_the_bottom_most_often_is_named() -> None:
    three = with_criteria(
        sample(),
        per_party=readings(AA=75, BB=25, CC=50),
        zero=readings(AA=50, BB=25),
        full=readings(AA=0, BB=100),
    )
    assert heading(three) == "Parties: Beland alone is lowest on 2 of 3 criteria read per party"


def test_no_outlier_is_named_where_the_bottom_is_shared() -> None:
    assert "Beland" not in heading(with_criteria(sample(), per_party=readings(AA=75, BB=25, CC=25)))
    assert "none stands alone" in heading(with_criteria(sample(), per_party=readings(AA=25, BB=25)))
    alike = with_criteria(sample(), per_party=readings(AA=25.3, BB=25.1))
    assert "none stands alone" in heading(alike), "what is shown as equal is no outlier"


def test_two_that_stand_out_equally_often_are_both_named() -> None:
    both = with_criteria(sample(), per_party=readings(AA=0, BB=50), zero=readings(AA=50, BB=0))
    assert re.search("(Aland and Beland|Beland and Aland) are each alone lowest on 1 of 2 criteria", heading(both))


def test_a_single_reading_makes_no_outlier() -> None:
    assert "Aland" not in heading(with_criteria(sample(), per_party=readings(AA=0)))


def test_the_weakest_party_of_the_figure_is_the_one_of_the_heading(assessment: Assessment) -> None:
    read = [c for p in assessment.pillars for c in all_criteria(p) if len(c.parties) > 1]
    alone: dict[str, int] = {}
    for criterion in read:
        values = sorted((whole(r.value, assessment.rubric.bands), r.party) for r in criterion.parties)
        if values[0][0] < values[1][0]:
            alone[values[0][1]] = alone.get(values[0][1], 0) + 1
    most = max(alone.values(), default=0)
    names = {p.id: p.name for p in assessment.partnership.parties}
    for party, name in names.items():
        assert (f" {name} " in heading(assessment)) == (alone.get(party) == most > 0), name


def test_every_reading_is_shown_beside_its_criterion(assessment: Assessment) -> None:
    section = members_section(assessment, places_of(assessment))
    read = [c for p in assessment.pillars for c in all_criteria(p) if c.parties]
    pointers = {pointer for link in links_of(section) for pointer in link.of}
    assert len(pointers) == sum(len(criterion.parties) for criterion in read)
    if read:
        table = tables(section)[0]
        assert [row[0] for row in cells(table)] == [criterion.title for criterion in read]


def test_many_parties_are_a_list_with_the_lowest_first() -> None:
    names = [f"P{number}" for number in range(COLUMNS + 1)]
    many = with_case(sample(), parties=[{"id": n, "name": f"{n}land", "kind": "organisation"} for n in names])
    values = {name: 10.0 * (len(names) - index) for index, name in enumerate(names)}
    many = with_criteria(many, per_party=readings(**values))
    table = tables(members_section(many, places_of(many)))[0]
    assert len(table.heads) == 2
    assert cells(table)[0][1].startswith("P8land 10, P7land 20, ")
    few = with_criteria(many, per_party=readings(**dict(list(values.items())[:COLUMNS])))
    assert len(tables(members_section(few, places_of(few)))[0].heads) == COLUMNS + 1


def test_a_party_that_was_not_read_has_a_dash() -> None:
    mixed = with_criteria(sample(), per_party=readings(AA=75, BB=25), zero=readings(AA=50, CC=25))
    table = tables(members_section(mixed, places_of(mixed)))[0]
    assert [row[1:] for row in cells(table)] == [["50", "–", "25"], ["75", "25", "–"]]


def test_interests_are_given_with_their_evidence_and_silence_is_counted() -> None:
    section = members_section(sample(), places_of(sample()))
    assert cells(tables(section)[1]) == [["Aland", "It gains. E01", "It owes.", "It risks. E02", "It leans."]]
    assert "2 further parties" in said(section)
    aland, beland, celand = sample().partnership.model_dump()["parties"]
    celand["benefits"] = [{"text": "it learns"}]
    more = with_case(sample(), parties=[aland, beland, celand])
    section = members_section(more, places_of(more))
    assert cells(tables(section)[1])[1] == ["Celand (not a key party)", "It learns.", "–", "–", "–"]
    assert "1 further party" in said(section)


def test_without_readings_or_interests_it_says_so() -> None:
    section = members_section(empty(), places_of(empty()))
    assert section.heading == "Parties: no criterion is read per party"
    assert tables(section) == []
    assert headings(section) == []
    assert said(section).strip()


def test_the_matrix_holds_the_numbers_of_the_table() -> None:
    quad = shipped("quad")
    section = members_section(quad, places_of(quad))
    description = section.blocks[0].chart.description  # type: ignore[union-attr]
    names = {p.id: p.name for p in quad.partnership.parties}
    table = tables(section)[0]
    for title, *values in cells(table):
        for head, value in zip(table.heads[1:], values, strict=True):
            assert value == "–" or f"{names[head.text]} {value}" in description[description.index(title) :]
