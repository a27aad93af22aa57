"""Reports for people: what they show, what they leave out, and that no plan can do harm through them."""

import io
import json
import os
import pty
from datetime import date
from pathlib import Path

import pytest

import kpi_tracker
from kpi_tracker import KpiScore, Scorecard, explain, to_json
from kpi_tracker.diagnostics import Diagnostic, Place
from kpi_tracker.language import language
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Basis, Measure, Status
from kpi_tracker.model.target import Abnormal, Baseline, Target, TargetForm, Tolerance
from kpi_tracker.model.unit import NO_UNIT, Text
from kpi_tracker.notation.number import unit_of
from kpi_tracker.reporting import words as w
from kpi_tracker.reporting.console import NARROWEST, PIPED_WIDTH, console_for, status_text
from kpi_tracker.reporting.explained import write_explanation
from kpi_tracker.reporting.faults import write_faults
from kpi_tracker.reporting.textreport import write_report
from kpi_tracker.reporting.tree import write_tree
from tests.reporting.showcase import AS_OF, PLAN, scored

EN, ZH = language("en"), language("zh")


def report(scorecard: Scorecard, lang: str = "en", quiet: bool = False) -> str:
    """Return the report as text."""
    file = io.StringIO()
    write_report(scorecard, file, lang, quiet)
    return file.getvalue()


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(0.0, 2, "0"), (-0.001, 2, "0"), (2.675, 2, "2.68"), (-2.5, 0, "−3"), (1234567.891, 2, "1,234,567.89"), (10.0, 2, "10"),
     (1e-7, 2, "0"), (1e15, 2, "1,000,000,000,000,000"), (0.125, 2, "0.13"), (100.0, 0, "100")],
)  # fmt: skip
def test_pitfall_a13_numbers_are_rounded_half_up_for_display(value: float, places: int, text: str) -> None:
    """A13: as people round, with thousands apart and a true minus."""
    assert w.number(value, places) == text


@pytest.mark.parametrize(
    ("value", "unit", "lang", "text"),
    [
        (None, "件", "zh", "–"), (3.0, "件", "zh", "3件"), (3.0, "件", "en", "3 件"), (84.6, "%", "en", "84.6%"),
        (233.0, "秒", "zh", "233秒（3分53秒）"), (59.0, "秒", "zh", "59秒"), (180.0, "秒", "zh", "180秒（3分）"),
        (12.0, "分钟", "zh", "12分钟"), (90.0, "分钟", "zh", "90分钟（1小时30分）"), (86400.0, "秒", "zh", "86,400秒"),
        (2.0, "小时", "zh", "2小时"), (3.0, "", "zh", "3"),
    ],
)  # fmt: skip
def test_values_carry_their_unit(value: float | None, unit: str, lang: str, text: str) -> None:
    """Durations are shown in their parts too, where that says more than the unit."""
    shown = w.with_unit(value, unit_of(unit, unit) if unit else NO_UNIT, language(lang))
    assert shown.replace(" (", "（").replace(")", "）") == text


def test_days_are_behind_ahead_or_on_the_day() -> None:
    """Signs become words, and one is singular."""
    shown = [w.days(n, EN) for n in (None, -2, -1, 0, 1, 2)]
    assert shown == ["–", "2 days ahead", "1 day ahead", "on the day", "1 day behind", "2 days behind"]


def test_missing_figures_are_a_dash() -> None:
    """What has no value is shown as such."""
    assert (w.fraction(None), w.points(None, EN)) == ("–", "–")
    kpi = Kpi("k", Text("甲", "A"), Measure.LEVEL)
    assert (w.baseline_words(kpi, EN), w.target_words(kpi, EN)) == ("–", "no target")


def test_baselines_and_targets_carry_their_marks() -> None:
    """Approximate, abnormal, assumed: the mark stands wherever the figure does."""
    base = Baseline(3700.0, approximate=True, abnormal=Abnormal(Text("疫情", "epidemic")))
    kpi = Kpi("k", Text("甲", "A"), Measure.LEVEL, baseline=base, target=Target(4.0, Basis.ASSUMED))
    assert w.baseline_words(kpi, EN) == "about 3,700 (abnormal year)"
    assert w.target_words(kpi, EN) == "4 (assumed)"
    assert w.amount(kpi, "B", EN) == "B"


