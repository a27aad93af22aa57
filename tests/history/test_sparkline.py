"""Figures as a line of blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tracker.reporting.remembered import BLOCKS, GAP, SPARK_WIDTH, sparkline

FIGURES = st.lists(st.none() | st.floats(-10, 10), max_size=300)


@pytest.mark.parametrize(("figures", "line"), [
    ([], ""),
    ([None], "·"),
    ([0.5], "▁"),
    ([0.0, 0.5, 1.0], "▁▅█"),
    ([None, -1.0, None, 1.0], "·▁·█"),
    ([float(i) for i in range(8)], BLOCKS),
    ([0.0] * 60 + [1.0], "▁" * 30 + "█"),
])  # fmt: skip
def test_a_line_shows_the_course(figures: list[float | None], line: str) -> None:
    """The least is lowest, the most is highest, what is missing is a gap; the newest night is always the last sign."""
    assert sparkline(figures) == line


@given(FIGURES)
def test_a_line_fits_and_says_only_what_is_known(figures: list[float | None]) -> None:
    """Never wider than it may be, and gaps are where there are no figures."""
    line = sparkline(figures)
    assert len(line) <= SPARK_WIDTH
    assert set(line) <= {*BLOCKS, GAP}
    if figures:
        assert (line[-1] == GAP) == (figures[-1] is None)
