"""Every command and option, with the code that it ends with."""

import json
import os
import shutil
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from kpi_tracker import to_json
from kpi_tracker.outcome import BROKEN, FAIL_ON, NOTHING, REPORTED, USAGE, exit_code, reported
from kpi_tracker.reporting.scorecard_schema import scorecard_schema
from tests.cli.running import ROOT, SHOWCASE, run, start
from tests.reporting.showcase import DAY, scored

AT = ("--as-of", DAY)
GOOD = """\
format: kpi-tracker/v1
id: p
title: P
period: 2021
time_zone: Asia/Shanghai
kpis:
  - {id: one, title: One, measure: total, direction: increase, target: {value: 12, basis: stated}}
  - {id: two, title: Two, measure: total, direction: increase, target: {value: 12, basis: stated}}
"""
ONE = """\
format: kpi-tracker/v1
id: p
title: P
period: 2021
time_zone: Asia/Shanghai
facts: [{id: f, title: F, year: 2021, source: S}]
goals:
  - id: g
    title: G
    kpis: [{id: one, title: One, measure: total, direction: increase, target: {value: 12, basis: stated}}]
"""


def plan(folder: Path, one: str = "9", two: str = "9", text: str = GOOD) -> str:
    """Write a plan of two KPIs with a figure each at the end of September ("" for none); return its path."""
    (folder / "observations").mkdir(parents=True)
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    rows = "".join(f"{kpi},2021-09-30,{v}\n" for kpi, v in (("one", one), ("two", two)) if v)
    (folder / "observations" / "a.csv").write_text("kpi,date,value\n" + rows, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    ("one", "two", "options", "code"),
    [
        ("9", "9", (), NOTHING),
        ("9", "2", (), REPORTED),
        ("9", "8", (), NOTHING),
        ("9", "8.8", ("--fail-on", "at_risk"), REPORTED),  # on track, by sums that lack eight months
        ("9", "7.5", ("--fail-on", "at_risk"), REPORTED),
        ("9", "2", ("--fail-on", "regressing"), NOTHING),
        ("9", "2", ("--fail-on", "never"), NOTHING),
        ("9", "", (), BROKEN),
        ("9", "", ("--fail-on", "no_data"), REPORTED),
        ("9", "", ("--fail-on", "never"), BROKEN),
        ("", "", (), BROKEN),
        ("", "", ("--fail-on", "never"), BROKEN),
        ("", "", ("--fail-on", "no_data"), BROKEN),
        ("9", "x", ("--fail-on", "never"), BROKEN),
        ("2", "x", (), BROKEN),
        ("9", "", ("--only", "two"), BROKEN),
        ("9", "", ("--only", "one"), NOTHING),
        ("9", "2", ("--only", "two"), REPORTED),
        ("9", "2", ("--only", "one"), NOTHING),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_the_exit_code_says_what_was_found(
    one: str, two: str, options: tuple[str, ...], code: int, form: str, tmp_path: Path
) -> None:
    """0 nothing to report, 1 at --fail-on or worse, 3 broken or nothing judged; the same for people and machines."""
    ran = run("check", plan(tmp_path / "p", one, two), *AT, "--format", form, *options)
    assert ran.code == code
    assert bool(ran.err) == (code == BROKEN), "what could not be judged is said aside, and nothing else"
    assert ran.err.count("\n") == (code == BROKEN)


def test_pitfall_d7_never_zero_when_nothing_could_be_judged(tmp_path: Path) -> None:
    """D7: figures that are all too old judge nothing, whatever --fail-on says."""
    path = plan(tmp_path / "p")
    for level in FAIL_ON:
        assert run("check", path, "--as-of", "2021-11-30", "--fail-on", level).code == BROKEN
        assert run("check", path, "--as-of", "2021-11-30", "--only", "one", "--fail-on", level).code == BROKEN


def test_pitfall_b13_an_empty_plan_is_no_success(tmp_path: Path) -> None:
    """B13: no KPI, no success."""
    path = plan(tmp_path / "p", "", "", GOOD.partition("kpis:")[0])
    assert run("check", path, *AT).code == BROKEN


def test_before_the_first_figure_is_due_nothing_is_judged(tmp_path: Path) -> None:
    """All KPIs pending: there is nothing wrong, and nothing known either."""
    ran = run("check", plan(tmp_path / "p", "", ""), "--as-of", "2021-01-05")
    assert ran.code == BROKEN
    assert "pending 2" in ran.out


@pytest.mark.parametrize("level", FAIL_ON)
def test_fail_on_counts_its_own_status_and_the_worse(level: str) -> None:
    """Each level takes in what the milder ones do not leave out."""
    found = {kpi.status.value for kpi in reported(scored(), level) if not (kpi.gaps or kpi.rows_left_out)}
    order = ["breached", "missed", "regressing", "lagging", "no_data", "stale", "at_risk"]
    wanted = set(order[: order.index(level) + 1]) if level != "never" else set()
    assert found <= wanted
    short = {kpi.id for kpi in reported(scored(), level) if kpi.status.value not in wanted}
    assert short == ({kpi.id for kpi in scored().kpis if kpi.data_problem and kpi.status.value not in wanted}
                     if level in ("at_risk", "stale") else set())  # fmt: skip
    assert exit_code(scored(), level) == (BROKEN if level == "never" else REPORTED)  # too little is known of the whole


def test_no_scorecard_is_broken() -> None:
    """Where nothing could be read there is nothing to score."""
    assert exit_code(None) == BROKEN


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (None, "KT101"),
        ("folder", "KT118"),
        ("", "KT102"),
        ("\x00", "KT103"),
        ("format: kpi-tracker/v1\nid: p\ntitle: P\ntime_zone: UTC\n", "KT202"),
        ("format: kpi-tracker/v1\nid: p\ntitle: P\nperiod: later\ntime_zone: UTC\n", "KT203"),
        (GOOD.replace("2021\n", "{start: 2021-12-31, end: 2021-01-01}\n"), "KT317"),
        ("a: [b\n", "KT106"),
        ("- 1\n", "KT203"),
    ],
)
def test_what_cannot_be_read_is_named_and_never_a_traceback(
    make: str | None, code: str, form: str, lang: str, tmp_path: Path
) -> None:
    """A missing, empty, binary or senseless plan: its faults, code 3, in both forms and languages."""
    path = tmp_path / "plan.yaml"
    if make == "folder":
        path = tmp_path
    elif make is not None:
        path.write_text(make, encoding="utf-8")
    ran = run("check", str(path), *AT, "--format", form, "--lang", lang)
    assert ran.code == BROKEN
    assert code in (ran.out if form == "json" else ran.err)
    assert "Traceback" not in ran.out + ran.err
    if form == "json":
        document = json.loads(ran.out)
        assert list(jsonschema.Draft7Validator(scorecard_schema()).iter_errors(document)) == []
        assert (document["plan"], document["kpis"]) == (None, [])
    else:
        assert ran.out == ""
    for command in ("show", "explain"):
        other = run(command, str(path), *AT, "--lang", lang)
        assert (other.code, other.out) == (BROKEN, "")
        assert code in other.err
    checked = run("validate", str(path), "--lang", lang)
    assert (checked.code, checked.err) == (BROKEN, "")
    assert code in checked.out


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2021-02-29"])
def test_the_ends_of_the_calendar_are_no_traceback(day: str) -> None:
    """The first and the last day there is can be asked for; a day that is not there is a wrong use."""
    ran = run("check", SHOWCASE, "--as-of", day)
    assert ran.code == (USAGE if day == "2021-02-29" else REPORTED if day.startswith("9") else BROKEN)
    assert "Traceback" not in ran.err


