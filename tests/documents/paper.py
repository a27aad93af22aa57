"""A document made by hand as the content has it: what goes on paper, what does not; and tools to read what was written."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kpi_tracker.documents.blocks import (
    Branch,
    Cell,
    Chart,
    Column,
    Count,
    Document,
    Facts,
    Headline,
    Page,
    Paragraph,
    Reading,
    Row,
    Section,
    Table,
    Tree,
)
from kpi_tracker.model.measure import Status
from kpi_tracker.record import changed
from tests.documents.made import badge, drawing, made
from tests.documents.reading import texts

__all__ = [
    "CAUSE",
    "CHINESE",
    "FONTLESS",
    "Machine",
    "crowded",
    "on_paper",
    "opened_by_libreoffice",
    "squeezed",
    "told",
]

CHINESE = "平湖市市场监督管理局工作进展"
LAGGARDS = (("a/late", "投诉举报超期办结", Status.BREACHED), ("b/slow", "Trusted kitchens", Status.LAGGING))
SILENT = ("b/silent", "注销企业评价", Status.NO_DATA)


def on_paper(lang: str = "zh", *, late: int = 0, **fields: Any) -> Document:
    """Return a document with two branches, three KPIs that need attention, `late` more of them, and one that does not."""
    more = [(f"a/more{n}", f"More {n}", Status.LAGGING) for n in range(late)]
    attention = [*LAGGARDS, *more, SILENT]
    pages = (
        _plan([*LAGGARDS, *more]),
        Page("kpis", "list", "All KPIs", ()),
        _goal("a", "聚焦安全守护"),
        *(_kpi(*one) for one in [LAGGARDS[0], *more]),
        _goal("a/inner", "A goal within"),
        _goal("b", "Quality of life"),
        *(_kpi(*one) for one in attention[1:] if one[0].startswith("b/")),
        _kpi("b/fine", "A KPI that is fine", Status.ON_TRACK),
    )
    fields = {"banners": ("示意数据：并非真实结果",), "made_by": "kpi-tracker", "title": CHINESE, **fields}
    contents = (("", "Plan"), ("kpis", "All KPIs"), ("a", "A"), ("b", "B"))
    title = fields.pop("title")
    document = made(lang, contents=contents, **fields)
    return changed(document, title=title, subtitle="截至 2021-09-30", pages=pages)


def _plan(attention: list[tuple[str, str, Status]]) -> Page:
    counts = (Count(badge(Status.LAGGING, "滞后"), 2), Count(badge(Status.ON_TRACK, "按时序"), 1))
    readings = (Reading("完成率", "74%"), Reading("滞后幅度", "1.8 个百分点", "滞后 7 天"))
    overview = (
        Headline(badge(Status.ON_TRACK, "按时序"), readings, counts), Chart("counts", drawing("各状态指标数", "zh")),
        Paragraph("到九月底，两项滞后。"),
    )  # fmt: skip
    columns = (Column("指标"), Column("状态"), Column("数值", "目标", numeric=True), Column("备注"))
    rows = tuple(
        Row(
            (
                Cell(title, "一个板块", to=path),
                Cell(badge=badge(status, "滞后")),
                Cell("6 件", "不超过 5 件"),
                Cell("–"),
            )
        )
        for path, title, status in attention
    )
    problems = Table(
        "data-problems", columns[:2], (Row((Cell(SILENT[1], to=SILENT[0]), Cell(badge=badge(SILENT[2])))),)
    )
    leaf = Branch(Cell("A KPI that is fine", "9 of 10", to="b/fine", badge=badge(Status.ON_TRACK)), ("90%", "75%"))
    branches = (Branch(Cell("聚焦安全守护", to="a", badge=badge()), ("1%",)), Branch(Cell("B", to="b"), (), (leaf,)))
    return Page("", "plan", CHINESE, (
        Section("overview", "总体情况", overview),
        Section("lagging", "滞后指标", (Table("lagging", columns, rows, "由重到轻"),)),
        Section("data-problems", "数据问题", (problems,)),
        Section("tree", "全部目标", (Tree(branches, ("完成率",)),)),
        Section("facts", "Recorded facts", (Paragraph("not on paper"),)),
    ), "对比基期 2020 年")  # fmt: skip


def _goal(path: str, title: str) -> Page:
    return Page(path, "goal", title, (
        Section("overview", "总体情况", (Headline(badge(), (), (Count(badge(), 4),)), Paragraph(f"{title}：一切如常。", "note"))),
        Section("score", "How the score came about", (Paragraph("not on paper"),)),
        Section("record", "On record", (Facts((("Id", Cell(path, code=True)),)),)),
    ))  # fmt: skip


def _kpi(path: str, title: str, status: Status) -> Page:
    overview = (Headline(badge(status), (Reading("数值", "6 件"),)), Paragraph("示意数据：并非真实结果", "note"))
    facts = Facts(
        (("每月需完成", Cell("3.33 家", marks=("自拟",))), ("目前月均", Cell("0.89 家")), ("落点", Cell("11 家")))
    )
    return Page(path, "kpi", title, (
        Section("overview", "At a glance", overview),
        Section("course", "Course", (Chart("pace", drawing(title, "zh")), Chart("bullet", drawing("bullet")))),
        Section("outlook", "如何赶上", (facts,)),
        Section("observations", "Observations", (Paragraph("not on paper"),)),
    ), "食品科", badge=badge(status))  # fmt: skip


CAUSE = "2021-09-30 两家市场改造停业，暂不计入星级，十月恢复后另行申报，经办人已上门两次"


def crowded(*notes: str) -> Table:
    """Return a table of eight columns as that of the lagging items is, with these notes."""
    heads = [Column(title, "目标", numeric=title in "数值完成率滞后幅度") for title in
             ("指标", "状态", "数值", "完成率", "滞后幅度", "完成目标所需", "责任单位", "备注")]  # fmt: skip
    row = (Cell("知识产权活力评价指标嘉兴排名", "聚焦首位战略"), Cell(badge=badge(text="突破底线")), Cell("2位", "1位（推算）"),
           Cell("−24.1%", "75%"), Cell("超前9.1个百分点"), Cell("每月前进0.33位"), Cell("药品医疗器械科"))  # fmt: skip
    return Table(
        "lagging", tuple(heads), tuple(Row((*row, Cell(note, "节点为假定"[: len(note) - 1]))) for note in notes)
    )


def squeezed(text: str) -> str:
    """Return a text without any space, as lines are broken where each format likes."""
    return re.sub(r"[\s\u200b]", "", text)


def told(page: Page) -> Iterator[str]:
    """Yield every text of a page that stands on paper as text: all but what is drawn."""
    yield from (page.title, page.subtitle)
    for section in page.sections:
        yield section.heading
        for block in section.blocks:
            if not isinstance(block, Chart):
                yield from texts(block)
            if isinstance(block, Tree):
                yield from block.titles


def opened_by_libreoffice(name: str, content: bytes, folder: Path) -> Path:
    """Open a Word file with the real LibreOffice and return the PDF that it prints; a machine without it is forgiven."""
    program = shutil.which("soffice")
    if program is None and not os.environ.get("CI"):
        pytest.skip("there is no LibreOffice on this machine")
    file = folder / f"{name}.docx"
    file.write_bytes(content)
    profile = (folder / "profile").as_uri()
    subprocess.run([program or "soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir",
                    folder, file], check=True, capture_output=True, timeout=240)  # fmt: skip
    return file.with_suffix(".pdf")


@dataclass
class Machine:
    """A machine with the fonts of some folders only."""

    folder: Path
    fonts: tuple[str, ...]

    def run(self, script: str) -> str:
        """Run Python there and return what it printed."""
        held = "".join(f"<dir>{font}</dir>" for font in self.fonts)
        cache = f"<cachedir>{self.folder / 'cache'}</cachedir>"
        head = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        (self.folder / "fonts.conf").write_text(f"{head}<fontconfig>{held}{cache}</fontconfig>")
        environ = {**os.environ, "FONTCONFIG_FILE": str(self.folder / "fonts.conf"), "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environ, check=False, capture_output=True, encoding="utf-8", timeout=240
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


FONTLESS = ("/usr/share/fonts/truetype/dejavu",)
