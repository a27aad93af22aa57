"""The published schema: valid itself, and of one mind with the loader."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from kpi_tracker.diagnostics.report import Report
from kpi_tracker.loading.fields import Origin
from kpi_tracker.loading.records import INCLUDED, PLAN, RECORDS
from kpi_tracker.loading.scalars import COUNT, DATE, ID, SHARE, WEIGHT, YEAR
from kpi_tracker.loading.schema import plan_schema, schema_text
from kpi_tracker.loading.wrong import Wrong
from tests.loading.written import HEAD, PLANS, SHIPPED, SOUND, codes, read

FORMAT = Path(__file__).parents[2] / "docs" / "format.md"
POSITIVE = [
    file
    for folder in (*(PLANS / "positive").iterdir(), SHIPPED)
    for file in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml")))
]
REFUSED = ("KT201", "KT202", "KT203", "KT211")
NEGATIVE = [folder for folder in sorted((PLANS / "negative").iterdir()) if folder.name.startswith(REFUSED)]


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read a file: dates, `yes` and `<<` are texts."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML wants it so


for tag, expression, first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{expression})$"), first)
CoreLoader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))  # a leading 0 is no octal number


def loaded(text: str) -> Any:
    """Return what an editor sees in a file."""
    return yaml.load(text, CoreLoader)


def refusals(content: Any) -> list[str]:
    """Return what the schema says against a file."""
    return [error.message for error in Draft7Validator(plan_schema()).iter_errors(content)]


def keys_in(content: Any) -> Iterator[str]:
    """Yield every key in a file, at any depth."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from keys_in(value)
    if isinstance(content, list):
        for value in content:
            yield from keys_in(value)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_schema_is_valid_draft_07(lang: str) -> None:
    """Editors refuse a schema that is none."""
    schema = plan_schema(lang)
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_schema_is_the_same_bytes_every_time() -> None:
    """It can be kept under version control, in UTF-8 and with a line end."""
    text = schema_text(plan_schema())
    assert text == schema_text(plan_schema())
    assert text.endswith("}\n")
    assert json.loads(text) == plan_schema()
    assert "一票否决" in text


def test_schema_has_descriptions_in_both_languages() -> None:
    """The structure is the same, the words are not."""

    def without_words(schema: Any) -> Any:
        if isinstance(schema, dict):
            words = [key for key in ("description", "title") if isinstance(schema.get(key), str)]
            return {key: without_words(value) for key, value in schema.items() if key not in words}
        return [without_words(part) for part in schema] if isinstance(schema, list) else schema

    english, chinese = plan_schema("en"), plan_schema("zh")
    assert english["title"] != chinese["title"]
    described = [schema["definitions"]["kpi"]["properties"]["measure"]["description"] for schema in (english, chinese)]
    assert described[0] != described[1]
    assert without_words(english) == without_words(chinese)