def test_a_wrong_time_zone_is_a_fault_with_or_without_a_day(tmp_path: Path) -> None:
    """C10: where the zone is no zone, today is still some day, and the fault is named."""
    path = plan(tmp_path / "p", text=GOOD.replace("Asia/Shanghai", "Asia/Nowhere"))
    for options in ((), AT):
        ran = run("check", path, *options)
        assert ran.code == BROKEN
        assert "KT318" in ran.out + ran.err


def test_json_is_the_librarys_json() -> None:
    """Whatever the command line can do, a script can do by import."""
    ran = run("check", str(ROOT / SHOWCASE), *AT, "--format", "json")
    assert json.loads(ran.out) == json.loads(to_json(scored()))


def test_as_of_takes_days_periods_and_today() -> None:
    """A period means its last day."""
    whole = run("check", SHOWCASE, *AT)
    for written in ("2021-9-30", "2021年9月30日", "2021-09", "2021-Q3"):
        assert run("check", SHOWCASE, "--as-of", written) == whole
    assert run("check", SHOWCASE, "--as-of", "today") == run("check", SHOWCASE)


def test_known_at_shows_a_past_night() -> None:
    """The correction of August is not seen before it was recorded."""
    before = json.loads(
        run("check", SHOWCASE, *AT, "--known-at", "2021-09-19", "--format", "json", "--only", "permits").out
    )
    after = json.loads(
        run("check", SHOWCASE, *AT, "--known-at", "2021-09-20", "--format", "json", "--only", "permits").out
    )
    assert (before["kpis"][0]["value"], after["kpis"][0]["value"]) == (4880.0, 4930.0)
    assert before["known_at"].startswith("2021-09-19T23:59:59")
    night = run("check", SHOWCASE, "--as-of", "2021-09-19", "--known-at", "2021-09-19")
    assert "as known at" not in night.out  # it is what that night saw, byte for byte
    timed = run("check", SHOWCASE, *AT, "--known-at", "2021-09-20 08:30")
    assert "as known at 2021-09-20 08:30" in timed.out


