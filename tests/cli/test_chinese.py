"""In Chinese nothing is left in English but data, ids, formulas' symbols and the names of options."""

import re
from pathlib import Path

import pytest

from tests.cli.running import SHOWCASE, run
from tests.reporting.showcase import DAY, scored
from tests.sources.rows import PLAN_TEXT

AT = ("--as-of", DAY, "--lang", "zh")
WORD = re.compile(r"[A-Za-z][A-Za-z_-]*")
# Names that are the same in both languages: of options, values, files and placeholders in a usage line.
NAMES = {"LC_ALL", "approximate", "true"} | set(
    "kpi tracker PLAN ITEM PATH DATE TIME OPTIONS COMMAND ARGS KPI KPIs JSON Schema CSV UTF BOM GB YAML IANA LC ALL LANG "
    "text json zh en at_risk stale no_data lagging regressing missed breached never plan scorecard check show explain "
    "validate schema as of known only format fail on quiet q h help lang version Shanghai Asia Q W H KT max min "
    "timeline strict none reported provisional estimated illustrative date period value recorded_at source basis note "
    "docs OUT FORMAT since out o both html markdown docx pdf CNY a b c d e g p t w x N tol e0 e1 e2 t1 t2 goals kpis facts id title "
    "junit github sarif prometheus nagios csv auto new lagging REV git FILE bash zsh fish shell completion plans scorecards "
    "ack audit history export URL parquet Parquet sqlite postgresql by WHO why TEXT until withdraw PATH notify dry run NUMBER "
    "JSON OK WARNING CRITICAL UNKNOWN plugin codes embed fonts Markdown "
    "form import record VALUE PERIOD CELL Sheet C all xlsx xls ods fmt init carry over YEAR FOLDER diff "
    "sync ID DAY as_of DIMENSION MEMBER district part "
    "many template observations group groups COLUMN targets engine master Spark spark submit duckdb polars top league "
    "baseline target title_zh title_en parent s".split()
)


def english(text: str) -> list[str]:
    """Return the English words of a text that are neither names nor ids nor places."""
    data = {part for item in scored().items for part in re.split(r"[/-]", item)} | {"showcase"}
    data |= {part for kpi in scored().kpis for step in kpi.kpi.steps for part in step.id.split("-")}
    data |= {grade for kpi in scored().kpis for grade in kpi.kpi.scale}
    text = text.replace("3m12s", "")
    text = re.sub(r"\S+\.(?:yaml|csv)\S*", "", text)  # places
    text = re.sub(r"(?<!\w)--?[a-z][a-z-]*", "", text)  # options
    words = [word for found in WORD.findall(text) for word in re.split("-", found)]
    return [word for word in words if word and word not in NAMES and word not in data]


@pytest.mark.parametrize("width", ["60", "140"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", SHOWCASE),
        ("check", SHOWCASE, "-q"),
        ("check", SHOWCASE, "--only", "growth"),
        ("show", SHOWCASE),
        ("explain", SHOWCASE),
    ],
    ids=" ".join,
)
def test_reports_are_in_chinese(arguments: tuple[str, ...], width: str) -> None:
    """Headings, statuses, marks and hints."""
    ran = run(*arguments, *AT, env={"COLUMNS": width})
    assert english(ran.out + ran.err) == []
    assert re.search("[一-鿿]", ran.out)


@pytest.mark.parametrize("path", [item.path for item in scored().walk()])
def test_explanations_are_in_chinese(path: str) -> None:
    """The words in formulas and every reason too."""
    ran = run("explain", SHOWCASE, path, *AT, env={"COLUMNS": "400"})
    text = ran.out.replace("corrected", "")  # the note of a row
    assert english(text) == []


@pytest.mark.parametrize("command", [(), ("check",), ("check-many",),
                                     ("show",), ("explain",), ("docs",), ("validate",), ("schema",), ("completion",),
                                     ("history",), ("history", "show"), ("history", "export"), ("ack",), ("audit",),
                                     ("form",), ("import",), ("record",), ("sync",),
                                     ("fmt",), ("carry-over",), ("init",)])  # fmt: skip
def test_help_is_in_chinese(command: tuple[str, ...]) -> None:
    """Usage, options, commands."""
    assert english(run(*command, "--help", env={"LANG": "zh_CN.UTF-8"}).out) == []


@pytest.mark.parametrize(
    ("arguments", "data"),
    [
        (("check",), ""), (("chek",), "chek"), (("check", SHOWCASE, "--as-of", "soon"), "soon"),
        (("check", SHOWCASE, "--known-at", "soon"), "soon"), (("check", SHOWCASE, "--format", "xml"), "xml"),
        (("check", SHOWCASE, "--only"), ""), (("check", SHOWCASE, "--onl", "z"), "z"), (("show", SHOWCASE, "more"), "more"),
        (("check", SHOWCASE, "--only", "permit"), "permit"), (("explain", SHOWCASE, "permit"), "permit"),
        (("check", SHOWCASE, "--quiet=1"), ""), (("show", SHOWCASE, "more", "most"), "more most"),
    ],
)  # fmt: skip
def test_wrong_use_is_in_chinese(arguments: tuple[str, ...], data: str) -> None:
    """click's own messages are in our catalogue."""
    ran = run("--lang", "zh", *arguments)
    assert [word for word in english(ran.err.replace(SHOWCASE, "")) if word not in data.split()] == []


def test_faults_are_in_chinese(tmp_path: Path) -> None:
    """Every fault of the data, with its reason."""
    (tmp_path / "plan.yaml").write_text(PLAN_TEXT, encoding="utf-8")
    (tmp_path / "observations").mkdir()
    rows = (
        "cases,2021-01-31,,三,,,,", "cases,2021-02-30,,3,,,,", "cases,2021-01-31,,3,近日,,,", "cases,2021-01-31,,3,,,大概,",
        "cases,,,3,,,,", "甲,2021-01-31,,3,,,,", "mark,2021-01-31,,丁,,,,", "road,2021-01-31,,丙,,,,", "road,2021-01-31,,,,,,",
        "cases,2030-01-31,,3,,,,", "cases,2021-05-31,,3,,,,", "cases,2021-05-31,,3,,,,", "cases,2021-05-31,,4,,,,", "cases,1",
        'cases,2021-01-31,,"1,23",,,,', "cases,2021-01-31,,3秒,,,,", "cases,2021-01-31,,3多件,,,,", "cases,2021-01-31,,,,,,",
    )  # fmt: skip
    text = "kpi,date,period,value,recorded_at,source,basis,note\n" + "\n".join(rows) + '\n"'
    (tmp_path / "observations" / "a.csv").write_text(text, encoding="utf-8")
    ran = run("check", str(tmp_path), *AT)
    messages = [line.partition(": ")[2] for line in ran.out.splitlines() if re.search(r"KT\d{3}", line)]
    assert len(messages) == len(rows)
    data = {"cases", "mark", "road", "draft", "approve", "A", "B", "C"}
    assert [word for message in messages for word in english(message) if word not in data] == []


def test_bad_files_are_named_in_chinese(tmp_path: Path) -> None:
    """Reasons of the system that happen often have words of ours."""
    ran = run("check", str(tmp_path / "没有"), "--lang", "zh")
    assert english(ran.err.replace(str(tmp_path), "")) == []
    (tmp_path / "plan.yaml").write_bytes(b"\x00")
    assert english(run("check", str(tmp_path), "--lang", "zh").err.replace(str(tmp_path), "")) == []
