"""The reference pages leave nothing out: every fault, every command with its options, every field of the JSON.

Run this file as a script to write the messages of today into faults.md; what to do about a new fault is for you to say.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kpi_tracker.cli.commands import COMMANDS, named
from kpi_tracker.diagnostics.faults import FAULTS
from kpi_tracker.language import language
from kpi_tracker.loading.records import RECORDS
from kpi_tracker.reporting.league_schema import league_schema
from kpi_tracker.reporting.scorecard_schema import scorecard_schema

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROW = re.compile(
    r"^\| (?P<code>KT\d{3})(?P<kind> \(warning\))? \| `(?P<en>.+?)`<br>`(?P<zh>.+?)` \| (?P<todo>.+) \|$", re.MULTILINE
)


def page(name: str) -> str:
    """Return a page of the documentation."""
    return (DOCS / name).read_text("utf-8")


def section(text: str, heading: str) -> str:
    """Return the part of a page below a heading, up to the next one of its level."""
    level = heading.partition(" ")[0]
    return re.split(rf"^{level} ", text.split(f"\n{heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def properties(schema: Any) -> Iterator[str]:
    """Yield every property that a schema names, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from properties(part)


def test_every_fault_is_explained_with_its_messages_as_they_are() -> None:
    """faults.md has each code once, in order, with its severity and its message in both languages."""
    chinese = language("zh")
    rows = [(row["code"], bool(row["kind"]), row["en"], row["zh"]) for row in ROW.finditer(page("faults.md"))]
    assert rows == [(code, f.warning, f.message, chinese.text(f.message)) for code, f in FAULTS.items()]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_its_options_are_shown(name: str) -> None:
    """cli.md has a section for each command, in which its help shows every option."""
    text = section(page("cli.md"), f"## {name}")
    shown = [option for parameter in named(name).params for option in parameter.opts if option.startswith("-")]
    assert f"$ kpi-tracker {name} --help" in text
    assert not [option for option in (*shown, "--help") if option not in text]


def test_every_field_of_the_json_is_explained() -> None:
    """json.md has a row for each property of the scorecard's schema, and none that is not there."""
    explained = set(re.findall(r"^\| `(\w+)` \|", page("json.md"), re.MULTILINE))
    assert explained == set(properties(scorecard_schema()))


def test_every_field_of_the_league_is_explained() -> None:
    """check-many.md names each property of the schema of a league; those of faults and plans are in json.md."""
    text = page("check-many.md")
    there = set(properties(scorecard_schema()))
    assert [name for name in set(properties(league_schema())) - there if f"`{name}`" not in text] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_every_key_of_the_format_is_explained(record: Any) -> None:
    """format.md names each key that a mapping of the format may have."""
    text = page("format.md")
    assert not [key for key in record.fields if not re.search(rf"`{key}`|\b{key}: |[{{ ,]{key}[:,}}]", text)]


def with_messages(text: str) -> str:
    """Return faults.md with the severities and messages of today."""
    chinese = language("zh")

    def row(found: re.Match[str]) -> str:
        code, todo = found["code"], found["todo"]
        fault = FAULTS[code]
        kind = " (warning)" if fault.warning else ""
        return f"| {code}{kind} | `{fault.message}`<br>`{chinese.text(fault.message)}` | {todo} |"

    return ROW.sub(row, text)


if __name__ == "__main__":
    (DOCS / "faults.md").write_text(with_messages(page("faults.md")), encoding="utf-8")
