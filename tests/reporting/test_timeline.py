from __future__ import annotations

from typing import Any, get_args

from assess.documents.fields import date_span
from assess.partnership.models import Event
from assess.reporting.blocks import Figure, Section
from assess.reporting.links import places_of
from assess.reporting.timeline import LANES, timeline_section
from assess.scoring.assessment import Assessment

from .conftest import empty, sample, with_case
from .viewtools import cells, tables

EVENT = {"id": "v", "title": "They met", "kind": "consultation", "date": "2020"}


def timeline(assessment: Assessment, **changes: Any) -> Section:
    changed = with_case(assessment, **changes)
    (section,) = timeline_section(changed, places_of(changed))
    return section


def test_without_a_date_there_is_no_timeline() -> None:
    assert timeline_section(empty(), places_of(empty())) == ()
    undated = with_case(empty(), instruments=[{"id": "t", "title": "T", "form": "treaty", "status": "binding"}])
    assert timeline_section(undated, places_of(undated)) == ()


def test_every_dated_thing_is_listed_in_order_and_numbered(assessment: Assessment) -> None:
    case = assessment.partnership
    dates = [event.date for event in case.events]
    dates += [date for one in case.instruments if (date := one.signed or one.in_force)]
    for section in timeline_section(assessment, places_of(assessment)):
        rows = cells(tables(section)[0])
        assert [row[0] for row in rows] == [str(n) for n in range(1, len(dates) + 1)]
        first = min(date_span(date)[0][0] for date in dates)
        assert str(first) in rows[0][1]
        assert str(first) in section.heading
        assert f" {len(dates)} dated entr" in section.heading


def test_the_figure_and_the_table_share_their_numbers() -> None:
    section = timeline(sample())
    (figure,) = (block for block in section.blocks if isinstance(block, Figure))
    for number, date, what, *_ in cells(tables(section)[0]):
        assert f"{number} {date.split(' to ')[0]}: {what}" in figure.chart.description


def test_the_heading_knows_one_from_many_and_a_year_from_a_span() -> None:
    assert timeline(empty(), events=[EVENT]).heading == "Timeline: 1 dated entry in 2020"
    two = [EVENT, {**EVENT, "id": "w", "date": "2022-03"}]
    assert timeline(empty(), events=two).heading == "Timeline: 2 dated entries from 2020 to 2022"


def test_the_span_holds_what_ended_last() -> None:
    long = [{**EVENT, "date": "2001", "ended": "2014"}, {**EVENT, "id": "w", "date": "2003"}]
    assert timeline(empty(), events=long).heading.endswith("from 2001 to 2014")


def test_an_instrument_says_when_it_was_signed_came_into_force_and_ended() -> None:
    text = {"id": "t", "title": "T", "form": "treaty", "status": "lapsed", "in_force": "2000", "ended": "2005-06"}

    def row(**more: str) -> list[str]:
        return [cell.strip() for cell in cells(tables(timeline(empty(), instruments=[text | more]))[0])[0]]

    assert row(signed="1999-04")[1:] == ["April 1999", "T signed", "Instrument", "In force 2000. Ended June 2005."]
    assert row()[1:] == ["2000", "T in force", "Instrument", "Ended June 2005."]


def test_a_note_and_its_evidence_stand_together_or_a_dash_alone() -> None:
    noted = {**EVENT, "note": "twice", "evidence": ["E01"]}
    rows = cells(tables(timeline(sample(), instruments=[], events=[noted, {**EVENT, "id": "w", "date": "2021"}]))[0])
    assert [row[4] for row in rows] == ["Twice. E01", "–"]


def test_every_kind_of_event_has_its_lane() -> None:
    assert set(LANES) == {"instrument", *get_args(Event.model_fields["kind"].annotation)}
