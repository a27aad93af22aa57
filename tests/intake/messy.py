"""Deliberately messy tables, each with what must come of it: values by KPI and day, and cells refused or suspicious."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

__all__ = ["MESSY", "Messy"]


class Messy(NamedTuple):
    """A table as somebody sent it, and what must come of it."""

    name: str
    rows: list[list[Any]]
    values: Mapping[tuple[str, str], Any] = MappingProxyType({})
    refused: Mapping[str, str] = MappingProxyType({})
    left_out: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    sheet: str = "表"


OCT = "2021-10-31"
MESSY = [
    Messy(
        "title rows, two columns of values, totals, text numbers",
        [
            ["平湖市 2021年1-10月重点工作进展情况表"],
            ["填报单位：执法队", None, "填报日期：2021年11月5日", "单位：件、万元"],
            ["序号", "指标名称", "单位", "本月", "累计", "同比", "备注"],
            ["1", "办结案件", "件", "１０５", 1022, "3%", "含简易程序"],
            ["2", "销售额", "亿元", 0.06, 0.57, None, None],
            ["3", "事故", "起", "—", 1, None, None],
            ["4", "cases", "起", 105, None, None, None],
            [None, "合计", None, 105.06, None, None, None],
        ],
        {("cases", OCT): 105.0, ("sales", OCT): 5700.0},
        {
            "表!E6": "accidents adds up the figures of single periods; only a cumulative one is given",
            "表!D7": "the table gives it in “起”, its unit in the plan is 件",
        },
        ("表!B8",),
    ),
    Messy(
        "headings over two rows, merged above",
        [
            ["指标", "完成情况（2021年）", None, "日期"],
            [None, "本月数", "累计数", None],
            ["cases", 100, 1000, date(2021, 10, 31)],
            ["sales", 600, 5700, "2021年10月"],
        ],
        {("cases", OCT): 100.0, ("sales", OCT): 5700.0},
    ),
    Messy(
        "English, columns in another order, paths and titles",
        [
            ["value", "Note", "Date", "Indicator"],
            ["1,05", "?", "2021-10-31", "Pass rate"],
            ["84.5%", None, "2021/10/31", "g/share"],
            [101, None, 44500, "Cases closed"],
            ["A", None, "2021-10-31", "Grade"],
        ],
        {("share", OCT): 84.5, ("cases", OCT): 101.0, ("grade", OCT): "A"},
        {"表!A2": "“1,05” is not a number: its commas do not separate thousands"},
    ),
    Messy(
        "units in the heading, 万 and 亿 in cells",
        [
            ["2021-10"],
            ["项目", "累计（亿元）", "本月（万件）"],
            ["销售额", 0.57, None],
            ["办结案件", None, 0.0105],
        ],
        {("sales", OCT): 5700.0, ("cases", OCT): 105.0},
    ),
    Messy(
        "names that are no KPI, or several",
        [
            ["统计日期：2021年10月31日"],
            ["2021年13月", "作废"],
            ["指标", "数值"],
            ["办结案", 100],
            ["抽检", 5],
            [None, 7],
            [None, "—"],
            ["道路", "—"],
            ["街道", None],
            ["完全不同的一行", 8],
            ["north", 2],
        ],
        {("north", OCT): 2.0},
        {
            "表!A4": "there is no KPI “办结案” in this plan; did you mean “办结案件”?",
            "表!A5": "“抽检” is the title of several KPIs: north, south; name one by its id",
            "表!B6": "the row names no KPI",
            "表!A10": "there is no KPI “完全不同的一行” in this plan",
        },
    ),
    Messy(
        "dates that are none, that might be two, and months",
        [
            ["指标", "月份", "日期", "数值"],
            ["办结案件", "2021年13月", None, 100],
            ["办结案件", None, date(2021, 10, 1), 100],
            ["north", date(2021, 10, 1), None, 3],
            ["south", "44470", None, 4],
            ["事故", None, "无", 0],
            ["grade", None, date(2021, 10, 1), "B"],
            ["share", None, "10月上旬", 83],
            ["sales", 202110, None, 5700],
        ],
        {("north", OCT): 3.0, ("south", OCT): 4.0, ("grade", "2021-10-01"): "B"},
        {
            "表!B2": "“2021年13月” is not a date or a period, such as 2021-09-30, 2021-09 or 2021年9月",
            "表!C3": "2021-10-01 may be that day or the month 2021-10; write the month as text, or its last day",
            "表!D6": "no cell and no title dates it; give the day with --on",
            "表!C8": "“10月上旬” is not a date or a period, such as 2021-09-30, 2021-09 or 2021年9月",
            "表!B9": "“202110” is not a date or a period, such as 2021-09-30, 2021-09 or 2021年9月",
        },
    ),
    Messy(
        "two titles with two dates",
        [["2021年9月报表"], ["2021年10月填"], ["指标", "数值"], ["cases", 100]],
        {},
        {"表!B4": "the titles name several dates (2021-09-30, 2021-10-31); give the one that is meant with --on"},
    ),
    Messy(
        "the same KPI twice, once alike and once not",
        [
            ["2021年10月"],
            ["指标", "数值"],
            ["cases", 100],
            ["办结案件", "100件"],
            ["share", 83],
            ["合格率", 84],
        ],
        {("cases", OCT): 100.0},
        {
            "表!B5": "share has another value for 2021-10-31 in 表!B6; neither is used",
            "表!B6": "share has another value for 2021-10-31 in 表!B5; neither is used",
        },
    ),
    Messy(
        "a level with two values, a sum with only a cumulative one, a cumulative with only a month's",
        [
            ["2021年10月"],
            ["指标", "本月", "1-10月累计"],
            ["合格率", 84, 82],
            ["办结案件", None, 1000],
            ["销售额", 600, "/"],
            ["考核等次", "B", "B"],
            ["道路", "草案；施工", None],
        ],
        {("grade", OCT): "B", ("road", OCT): ("draft", "build")},
        {
            "表!B3": "share: this value and that in 表!C3 differ, and nothing says which is meant",
            "表!C4": "cases adds up the figures of single periods; only a cumulative one is given",
            "表!B5": "sales takes cumulative figures; only one of a single period is given",
        },
    ),
    Messy(
        "nothing, zero, words and errors",
        [
            ["2021年10月", None],
            ["指标", "数值", "联系人"],
            ["cases", "暂无", "张"],
            ["accidents", 0, "李"],
            ["share", "约83%", None],
            ["grade", "D", None],
            ["road", "无", None],
            ["sales", "#REF!", None],
            ["north", date(2021, 1, 1), None],
        ],
        {("accidents", OCT): 0.0, ("road", OCT): ()},
        {
            "表!B5": "“约83%” is not a number: write the printed number alone and mark it “approximate: true”",
            "表!B6": "“D” is not on the scale A, B, C",
            "表!B8": "“#REF!” is not a number: no number is found in it",
            "表!B9": "the cell holds a date, not a value",
        },
        ("表!C2",),
    ),
    Messy(
        "parts and totals that are one off",
        [
            ["2021年10月"],
            ["指标", "数值", "本月"],
            ["其中：无主", 5, None],
            ["cases", 106, None],
            ["其中：简易程序", 60, None],
            ["其中：普通程序", 45, None],
            ["north", 3, None],
            ["south", 4, None],
            ["合　计", 114, "x"],
            ["accidents", 1, None],
            ["小计", 2, date(2021, 1, 1)],
        ],
        {("cases", OCT): 106.0, ("north", OCT): 3.0, ("south", OCT): 4.0, ("accidents", OCT): 1.0},
        {},
        ("表!A3", "表!A5", "表!A6", "表!A9", "表!A11"),
        ("表!B4", "表!B9"),
    ),
    Messy(
        "several KPIs in one row, columns of names",
        [
            ["2021年10月"],
            ["编号", "指标名称", "数值"],
            ["cases", "办结案件", 100],
            ["north", "south", 3],
            ["abc", "合格率", 83],
        ],
        {("cases", OCT): 100.0, ("share", OCT): 83.0},
        {"表!A4": "the row names several KPIs: north, south"},
    ),
    Messy(
        "the date stands in the name of the sheet alone",
        [["指标", "数值"], ["cases", 100]],
        {("cases", OCT): 100.0},
        sheet="2021年10月",
    ),
    Messy(
        "days outside the plan's reach",
        [["指标", "日期", "数值"], ["cases", "2018-10-31", 100]],
        {},
        {"表!C2": "2018-10-31 lies outside the plan's period and its baseline year; the row is not used"},
    ),
    Messy(
        "no table at all",
        [["通知"], ["请各科室报送"]],
        {},
        {"": "no table was found: a heading needs a column for the KPI (指标, KPI) and one for its value (数值, 本月, 累计, value)"},
    ),
]  # fmt: skip