@pytest.mark.parametrize(
    ("target", "text"),
    [
        (None, "no target"),
        (Target("A", Basis.STATED), "A"),
        (Target(24.0, Basis.STATED), "24"),
        (Target(23.1, Basis.ASSUMED, form=TargetForm.CHANGE), "24 (assumed), scored against 23.1"),
        (Target(23.1, Basis.STATED), "23.1"),
        (Target(0.1254, Basis.STATED), "0.13, scored against 0.1254"),
        (Target(20.79, Basis.STATED, form=TargetForm.MAINTAIN, tolerance=Tolerance(0.01, relative=True)), "hold 21 (tolerance 1%)"),
    ],
)  # fmt: skip
def test_an_explanation_has_the_exact_target_beside_the_shown_one(target: Target | None, text: str) -> None:
    """Where what is shown is rounded, or a whole number to aim at, the number in the formula is not a riddle."""
    kpi = Kpi("k", Text("甲", "A"), Measure.TOTAL, baseline=Baseline(21.0), target=target)
    assert w.exact_target_words(kpi, EN) == text


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_word_and_a_colour(status: Status) -> None:
    """A second severity shows as a mark, and both languages have words of their own."""
    assert status_text(status, EN, 2).plain == EN.text(w.STATUS_WORDS[status]) + "!"
    assert status_text(status, ZH).plain != status_text(status, EN).plain
    assert status_text(status, EN).style


