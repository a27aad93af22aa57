"""Bullet charts and bars of counts: small pictures that stand in tables and heads."""

import re
from typing import Any

import pytest

from kpi_tracker.documents.charts.bullet import bullet_chart
from kpi_tracker.documents.charts.counts import WIDTH, counts_bar
from kpi_tracker.documents.charts.drawing import Drawing
from kpi_tracker.documents.charts.svg import svg
from kpi_tracker.language import language
from kpi_tracker.model.kpi import Kpi, ProfileKind
from kpi_tracker.model.measure import WORST_FIRST, Aggregate, Direction, Measure, Status
from kpi_tracker.model.thresholds import EUROSTAT, TRAFFIC_LIGHT, Band, Thresholds
from tests.builders import card, exempt, kpi, limit, obs, plan
from tests.documents.drawn import EN, classes, elements, made_up, of_class, pinghu, words_in
from tests.reporting.showcase import scored as showcase


def bullet(one: Kpi, rows: dict[str, Any], as_of: str = "2021-09-30", **more: Any) -> Drawing:
    """Return the bullet chart of a KPI that is alone in a plan of 2021."""
    whole = card(plan(one, **more), (obs(one.id, when, value) for when, value in rows.items()), as_of)
    found = bullet_chart(whole.kpis[0], EN)
    assert found is not None
    return found


def edges(drawing: Drawing, name: str) -> tuple[float, float]:
    """Return left and right of the first rectangle of a class."""
    found = of_class(drawing, name)[0].attributes
    return float(found["x"]), float(found["x"]) + float(found["width"])


def at(drawing: Drawing, name: str) -> float:
    """Return where the upright line of a class stands."""
    return float(re.findall(r"[\d.]+", str(of_class(drawing, name)[0].attributes["d"]))[0])


def test_attainment_expected_and_target_stand_in_proportion() -> None:
    """60 % attained, 75 % expected, the target at 100 %."""
    found = bullet(kpi(t=100.0), {"2021-09-30": 60.0})
    left, right = edges(found, "c-bar")
    assert (right - left) / (at(found, "c-goal") - left) == pytest.approx(0.6, abs=0.005)
    assert (at(found, "c-due") - left) / (at(found, "c-goal") - left) == pytest.approx(0.75, abs=0.005)
    assert "60%" in words_in(found)
    assert found.description == "60 on 2021-09-30: at risk. Attainment: 60%. Expected by then: 75%. Target: 100."


def test_the_bands_are_those_of_today() -> None:
    """Lagging ends at 0.80 and on track begins at 0.95 of what is expected, or so many points below it."""
    found = bullet(kpi(t=100.0), {"2021-09-30": 60.0})
    low, middle = edges(found, "c-low"), edges(found, "c-middle")
    whole = at(found, "c-goal") - low[0]
    assert (low[1] - low[0]) / whole == pytest.approx(0.75 * 0.8, abs=0.005)
    assert (middle[1] - low[0]) / whole == pytest.approx(0.75 * 0.95, abs=0.005)
    early = bullet(kpi(t=100.0), {"2021-01-31": 6.0}, "2021-02-05")
    assert (edges(early, "c-low")[1] - low[0]) / whole == pytest.approx(1 / 12 - 0.03, abs=0.005)


def test_bands_in_points_and_presets_without_bands() -> None:
    """A traffic light draws its 10 points; growth has nothing to draw; nor has a preset that knows no risk."""
    light = bullet(kpi(t=100.0), {"2021-09-30": 60.0}, thresholds=TRAFFIC_LIGHT)
    low, middle = edges(light, "c-low"), edges(light, "c-middle")
    whole = at(light, "c-goal") - low[0]
    assert (low[1] - low[0]) / whole == pytest.approx(0.65, abs=0.005)
    assert (middle[1] - low[0]) / whole == pytest.approx(0.75, abs=0.005)
    assert "c-low" not in classes(bullet(kpi(b=90.0, t=100.0), {"2021-09-30": 60.0}, thresholds=EUROSTAT))
    two = Thresholds("two", "pace", (Band(Status.ON_TRACK, 0.9, None), Band(Status.LAGGING, None, 0.9)))
    assert "c-low" not in classes(bullet(kpi(t=100.0), {"2021-09-30": 60.0}, thresholds=two))
    strict = Thresholds(
        "strict",
        "pace",
        (Band(Status.ON_TRACK, 0.9, None), Band(Status.AT_RISK, 0.5, 0.9), Band(Status.LAGGING, None, 0.5)),
    )
    assert edges(bullet(kpi(t=100.0), {"2021-09-30": 60.0}, thresholds=strict), "c-low")[1] < low[1]


