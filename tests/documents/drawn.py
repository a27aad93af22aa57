"""Charts made for tests, and what can be asked of a drawing."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import kpi_tracker
from kpi_tracker.documents.charts.drawing import Drawing, Element
from kpi_tracker.documents.charts.pace import pace_chart
from kpi_tracker.language import language
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.observation import Observation, ObservationBasis
from kpi_tracker.model.scorecard import Scorecard
from tests.builders import card, obs, plan

__all__ = ["classes", "elements", "made_up", "of_class", "paced", "pinghu", "words_in"]

EN = language("en")


def paced(one: Kpi, rows: dict[str, Any], as_of: str = "2021-09-30", lang: str = "en", **more: Any) -> Drawing:
    """Return the pace chart of a KPI that is alone in a plan of 2021."""
    whole = card(plan(one, **more), (obs(one.id, when, value) for when, value in rows.items()), as_of)
    found = pace_chart(whole.kpis[0], whole, language(lang))
    assert found is not None
    return found


def made_up(name: str, when: str, value: float) -> Observation:
    """Return an observation that is there to show the product."""
    return Observation(name, date.fromisoformat(when), value, basis=ObservationBasis.ILLUSTRATIVE)


def pinghu() -> Scorecard:
    """Return the scorecard of the plan that comes along."""
    return kpi_tracker.check("goals/pinghu-2021", date(2021, 9, 30))


def elements(drawing: Drawing) -> Iterator[Element]:
    """Yield every element of a drawing."""
    stack = list(reversed(drawing.elements))
    while stack:
        element = stack.pop()
        yield element
        stack.extend(reversed(element.children))


def words_in(drawing: Drawing) -> list[str]:
    """Return the texts of a drawing in the order in which they are written."""
    return [element.text for element in elements(drawing) if element.tag == "text"]


def classes(drawing: Drawing) -> set[str]:
    """Return every class in a drawing."""
    return {name for element in elements(drawing) for name in str(element.attributes.get("class", "")).split()}


def of_class(drawing: Drawing, name: str) -> list[Element]:
    """Return the elements of a class."""
    return [element for element in elements(drawing) if name in str(element.attributes.get("class", "")).split()]
