"""The Prometheus text: read by Prometheus' own parser, named by its conventions, and without a sample for what is not known."""

import math
import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from kpi_tracker import Status
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.reporting.checked import Checked
from kpi_tracker.reporting.prometheus import write
from tests.reporting.outputs import HOSTILE, NOWHERE, UNREADABLE, golden, hostile, showcase, sound

PREFIX = "kpi_tracker_"


def samples(*plans: Checked, lang: str = "en") -> dict[str, list[Sample]]:
    """Return the samples by metric, without the prefix; each metric stands once, is a gauge with a help, and repeats no series."""
    found: dict[str, list[Sample]] = {}
    for family in text_string_to_metric_families(write(plans, lang, "lagging")):
        assert family.name not in found
        assert (family.type, bool(family.documentation)) == ("gauge", True)
        assert len({tuple(sorted(sample.labels.items())) for sample in family.samples}) == len(family.samples)
        found[family.name.removeprefix(PREFIX)] = family.samples
    return found


def one(found: list[Sample], **labels: str) -> float:
    """Return the value of the only sample with these labels."""
    [value] = [sample.value for sample in found if labels.items() <= sample.labels.items()]
    return float(value)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_samples_are_those_that_were_found_good(lang: str) -> None:
    """Byte for byte what the golden file holds, for one plan and one that cannot be read."""
    golden(f"prometheus.{lang}.prom", write([showcase(), UNREADABLE], lang, "lagging"))


def test_figures_statuses_and_days() -> None:
    """Of KPIs, goals and the plan; a day is its last second in the time zone of the plan."""
    found = samples(showcase())
    assert one(found["kpi_attainment_ratio"], path="growth/reform/pilots") == 0.2
    assert one(found["kpi_lag_ratio"], path="growth/reform/pilots") == pytest.approx(0.55)
    assert one(found["kpi_value"], path="service/permits") == 5650
    assert one(found["goal_coverage_ratio"], path="service") == 1
    assert one(found["kpi_status"], path="service/rank", status="regressing") == 1
    assert sum(sample.value for sample in found["kpi_status"] if sample.labels["path"] == "service/rank") == 1
    assert one(found["kpi_data_timestamp_seconds"], path="service/permits") == 1633017599  # 2021-09-30T23:59:59+08:00
    assert one(found["plan_as_of_timestamp_seconds"]) == 1633017599
    assert {sample.labels["status"]: sample.value for sample in found["plan_kpis"]} == {
        status.value: sum(kpi.status is status for kpi in showcase().scorecard.kpis) for status in Status  # type: ignore[union-attr]
    }  # fmt: skip
    assert one(found["plan_judged"]) == 0
    assert one(found["plan_illustrative"]) == 0


def test_what_has_no_value_has_no_sample() -> None:
    """There is no NaN; a grade is no number; a KPI without data has its status alone."""
    found = samples(showcase())
    assert not any(math.isnan(sample.value) for family in found.values() for sample in family)
    with_path = {
        name for name, family in found.items() for sample in family if sample.labels.get("path") == "archive/scans"
    }
    assert with_path == {"kpi_status", "kpi_info"}
    assert not [sample for sample in found["kpi_value"] if sample.labels["path"] == "growth/cluster"]


def test_names_follow_the_conventions() -> None:
    """Lower case, base units at the end, nothing that is kept for counters and histograms."""
    for name in samples(showcase()):
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
        assert not name.endswith(("_total", "_count", "_sum", "_bucket", "_percent", "_days"))


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool (of the Debian package prometheus) is not installed")
def test_promtool_finds_nothing_to_mend() -> None:
    """Its lint is that of the OpenMetrics conventions."""
    text = write([showcase(), UNREADABLE], "zh", "lagging")
    done = subprocess.run(["promtool", "check", "metrics"], input=text.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")


def test_the_language_changes_titles_alone() -> None:
    """Two files of one node_exporter must not explain a metric differently."""
    english, chinese = (write([showcase()], lang, "lagging").splitlines() for lang in ("en", "zh"))
    differ = [line for line, other in zip(english, chinese, strict=True) if line != other]
    assert differ
    assert all(line.startswith("kpi_tracker_kpi_info{") for line in differ)


def test_a_sound_plan_is_judged() -> None:
    """And has no fault."""
    found = samples(sound())
    assert one(found["plan_judged"]) == 1
    assert [sample.value for sample in found["plan_faults"]] == [0, 0]


def test_a_plan_named_twice_counts_once() -> None:
    """A series that stands twice would make the whole file unreadable."""
    assert write([sound(), sound()], "en", "lagging") == write([sound()], "en", "lagging")


@pytest.mark.parametrize("broken", [UNREADABLE, NOWHERE], ids=["faults", "nothing"])
def test_a_plan_that_cannot_be_read_is_not_judged(broken: Checked) -> None:
    """It has a sample that says so, beside a sound plan too."""
    found = samples(sound(), broken)
    assert one(found["plan_judged"], source=broken.source) == 0
    assert one(found["plan_judged"], source="plans/p") == 1


@settings(deadline=None)
@given(HOSTILE)
def test_hostile_text_stays_in_its_label(words: str) -> None:
    """The text is read as before, with its control characters made visible."""
    found = samples(hostile(words), lang="zh")
    assert {sample.labels["title"] for sample in found["kpi_info"]} == {plain(words)}
    assert {sample.labels["owner"] for sample in found["kpi_info"]} == {plain(words)}
    assert one(found["plan_judged"], source=plain(f"plans/{words}")) == 0
    assert len(found["kpi_info"]) == 3