def test_lower_is_better_reads_the_same_way() -> None:
    """The bar is the way from baseline to target, whichever way that goes; a budget overspent falls short."""
    falls = bullet(kpi(measure=Measure.LEVEL, b=200.0, t=100.0), {"2021-09-30": 150.0})
    left, right = edges(falls, "c-bar")
    assert (right - left) / (at(falls, "c-goal") - left) == pytest.approx(0.5, abs=0.01)
    budget = bullet(kpi(t=100.0, direction=Direction.DECREASE), {"2021-09-30": 150.0})
    assert edges(budget, "c-bar")[1] < at(budget, "c-due")


def test_what_fell_behind_its_baseline_goes_to_the_left() -> None:
    """Below nothing, from a line at nothing; further than the scale with an arrowhead."""
    worse = bullet(kpi(measure=Measure.LEVEL, b=100.0, t=200.0), {"2021-09-30": 90.0})
    assert edges(worse, "c-bar")[1] == pytest.approx(at(worse, "c-axis"), abs=0.01)
    assert "c-tip" not in classes(worse)
    assert "c-tip" in classes(bullet(kpi(measure=Measure.LEVEL, b=100.0, t=200.0), {"2021-09-30": 10.0}))


def test_what_is_far_beyond_the_target_ends_in_an_arrowhead() -> None:
    """And is told as a multiple where a percentage would say nothing."""
    found = bullet(kpi(t=10.0), {"2021-09-30": 15.0})
    assert "c-tip" in classes(found)
    assert "150%" in words_in(found)
    assert "×54.17" in words_in(bullet(kpi(t=12.0), {"2021-09-30": 650.0}))


def test_a_limit_is_drawn_by_its_bound() -> None:
    """6 of at most 5 goes beyond; 0 of at most 0 is a hair's breadth on the good side."""
    over = bullet(limit(at_most=5.0), {"2021-09-30": 6.0})
    left, right = edges(over, "c-bar")
    assert (right - left) / (at(over, "c-goal") - left) == pytest.approx(1.2, abs=0.01)
    assert "6" in words_in(over)
    none = bullet(limit(at_most=0.0), {"2021-09-30": 0.0})
    assert edges(none, "c-high")[1] == at(none, "c-goal") == pytest.approx(edges(none, "c-middle")[0], abs=0.01)
    assert edges(none, "c-bar")[1] - edges(none, "c-bar")[0] < 2
    floor = bullet(limit(at_least=90.0, by=Aggregate.NEWEST), {"2021-09-30": 92.0})
    assert edges(floor, "c-middle")[1] == pytest.approx(at(floor, "c-goal"), abs=0.01)


def test_nothing_seen_is_no_bar_but_a_word() -> None:
    """An empty frame; never a bar of 0."""
    found = bullet(kpi(t=10.0), {})
    assert words_in(found) == ["no data"]
    assert not {"c-bar", "c-low", "c-due"} & classes(found)
    assert "c-bare" in classes(found)
    assert words_in(bullet(limit(at_most=0.0), {})) == ["no data"]


def test_what_is_only_met_or_not_says_so() -> None:
    """A target of 0 has no share."""
    rows = {"2021-09-30": 1.0}
    assert "met" in words_in(bullet(kpi(t=0.0), rows))
    assert "not met" in words_in(bullet(kpi(t=0.0), {"2021-09-30": -1.0}))
    found = bullet(kpi(t=0.0), rows)
    assert "No attainment: the target is not above 0: met or not met only." in found.description


