"""What was carried over, in words: where the new plan is, and what somebody has to look at in it."""

from collections.abc import Iterator
from textwrap import wrap

from kpi_tracker.language import N_, Language
from kpi_tracker.writing.carryover import Carried
from kpi_tracker.writing.remark import Matter, Remark

__all__ = ["shown_carried"]

WIDTH = 100


def shown_carried(carried: Carried, words: Language) -> Iterator[str]:
    """Yield the lines that tell what was written."""
    goals, kpis, _ = carried.plan.counts
    files = words.count(N_("{n} file"), N_("{n} files"), len(carried.files))
    held = {
        "goals": words.count(N_("{n} goal"), N_("{n} goals"), goals),
        "kpis": words.count(N_("{n} KPI"), N_("{n} KPIs"), kpis),
        "files": files,
    }
    text = N_("{folder}: the plan {plan} with {goals} and {kpis}, {files}")
    yield words.text(text, folder=carried.folder, plan=carried.plan.id, **held)
    if carried.facts:
        yield words.count(
            N_("left behind: {n} fact of the year before"),
            N_("left behind: {n} facts of the year before"),
            carried.facts,
        )
    if carried.remarks:
        yield words.text(N_("to be looked at:"))
    for matter in Matter:
        about = [remark for remark in carried.remarks if remark.matter is matter]
        if about:
            yield words.text(N_("- {what} ({n})"), what=words.text(matter.message), n=len(about))
            yield from _items(about, words)
    yield words.text(N_("next: {command}"), command=f"kpi-tracker validate {carried.file}")


def _items(about: list[Remark], words: Language) -> Iterator[str]:
    """Yield the ids of the items, those of which the same is said together."""
    said: dict[str, list[str]] = {}
    for remark in about:
        detail = words.phrase(remark.detail) if remark.detail else ""
        said.setdefault(detail, []).append(remark.path.rpartition("/")[2])
    for detail, ids in said.items():
        listed = ", ".join(ids)
        text = words.text(N_("{one}: {two}"), one=detail, two=listed) if detail else listed
        yield from wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
