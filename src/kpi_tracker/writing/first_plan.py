"""A first plan to start from, with comments that say what each key is for; nothing that is there is touched."""

import os
import re
from contextlib import suppress
from typing import NamedTuple

from kpi_tracker.diagnostics.refusal import refusal
from kpi_tracker.language import N_, Phrase
from kpi_tracker.loading.schema import plan_schema, schema_text
from kpi_tracker.writing.problem import WritingError

__all__ = ["Begun", "begin_plan"]

FIRST = os.path.join(os.path.dirname(__file__), "first")
WRITTEN_FOR = 2027
"""The year of the examples, which is replaced by the one asked for, and the year before it likewise."""
SCHEMA = "kpi-tracker-v1.schema.json"
YEARS = (1001, 9998)


class Begun(NamedTuple):
    """What was written: the folder, and the files in it by their paths there."""

    folder: str
    files: tuple[str, ...]


def begin_plan(folder: str, year: int, lang: str = "en") -> Begun:
    """Write a plan of three KPIs for `year` into `folder`, with sample figures, in the language `zh` or `en`.

    Raises:
        WritingError: a file of it is there already, or the folder cannot be written; nothing was.
    """
    if not YEARS[0] <= year <= YEARS[1]:
        text = N_("the year must be from {first} to {last}, not {value}")
        raise WritingError(Phrase(text, {"first": YEARS[0], "last": YEARS[1], "value": year}))
    files = {
        "plan.yaml": _example(f"plan.{lang}.yaml", year),
        os.path.join("observations", f"{year}.csv"): _example(f"rows.{lang}.csv", year),
        "README.md": _example(f"README.{lang}.md", year),
        SCHEMA: schema_text(plan_schema(lang)),
    }
    taken = [name for name in ("plan.yml", *files) if os.path.lexists(os.path.join(folder, name))]
    if taken:
        text = N_("{file} is there already and is left as it is; give another folder")
        raise WritingError(Phrase(text, {"file": os.path.join(folder, taken[0])}))
    _write(folder, files)
    return Begun(folder, tuple(sorted(files)))


def _example(name: str, year: int) -> str:
    """Return an example as it is for `year`."""
    with open(os.path.join(FIRST, name), encoding="utf-8") as file:
        text = file.read()
    years = {str(WRITTEN_FOR + i): str(year + i) for i in (-1, 0, 1)}
    return re.sub("|".join(years), lambda found: years[found[0]], text)


def _write(folder: str, files: dict[str, str]) -> None:
    """Write the files, each where there is none; where one cannot be, take back those that were written."""
    made: list[str] = []
    path = folder
    try:
        for name, content in files.items():
            path = os.path.join(folder, name)
            for above in _missing(os.path.dirname(path)):
                os.mkdir(above)
                made.append(above)
            with open(path, "x", encoding="utf-8", newline="\n") as file:
                made.append(path)
                file.write(content)
    except OSError as error:
        for one in reversed(made):
            with suppress(OSError):
                os.rmdir(one) if os.path.isdir(one) else os.unlink(one)
        text = N_("{file} could not be written, and nothing was: {reason}")
        raise WritingError(Phrase(text, {"file": path, "reason": refusal(error, writing=True)})) from error


def _missing(folder: str) -> list[str]:
    """Return the folders of a path that are not there, the outermost first."""
    missing: list[str] = []
    while folder and not os.path.lexists(folder):
        missing.insert(0, folder)
        folder = os.path.dirname(folder)
    return missing
