"""Whatever stands in a file, reading it ends with a plan or faults, each with a place and words in both languages."""

from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kpi_tracker.loading.plan import PlanReading, read_plan
from kpi_tracker.loading.records import RECORDS
from kpi_tracker.model.kpi import Kpi
from tests.loading.written import HEAD, PLANS, WHOLE

EVERY_KEY = (PLANS / "positive" / "every-key" / "plan.yaml").read_text(encoding="utf-8")
IN_CHINESE = (PLANS / "positive" / "in-chinese" / "plan.yaml").read_text(encoding="utf-8")
KEYS = sorted({key for record in RECORDS for key in record.fields} | {"zh", "en", "x", "<<"})
SCALARS = [
    "", "~", "null", "true", "false", "yes", "0", "1", "-1", "2021", "2021-09-30", "2021-02-30", "1e999", "nan", ".inf",
    "5%", "+10%", "-10%", "150%", "3分53秒", "4.92亿元", "3700多家", "total", "level", "rate", "limit", "milestone", "grade",
    "increase", "decrease", "sum", "newest", "elapsed", "at-end", "stated", "assumed", "timeline", "eurostat", "a", "b", "A",
    "B", "sound", "a/b", "*", "../x.yaml", "*.yaml", "lag", "pace", "on_track", "lagging", "cancelled", "%", "万元", "秒",
    "kpi-tracker/v1", "Asia/Shanghai", "Mars", "x\x85y", "\u202e", "a\0b", "\ud800",
]  # fmt: skip

scalars = st.sampled_from(SCALARS) | st.text(max_size=8)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | scalars, inner, max_size=6),
    max_leaves=25,
)

LISTS = ("goals", "kpis", "facts")
sparse_items = st.dictionaries(st.sampled_from(KEYS), trees, max_size=8)
written = st.builds(
    lambda head, body, style: yaml.safe_dump(
        {"format": "kpi-tracker/v1", "id": "p", "title": "P", "period": "2021", "time_zone": "UTC", **head, **body},
        allow_unicode=True, default_flow_style=style, sort_keys=False,
    ),
    st.dictionaries(st.sampled_from(KEYS), trees, max_size=5),
    st.fixed_dictionaries({}, optional={key: st.lists(sparse_items | trees, max_size=3) for key in LISTS}),
    st.sampled_from([None, False, True]),
)  # fmt: skip
documents = written | written.map(lambda text: text.replace("'", ""))
edits = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "swap", "cut", "line"]),
        st.integers(0, 10**6),
        st.sampled_from(SCALARS) | st.text(max_size=3),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


def edited(text: str, changes: list[tuple[str, int, str]]) -> str:
    """Return `text` after someone's hands slipped."""
    for kind, position, word in changes:
        at = position % (len(text) + 1)
        if kind == "insert":
            text = text[:at] + word + text[at:]
        elif kind == "delete":
            text = text[:at] + text[at + 1 :]
        elif kind == "swap":
            text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
        elif kind == "cut":
            text = text[:at] + text[at + 40 :]
        else:
            lines = text.splitlines(keepends=True)
            text = "".join([*lines, *lines[at % (len(lines) or 1) :][:1]])
    return text


def reading_of(data: bytes) -> PlanReading:
    """Read `data` as a plan, and look at everything that is said about it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "plan.yaml"
        file.write_bytes(data)
        reading = read_plan(file)
    for fault in reading.diagnostics:
        assert fault.place.file.endswith("plan.yaml")
        assert fault.place.line >= 0
        for code in ("en", "zh"):
            assert fault.message(code)
            assert all(line.isprintable() for line in fault.render(code).split("\n"))
            assert fault.to_dict(code)["code"] == fault.code
    return reading


def whole(reading: PlanReading) -> None:
    """Look at what was read: ids are unique, and what could be read can be scored."""
    if reading.plan is None:
        assert reading.diagnostics
        return
    items = [item for _, item in reading.plan.walk()]
    assert len({item.id for item in items}) == len(items)
    for item in items:
        if isinstance(item, Kpi):
            assert item.target is None or item.target.value is not None


@settings(deadline=None)
@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"\x00")
@example("格式".encode("gb18030"))
def test_any_bytes_end_in_faults(data: bytes) -> None:
    """No bytes make reading fail, and none are taken for a plan."""
    reading = reading_of(data)
    assert reading.plan is None
    assert reading.diagnostics


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_behind_a_sound_plan_ends_in_a_plan_or_faults(text: str) -> None:
    """Nor does any text make reading fail."""
    whole(reading_of((WHOLE + text).encode("utf-8", "surrogatepass")))


@settings(deadline=None, max_examples=300)
@given(st.sampled_from([EVERY_KEY, IN_CHINESE, WHOLE]), edits)
@example(HEAD + "kpis: &a\n  - {}\ngoals: *a\nfacts: *a\ninclude: *a\n", [])
def test_edited_plan_ends_in_a_plan_or_faults(text: str, changes: list[tuple[str, int, str]]) -> None:
    """A plan with characters put in, left out, swapped, cut and repeated is read as far as it can be."""
    whole(reading_of(edited(text, changes).encode("utf-8", "surrogatepass")))


@settings(deadline=None, max_examples=300)
@given(documents)
def test_any_document_ends_in_a_plan_or_faults(text: str) -> None:
    """The keys of the format with anything in them are read as far as they can be."""
    whole(reading_of(text.encode("utf-8", "surrogatepass")))
