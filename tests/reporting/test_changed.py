"""What changed, in words: every kind of change, with both sides, in both languages."""

from io import StringIO

import jsonschema
import pytest

from kpi_tracker import to_dict
from kpi_tracker.changes import Change, ChangeKind, compare
from kpi_tracker.language import language
from kpi_tracker.model.kpi import Formula, Kpi, Point, ProfileKind, Support
from kpi_tracker.model.measure import Cadence, Measure
from kpi_tracker.model.scorecard import KpiScore
from kpi_tracker.model.thresholds import EUROSTAT, TIMELINE
from kpi_tracker.model.unit import Text, Unit
from kpi_tracker.reporting.changed import CHANGE_WORDS, sides
from kpi_tracker.reporting.changedtext import write_changes
from kpi_tracker.reporting.console import console_for
from kpi_tracker.reporting.scorecard_schema import scorecard_schema
from tests.builders import card, day, goal, kpi, obs, plan
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


CASES = [
    (kpi(t=9.0), kpi(t=9.0, binding=True), "Binding: no → Binding: yes", "约束性：否 → 约束性：是"),
    (kpi(t=9.0), kpi(t=9.0, due=day("2021-11-30"), cadence=Cadence.YEARLY, grace=9),
     "Due: as the plan has it; Reported: as the plan has it; Days until a figure is overdue: as the plan has it"
     " → Due: 2021-11-30; Reported: every year; Days until a figure is overdue: 9",
     "到期日：同计划；报送频率：同计划；宽限天数，过后即为逾期：同计划 → 到期日：2021-11-30；报送频率：每年；宽限天数，过后即为逾期：9"),
    (kpi(t=9.0), kpi(t=9.0, profile=ProfileKind.POINTS, points=(Point(day("2021-06-30"), 0.5), Point(day("2021-12-31"), 1.0))),
     "Expected course: in step with time; By set dates: – → Expected course: by set dates; By set dates: 2021-06-30 50%, 2021-12-31 100%",
     "时序安排：随时间均匀推进；按设定日期：– → 时序安排：按设定日期；按设定日期：2021-06-30 50%、2021-12-31 100%"),
    (kpi(t=9.0), kpi(t=9.0, unit=Unit(Text("件", "cases")), formula=Formula("a / b")),
     "Its unit: –; Formula: – → Its unit: cases; Formula: a / b", "单位：–；公式：– → 单位：件；公式：a / b"),
    (kpi(t=9.0, supports=(Support("g"),)), kpi(t=9.0, supports=(Support("g"), Support("h", 2.0))),
     "Supports: g → Supports: g, h ×2", "支撑：g → 支撑：g、h ×2"),
    (kpi(measure=Measure.GRADE, t="A", scale=("A", "B")), kpi(measure=Measure.GRADE, t="A", scale=("A", "B", "C")),
     "Grades, best first: A, B → Grades, best first: A, B, C", "等级（由优到劣）：A、B → 等级（由优到劣）：A、B、C"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "english", "chinese"), CASES)
def test_changed_terms_are_told_with_what_was_and_what_is(old: Kpi, new: Kpi, english: str, chinese: str) -> None:
    """Each term that differs, and no other, in the words of the reader."""
    around = (goal("g", kpi("j", t=1.0)), goal("h", kpi("i", t=1.0)))
    cards = [card(plan(one, *around), [], DAY) for one in (old, new)]
    [change] = [one for one in compare(*cards) if one.kind is ChangeKind.TERMS_CHANGED and one.path == "k"]
    assert [" → ".join(side.text for side in sides(change, language(lang))) for lang in ("en", "zh")] == [
        english,
        chinese,
    ]


def test_changed_thresholds_are_told_with_their_bands() -> None:
    """By the words of the statuses, over the figure that they are of."""
    cards = [card(plan(kpi(t=9.0), thresholds=one), [], DAY) for one in (TIMELINE, EUROSTAT)]
    change = next(one for one in compare(*cards) if one.kind is ChangeKind.TERMS_CHANGED and one.path == "")
    then, now = sides(change, language("en"))
    assert then.text == (
        "Thresholds: timeline, pace index p (ahead 1.1 … +∞, on track 0.95 … 1.1, at risk 0.8 … 0.95, lagging −∞ … 0.8, "
        "a lag of up to 3 points is on track whatever the pace)"
    )
    assert now.text.startswith(
        "Thresholds: eurostat, growth observed over required (on track 0.95 … +∞, at risk 0.6 … 0.95"
    )
