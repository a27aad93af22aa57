"""The plan of tests/plans/showcase, which has every measure and every status, scored once."""

import re
from datetime import date
from functools import cache
from pathlib import Path

import kpi_tracker
from kpi_tracker import Scorecard

__all__ = ["AS_OF", "DAY", "PLAN", "numbers", "scored"]

PLAN = Path(__file__).resolve().parents[1] / "plans" / "showcase"
AS_OF = date(2021, 9, 30)
DAY = AS_OF.isoformat()


@cache
def scored() -> Scorecard:
    """Return the scorecard of the showcase at the end of September."""
    return kpi_tracker.check(PLAN, AS_OF)


def numbers(text: str) -> list[tuple[float, int]]:
    """Return the numbers in a text, each with the number of digits behind its point."""
    found = re.findall(r"(?<![\w.])(−?)([0-9][0-9,]*)(?:\.([0-9]+))?", re.sub(r"\d{4}-\d\d-\d\d", "", text))
    return [
        (float(f"{'-' if minus else ''}{whole.replace(',', '')}.{part or 0}"), len(part))
        for minus, whole, part in found
    ]
