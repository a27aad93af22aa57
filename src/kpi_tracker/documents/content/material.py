"""What all pages of a document are made from: the scorecard with what is looked up in it, worked out once."""

from collections.abc import Iterable

from kpi_tracker.changes import Change, compare
from kpi_tracker.diagnostics.place import Place
from kpi_tracker.documents.naming import LIST
from kpi_tracker.language import N_, Language
from kpi_tracker.model.goal import Assumed, Goal, Plan
from kpi_tracker.model.kpi import Kpi
from kpi_tracker.model.measure import Basis, Measure
from kpi_tracker.model.scorecard import GoalScore, KpiScore, Scorecard, Share
from kpi_tracker.model.unit import Text
from kpi_tracker.reporting.words import BASIS_WORDS, target_words

__all__ = ["Material", "Score"]

Score = KpiScore | GoalScore


class Material:
    """A scorecard in one language, and an earlier one to compare it with; look-ups take as long in any plan."""

    def __init__(self, card: Scorecard, words: Language, since: Scorecard | None = None) -> None:
        """Index the items of `card` by what pages ask for."""
        self.card, self.words, self.since = card, words, since
        self.changes: tuple[Change, ...] = compare(since, card) if since else ()
        self.plan: Plan = card.plan
        self.top: Score = card.top
        self.kpis = card.kpis
        self.lagging = card.lagging
        self.problems = card.data_problems
        self.illustrative = card.illustrative
        self._rank = {score.path: i for i, score in enumerate(self.lagging)}
        self._declared: dict[str, Goal | Kpi] = dict(self.plan.walk())
        self._homes = {item.id: path for path, item in self._declared.items() if isinstance(item, Goal)}
        self._illustrative: dict[str, bool] = {}
        self._told: dict[str, tuple[KpiScore, ...]] = {}
        self._support: dict[str, dict[str, Share]] = {}
        self._below: dict[str, list[Score]] = {}
        for path, score in card.items.items():
            if path:
                self._below.setdefault(path.rpartition("/")[0], []).append(score)

    def say(self, text: Text | None) -> str:
        """Return what the plan says, in this language; nothing where it says nothing."""
        return text.in_language(self.words.code) if text else ""

    def listed(self, parts: Iterable[str]) -> str:
        """Return several texts as one list."""
        return ("、" if self.words.code == "zh" else ", ").join(parts)

    def told(self, sentences: Iterable[str]) -> str:
        """Return sentences one after the other."""
        return ("" if self.words.code == "zh" else " ").join(sentences)

    def remark(self, text: str) -> str:
        """Return a remark as a sentence of its own."""
        return text[:1].upper() + text[1:]

    def target(self, kpi: Kpi) -> str:
        """Return the target of a KPI with what is assumed of it: of a milestone the steps, where the plan says so."""
        text = target_words(kpi, self.words)
        if not self.steps_assumed(kpi):
            return text
        return self.words.text(N_("{value} ({basis})"), value=text, basis=self.words.text(BASIS_WORDS[Basis.ASSUMED]))

    def assumed(self, what: Assumed, shown: object = True) -> tuple[str, ...]:
        """Return the mark of what the source does not give; none where nothing is shown."""
        return (self.words.text(BASIS_WORDS[Basis.ASSUMED]),) if shown and what in self.plan.assumed else ()

    def steps_assumed(self, kpi: Kpi) -> bool:
        """Tell whether a KPI is a milestone whose steps the source does not give."""
        return kpi.measure is Measure.MILESTONE and Assumed.STEPS in self.plan.assumed

    def title(self, path: str) -> str:
        """Return the title of the item at `path`; "" is the plan."""
        item = self._declared.get(path)
        return self.say((item or self.plan).title) if item or not path else path

    def page(self, path: str) -> str | None:
        """Return the id of the page of the item at `path`; None where this document has none."""
        if path not in self.card.items and path:
            return None
        return f"{path}~" if path == LIST else path

    def path(self, page: str) -> str:
        """Return the path of the item that a page is of."""
        return LIST if page == f"{LIST}~" else page

    def home(self, reference: str) -> str:
        """Return the path of the goal that a link names; the reference itself where there is none."""
        return self._homes.get(reference.rpartition("/")[2], reference)

    def support(self, path: str, goal: str) -> Share | None:
        """Return what the item at `path` adds to `goal`, which it supports."""
        known = self._support.get(goal)
        if known is None:
            score = self.card.items.get(goal)
            shares = score.shares if isinstance(score, GoalScore) else ()
            known = self._support[goal] = {share.path: share for share in shares if share.support}
        return known.get(path)

    def tags(self, path: str) -> tuple[str, ...]:
        """Return the tags of an item with those of the goals that it stands in."""
        items = (self._declared.get(one) for one in (*self.above(path), path))
        return tuple(dict.fromkeys(tag for item in items if item for tag in item.tags))

    def below(self, path: str) -> list[Score]:
        """Return the scores of what stands right below `path`, goals first."""
        return self._below.get(path, [])

    def branch(self, path: str) -> str:
        """Return the path of the top goal that an item stands in."""
        return path.partition("/")[0]

    def above(self, path: str) -> list[str]:
        """Return the paths from the top goal down to the item right above `path`."""
        parts = path.split("/")[:-1]
        return ["/".join(parts[: i + 1]) for i in range(len(parts))]

    def steps_done(self, score: KpiScore) -> tuple[str, ...]:
        """Return the ids of the steps of a milestone that are done."""
        return score.steps_done(self.card.known_at)

    def place(self, place: Place) -> str:
        """Return where something was written, from the plan's folder on, so that it reads the same on every machine."""
        folder = self.plan.where.file.replace("\\", "/").rpartition("/")[0]
        file = place.file.replace("\\", "/")
        inside = folder and file.startswith(folder + "/")
        return str(place._replace(file=file[len(folder) + 1 :] if inside else file))

    def lagging_below(self, goal: GoalScore) -> list[KpiScore]:
        """Return the lagging KPIs that stand in a goal or support it, the worst first."""
        found = [score for score in self._told_below(goal) if score.lagging]
        return sorted(found, key=lambda score: self._rank[score.path])

    def problems_below(self, goal: GoalScore) -> list[KpiScore]:
        """Return the KPIs that stand in a goal or support it and whose data are missing, old or incomplete."""
        return [score for score in self._told_below(goal) if score.data_problem]

    def is_illustrative(self, goal: GoalScore) -> bool:
        """Tell whether a figure of a goal rests on illustrative observations; kept, as every goal above asks for it again."""
        known = self._illustrative.get(goal.path)
        if known is None:
            items = (self.card.items.get(share.path) for share in goal.shares)
            known = self._illustrative[goal.path] = any(
                self.is_illustrative(item) if isinstance(item, GoalScore) else item.illustrative
                for item in items
                if item is not None
            )
        return known

    def _told_below(self, goal: GoalScore) -> tuple[KpiScore, ...]:
        """Return the KPIs below a goal that lag or lack data, each once; kept, as every goal above asks for them again."""
        known = self._told.get(goal.path)
        if known is None:
            found: dict[str, KpiScore] = {}
            for share in goal.shares:
                item = self.card.items.get(share.path)
                if isinstance(item, GoalScore):
                    found.update((kpi.path, kpi) for kpi in self._told_below(item))
                elif item is not None and (item.lagging or item.data_problem):
                    found[item.path] = item
            known = self._told[goal.path] = tuple(found.values())
        return known
