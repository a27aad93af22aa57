"""What changed, in words: every kind of change, with both sides, in both languages."""

from io import StringIO

import jsonschema
import pytest

from kpi_tracker import to_dict
from kpi_tracker.changes import Change, ChangeKind, compare
from kpi_tracker.language import language
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.reporting.changed import CHANGE_WORDS
from kpi_tracker.reporting.changedtext import write_changes
from kpi_tracker.reporting.console import console_for
from kpi_tracker.reporting.scorecard_schema import scorecard_schema
from tests.builders import card, kpi, obs, plan
from tests.reporting.showcase import AS_OF, DAY, scored


def changes() -> tuple[Change, ...]:
    """Return a change of each kind for every item of the showcase, and one on whose other side there is nothing."""
    found = []
    for kind in ChangeKind:
        for path, item in scored().items.items():
            title = item.kpi.title if isinstance(item, KpiScore) else (item.goal or scored().plan).title
            found.append(Change(kind, path, title, item, item))
            found.append(Change(kind, path, title, None, item))
    return tuple(found)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_change_has_a_line_with_both_sides(lang: str) -> None:
    """Under the heading of its kind; what was not there is a dash."""
    out, told = StringIO(), changes()
    write_changes(told, AS_OF, console_for(out), language(lang))
    lines, words = out.getvalue().splitlines(), out.getvalue().split()
    assert words.count("→") >= len(told)
    assert words.count("–") >= len(told) // 2
    assert {f"  {language(lang).text(words)}" for words in CHANGE_WORDS.values()} <= set(lines)


def test_changes_as_data_fit_the_schema() -> None:
    """Whatever changed."""
    document = to_dict(scored(), "en", changes(), AS_OF)
    jsonschema.validate(document, scorecard_schema())
    assert len(document["changes"]) == len(changes())


@pytest.mark.parametrize(("lang", "told"), [("en", " (target changed)"), ("zh", "（目标已调整）")])
def test_a_recovery_by_a_lowered_target_is_not_told_like_a_real_one(lang: str, told: str) -> None:
    """Its line says that the target was changed; that of a real one does not, nor that of the change itself."""
    eased, real = kpi("eased", t=100.0), kpi("real", t=100.0)
    lower, full = obs("eased", DAY, 44.0), obs("real", DAY, 88.0)
    before = card(plan(eased, real), [lower, obs("real", DAY, 44.0)], DAY)
    now = card(plan(kpi("eased", t=50.0), real), [lower, full], DAY)
    out = StringIO()
    write_changes(compare(before, now), AS_OF, console_for(out), language(lang))
    begins = [line.strip().partition(": ")[0] for line in out.getvalue().splitlines() if "→" in line]
    assert begins == ["p", f"eased (eased){told}", "real (real)", "eased (eased)"]