@pytest.mark.parametrize(
    ("columns", "width"),
    [
        ("", PIPED_WIDTH),
        ("0", PIPED_WIDTH),
        ("²", PIPED_WIDTH),
        ("-3", PIPED_WIDTH),
        ("x", PIPED_WIDTH),
        ("1", NARROWEST),
        ("75", 75),
    ],
)
def test_a_pipe_is_as_wide_as_asked_for(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """COLUMNS is used where it is a width; anything else is not a crash."""
    monkeypatch.setenv("COLUMNS", columns)
    assert console_for(io.StringIO()).width == width


def test_quiet_shows_what_lags_and_what_is_missing_only() -> None:
    """No head, no branches, no hint."""
    text = report(scored(), quiet=True)
    assert "Harbour" not in text
    assert "Branch" not in text
    assert "explain" not in text
    assert "8 KPIs lag" in text
    assert "4 KPIs whose data are missing" in text


def test_a_quiet_report_of_nothing_is_empty() -> None:
    """Nothing to report is said with silence."""
    assert report(scored().only("lifts"), quiet=True) == ""


def test_one_lagging_kpi_alone_is_reported_with_its_own_head() -> None:
    """A branch that is a KPI has no coverage, no branches, and is in the list itself."""
    text = report(scored().only("permits"))
    assert text.startswith("Permits handled\n")
    assert "coverage" not in text
    assert "1 KPI lags" in text


def test_pitfall_d1_the_worst_stands_beside_the_mean() -> None:
    """D1: a mean that hides red shows the worst below and how many lag."""
    row = next(line for line in report(scored()).splitlines() if line.startswith("Service to people"))
    assert "66.2%" in row
    assert "regressing" in row
    assert row.endswith("2 / 6")


def test_pitfall_d13_every_kpi_is_in_the_tally() -> None:
    """D13: every kind and every status is counted, each KPI once."""
    line = next(line for line in report(scored()).splitlines() if line.startswith("KPIs: "))
    assert sum(int(part.rpartition(" ")[2]) for part in line.removeprefix("KPIs: ").split(" · ")) == len(scored().kpis)


def faulty(folder: Path, rows: str, extra: str = "") -> Scorecard:
    """Return the scorecard of a plan of one KPI with `rows`."""
    (folder / "observations").mkdir(parents=True)
    (folder / "plan.yaml").write_text(
        "format: kpi-tracker/v1\nid: p\ntitle: P\nperiod: 2021\ntime_zone: UTC\nkpis:\n"
        "  - {id: k, title: K, measure: total, direction: increase, target: {value: 12, basis: stated}}\n" + extra,
        encoding="utf-8",
    )
    (folder / "observations" / "a.csv").write_text("kpi,date,value,basis\n" + rows, encoding="utf-8")
    return kpi_tracker.check(folder, AS_OF)


def test_lost_rows_and_faults_are_in_the_report(tmp_path: Path) -> None:
    """A bad row is named with its place, and its KPI says that it lost it."""
    text = report(faulty(tmp_path, "k,2021-01-31,x,\n"))
    assert "1 row left out" in text
    assert "1 fault in the plan or its data:" in text
    assert "KT406" in text
    assert "a.csv:2:14" in text


def test_illustrative_data_are_said_to_be(tmp_path: Path) -> None:
    """Made-up figures are never shown as results."""
    assert "Illustrative data" in report(faulty(tmp_path, "k,2021-01-31,1,illustrative\n"))
    assert "Illustrative data" not in report(scored())


def test_what_could_not_be_read_is_named(tmp_path: Path) -> None:
    """B9: a KPI that is broken is left out by name, in the report and in the explanation."""
    scorecard = faulty(tmp_path, "k,2021-09-30,1,\n", "  - {id: odd, title: O, measure: total}\n")
    assert "Left out because of faults: odd" in report(scorecard)
    file = io.StringIO()
    write_explanation(explain(scorecard, ""), scorecard, file)
    assert "Left out because of faults: odd" in file.getvalue()


def test_a_plan_without_kpis_has_a_report(tmp_path: Path) -> None:
    """B13: there is nothing to list, and no crash."""
    (tmp_path / "plan.yaml").write_text(
        "format: kpi-tracker/v1\nid: p\ntitle: P\nperiod: 2021\ntime_zone: UTC\n", encoding="utf-8"
    )
    scorecard = kpi_tracker.check(tmp_path, AS_OF)
    assert "KT315" in report(scorecard)
    assert "explain PLAN" not in report(scorecard)
    assert "KPIs:" not in report(scorecard)  # a line of counts without counts


def test_no_faults_write_nothing() -> None:
    """Without a fault there is no heading."""
    file = io.StringIO()
    write_faults((), file)
    assert file.getvalue() == ""


def test_faults_are_sorted_by_place() -> None:
    """Whatever the order in which they were found."""
    file = io.StringIO()
    write_faults([Diagnostic("KT315", Place("b", 2)), Diagnostic("KT315", Place("a", 3))], file)
    lines = file.getvalue().splitlines()
    assert [line[:3] for line in lines[1:]] == ["a:3", "b:2"]
    assert lines[0] == "2 faults in the plan or its data:"


EVIL = (
    "\\e[31mred\\e]0;title\\a", "[bold]markup[/bold] [red", ":smile: \\U0001F600", "\\u202Egnp.exe", "a\\nb\\rc\\td",
    "x" * 3000, "字" * 2000, "\\u200B\\u0301\\u0301", "{0} {name} %s %(x)s", "\\x9b31m",
)  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("width", ["40", "110", "140"])
def test_text_of_a_plan_cannot_do_harm(evil: str, width: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control characters, markup, marks of direction and endless words come out as plain text, everywhere."""
    monkeypatch.setenv("COLUMNS", width)
    (tmp_path / "observations").mkdir()
    (tmp_path / "plan.yaml").write_text(
        f'format: kpi-tracker/v1\nid: p\ntitle: "{evil}"\nowner: "{evil}"\nperiod: 2021\ntime_zone: UTC\n'
        f'presets: {{"n": {{by: pace, bands: [{{status: lagging}}]}}}}\ngoals:\n'
        f'  - id: g\n    title: "{evil}"\n    owner: "{evil}"\n    kpis:\n'
        f'      - {{id: k, title: "{evil}", owner: "{evil}", unit: "{evil}", measure: total, direction: increase,'
        f' target: {{value: 12, basis: assumed, notes: "{evil}"}}}}\n'
        f'      - {{id: m, title: "{evil}", measure: grade, scale: [A, "{evil}"], target: {{value: A, basis: stated}}}}\n',
        encoding="utf-8",
    )
    in_json = {"\\e": "\\u001b", "\\a": "\\u0007", "\\x9b": "\\u009b", "\\U0001F600": "😀"}
    for escape, same in in_json.items():
        evil = evil.replace(escape, same)
    note = json.loads(f'"{evil}"').replace('"', '""')
    rows = f'kpi,date,value,note,source\nk,2021-08-31,1,"{note}","{note}"\nm,2021-08-31,"{note}",,\nk,2021-01-31,"{note}",,\n'
    (tmp_path / "observations" / "a.csv").write_text(rows, encoding="utf-8", newline="")
    scorecard = kpi_tracker.check(tmp_path, date(2021, 9, 5))
    assert len(scorecard.kpis) == 2
    file = io.StringIO()
    for lang in ("en", "zh"):
        write_report(scorecard, file, lang)
        write_tree(scorecard, file, lang)
        for item in scorecard.walk():
            write_explanation(explain(scorecard, item.path), scorecard, file, lang)
    text = file.getvalue()
    assert [c for c in text if not c.isprintable() and c != "\n"] == []
    assert "\x1b" not in to_json(scorecard)


def test_text_that_looks_like_markup_is_shown_as_written(tmp_path: Path) -> None:
    """Brackets and colons mean nothing to us."""
    kpi = "measure: total, direction: increase, target: {value: 1, basis: stated}"
    scorecard = faulty(tmp_path, "k,2021-09-30,1,\n", f'  - {{id: z, title: "[red]x[/red] :ok:", {kpi}}}\n')
    assert "[red]x[/red] :ok:" in report(scorecard)


def test_stale_kpis_say_what_the_old_data_said() -> None:
    """The old verdict stands beside the new one, in the report and in the explanation."""
    assert "the data of 2021-07-31 said: on track" in report(scored())
    file = io.StringIO()
    write_explanation(explain(scored(), "samples"), scored(), file)
    assert "the next figure is overdue since 2021-09-10\nwhat was reported says: on track\n" in file.getvalue()


def test_a_kpi_without_observations_says_so() -> None:
    """B1: no rows are not a zero."""
    file = io.StringIO()
    write_explanation(explain(scored(), "scans"), scored(), file)
    assert "There is no observation." in file.getvalue()
    score = scored().find("scans")
    assert isinstance(score, KpiScore)
    assert (score.value, score.attainment) == (None, None)


def test_directions_that_were_inferred_are_shown() -> None:
    """A7: what was not written is said to be inferred."""
    file = io.StringIO()
    write_explanation(explain(scored(), "setup-time"), scored(), file)
    assert "direction decrease, inferred" in file.getvalue()


def test_thresholds_of_every_preset_are_shown() -> None:
    """Bands with their ends, the floor, and a second severity as a mark."""
    file = io.StringIO()
    write_explanation(explain(scored(), "pilots"), scored(), file)
    text = file.getvalue()
    assert "Thresholds “strict” over lag in percentage points:" in text
    assert "  30 … +∞  lagging!" in text
    assert "  −∞ … 0  on track" in text
    assert "whatever the pace" not in text


def test_the_tree_of_a_branch_starts_at_the_branch() -> None:
    """`--only` shows the part that was asked for, a KPI on its own too."""
    for reference, first, lines in (
        ("reform", "lagging!  Pilot of the reform", 3),
        ("pilots", "lagging!  Share of units", 1),
    ):
        file = io.StringIO()
        write_tree(scored().only(reference), file)
        assert file.getvalue().startswith(first)
        assert len(file.getvalue().splitlines()) == lines


def test_reports_are_the_same_text_twice() -> None:
    """Nothing depends on time or on the order of a set."""
    assert report(scored()) == report(kpi_tracker.check(PLAN, AS_OF))


def test_what_lags_without_an_attainment_is_listed_without_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rate with a target of 0 is met or not met: there is no lag to show, in the list and in the table."""
    kpi = "measure: rate, direction: increase, target: {value: 0, basis: stated}"
    rows = "k,2021-09-30,9,\nbare,2021-09-30,-2,\nowned,2021-09-30,-1,\n"
    extra = f"  - {{id: bare, title: Bare, {kpi}}}\n  - {{id: owned, title: Owned, owner: Ann, {kpi}}}\n"
    scorecard = faulty(tmp_path, rows, extra)
    assert [(kpi.id, kpi.attainment) for kpi in scorecard.lagging] == [("bare", None), ("owned", None)]
    assert "–" in next(line for line in report(scorecard).splitlines() if line.startswith("Bare"))
    monkeypatch.setenv("COLUMNS", "60")
    text = report(scorecard)
    assert "Bare  lagging\n  bare\n  −2, target 0\nOwned  lagging\n  owned\n  −1, target 0\n  Ann\n" in text


@pytest.mark.parametrize(("no_color", "escapes"), [("", True), ("1", False)])
def test_a_terminal_gets_colours_unless_told_otherwise(
    no_color: str, escapes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process, on a real terminal: NO_COLOR counts where it is not empty."""
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm-256color")
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w", encoding="utf-8") as terminal:
        write_tree(scored().only("pilots"), terminal)
        terminal.flush()
        shown = os.read(leader, 65536).decode()
    os.close(leader)
    assert ("\x1b[" in shown) == escapes
    assert "lagging!" in shown


def test_missing_base_year_figures_are_named_as_the_reason(tmp_path: Path) -> None:
    """A KPI that follows the base year's shape says what it lacks, where no figure of its own is overdue."""
    (tmp_path / "observations").mkdir()
    (tmp_path / "observations" / "a.csv").write_text("kpi,date,value\nk,2021-09-30,5\n", encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(
        "format: kpi-tracker/v1\nid: p\ntitle: P\nperiod: 2021\ntime_zone: Asia/Shanghai\nkpis:\n"
        "- {id: k, title: K, measure: total, profile: baseline-year, baseline: 4, target: {value: 8, basis: stated}}\n",
        encoding="utf-8",
    )
    text = report(kpi_tracker.check(tmp_path, AS_OF))
    assert "no data  K (k) · the observations of the baseline year are not complete" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.99999, "99.999%"), (0.9996, "99.96%"), (1.0, "100%"), (29 / 400, "7.3%"), (1 - 1e-12, "100%")],
)
def test_what_is_not_quite_all_never_reads_as_all(value: float, text: str) -> None:
    """A missed target does not show as 100 %, and a half is rounded up though binary fractions fall short of it."""
    assert w.fraction(value) == text
