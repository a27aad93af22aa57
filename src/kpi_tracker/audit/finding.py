"""What an audit finds, and the catalogue of it: every code with its message. A code, once published, keeps its meaning."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from kpi_tracker.diagnostics import Severity
from kpi_tracker.diagnostics.diagnostic import plain
from kpi_tracker.diagnostics.place import NOWHERE, Place
from kpi_tracker.language import N_, language
from kpi_tracker.model.scorecard import GoalScore, KpiScore
from kpi_tracker.record import field, record

__all__ = ["FINDINGS", "Finding", "Kind", "Value"]

Value = float | str | None


class Kind(NamedTuple):
    """A kind of finding; a warning may have a good reason, an error needs one."""

    message: str
    severity: Severity = Severity.ERROR


FINDINGS: dict[str, Kind] = {
    "KA101": Kind(N_("{what} went from {before} to {after} between {first} and {last}, and no amendment says why")),
    "KA102": Kind(N_("{what} went from {before} to {after} between {first} and {last}; its amendment is dated {day}"),
                  Severity.WARNING),
    "KA103": Kind(N_("{what} was eased from {before} to {after} by {last}, after the item had lagged on {day}")),
    "KA104": Kind(N_("{share} of the whole is expected in the last month, from {day} on"), Severity.WARNING),
    "KA105": Kind(N_("the last month brought {after}, the most that any month before it brought was {before}"),
                  Severity.WARNING),
    "KA106": Kind(N_("the figure of {day} was {before} when the run of {last} saw it, and is {after} now, without a later recorded_at")),
    "KA107": Kind(N_("the run of {last} had {before}, and from the data as known then follows {after}; runs of this kind: {n}"),
                  Severity.WARNING),
}  # fmt: skip


@record
class Finding:
    """One finding about the item at `path`: the values before and after in its unit, and the day that it is about.

    `place` is where the item, or its amendment, stands now; `args` fill the message. Where the terms were changed, `scores`
    are those of the item then and now: `before` and `after` name the terms as a plan does, for machines.
    """

    code: str
    path: str
    place: Place = NOWHERE
    before: Value = None
    after: Value = None
    day: date | None = None
    args: Mapping[str, object] = field(factory=dict)
    scores: tuple[KpiScore | GoalScore, KpiScore | GoalScore] | None = field(default=None, eq=False)

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return FINDINGS[self.code].severity

    def message(self, lang: str = "en", sides: tuple[str, str] | None = None) -> str:
        """Return the finding in one line; `sides` are words for what was before and after, where there are better ones."""
        before, after = sides or (_shown(self.before), _shown(self.after))
        values = {"before": before, "after": after, "day": self.day}
        return plain(language(lang).text(FINDINGS[self.code].message, **values, **self.args))


def _shown(value: Value) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:.10g}"