@pytest.mark.parametrize("file", POSITIVE, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_file_of_a_sound_plan_fits_the_schema(file: Path) -> None:
    """What the loader reads without a fault, an editor shows without one, included files too."""
    assert refusals(loaded(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("folder", NEGATIVE, ids=lambda folder: folder.name)
def test_unknown_keys_and_wrong_types_are_refused_by_the_schema_too(folder: Path) -> None:
    """An editor marks what the loader refuses for its shape."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.yaml"))]
    assert any(refusals(loaded(text)) for text in texts)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_schema_and_loader_have_the_same_keys(record: Any) -> None:
    """Both come from one declaration: keys, those that are required, and nothing beside them."""
    schema = plan_schema()["definitions"][record.name]
    mapping = next((part for part in schema.get("anyOf", [schema]) if part.get("type") == "object"), schema)
    assert list(mapping["properties"]) == list(record.fields)
    assert mapping.get("required", []) == sorted(key for key, field in record.fields.items() if field.required)
    assert mapping["additionalProperties"] is False


def test_every_reference_of_the_schema_leads_somewhere() -> None:
    """No definition is missing and none is idle."""
    text = schema_text(plan_schema())
    used = set(re.findall(r'"#/definitions/([^"]+)"', text))
    assert used == set(plan_schema()["definitions"])


def test_one_plan_has_every_key_there_is() -> None:
    """The plan `every-key` shows each key of the format at least once."""
    folder = PLANS / "positive" / "every-key"
    shown = {key for file in folder.rglob("*.yaml") for key in keys_in(loaded(file.read_text(encoding="utf-8")))}
    assert {key for record in RECORDS for key in record.fields} - shown == set()


def test_every_key_is_documented() -> None:
    """docs/format.md names each key of the format."""
    words = set(re.findall(r"[a-z_]+", FORMAT.read_text(encoding="utf-8")))
    assert {key for record in (*RECORDS, PLAN, INCLUDED) for key in record.fields} - words == set()


@pytest.mark.parametrize(
    "line",
    [
        "colour: red", "period: last year", "grace: soon", "coverage_floor: []", "kinds: {a: {titel: A}}", "owner:",
        "calendar: weeks", "baseline_year: 99999", "presets: {a: {by: pace}}", "target_policy: {limit: {maintain: true}}",
        "facts: [{id: f}]", "goals: [{id: g, title: G, veto: true}]", "goals: [{id: g, title: {fr: G}}]",
        "include: a.yaml", "observations: {}", "thresholds: {ahaed: 1}", "source: {section: {}}", "goals: {}",
        "facts: [{id: f, title: F, approximate: yes}]", "goals: [{id: g, title: G, weight: heavy}]",
        "goals: [{id: g, title: G, exempt: {kind: gone, reason: R, date: 2021-01-01}}]", "kpis: [text]",
        "goals: [{id: g, title: G, supports: [{weight: 2}]}]", "goals: [{id: g, title: G, tags: [[]]}]",
        "period: 0", "period: 99999", 'period: "20211"', "baseline_year: 0999", "grace: 1000000", "grace: -1",
        "coverage_floor: 120%", 'coverage_floor: "1.5"', "coverage_floor: 80", "coverage_floor: -5%", "coverage_floor: half",
        "period: {start: 2021-13-01, end: 2021-12-31}", "period: {start: 2021-01-01, end: 2021-12-32}",
        "period: {start: 2021年13月1日, end: 2021-12-31}", "period: {start: 2021, end: 2021-12-31}",
        "id: a/b", "id: -a", "id: 乡/a", "id: -5", "goals: [{id: a b, title: G}]", "goals: [{id: '', title: G}]",
        "goals: [{id: g, title: G, weight: 1000000000}]", "thresholds: {lag_floor: -1}",
        "target_policy: {total: {maintain: true, change: +1}}", "target_policy: {total: {}}",
        "target_policy: {grade: {change: +1}}", "target_policy: {total: {improve: 160%}}",
        "dimensions: [{id: d, title: D, members: []}]", "dimensions: [{id: d, title: D, members: [a/b]}]",
        "sources: [{id: s, kind: csv, columns: {kpi: k, value: v, date: d, period: p}, files: [a.csv]}]",
        "sources: [{id: s, kind: csv, columns: {kpi: k, value: v}, files: [a.csv]}]",
        "sources: [{id: s, kind: sql, columns: {kpi: k, value: v, date: d}, select: select 1, url: {env: A, file: b}}]",
        "flags: {raise_after: {runs: 0}}", 'flags: {flapping: {changes: 21}}',
    ],
)  # fmt: skip
def test_loader_and_schema_refuse_the_same_line(tmp_path: Path, line: str) -> None:
    """One line of a wrong shape is refused by both."""
    key = line.partition(":")[0]
    head = "".join(kept for kept in HEAD.splitlines(keepends=True) if not kept.startswith(f"{key}:"))
    text = head + line + "\n" + ("" if key == "kpis" else "kpis:\n" + SOUND)
    assert codes(read(tmp_path, text)) != []
    assert refusals(loaded(text)) != []


@pytest.mark.parametrize(
    "line",
    [
        "period: {start: 2021-01-01, end: 2021-12-31}", "coverage_floor: 0.8", "coverage_floor: 80%", "baseline_year: 2019",
        "owner: 5", "owner: true", "owner: {en: Office}", "thresholds: eurostat", "thresholds: {lag_floor: 0}",
        "target_policy: {total: {maintain: true}, rate: {maintain: 5%}, level: {maintain: 2}}", "source: {section: 1}",
        "goals: [{id: 7, title: 7}]", "facts: [{id: f, title: F, value: 3}]",
        "goals: [{id: g, title: G, weight: 0.5, tags: [1, true, x]}]", "include: []", "grace: 0", "presets: {}",
        "goals: [{id: 1.5, title: G}]", "goals: [{id: true, title: G}]", "kinds: {a: {title: A, count: 0}}",
        'period: "2021"', "period: ２０２１", 'baseline_year: "2019"', 'grace: "10"', "grace: 999999", "coverage_floor: 100%",
        'coverage_floor: "0.8"', "coverage_floor: ８０％", "coverage_floor: ' +080.0 % '", "coverage_floor: 1", "coverage_floor: 0",
        "coverage_floor: 8e1%", "period: {start: 2021/1/1, end: 2021年12月31日}", "period: {start: ２０２１.１.１, end: 2021.12.31}",
        "goals: [{id: 乡-1._, title: G}]", "id: 0", 'goals: [{id: g, title: G, weight: "2"}]',
        "goals: [{id: g, title: G, weight: 999999999}]", "target_policy: {grade: {maintain: true}}",
        "target_policy: {total: {improve: 10%}}", "dimensions: [{id: d, title: D, members: [a, {id: b}]}]",
        "flags: {raise_after: {runs: 1}, flapping: {changes: 20}}",
    ],
)  # fmt: skip
def test_loader_and_schema_accept_the_same_line(tmp_path: Path, line: str) -> None:
    """One line of the right shape is accepted by both."""
    key = line.partition(":")[0]
    head = "".join(kept for kept in HEAD.splitlines(keepends=True) if not kept.startswith(f"{key}:"))
    text = head + line + "\nkpis:\n" + SOUND
    assert codes(read(tmp_path, text)) == []
    assert refusals(loaded(text)) == []


KPIS = {
    "target: {value: 5, maintain: true, basis: stated}": "measure: total, baseline: 1",
    "target: {basis: stated}": "measure: total, direction: increase",
    "steps: []": "measure: milestone",
    "steps: [{id: s, title: S, due: 2024-13-01}]": "measure: milestone",
    "profile: []": "measure: total, baseline: 1, target: {value: 2, basis: stated}",
    "profile: [{date: 2021-12-31, share: 160%}]": "measure: total, baseline: 1, target: {value: 2, basis: stated}",
    "scale: [A]": "measure: grade, target: {value: A, basis: stated}",
}


@pytest.mark.parametrize("line", KPIS)
def test_loader_and_schema_refuse_the_same_kpi(tmp_path: Path, line: str) -> None:
    """One line of a KPI is refused by both: two forms of a target, a list with nothing in it."""
    text = f"{HEAD}kpis:\n  - {{id: k, title: K, {KPIS[line]}, {line}}}\n"
    assert codes(read(tmp_path, text)) != []
    assert refusals(loaded(text)) != []


SCALARS = {
    "date": DATE,
    "share": SHARE,
    "id": ID,
    "weight": WEIGHT,
    "count": COUNT,
    "year": YEAR,
    "period": PLAN.fields["period"].type,
}
DEFINITIONS = plan_schema()["definitions"]
VALIDATORS = {name: Draft7Validator({**kind.schema, "definitions": DEFINITIONS}) for name, kind in SCALARS.items()}
PARTS = ["0", "1", "2", "7", "00", "10", "100", "12", "31", "2021", "1e", "E-", "+", "-", "/", ".", ",", "%", "％", " ", "年", "月",
         "日", "２", "_", "a", "乡", "true", "１００"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=7).map("".join), st.sampled_from(["", '"']))
@example("2021-09-30", "")
@example("2021 年 9 月 30 日", '"')
@example("  .5 ", '"')
@example("1_0", "")
def test_what_the_loader_reads_the_schema_lets_pass(word: str, quote: str) -> None:
    """Numbers, dates, shares and ids in every notation: the schema refuses none that can be read."""
    text = quote + word + quote
    try:
        found = list(yaml.parse(text, yaml.SafeLoader))[2:3]  # after the start of the stream and of the document
    except yaml.YAMLError:
        return
    for node in found:
        for name, kind in SCALARS.items():
            with suppress(Wrong):
                kind.decode(node, Origin("", Report()))
                assert VALIDATORS[name].is_valid(loaded(text)), (name, text)
