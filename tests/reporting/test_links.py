from __future__ import annotations

from assess.reporting.links import Link, all_criteria, joined, place, places_of, text_of
from assess.reporting.view import to_view
from assess.scoring.assessment import Assessment

from .conftest import sample
from .viewtools import links_of, places_in


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
    view = to_view(assessment)
    fixed = {"profile", "alternatives", "warnings"}
    assert {link.to for link in links_of(view)} <= places_in(view) | fixed