def test_without_an_expected_course_there_is_no_line_for_it() -> None:
    """Nor bands, which are drawn from it."""
    found = bullet(kpi(t=100.0, profile=ProfileKind.BASELINE_YEAR), {"2021-09-30": 60.0})
    assert not {"c-due", "c-low"} & classes(found)
    assert "c-bar" in classes(found)


def test_an_exempt_kpi_has_no_bullet() -> None:
    """It is not measured."""
    whole = card(plan(kpi(t=1.0, exempt=exempt("2021-01-01"))), (), "2021-09-30")
    assert bullet_chart(whole.kpis[0], EN) is None


def test_illustrative_data_are_marked_in_the_bullet() -> None:
    """Beside the figure, or where it would be."""
    whole = card(plan(kpi(t=10.0)), [made_up("k", "2021-09-30", 3.0)], "2021-09-30")
    found = bullet_chart(whole.kpis[0], EN)
    assert found is not None
    assert words_in(found) == ["30%", "illustrative"]
    later = card(plan(kpi(t=10.0)), [made_up("k", "2021-09-30", 3.0)], "2021-06-30")
    early = bullet_chart(later.kpis[0], EN)
    assert early is not None
    assert words_in(early) == ["no data", "illustrative"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kpi_that_is_measured_has_a_bullet(lang: str) -> None:
    """All parts of it within its frame."""
    for whole in (pinghu(), showcase()):
        for score in whole.kpis:
            found = bullet_chart(score, language(lang))
            assert (found is None) == (score.status is Status.EXEMPT)
            for element in elements(found) if found else ():
                if element.tag == "rect":
                    left, wide = float(element.attributes["x"]), float(element.attributes["width"])
                    assert found is not None
                    assert left >= 0 <= wide
                    assert left + wide <= found.width


def test_counts_stand_worst_first_with_number_shape_and_word() -> None:
    """The widths are in proportion, but for a little that everything has."""
    found = counts_bar({Status.ON_TRACK: 60, Status.LAGGING: 20, Status.PENDING: 0}, EN)
    parts = of_class(found, "c-part")
    assert [part.attributes["class"] for part in parts] == ["c-part c-lagging", "c-part c-on_track"]
    assert float(parts[1].attributes["width"]) / float(parts[0].attributes["width"]) == pytest.approx(3, abs=0.2)
    assert words_in(found) == ["20", "60", "lagging", "20", "on track", "60"]
    assert (found.title, found.description) == ("80 KPIs by status", "lagging: 20. on track: 60.")


def test_a_part_too_small_for_its_number_has_it_below() -> None:
    """One of five thousand is still seen."""
    found = counts_bar({Status.ON_TRACK: 4999, Status.BREACHED: 1}, EN)
    assert float(of_class(found, "c-part")[0].attributes["width"]) > 5
    assert words_in(found)[1:3] == ["breached", "1"]


def test_all_statuses_fit_in_rows() -> None:
    """In both languages; what is illustrative says so at the end."""
    for lang in ("zh", "en"):
        for illustrative in (False, True):
            found = counts_bar(dict.fromkeys(WORST_FIRST, 7), language(lang), illustrative)
            assert all(float(e.attributes["x"]) < WIDTH for e in elements(found) if e.tag == "text")
            assert sum(e.tag == "text" for e in elements(found)) == 3 * len(WORST_FIRST) + illustrative
    assert found.description.endswith("The data are illustrative.")
    one = counts_bar({Status.LAGGING: 1}, EN, illustrative=True)
    assert words_in(one)[-1] == "illustrative data"


def test_no_kpis_are_an_empty_frame() -> None:
    """A plan without KPIs has no bar, and no error."""
    found = counts_bar({}, EN)
    assert words_in(found) == []
    assert (found.title, found.description) == ("0 KPIs by status", "0 KPIs by status.")
    assert svg(found, inline=True).startswith("<svg")