@pytest.mark.parametrize("command", ["check", "show"])
def test_only_looks_at_one_branch(command: str) -> None:
    """By id, or by the last segments of a path; D3: whole segments."""
    for reference in ("reform", "growth/reform"):
        ran = run(command, SHOWCASE, *AT, "--only", reference)
        assert "Pilot of the reform" in ran.out
        assert "Permits" not in ran.out
    assert run(command, SHOWCASE, *AT, "--only", "wth/reform").code == USAGE


def test_quiet_is_short() -> None:
    """`-q` is `--quiet`."""
    ran = run("check", SHOWCASE, *AT, "-q")
    assert ran == run("check", SHOWCASE, *AT, "--quiet")
    assert ran.out.startswith("8 KPIs lag")
    assert ran.code == REPORTED


def test_show_writes_the_tree_and_ends_with_zero(tmp_path: Path) -> None:
    """A tree is shown, not judged; faults stand beside it."""
    ran = run("show", SHOWCASE, *AT)
    assert (ran.code, ran.err) == (NOTHING, "")
    assert len(ran.out.splitlines()) == 1 + len(scored().items) - 1
    lost = run("show", plan(tmp_path / "p", "x"), *AT)
    assert lost.code == NOTHING
    assert "KT406" in lost.err
    assert "KT406" not in lost.out


@pytest.mark.parametrize("item", ["", "service", "permits", "growth/reform/pilots"])
def test_explain_takes_any_item(item: str) -> None:
    """The plan itself, a goal, a KPI, by id or path."""
    ran = run("explain", SHOWCASE, *([item] if item else []), *AT)
    assert (ran.code, ran.err) == (NOTHING, "")
    assert "With the numbers put in" in ran.out


@pytest.mark.parametrize("kpis", ["[]", "[{id: one, title: One, measure: x}]"])
@pytest.mark.parametrize("command", ["check", "show", "explain"])
def test_without_a_kpi_that_could_be_read_there_is_nothing_to_show(command: str, kpis: str, tmp_path: Path) -> None:
    """The plan has none, or all are broken: 3 everywhere, with what is wrong, and what there is is shown all the same."""
    text = f"format: kpi-tracker/v1\nid: p\ntitle: Nothing\nperiod: 2021\ntime_zone: UTC\nkpis: {kpis}\n"
    ran = run(command, plan(tmp_path / "p", "", "", text), *AT)
    assert (ran.code, "Nothing" in ran.out) == (BROKEN, True)
    assert "error KT" in ran.out + ran.err


@pytest.mark.parametrize("command", ["show", "explain"])
def test_one_kpi_that_could_be_read_is_something_to_show(command: str, tmp_path: Path) -> None:
    """Another is broken, and the one has no figure: whatever its status is, it is shown, with the faults beside."""
    ran = run(command, plan(tmp_path / "p", "", "", GOOD.replace("measure: total", "measure: totl", 1)), *AT)
    assert (ran.code, "KT204" in ran.err) == (NOTHING, True)


def test_explain_names_the_faults_beside(tmp_path: Path) -> None:
    """What was left out may be the reason for a figure."""
    ran = run("explain", plan(tmp_path / "p", "x"), "two", *AT)
    assert (ran.code, "KT406" in ran.err) == (NOTHING, True)


