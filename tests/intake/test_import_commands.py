"""The commands form, import and record, as they are typed."""

from pathlib import Path

from tests.cli.running import run
from tests.intake.made import csv_file, ledger, plan_in

ROWS = "指标,月份,累计,本月,备注\nsales,2021-10,5000,,\ncases,2021-10,,105,x\nshare,2021-09,83,,\ngrade,2021-10,,,无\n合计,,1,,\n"


def told(plan: Path, text: str) -> str:
    """Return a text with the folder of the test left out."""
    return text.replace(str(plan.parent), "…")


def test_an_import_is_shown_whole_in_english(tmp_path: Path) -> None:
    """New, corrected, left out, suspicious; what to do next; then what was done, and that there is nothing left to do."""
    plan = plan_in(tmp_path)
    file = csv_file(tmp_path / "t.csv", ROWS)
    first = run("import", str(file), "--plan", str(plan), "--lang", "en")
    assert first.code == 1
    assert first.out == (
        "new: 2\n  C2  sales  2021-10-31  5,000 万元\n  D3  cases  2021-10-31  105 件\n"
        "corrected: 1\n  C4  share  2021-09-30  82.5% → 83%\n"
        "left out: 1\n  A6  “合计” is a row of totals, not a KPI\n"
        "suspicious: 1\n  C2  sales  a cumulative figure that falls: 5000 after 5100 on 2021-09-30\n"
        "nothing was written: look at what is suspicious; where it is right, say so with --accept C2\n"
    )
    trial = run("import", str(file), "--plan", str(plan), "--accept", "C2", "--dry-run", "--lang", "en")
    assert (trial.code, trial.out.splitlines()[-1]) == (0, "nothing was written: this was a trial (--dry-run)")
    second = run("import", str(file), "--plan", str(plan), "--accept", "C2", "--by", "Li", "--lang", "en")
    assert (second.code, told(plan, second.out.splitlines()[-1])) == (
        0, "rows appended to …/plan/observations/ledger.csv: 3",
    )  # fmt: skip
    third = run("import", str(file), "--plan", str(plan), "--lang", "en")
    assert (third.code, third.out.splitlines()[0]) == (0, "unchanged: 3")
    assert third.out.splitlines()[-1] == "nothing was written: everything is in the ledger already"


def test_an_import_is_shown_in_chinese(tmp_path: Path) -> None:
    """The same in the words of a planning office."""
    plan = plan_in(tmp_path)
    file = csv_file(tmp_path / "t.csv", ROWS.replace("105", "x"))
    found = run("import", str(file), "--plan", str(plan), "--lang", "zh")
    assert found.code == 3
    assert found.out.endswith(
        "未读取：1 处\n  A6  “合计”是合计行，不是指标\n"
        "存疑：1 处\n  C2  sales  累计数下降：2021-09-30 为 5100，现为 5000\n"
        "未采用：1 处\n  D3  “x”不是数字：其中没有数字\n"
        "未写入：请改正未采用的行，或用 --partial 只导入其余各行\n"
    )


def test_recording_asks_again_where_the_value_is_suspicious(tmp_path: Path) -> None:
    """A negative number needs no tricks; steps that are done are told."""
    plan = plan_in(tmp_path)
    odd = run("record", str(plan), "cases", "1030", "--on", "2021-10", "--lang", "en")
    assert (odd.code, odd.out.splitlines()[-1]) == (
        1, "nothing was written: look at what is suspicious; where it is right, say so with --accept",
    )  # fmt: skip
    assert run("record", str(plan), "cases", "1030", "--on", "2021-10", "--accept").code == 0
    assert run("record", str(plan), "north", "-3", "--on", "2021-10", "--note", "-1").code == 0
    road = run("record", str(plan), "road", "none", "--on", "2021-09-30", "--lang", "en")
    assert road.out.splitlines()[:2] == ["new: 1", "  road  2021-09-30  none"]
    today = run("record", str(plan), "road", "draft", "--on", "today", "--lang", "en")
    assert today.code == 3
    assert "lies outside the plan's period" in today.out
    assert [row.split(",")[0] for row in ledger(plan)] == ["cases", "north", "road"]
    assert ledger(plan)[1].endswith(",,'-1")


def test_reasons_go_to_standard_error(tmp_path: Path) -> None:
    """A plan that is none, a file that is none, data with a fault; all end with 3 or go on."""
    plan = plan_in(tmp_path)
    file = csv_file(tmp_path / "t.csv", "kpi,date,value\nnorth,2021-10-31,1\n")
    assert "error KT101" in run("import", str(file), "--plan", str(tmp_path / "no"), "--on", "today").err
    none = run("import", str(tmp_path / "none.csv"), "--plan", str(plan), "--lang", "en")
    assert (none.code, told(plan, none.err)) == (3, "…/none.csv cannot be read: there is no such file\n")
    csv_file(plan / "observations" / "2022.csv", "kpi,date,value\nnorth,2021-10,x\n")
    faulty = run("import", str(file), "--plan", str(plan))
    assert faulty.code == 0
    assert "KT406" in faulty.err
    empty = csv_file(tmp_path / "e.csv", "kpi,date,value\nnorth,2021-10-31,\n")
    assert (
        run("import", str(empty), "--plan", str(plan), "--lang", "en").out
        == "nothing was written: no value was found\n"
    )


def test_forms_are_written_and_told(tmp_path: Path) -> None:
    """One line says what is in it; where nothing can be written, why."""
    plan, out = plan_in(tmp_path), tmp_path / "form.xlsx"
    done = run("form", str(plan), "--period", "2021-10", "-o", str(out), "--lang", "en")
    assert (done.code, told(plan, done.out)) == (
        0, "…/form.xlsx: 2 sheets, 7 KPIs to fill, 1 has no figure that ends with the period\n",
    )  # fmt: skip
    none = run("form", str(plan), "--period", "2019-10", "-o", str(out), "--lang", "zh")
    assert (none.code, none.err) == (3, "没有截至 2019-10-31 应报的数据，无须填报\n")
