"""Small plans with their figures, written into a folder."""

from pathlib import Path

from kpi_tracker.writing.carryover import Carried, carry_over

HEAD = """\
format: kpi-tracker/v1
id: town-2021
title: {zh: 2021年计划, en: Plan of 2021}
period: 2021
time_zone: Asia/Shanghai
target_policy:
  total: {improve: 10%}
  level: {maintain: true}
  rate: {maintain: true}
  grade: {maintain: true}
"""
MONTHS = [f"2021-{month:02}" for month in range(1, 13)]
COLUMNS = "kpi,period,value,recorded_at,basis"


def monthly(kpi: str, *values: object, basis: str = "") -> list[str]:
    """Return rows of the first months, recorded on the 5th of the next."""
    return [
        f"{kpi},{month},{value},{'2022-01' if i == 11 else MONTHS[i + 1]}-05,{basis}"
        for i, (month, value) in enumerate(zip(MONTHS, values, strict=False))
    ]


def made(folder: Path, body: str, *rows: str, head: str = HEAD) -> Path:
    """Write a plan of 2021 with its observations into `folder`/town-2021, and return it."""
    plan = folder / "town-2021"
    (plan / "observations").mkdir(parents=True)
    (plan / "plan.yaml").write_text(head + body, encoding="utf-8")
    (plan / "observations" / "2021.csv").write_text("\n".join([COLUMNS, *rows, ""]), encoding="utf-8")
    return plan


def carried(folder: Path, body: str, *rows: str, head: str = HEAD) -> tuple[Carried, str]:
    """Carry such a plan over to 2022; return what was found, and the new plan's text below its header."""
    found = carry_over(made(folder, body, *rows, head=head))
    text = Path(found.file).read_text(encoding="utf-8")
    return found, text[text.index("\nkpis:") + 1 :] if "\nkpis:" in text else text


def matters(found: Carried) -> list[str]:
    """Return what is to be looked at, in few words."""
    return [f"{remark.matter.value} {remark.path}" for remark in found.remarks]
