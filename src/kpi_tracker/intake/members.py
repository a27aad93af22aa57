"""The part that a figure is of, by the words of a table or of the command line."""

from collections.abc import Mapping
from typing import Any

from kpi_tracker.diagnostics.faults import FAULTS
from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.intake.figure import Refused
from kpi_tracker.intake.parts import TOTALS
from kpi_tracker.intake.reference import words_of
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.goal import Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.sources.partcolumns import PartColumns, headings

__all__ = ["Members"]


class Members:
    """The members of a plan's dimensions by everything that names one of them."""

    def __init__(self, plan: Plan) -> None:
        """Note the dimensions of `plan`."""
        self._columns = PartColumns(plan)
        self._headings = {words_of(word).lower(): name for word, name in headings(plan).items()}

    def dimension(self, heading: str) -> str:
        """Return the id of the dimension that a heading names, "" for none."""
        return self._headings.get(words_of(heading).lower(), "")

    def part(self, kpi: Kpi, words: Mapping[str, str]) -> tuple[str, ...]:
        """Return the dimension and the member that `words` name by dimension; nothing for a figure of the whole.

        Raises:
            Refused: there is no such member, the KPI is not taken apart by it, or there are two.
        """
        wrong: list[Phrase] = []

        def note(_column: str, code: str, **args: Any) -> None:
            phrase = Phrase(FAULTS[code].message, args)
            if near := args.get("nearest"):
                phrase = Phrase(N_("{fault}; did you mean “{nearest}”?"), {"fault": phrase, "nearest": near})
            wrong.append(phrase)

        named = {by: words_of(word) for by, word in words.items()}
        given = {by: word for by, word in named.items() if word.replace(" ", "").rstrip(":").lower() not in TOTALS}
        found = self._columns.part(given, kpi, note)
        if wrong:
            raise Refused(wrong[0])
        return found

    def typed(self, kpi: Kpi, text: str) -> tuple[str, ...]:
        """Return the part that somebody typed as `district=乍浦镇`.

        Raises:
            Refused: it is not of that form, or names what there is not.
        """
        by, sign, word = text.replace("＝", "=").partition("=")
        if not sign or not by.strip() or not word.strip():
            raise Refused(
                Phrase(N_("“{value}” is no part; write the dimension and the member: district=乍浦镇"), {"value": text})
            )
        dimension = self.dimension(by)
        if not dimension:
            known = tuple(dict.fromkeys(self._headings.values()))
            near = nearest(by.strip(), list(self._headings))
            phrase = Phrase(FAULTS["KT350"].message, {"value": by.strip(), "expected": known})
            if near:
                phrase = Phrase(N_("{fault}; did you mean “{nearest}”?"), {"fault": phrase, "nearest": near})
            raise Refused(phrase)
        return self.part(kpi, {dimension: word})