def test_validate_reads_the_plan_alone(tmp_path: Path) -> None:
    """A good plan is counted; one with a fault is 3; its data are not read."""
    ran = run("validate", SHOWCASE)
    assert (ran.code, ran.out) == (NOTHING, "showcase: no fault found in 4 files; 6 goals, 20 KPIs, 0 facts\n")
    good = run("validate", plan(tmp_path / "good", "x"))
    assert (good.code, good.out) == (NOTHING, "p: no fault found in 1 file; 0 goals, 2 KPIs, 0 facts\n")
    one = plan(tmp_path / "one", text=ONE)
    assert run("validate", one).out == "p: no fault found in 1 file; 1 goal, 1 KPI, 1 fact\n"
    assert run("validate", one, "--lang", "zh").out == "p：1个文件未发现错误；1个目标项、1项指标、1条事实\n"
    bad = run("validate", plan(tmp_path / "bad", text=GOOD.replace("measure: total", "measure: totl", 1)))
    assert bad.code == BROKEN
    assert "did you mean “total”?" in bad.out


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("what", [(), ("plan",), ("scorecard",)])
def test_schema_prints_json_schemas(what: tuple[str, ...], lang: str) -> None:
    """Both schemas are valid ones, and the same bytes twice."""
    ran = run("schema", *what, "--lang", lang)
    assert ran == run("schema", *what, "--lang", lang)
    assert ran.code == NOTHING
    jsonschema.Draft7Validator.check_schema(json.loads(ran.out))


@pytest.mark.parametrize("command", [(), ("check",), ("show",), ("explain",), ("docs",), ("validate",), ("schema",)])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_has_help(command: tuple[str, ...], option: str) -> None:
    """Help ends with 0 and names the options."""
    ran = run(*command, option)
    assert (ran.code, ran.err) == (NOTHING, "")
    assert ran.out.startswith(f"Usage: kpi-tracker {' '.join(command)}".rstrip())
    assert "--lang" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100


def test_the_version_is_that_of_the_package() -> None:
    """`--version` can be asked for in both languages."""
    import kpi_tracker

    assert run("--version").out == f"kpi-tracker, version {kpi_tracker.__version__}\n"
    assert kpi_tracker.__version__ in run("--lang", "zh", "--version").out


