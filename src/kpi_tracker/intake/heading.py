"""The heading of a table: in which row it stands, and what each of its columns holds."""

from enum import StrEnum

from kpi_tracker.intake.book import Sheet
from kpi_tracker.intake.reference import words_of
from kpi_tracker.notation.folding import pattern
from kpi_tracker.record import record

__all__ = ["Column", "Heading", "Holds", "find_heading"]


class Holds(StrEnum):
    """What a column holds."""

    KPI = "kpi"
    UNIT = "unit"
    DATE = "date"
    MONTH = "month"
    VALUE = "value"
    CURRENT = "current"
    CUMULATIVE = "cumulative"
    NOTE = "note"
    KNOWN = "known"


VALUES = (Holds.VALUE, Holds.CURRENT, Holds.CUMULATIVE)
WORDS = {
    Holds.KPI: "指标 指标名称 指标编号 指标代码 考核指标 项目 项目名称 名称 编号 kpi id indicator indicators title name kpi_id",
    Holds.UNIT: "单位 计量单位 unit units",
    Holds.DATE: "日期 截止日期 统计日期 时间 date day",
    Holds.MONTH: "月份 期间 统计期间 所属期 报告期 month period",
    Holds.VALUE: "数值 值 完成值 完成数 完成情况 实际 实际值 实际数 本期值 填报值 value actual figure result",
    Holds.CURRENT: "本月 本月数 本月值 本月完成 本月实际 当月 当月数 当月完成 本期 本期数 本季 本季度 monthly this_month this_period "
                   "current_month current_period month_value",
    Holds.CUMULATIVE: "累计 累计数 累计值 累计完成 本年累计 年累计 本年累计数 全年累计 年初至今 自年初累计 cumulative ytd "
                      "year_to_date cumulative_total",
    Holds.NOTE: "备注 说明 note notes remark remarks comment",
    Holds.KNOWN: "序号 no no. # 目标 目标值 年度目标 全年目标 上月 上月数 上期 上期值 去年同期 上年同期 同比 环比 增幅 增长率 完成率 进度 "
                 "责任科室 责任单位 责任部门 科室 部门 填报人 类别 target owner department same_month_last_year change category last_value",
}  # fmt: skip
MEANING = {word.replace("_", " "): holds for holds, words in WORDS.items() for word in words.split()}
BRACKETED = pattern(r"\s*[(\[【]([^()\[\]【】]*)[)\]】]\s*$")
UP_TO = pattern(r"(?:\d{4}年)?1月?\s*[-—~至到]\s*\d{1,2}月(?:份)?(?:累计)?(?:完成)?(?:数|值)?")
ROWS_ABOVE = 30
"""A heading stands in one of the first rows."""


@record
class Column:
    """A column: what it holds, the words above it, and the unit that they name in brackets."""

    index: int
    holds: Holds | None
    words: str
    unit: str = ""


@record
class Heading:
    """The columns of a table, and the rows that its heading takes: `first` up to but not `below`."""

    columns: tuple[Column, ...]
    first: int
    below: int

    def of(self, *holds: Holds) -> tuple[Column, ...]:
        """Return the columns that hold one of `holds`."""
        return tuple(column for column in self.columns if column.holds in holds)


def find_heading(sheet: Sheet) -> Heading | None:
    """Return the heading of a sheet: the first row, or two rows, that name a KPI column and a value column."""
    for row in range(min(len(sheet.rows), ROWS_ABOVE)):
        two = _heading(sheet, row, row + 1)
        if two is not None and _is_lower_row(sheet, row + 1, two):
            return two
        one = _heading(sheet, row, row)
        if one is not None:
            return one
    return None


def _is_lower_row(sheet: Sheet, row: int, heading: Heading) -> bool:
    """Tell whether a row goes on with the heading: it says what values are, and nothing where KPIs stand."""
    words = [_column(i, str(value)).holds for i, value in enumerate(sheet.rows[row]) if value != ""]
    return any(holds in VALUES for holds in words) and all(
        sheet.value(row, column.index) == "" for column in heading.of(Holds.KPI)
    )


def _heading(sheet: Sheet, upper: int, lower: int) -> Heading | None:
    """Return the heading that the rows make; a word of the lower row goes before the one above it."""
    if lower >= len(sheet.rows):
        return None
    width = max(len(sheet.rows[upper]), len(sheet.rows[lower]))
    columns = tuple(
        _column(i, str(sheet.value(lower, i)) or str(sheet.value(upper, i))) for i in range(width)
    )  # fmt: skip
    heading = Heading(tuple(column for column in columns if column.words), upper, lower + 1)
    return heading if heading.of(Holds.KPI) and heading.of(*VALUES) else None


def _column(index: int, written: str) -> Column:
    text = words_of(written).lower()
    unit = BRACKETED().search(text)
    name = BRACKETED().sub("", text)
    holds = MEANING.get(name) or MEANING.get(name.replace(" ", "")) or MEANING.get(name.rpartition(" ")[0])
    if holds is None and UP_TO().fullmatch(name):
        holds = Holds.CUMULATIVE
    if unit and MEANING.get(unit[1]) in VALUES:  # 完成数（累计）
        return Column(index, MEANING[unit[1]], words_of(written))
    return Column(index, holds, words_of(written), _as_written(written) if unit else "")


def _as_written(written: str) -> str:
    """Return what stands in brackets at the end, in the letters that it is written in."""
    found = BRACKETED().search(words_of(written))
    return found[1].strip().removeprefix("单位:").strip() if found else ""
