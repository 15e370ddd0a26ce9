from __future__ import annotations

import json

from assess.reporting.edition import Edition
from assess.reporting.links import Link, joined, place, places_of, pointers, text_of
from assess.reporting.view import to_view
from assess.scoring.assessment import Assessment, all_criteria, all_pillars

from .conftest import sample
from .viewtools import links_of, places_in, resolved


def test_places_hold_only_what_an_id_may_hold() -> None:
    assert place("e", "E12") == "e-E12"
    assert place("c", 'a b"<>#é') == "c-a-b-----"


def test_lines_join_and_read_back() -> None:
    line = joined(["a", Link("b", "e-b"), "c"])
    assert line == ("a", ", ", Link("b", "e-b"), ", ", "c")
    assert text_of(line) == "a, b, c"
    assert joined([]) == ()


def test_names_without_a_place_stay_text() -> None:
    places = places_of(sample())
    assert places.criterion("zero") == Link("Title of zero", "c-zero")
    assert places.criterion("gone") == "gone"
    assert places.pillar("gone") == "gone"
    assert places.red_line("gone_line") == "Gone line"
    assert places.sources(["E01", "E99"]) == (Link("E01", "e-E01"), ", ", "E99")
    assert places.any("overall") == "overall"
    assert places.any("AA") == "Aland"


def test_criteria_of_inner_pillars_come_in_the_order_of_the_report() -> None:
    assert [c.id for c in all_criteria(sample().pillars[0])] == ["zero", "full", "per-party", "inside"]


def test_every_link_of_a_report_leads_somewhere(assessment: Assessment) -> None:
    view = to_view(assessment, Edition(previous=sample()))
    assert {link.to for link in links_of(view)} <= places_in(view)


def test_every_pointer_names_the_node_of_its_id(assessment: Assessment) -> None:
    document = json.loads(assessment.to_json())
    found = pointers(assessment)
    named = {name: resolved(pointer, document).get("id", "overall") for name, pointer in found.items()}
    assert named == {name: name for name in named}
    criteria = {criterion.id for pillar in assessment.pillars for criterion in all_criteria(pillar)}
    assert set(named) == {"overall", *criteria, *(pillar.id for pillar in all_pillars(assessment.pillars))}


def test_outer_pillars_come_before_those_inside_them() -> None:
    assert [pillar.id for pillar in all_pillars(sample().pillars)] == ["first", "inner", "second", "third", "fourth"]