WRONG: tuple[tuple[str, ...], ...] = (
    (), ("chek",), ("check",), ("check", SHOWCASE, "--as-of", "soon"), ("check", SHOWCASE, "--known-at", "25:00"),
    ("check", SHOWCASE, "--format", "xml"), ("check", SHOWCASE, "--fail-on", "bad"), ("check", SHOWCASE, "--only"),
    ("check", SHOWCASE, "--onl", "x"), ("show", SHOWCASE, "more"), ("check", SHOWCASE, *AT, "--only", "permit"),
    ("check", SHOWCASE, *AT, "--only", "zzzzz"), ("show", SHOWCASE, *AT, "--only", "service/permit"),
    ("explain", SHOWCASE, "permit", *AT), ("schema", "everything"), ("check", SHOWCASE, "--quiet=1"),
    ("validate", SHOWCASE, "--as-of", DAY),
)  # fmt: skip


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_use_is_2_with_a_hint(arguments: tuple[str, ...]) -> None:
    """A wrong use writes to standard error, how it is used, and nothing to standard output."""
    ran = run(*arguments)
    assert (ran.code, ran.out) == (USAGE, "")
    assert ran.err.startswith(("Usage: kpi-tracker", "Error: Option"))
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_use_is_explained_in_chinese_too(arguments: tuple[str, ...]) -> None:
    """The same code, in Chinese words."""
    ran = run("--lang", "zh", *arguments)
    assert (ran.code, ran.out) == (USAGE, "")
    assert ran.err.startswith(("用法", "错误：选项"))


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("check", SHOWCASE, *AT, "--only", "permit"), "did you mean “permits”?"),
        (("show", SHOWCASE, *AT, "--only", "service/permit"), "did you mean “permits”?"),
        (("explain", SHOWCASE, "permit", *AT), "did you mean “permits”?"),
        (("check", SHOWCASE, *AT, "--only", "zzzzz"), "there is no goal or KPI “zzzzz” in this plan\n"),
        (("chek", SHOWCASE), "No such command 'chek'; did you mean “check”?\n"),
        (("--lang", "zh", "chek", SHOWCASE), "没有命令 'chek'；是否应为“check”？\n"),
        (("zzzzz",), "No such command 'zzzzz'.\n"),
        (("check", SHOWCASE, "--as-of", "soon"), "“soon” is not a date"),
        (("check", SHOWCASE, "--known-at", "soon"), "“soon” is not a date or a time"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(arguments: tuple[str, ...], text: str) -> None:
    """Unknown references name the nearest that is known, where one is near."""
    assert text in run(*arguments).err


def test_an_id_of_the_top_level_is_not_a_reference_to_nothing() -> None:
    """`--only ""` is the plan itself."""
    assert run("check", SHOWCASE, *AT, "--only", "") == run("check", SHOWCASE, *AT)


@pytest.mark.parametrize(
    ("options", "env", "chinese"),
    [
        ((), {}, False),
        ((), {"LANG": "zh_CN.UTF-8"}, True),
        ((), {"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
        ((), {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, True),
        ((), {"LC_ALL": "", "LANG": "zh"}, True),
        (("--lang", "en"), {"LC_ALL": "zh_CN.UTF-8"}, False),
        (("--lang=zh",), {"LC_ALL": "C"}, True),
        ((), {"LC_ALL": "de_DE.UTF-8"}, False),
    ],
)
def test_the_language_is_the_options_else_that_of_the_environment(
    options: tuple[str, ...], env: dict[str, str], chinese: bool
) -> None:
    """The option, then LC_ALL, then LANG; for the report, for help and for errors alike."""
    for arguments, word in (
        (("check", SHOWCASE, *AT), "截至"), (("check", "--help"), "用法"), (("check", SHOWCASE, "--as-of", "x"), "用法"),
    ):  # fmt: skip
        ran = run(*arguments, *options, env=env)
        assert (word in ran.out + ran.err) == chinese
    assert ("截至" in run(*options, "check", SHOWCASE, *AT, env=env).out) == chinese


def test_the_option_of_the_command_wins_over_the_one_before_it() -> None:
    """The nearer one counts."""
    assert "as of" in run("--lang", "zh", "check", SHOWCASE, *AT, "--lang", "en").out


def test_an_unknown_language_is_a_wrong_use() -> None:
    """Only two languages are spoken."""
    assert run("check", SHOWCASE, "--lang", "fr").code == USAGE
    assert run("check", SHOWCASE, "--lang").code == USAGE


def test_running_the_package_is_the_command_line(tmp_path: Path) -> None:
    """`python -m kpi_tracker` gives the same bytes as a call in this process."""
    inside = run("check", SHOWCASE, *AT)
    assert start("check", SHOWCASE, *AT) == inside


def test_main_takes_the_arguments_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without arguments those of the process are used."""
    from kpi_tracker.cli import main

    monkeypatch.setattr("sys.argv", ["kpi-tracker", "--version"])
    monkeypatch.setattr(os, "environ", {**os.environ})
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "kpi-tracker" in capsys.readouterr().out


def test_a_plan_that_moved_gives_the_same_report(tmp_path: Path) -> None:
    """Nothing but the places depends on where the plan lies."""
    shutil.copytree(ROOT / SHOWCASE, tmp_path / "elsewhere")
    moved = str(tmp_path / "elsewhere")
    assert run("check", moved, *AT).out.replace(moved, SHOWCASE) == run("check", SHOWCASE, *AT).out


def test_pitfall_c10_today_is_that_of_the_plan(tmp_path: Path) -> None:
    """C10: without a day it is today where the plan is, whatever the machine's clock is set to."""
    zones = {"Pacific/Kiritimati": 14, "Pacific/Pago_Pago": -11}
    days = {}
    for zone in zones:
        path = plan(tmp_path / zone.replace("/", "-"), text=GOOD.replace("Asia/Shanghai", zone))
        found = {
            json.loads(start("check", path, "--format", "json", env={"TZ": tz}).out)["as_of"]
            for tz in ("UTC", "Asia/Tokyo")
        }
        assert len(found) == 1
        days[zone] = date.fromisoformat(found.pop())
    assert (days["Pacific/Kiritimati"] - days["Pacific/Pago_Pago"]).days in (1, 2)


@pytest.mark.parametrize("command", [("check", "--only"), ("explain",)])
def test_an_item_that_is_broken_is_not_called_unknown(command: tuple[str, ...], tmp_path: Path) -> None:
    """What stands in the plan and could not be read is 3 with its fault, not a wrong use of the command."""
    path = plan(tmp_path / "p", text=GOOD + "  - {id: bad, title: Bad, measure: totl}\n")
    name, *option = command
    ran = run(name, path, *option, "bad", *AT)
    assert ran.code == BROKEN
    assert "KT204" in ran.err
