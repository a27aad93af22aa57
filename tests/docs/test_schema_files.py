"""The schemas in docs/schema are what the commands print."""

from pathlib import Path

import pytest

from tests.cli.running import run

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schema"


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("plan", "kpi-tracker-v1.schema.json"),
        ("scorecard", "kpi-tracker-scorecard-v1.schema.json"),
        ("scorecards", "kpi-tracker-scorecards-v1.schema.json"),
        ("league", "kpi-tracker-league-v1.schema.json"),
    ],
)
def test_schema_file_is_what_the_command_prints(what: str, name: str) -> None:
    """Each file holds the schema of today; `kpi-tracker schema` writes it anew."""
    printed = run("--lang", "en", "schema", what)
    assert printed.code == 0
    assert (SCHEMAS / name).read_text("utf-8") == printed.out
