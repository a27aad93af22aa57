"""The KPI that a row names: by id, path or exact title, never by likeness."""

from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.goal import Plan, names
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.notation.folding import folded_text

__all__ = ["References", "words_of"]


def words_of(text: str) -> str:
    """Return a text as it is compared: full-width signs as ordinary ones, blanks and line breaks as one blank."""
    return " ".join(folded_text(text).split())


class References:
    """The KPIs of a plan by everything that names one of them."""

    def __init__(self, plan: Plan) -> None:
        """Note ids and titles."""
        self._kpis = [(path, item) for path, item in plan.walk() if isinstance(item, Kpi)]
        self._by_id = {kpi.id: (path, kpi) for path, kpi in self._kpis}
        self._by_title: dict[str, dict[str, Kpi]] = {}
        for _, kpi in self._kpis:
            for title in (kpi.title.zh, kpi.title.en, f"{kpi.title.zh} {kpi.title.en}"):
                self._by_title.setdefault(words_of(title), {})[kpi.id] = kpi

    def find(self, written: str) -> Kpi | Phrase:
        """Return the KPI that `written` names, or why there is none."""
        text = words_of(written)
        path, kpi = self._by_id.get(text.rpartition("/")[2], ("", None))
        if kpi is not None and names(path, text):
            return kpi
        titled = self._by_title.get(text, {})
        if len(titled) == 1:
            return next(iter(titled.values()))
        if titled:
            return Phrase(N_("“{value}” is the title of several KPIs: {members}; name one by its id"),
                          {"value": text, "members": tuple(titled)})  # fmt: skip
        near = nearest(text, [*self._by_id, *self._by_title])
        if near:
            return Phrase(N_("there is no KPI “{value}” in this plan; did you mean “{nearest}”?"),
                          {"value": text, "nearest": near})  # fmt: skip
        return Phrase(N_("there is no KPI “{value}” in this plan"), {"value": text})
