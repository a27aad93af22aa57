"""Text in two languages, and the unit that a KPI's numbers are in."""

from enum import StrEnum

from kpi_tracker.record import record

__all__ = ["NO_UNIT", "Text", "Unit", "UnitFamily"]


@record
class Text:
    """What a plan says in both languages; where it gives one, both are that one."""

    zh: str
    en: str

    def in_language(self, code: str) -> str:
        """Return the words for `zh` or `en`."""
        return self.zh if code == "zh" else self.en

    def __str__(self) -> str:
        """Return the Chinese words, or both where they differ."""
        return self.zh if self.zh == self.en else f"{self.zh} / {self.en}"


class UnitFamily(StrEnum):
    """How values of a unit are written and converted."""

    PLAIN = "plain"
    PERCENT = "percent"
    DURATION = "duration"


@record
class Unit:
    """A unit as written (`万元`), its scale (10 000) and the names that its base goes by (`元`)."""

    text: Text
    family: UnitFamily = UnitFamily.PLAIN
    factor: int = 1
    names: tuple[str, ...] = ()


NO_UNIT = Unit(Text("", ""))
